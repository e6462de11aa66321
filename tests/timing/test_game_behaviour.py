"""How the games really behave: each trap of the specification, and each bug found since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f1timings.packets import FORMATS, identify, read_header
from f1timings.simulator import TIMING_KINDS, scenario_for, simulate
from f1timings.timing.engine import TIMED_KINDS, Engine, KnownSession, NoArchive
from f1timings.timing.history import HistoryLap
from f1timings.timing.records import Lap, Session
from tests.timing.one_game import FINISHED, Game

WITH_HISTORY = [year for year in FORMATS if year > 2020]
WITHOUT_OVERALL_FRAME = [2020, 2021, 2022]


@pytest.mark.parametrize("packet_format", FORMATS)
@pytest.mark.parametrize("lap_time", [90_000, 59_999 + 30_000, 120_000, 600_000])
def test_a_lap_is_timed_to_the_millisecond_in_every_format(packet_format: int, lap_time: int) -> None:
    game = Game(packet_format)
    game.whole_lap(1, lap_time)
    game.drive(2, 6, last=lap_time)
    assert (1, lap_time, "completed") == game.times()[0]


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_last_lap_of_a_race_does_not_increment_the_lap_number(packet_format: int) -> None:
    game = Game(packet_format)
    game.whole_lap(1, 90_000)
    game.drive(1, 90_000, last=90_000, sectors=(30_000, 30_000), status=FINISHED)
    assert [(1, 90_000, "completed")] == game.times()


@pytest.mark.parametrize("packet_format", WITH_HISTORY)
def test_a_last_lap_that_lap_data_missed_comes_from_a_history_without_a_uid(packet_format: int) -> None:
    game = Game(packet_format)
    game.session(15 if packet_format >= 2024 else 10)
    game.whole_lap(1, 90_000)
    game.event(b"SEND", frame=0)
    game.history(0, 90_000, uid=0, frame=0)
    assert [(1, 90_000, "completed")] == game.times()
    assert [True] == [lap.recovered for lap in game.laps.values()]


@pytest.mark.parametrize("packet_format", WITHOUT_OVERALL_FRAME[1:])
def test_a_sector_longer_than_sixteen_bits_is_correct_up_to_2022(packet_format: int) -> None:
    game = Game(packet_format)
    game.drive(1, 10)
    game.now = 70.01
    game.drive(1, 70_010, sectors=(70_000, 0))
    game.now = 100.01
    game.drive(1, 100_010, sectors=(70_000, 30_000))
    game.now = 130.0
    game.drive(1, 129_990, sectors=(70_000, 30_000))
    game.now = 130.01
    game.drive(2, 6, last=130_000)
    (lap,) = game.laps.values()
    assert (70_000, 30_000, 30_000) == (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_flashback_over_the_finish_line_supersedes_the_lap(packet_format: int) -> None:
    game = Game(packet_format)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now = 92.0
    frame = round(game.now * 60)
    for step in range(3):
        game.drive(2, 2_000 + step * 16, last=90_000)
        game.now += 1 / 60
    game.event(b"FLBK")
    back = Rewound(game, to=80.0, overall=frame + 3)
    for clock in (80_000, 80_016, 80_033, 80_050, 90_490):
        back.drive(1, clock, sectors=(30_000, 30_000))
    back.drive(2, 6, last=90_500, at=90.506)
    assert [(1, 90_000, "superseded"), (1, 90_500, "completed")] == game.times()
    assert [0, 1] == sorted(lap.branch for lap in game.laps.values())


class Rewound:
    """The game after a flashback: frames and session time went back, the overall frame (2023+) did not."""

    def __init__(self, game: Game, to: float, overall: int) -> None:
        self.game = game
        self.offset = overall - round(to * 60)

    def drive(self, lap: int, clock: int, *, at: float | None = None, **more: Any) -> None:
        self.game.now = clock / 1000 if at is None else at
        sent: list[bytes] = []
        with mock.patch.object(self.game, "feed", sent.append):
            self.game.drive(lap, clock, **more)
        (data,) = sent
        if self.game.format >= 2023:
            overall = (round(self.game.now * 60) + self.offset).to_bytes(4, "little")
            data = data[:23] + overall + data[27:]
        self.game.feed(data)


def test_a_disqualification_that_a_flashback_undoes_loses_no_lap() -> None:
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.now = 70.0
    game.drive(1, 70_000, sectors=(30_000, 30_000), status=5)
    back = Rewound(game, to=60.0, overall=round(game.now * 60) + 5000)
    back.drive(1, 65_000, sectors=(30_000, 30_000))
    back.drive(1, 89_990, sectors=(30_000, 30_000))
    back.drive(2, 6, last=90_000, at=90.006)
    assert [(1, 90_000, "completed")] == game.times()


def test_a_restart_from_the_menu_is_another_session_and_the_old_lap_is_partial() -> None:
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.uid, game.now = 77, 0.0
    game.drive(1, 0)
    assert [(1, None, "partial")] == game.times()
    assert [True, False] == [session.is_ended for session in game.sessions.values()]


def test_another_run_under_the_same_uid_is_another_epoch() -> None:
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    for frame in (1, 2, 3, 4):
        game.now = frame / 60
        game.drive(1, frame * 16)
    game.now = 0.1
    game.whole_lap(1, 91_000)
    game.drive(2, 6, last=91_000)
    assert [0, 1] == [session.epoch for session in game.sessions.values()]
    assert [(1, 90_000), (1, 91_000)] == [time[:2] for time in game.times() if time[2] == "completed"]


def test_menus_with_uid_0_open_no_session() -> None:
    game = Game(2025, uid=0)
    game.drive(1, 10)
    game.session()
    game.send("lobby_info", num_players=3)
    assert {} == game.sessions


def test_events_alone_open_no_session() -> None:
    game = Game(2025)
    game.event(b"BUTN")
    game.event(b"SSTA")
    assert {} == game.sessions


def test_a_classification_sent_twice_is_reported_once() -> None:
    game = Game(2025)
    game.session()
    for _ in range(2):
        game.classify(car0={"position": 1, "num_laps": 5, "points": 25, "result_status": 3})
    assert 1 == len(game.results)


def test_a_session_started_event_before_the_classification_loses_nothing() -> None:
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.event(b"SEND", frame=0)
    game.event(b"SSTA", frame=0)
    game.classify(car0={"position": 1, "num_laps": 1, "points": 25, "result_status": 3})
    assert (1, 90_000, "completed") in game.times()
    assert 25 == game.results[0][0].points


def test_points_come_only_from_races() -> None:
    game = Game(2023)
    game.session(9)
    game.classify(car0={"position": 1, "num_laps": 1, "points": 26, "result_status": 3})
    assert 0 == game.results[0][0].points


def test_a_classification_without_a_uid_belongs_to_the_session_before() -> None:
    game = Game(2020)
    game.session(10)
    game.classify(uid=0, car3={"position": 1, "num_laps": 5, "best_lap_time": 83.456, "result_status": 3})
    assert [(1, 3, 83_456)] == [(row.position, row.car_index, row.best_lap_ms) for row in game.results[0]]


def test_retired_cars_have_a_position_and_2020_has_another_number_for_them() -> None:
    for packet_format, retired in ((2020, 6), (2025, 7)):
        game = Game(packet_format)
        game.session(10 if packet_format == 2020 else 15)
        game.classify(
            car0={"position": 1, "num_laps": 5, "result_status": 3},
            car1={"position": 2, "num_laps": 2, "result_status": retired},
        )
        assert ["finished", "retired"] == [row.status for row in game.results[0]]


def test_several_players_of_one_name_are_several_participants() -> None:
    game = Game(2024)
    masked = {"name": b"Player", "ai_controlled": 0, "driver_id": 255, "race_number": 7, "team_id": 1}
    game.send("participants", num_active_cars=3, cars={0: masked, 1: masked, 2: masked})
    game.session()
    others = {1: {"current_lap_num": 1, "result_status": 2, "current_lap_time_ms": 5}}
    game.drive(1, 5, others=others)
    (participants,) = game.participants.values()
    assert [(0, "Player"), (1, "Player"), (2, "Player")] == [
        (participant.car_index, participant.name) for participant in participants
    ]


def test_the_number_of_active_cars_is_not_trusted() -> None:
    game = Game(2025)
    named = {slot: {"name": f"CAR {slot}".encode(), "race_number": slot + 1} for slot in range(6)}
    game.send("participants", num_active_cars=1, cars=named)
    (participants,) = game.participants.values()
    assert 6 == len(participants)


def test_ghosts_of_a_time_trial_have_no_laps() -> None:
    game = Game(2024)
    game.session(18)
    ghost = {
        "current_lap_num": 2,
        "result_status": 0,
        "last_lap_time_ms": 89_000,
        "current_lap_time_ms": 19_000,
    }
    game.whole_lap(1, 90_000, others={1: ghost})
    game.drive(2, 6, last=90_000, others={1: {**ghost, "current_lap_num": 3}})
    game.history(1, 89_000, 0)
    assert [(1, 90_000, "completed")] == game.times(0)
    assert [] == game.times(1)


def test_a_spectator_has_no_car_and_receives_all_cars() -> None:
    game = Game(2025, player=255)
    game.session(is_spectating=1, spectator_car_index=3)
    game.whole_lap(1, 90_000, car=3)
    game.drive(2, 6, last=90_000, car=3)
    assert [(1, 90_000, "completed")] == game.times(3)
    assert [None] == [session.player_car_index for session in game.sessions.values()]


def test_a_car_index_out_of_range_is_ignored() -> None:
    game = Game(2025)
    game.session()
    game.history(255, 90_000, 0)
    game.history(22, 90_000, 0)
    assert {} == game.laps


def test_a_history_with_nine_stints_in_eight_places_is_read() -> None:
    game = Game(2025)
    game.session()
    stints = [{"end_lap": n + 1, "tyre_visual_compound": 16 + n % 3} for n in range(8)]
    game.history(0, 90_000, 91_000, 0, num_tyre_stints=9, tyre_stints_history_data=stints)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()


def test_a_pause_of_minutes_loses_no_lap() -> None:
    """The game sends nothing while it is paused, and its clock stops."""
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(3, 6, last=91_000)
    assert [90_000, 91_000] == [time for _, time, _ in game.times()]


def test_late_packets_of_an_old_session_do_not_change_the_new_one() -> None:
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    old, late = game.uid, game.now
    game.uid, game.now = 77, 0.0
    game.drive(1, 5)
    game.uid, game.now = old, late - 0.1
    game.drive(1, 89_900, sectors=(30_000, 30_000))
    game.uid, game.now = 77, 0.02
    game.drive(1, 20)
    assert 2 == len(game.sessions)
    assert (1, 90_000, "completed") in game.times()


def test_the_clock_of_a_retired_car_runs_on_and_gives_no_lap() -> None:
    game = Game(2025)
    game.session()
    game.drive(1, 10)
    game.now = 40.0
    game.drive(1, 40_000, sectors=(30_000, 0))
    for now in (50.0, 150.0, 220.0):
        game.now = now
        game.drive(1, round(now * 1000), sectors=(30_000, 0), status=7)
    game.handle_events(game.engine.finish())
    assert [(1, None, "partial")] == game.times()


def test_a_lap_under_way_without_a_sector_yet_is_partial_at_the_end() -> None:
    game = Game(2025)
    game.drive(1, 0)
    game.now = 28.0
    game.drive(1, 28_000)
    game.handle_events(game.engine.finish())
    assert [(1, None, "partial")] == game.times()


def test_the_format_may_change_in_the_middle_of_a_session() -> None:
    game = Game(2024)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.format = 2025
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(3, 6, last=91_000)
    assert [90_000, 91_000] == [time for _, time, _ in game.times()]
    assert 1 == len(game.sessions)


def test_a_session_goes_on_after_our_restart_without_repeated_events() -> None:
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    (session,) = game.sessions.values()
    known = {game.uid: KnownSession(session, list(game.laps.values()))}
    before = dict(game.laps)
    game.engine = Engine("10.0.0.5", known)
    game.now += 40
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    game.history(0, 90_000, 0)
    assert before == game.laps


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_loaded_save_does_not_repeat_the_laps_of_before(*, is_restarted: bool) -> None:
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.history(0, 90_000, 0)
    (session,) = game.sessions.values()
    if is_restarted:
        game.engine = Engine("10.0.0.5", {game.uid: KnownSession(session, list(game.laps.values()))})
    game.uid += 1
    game.session()
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    game.history(0, 90_000, 0)
    assert 1 == [lap.lap_time_ms for lap in game.laps.values()].count(90_000)


def test_the_lap_of_before_a_save_is_recognised_though_the_game_rounds_its_sectors() -> None:
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000, sectors=(0, 0))
    game.uid += 1
    game.session()
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    rounded = {"lap_time_ms": 90_000, "lap_valid_bit_flags": 15}
    rounded |= {"sector1_time_ms": 30_000, "sector2_time_ms": 30_000, "sector3_time_ms": 29_999}
    game.send("session_history", car_idx=0, num_laps=2, lap_history_data=[rounded, {}])
    assert 1 == [lap.lap_time_ms for lap in game.laps.values()].count(90_000)


def saved_game() -> Game:
    """A game of which a save is loaded after its first lap; nothing of the save is driven yet."""
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.history(0, 90_000, 0)
    game.uid += 1
    return game


@pytest.mark.parametrize("number", [0, 1])
def test_a_loaded_save_repeats_no_lap_though_the_slot_of_the_car_was_empty_at_first(number: int) -> None:
    game = saved_game()
    game.session()
    game.drive(number, 0, status=0)
    game.history(0)
    game.history(0, 90_000, 0)
    game.now += 0.02
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    game.history(0, 90_000, 0, num_tyre_stints=1)
    assert 1 == [lap.lap_time_ms for lap in game.laps.values()].count(90_000)


@pytest.mark.parametrize(("session_type", "track"), [(15, -1), (15, 127), (0, 0), (255, 0), (255, -1)])
def test_a_loaded_save_repeats_no_lap_though_circuit_and_type_are_known_later(
    session_type: int, track: int
) -> None:
    game = saved_game()
    game.session(session_type, track)
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    game.history(0, 90_000, 0)
    game.now += 1.0
    game.session(weather=1)
    game.history(0, 90_000, 0)
    assert 1 == [lap.lap_time_ms for lap in game.laps.values()].count(90_000)
    earlier, session = game.sessions.values()
    assert earlier.id == session.continues


@pytest.mark.parametrize(("session_type", "track"), [(15, -1), (0, 0), (255, 0)])
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_loaded_save_of_unknown_circuit_or_type_repeats_no_lap_of_before(
    session_type: int, track: int, *, is_restarted: bool
) -> None:
    game = saved_game()
    (earlier,) = game.sessions.values()
    if is_restarted:
        known = {earlier.uid: KnownSession(earlier, list(game.laps.values()))}
        game.engine = Engine("10.0.0.5", known)
    for _ in range(2):
        game.session(session_type, track)
        game.drive(3, 40_000, last=91_000, sectors=(30_000, 0))
        game.history(0, 90_000, 91_000, 0)
        game.event(b"SEND", frame=0)
        game.uid += 1
        session_type, track = 15, 0
    assert {90_000: 1, 91_000: 1} == Counter(
        lap.lap_time_ms for lap in game.laps.values() if lap.lap_time_ms is not None
    )


def test_a_session_whose_circuit_stays_unknown_gets_the_laps_of_its_history_at_the_end() -> None:
    game = Game(2025)
    game.session(15, -1)
    game.drive(3, 40_000, sectors=(30_000, 0))
    game.history(0, 90_000, 91_000, 0)
    game.event(b"SEND", frame=0)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()


def test_a_save_of_a_save_continues_the_session_of_its_last_lap() -> None:
    game = saved_game()
    game.session()
    game.drive(2, 40_000, last=90_000, sectors=(30_000, 0))
    game.history(0, 90_000, 0)
    game.now += 51.0
    game.drive(2, 91_000, last=90_000, sectors=(30_000, 30_000))
    game.now += 0.02
    game.drive(3, 10, last=91_010)
    game.history(0, 90_000, 91_010, 0)
    game.uid += 1
    game.session()
    game.drive(3, 40_000, last=91_010, sectors=(30_000, 0))
    game.history(0, 90_000, 91_010, 0)
    first, second, third = game.sessions.values()
    assert (None, first.id, second.id) == (first.continues, second.continues, third.continues)
    assert [90_000, 91_010] == sorted(lap.lap_time_ms for lap in game.laps.values() if lap.lap_time_ms)


@pytest.mark.parametrize("is_history_first", [False, True])
def test_a_save_made_after_the_flag_repeats_no_lap_however_often_it_is_loaded(
    *, is_history_first: bool
) -> None:
    game = Game(2025)
    game.session()
    game.whole_lap(1, 90_000)
    for _ in range(3):
        if is_history_first:
            game.history(0, 90_000)
        game.drive(1, 90_000, last=90_000, sectors=(30_000, 30_000), status=FINISHED)
        game.history(0, 90_000)
        game.event(b"SEND", frame=0)
        game.uid += 1
        game.session()
    first, second, third, _ = game.sessions.values()
    assert [(1, 90_000, "completed")] == game.times()
    assert (None, first.id, first.id) == (first.continues, second.continues, third.continues)


def test_the_last_lap_of_a_race_first_seen_after_the_flag_comes_from_the_history() -> None:
    game = Game(2025)
    game.session()
    game.drive(1, 90_000, last=90_000, sectors=(30_000, 30_000), status=FINISHED)
    game.history(0, 90_000)
    assert [(1, 90_000, "completed")] == game.times()


def test_the_archive_is_asked_once_for_all_laps_of_a_history() -> None:
    game = Game(2025)
    asked: list[list[int]] = []

    class CountingArchive(NoArchive):
        def earlier_laps(
            self, session: Session, car_index: int, entries: Sequence[HistoryLap]
        ) -> Sequence[Lap]:
            asked.append([entry.lap_number for entry in entries])
            return super().earlier_laps(session, car_index, entries)

    game.engine = Engine("10.0.0.5", archive=CountingArchive())
    game.session()
    game.drive(4, 40_000, last=92_000, sectors=(30_000, 0))
    game.history(0, 90_000, 91_000, 92_000, 0)
    game.history(0, 90_000, 91_000, 92_000, 0, num_tyre_stints=1)
    assert [[1, 2, 3]] == asked


def test_a_lap_driven_like_one_of_an_earlier_session_is_a_lap() -> None:
    game = Game(2025)
    for _ in range(2):
        game.session()
        game.whole_lap(1, 90_000)
        game.drive(2, 6, last=90_000)
        game.history(0, 90_000, 0)
        game.uid += 1
    assert 2 == [lap.lap_time_ms for lap in game.laps.values()].count(90_000)


def test_laps_that_were_timed_before_the_participants_get_their_names() -> None:
    game = Game(2025)
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.send("participants", num_active_cars=1, cars={0: {"name": b"NORRIS", "race_number": 4}})
    assert ["NORRIS"] == [lap.participant for lap in game.laps.values()]


@cache
def race_of(packet_format: int) -> list[bytes]:
    """The datagrams of a race."""
    scenario = scenario_for("race", packet_format, 1, laps=2, cars=3, rate_hz=20, kinds=TIMING_KINDS)
    return [emission.data for emission in simulate(scenario)]


@given(st.sampled_from(FORMATS), st.integers(0, 2**32), st.floats(0.02, 1.0))
@settings(max_examples=60)
def test_any_order_of_any_subset_of_datagrams_never_raises(
    packet_format: int, seed: int, share: float
) -> None:
    random = Random(seed)
    chosen = [data for data in race_of(packet_format) if random.random() < share]
    random.shuffle(chosen)
    engine = Engine("10.0.0.5")
    for data in chosen[:3000]:
        layout = identify(data)
        if layout.kind in TIMED_KINDS:
            engine.feed(data, layout, read_header(data, layout))
    engine.finish()


@given(
    st.sampled_from(FORMATS), st.binary(min_size=60, max_size=60), st.integers(0, 2000), st.integers(0, 1400)
)
@settings(max_examples=200)
def test_any_values_in_a_packet_never_raise(
    packet_format: int, noise: bytes, index: int, offset: int
) -> None:
    race = race_of(packet_format)
    engine = Engine("10.0.0.5")
    for number in range(index, index + 40):
        data = race[number % len(race)]
        layout = identify(data)
        place = layout.header_size + offset % max(1, layout.size - layout.header_size)
        damaged = (data[:place] + noise)[: layout.size].ljust(layout.size, noise[:1])
        if layout.kind in TIMED_KINDS:
            engine.feed(damaged, layout, read_header(damaged, layout))
    engine.finish()
