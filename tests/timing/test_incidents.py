"""Incidents: each event of the game is recorded once, in words, and a flashback undoes it."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from f1timings.packets import FORMATS, identify, layout_of
from f1timings.timing.engine import Engine, KnownSession
from f1timings.timing.game_events import read_event
from f1timings.timing.occurrences import (
    IncidentKind,
)
from f1timings.timing.plausible import Plausibility
from tests.golden.test_real_packets import CAPTURES, payloads
from tests.shared import REAL_PACKETS, needs_shared
from tests.timing.stories import HZ, UID, Game, counting, incidents, play, scenario

TIMED_PENALTIES = {"Time penalty", "Drive through", "Stop Go"}


def test_a_penalty_is_recorded_in_words_with_its_car_and_its_lap() -> None:
    game = Game().opened()
    fields: dict[str, Any] = {
        "penalty_type": 4,
        "infringement_type": 7,
        "vehicle_idx": 3,
        "other_vehicle_idx": 5,
    }
    (incident,) = incidents(game.feed(game.event("PENA", **fields, time=5, lap_num=2)))
    assert (IncidentKind.PENALTY, 3, 5, 2, 10_000) == (
        incident.kind,
        incident.car_index,
        incident.other_car_index,
        incident.lap_number,
        incident.session_time_ms,
    )
    expected = {"penalty": "Time penalty", "infringement": "Corner cutting gained time", "time_s": 5}
    assert expected | {"places_gained": 0} == incident.detail


def test_255_is_unknown_and_a_car_without_a_slot_in_the_format_is_no_car() -> None:
    game = Game().opened()
    fields: dict[str, Any] = {"penalty_type": 0, "vehicle_idx": 22, "other_vehicle_idx": 255, "time": 255}
    (incident,) = incidents(game.feed(game.event("PENA", **fields, places_gained=255, lap_num=255)))
    assert (None, None, None) == (incident.car_index, incident.other_car_index, incident.lap_number)
    assert (None, None) == (incident.detail["time_s"], incident.detail["places_gained"])


@pytest.mark.parametrize(
    ("penalty_type", "kind"),
    [
        (0, IncidentKind.PENALTY),
        (3, IncidentKind.WARNING),
        (5, IncidentKind.WARNING),
        (6, IncidentKind.DISQUALIFICATION),
        (10, IncidentKind.LAP_INVALIDATED),
        (15, IncidentKind.LAP_INVALIDATED),
        (17, IncidentKind.PENALTY),
    ],
)
def test_penalty_types_give_several_kinds_of_incident(penalty_type: int, kind: IncidentKind) -> None:
    game = Game().opened()
    (incident,) = incidents(game.feed(game.event("PENA", penalty_type=penalty_type)))
    assert kind is incident.kind


def test_the_same_datagram_twice_is_one_incident_but_two_penalties_at_once_are_two() -> None:
    game = Game().opened()
    five, ten = (game.event("PENA", penalty_type=4, vehicle_idx=1, time=time) for time in (5, 10))
    assert [5, 10] == [incident.detail["time_s"] for incident in incidents(game.feed(five, five, ten, five))]


def test_buttons_and_unknown_events_are_no_incidents() -> None:
    game = Game().opened()
    assert [] == game.feed(game.event("BUTN", button_status=1), game.event("XYZW"))


def test_each_kind_of_event_has_the_details_of_the_game() -> None:
    game = Game(2026).opened()
    events = game.feed(
        game.event("STLG", num_lights=3),
        game.event("FTLP", vehicle_idx=1, lap_time=83.5),
        game.event("SPTP", vehicle_idx=1, speed=321.25, is_driver_fastest_in_session=1),
        game.event("OVTK", overtaking_vehicle_idx=1, being_overtaken_vehicle_idx=2),
        game.event("COLL", vehicle1_idx=1, vehicle2_idx=2, severity=1),
        game.event("RTMT", vehicle_idx=1, reason=8),
        game.event("SGSV", vehicle_idx=1, stop_time=10.0),
        game.event("SCAR", safety_car_type=1, event_type=0),
        game.event("DRSD", reason=0),
        game.event("RDFL"),
    )
    assert {
        "start_lights": (None, None, {"lights": 3}),
        "fastest_lap": (1, None, {"lap_time_ms": 83_500}),
        "speed_trap": (1, None, {"speed_kmh": 321.2, "is_session_best": False, "is_personal_best": True}),
        "overtake": (1, 2, {}),
        "collision": (1, 2, {"severity": 1}),
        "retirement": (1, None, {"reason": "mechanical failure"}),
        "stop_go_served": (1, None, {"stop_ms": 10_000}),
        "safety_car": (None, None, {"safety_car": "full", "phase": "deployed"}),
        "drs_disabled": (None, None, {"reason": "wet track"}),
        "red_flag": (None, None, {}),
    } == {
        incident.kind: (incident.car_index, incident.other_car_index, incident.detail)
        for incident in incidents(events)
    }


def test_nan_and_infinity_are_unknown() -> None:
    game = Game().opened()
    events = game.feed(
        game.event("SPTP", vehicle_idx=1, speed=float("nan")),
        game.event("FTLP", vehicle_idx=1, lap_time=float("inf")),
    )
    speed, fastest = incidents(events)
    assert (None, None) == (speed.detail["speed_kmh"], fastest.detail["lap_time_ms"])


def test_a_fastest_lap_belongs_to_the_lap_with_its_time() -> None:
    game = Game().opened()
    game.feed(game.laps(game.header(10.1), {2: {"current_lap_num": 6, "last_lap_time_ms": 83_500}}))
    before, after = (
        incidents(game.feed(game.event("FTLP", game.header(at), vehicle_idx=2, lap_time=lap_s)))[0]
        for at, lap_s in ((10.1, 82.0), (10.2, 83.5))
    )
    assert (6, 5) == (before.lap_number, after.lap_number)


def test_events_before_the_packet_that_opens_their_session_are_not_lost() -> None:
    game = Game()
    start = game.header(0.0, frame=1)
    assert [] == game.feed(game.event("SSTA", start), game.event("STLG", start, num_lights=1))
    events = game.feed(game.session(game.header(0.0, frame=2)))
    kinds = [incident.kind for incident in incidents(events)]
    assert [IncidentKind.SESSION_STARTED, IncidentKind.START_LIGHTS] == kinds


def test_the_session_start_that_f1_25_sends_before_the_result_is_no_incident() -> None:
    game = Game().opened()
    end = game.header(0.0, frame=0)
    ended, again = game.feed(game.event("SEND", end)), game.feed(game.event("SSTA", end))
    assert ([IncidentKind.SESSION_ENDED], []) == ([incident.kind for incident in incidents(ended)], again)


def test_a_session_end_without_a_time_has_the_time_before_it() -> None:
    game = Game(2022).opened()
    (incident,) = incidents(game.feed(game.event("SEND", game.header(0.0, frame=0))))
    assert 10_000 == incident.session_time_ms


# Flashbacks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", FORMATS)
def test_a_flashback_undoes_incidents_after_its_target_and_none_before(year: int) -> None:
    game = Game(year).opened()
    game.run(12.0)
    earlier = incidents(game.feed(game.event("FTLP", vehicle_idx=1, lap_time=83.0)))
    game.run(30.0)
    undone = incidents(game.feed(game.event("RTMT", vehicle_idx=2)))
    game.run(32.0)
    superseded = incidents(game.rewind(20.0), IncidentKind.RETIREMENT, IncidentKind.FASTEST_LAP)
    assert [(undone[0].id, True)] == [(incident.id, incident.is_superseded) for incident in superseded]
    assert [False] == [incident.is_superseded for incident in earlier]


@pytest.mark.parametrize("year", [2022, 2025])
def test_an_undone_event_that_arrives_after_the_rewind_is_superseded_at_once(year: int) -> None:
    game = Game(year).opened()
    game.run(31.0)
    late = game.event("RTMT", vehicle_idx=2)
    game.run(31.1)
    flashback: dict[str, Any] = {"flashback_frame_identifier": 20 * HZ, "flashback_session_time": 20.0}
    game.feed(game.event("FLBK", **flashback))
    game.rewind(20.0)
    assert [True] == [incident.is_superseded for incident in incidents(game.feed(late))]


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_an_event_that_overtakes_the_first_lap_data_after_a_rewind_counts(year: int) -> None:
    game = Game(year).opened()
    game.run(31.0)
    after = game.header(20.05)
    if year >= 2023:
        after = after._replace(overall_frame_identifier=game.header().overall_frame_identifier + 4)
    (early,) = incidents(game.feed(game.event("RTMT", after, vehicle_idx=2)))
    superseded = incidents(game.rewind(20.0), IncidentKind.RETIREMENT)
    assert (False, []) == (early.is_superseded, superseded)


def test_the_flashback_itself_is_recorded_and_never_undone() -> None:
    game = Game().opened()
    game.run(31.0)
    flashback: dict[str, Any] = {"flashback_frame_identifier": 20 * HZ, "flashback_session_time": 20.0}
    (first,) = incidents(game.feed(game.event("FLBK", **flashback)))
    again = incidents(game.rewind(20.0) + game.rewind(15.0), IncidentKind.FLASHBACK)
    assert ({"target_ms": 20_000}, []) == (first.detail, again)


def test_a_flashback_of_2020_is_recorded_without_an_event_of_the_game() -> None:
    game = Game(2020).opened()
    game.run(31.0)
    (incident,) = incidents(game.rewind(20.0))
    assert IncidentKind.FLASHBACK is incident.kind
    assert incident.session_time_ms == pytest.approx(31_000, abs=20)


def test_a_flashback_after_a_restart_undoes_what_was_recorded_before_it() -> None:
    game = Game().opened()
    game.run(30.0)
    events = game.feed(game.event("RTMT", vehicle_idx=2))
    session = game.engine.session
    assert session is not None
    recorded = incidents(events)
    game.engine = Engine("rig", {UID: KnownSession(session, (), recorded)})
    game.run(31.0)
    undone = incidents(game.rewind(20.0), IncidentKind.RETIREMENT)
    assert [(recorded[0].id, True)] == [(incident.id, incident.is_superseded) for incident in undone]


# Conditions ----------------------------------------------------------------------------------------------


def test_the_weather_is_recorded_only_when_it_or_a_temperature_changes() -> None:
    game = Game()
    skies = [
        {"weather": 0, "track_temperature": 30, "air_temperature": 20, "session_time_left": 500},
        {"weather": 0, "track_temperature": 30, "air_temperature": 20, "session_time_left": 499},
        {"weather": 0, "track_temperature": 29, "air_temperature": 20, "session_time_left": 498},
        {"weather": 3, "track_temperature": 29, "air_temperature": 20, "session_time_left": 497},
    ]
    packets = [game.session(game.header(10.0 + at / 2), **sky) for at, sky in enumerate(skies)]
    recorded = incidents(game.feed(*packets), IncidentKind.WEATHER)
    assert [("clear", 30), ("clear", 29), ("light rain", 29)] == [
        (incident.detail["weather"], incident.detail["track_temperature_c"]) for incident in recorded
    ]


def test_a_late_session_packet_does_not_change_the_weather() -> None:
    game = Game().opened()
    dry, wet = (game.session(game.header(11.0 + sky), weather=sky) for sky in (0, 5))
    game.feed(wet)
    assert [] == incidents(game.feed(dry), IncidentKind.WEATHER)


def test_rain_that_a_flashback_undid_is_recorded_again_when_it_starts_again() -> None:
    game = Game().opened()
    game.run(30.0)
    (rain,) = incidents(game.feed(game.session(weather=4)), IncidentKind.WEATHER)
    game.run(31.0)
    (undone,) = incidents(game.rewind(20.0), IncidentKind.WEATHER)
    assert [] == incidents(game.feed(game.session()), IncidentKind.WEATHER)
    game.run(33.0)
    (again,) = incidents(game.feed(game.session(weather=4)), IncidentKind.WEATHER)
    assert (True, rain.id, False) == (undone.is_superseded, undone.id, again.is_superseded)
    assert rain.id != again.id


@pytest.mark.parametrize(("year", "phases"), [(2020, ["deployed", "ended"]), (2023, ["deployed", "ended"])])
def test_before_2024_the_safety_car_is_read_from_the_session_packet(year: int, phases: list[str]) -> None:
    game = Game(year).opened()
    packets = [game.session(game.header(11.0 + n), safety_car_status=s) for n, s in enumerate((0, 2, 2, 0))]
    recorded = incidents(game.feed(*packets), IncidentKind.SAFETY_CAR)
    expected = [{"safety_car": "virtual", "phase": phase} for phase in phases]
    assert expected == [incident.detail for incident in recorded]


def test_since_2024_the_safety_car_is_read_from_its_event_only() -> None:
    game = Game(2024).opened()
    assert [] == incidents(game.feed(game.session(game.header(11.0), safety_car_status=1)))


def test_yellow_flags_are_recorded_with_their_zones_and_blue_flags_are_not() -> None:
    game = Game().opened()
    flags_by_packet: list[tuple[int, ...]] = [(0, 3, 3), (1, 3, 3), (2, 2, 0)]
    packets = [
        game.session(
            game.header(11.0 + at), num_marshal_zones=3, marshal_zones=[{"zone_flag": flag} for flag in flags]
        )
        for at, flags in enumerate(flags_by_packet)
    ]
    recorded = incidents(game.feed(*packets), IncidentKind.FLAG)
    assert [{"flag": "yellow", "zones": [1, 2]}, {"flag": "yellow", "zones": []}] == [
        incident.detail for incident in recorded
    ]


# Whole sessions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", FORMATS)
def test_the_penalties_that_count_agree_with_the_result(year: int) -> None:
    story = play(scenario("race", year))
    given = [
        incident
        for incident in counting(story.incidents)
        if incident.detail.get("penalty") in TIMED_PENALTIES
    ]
    seconds: Counter[int | None] = Counter()
    for incident in given:
        if incident.detail["penalty"] == "Time penalty":
            assert isinstance(incident.detail["time_s"], int)
            seconds[incident.car_index] += incident.detail["time_s"]
    numbers = Counter(incident.car_index for incident in given)
    result = story.raw_result
    assert sum(car.num_penalties for car in result.values()) > 0
    assert {slot: (car.num_penalties, car.penalties_time) for slot, car in result.items()} == {
        slot: (numbers[slot], seconds[slot]) for slot in result
    }


@pytest.mark.parametrize("year", FORMATS)
def test_each_flashback_of_a_race_is_one_incident(year: int) -> None:
    story = play(scenario("race", year))
    flashbacks = [incident for incident in story.incidents if incident.kind is IncidentKind.FLASHBACK]
    assert (2, 2) == (len(flashbacks), len(counting(flashbacks)))


def test_the_same_datagrams_give_the_same_events_and_ids() -> None:
    played = scenario("race", 2022)
    assert play(played).events == play.__wrapped__(played).events


@needs_shared
def test_every_real_event_can_be_read() -> None:
    kinds: Counter[IncidentKind | None] = Counter()
    for name in CAPTURES:
        for data in payloads(REAL_PACKETS / f"{name}.pcap"):
            layout = identify(data)
            if layout.kind == "event":
                event = read_event(data, layout, Plausibility())
                kinds[event.kind if event else None] += 1
    assert {IncidentKind.COLLISION, IncidentKind.PENALTY, IncidentKind.OVERTAKE} <= set(kinds)
    assert kinds[None] < kinds.total()


@pytest.mark.parametrize("year", FORMATS)
def test_an_engine_survives_any_bytes(year: int) -> None:
    chance, game = random.Random(year), Game(year).opened()
    kinds = ["event", "session", "lap_data", "car_status", "final_classification", "participants"]
    for number in range(400):
        kind = chance.choice([*kinds, "session_history"] if year > 2020 else kinds)
        layout = layout_of(year, kind)
        head = game.packet(kind, game.header(10.0 + number / 10))[: layout.header_size]
        body = chance.randbytes(layout.size - layout.header_size)
        if kind == "event":
            codes = [code.encode() for code in layout.details]
            body = chance.choice(codes) + body[4:]
        game.feed(head + body)
        game.engine.order()
    assert game.feed(game.event("CHQF", game.header(99.0)))
