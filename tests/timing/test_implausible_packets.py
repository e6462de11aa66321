"""A value that nobody can have driven is unknown, and is counted by its name; what was known before stays."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from f1timings.packets import FORMATS, decode, encode
from f1timings.timing.engine import Engine
from f1timings.timing.events import CountersRead, EngineEvent, LapBegan
from tests.timing.one_game import FINISHED, Game


class CountingGame(Game):
    """A game whose implausible values are counted."""

    def __init__(self, packet_format: int) -> None:
        super().__init__(packet_format)
        self.counts: Counter[str] = Counter()
        self.engine = Engine("10.0.0.5", implausible=self.counts)
        #: The session times of starts and counters.
        self.read_s: list[float] = []
        #: The laps that began.
        self.began: list[LapBegan] = []
        #: What the next packet has for its session time.
        self.sent_s: float | None = None

    def feed(self, data: bytes) -> None:
        if self.sent_s is not None:
            data = with_session_time(data, self.sent_s)
        super().feed(data)

    def handle_events(self, events: Iterable[EngineEvent]) -> None:
        reported = list(events)
        super().handle_events(reported)
        for event in reported:
            if isinstance(event, LapBegan | CountersRead):
                self.read_s.append(event.session_time_s)
            if isinstance(event, LapBegan):
                self.began.append(event)


def with_session_time(data: bytes, session_time_s: float) -> bytes:
    """A datagram with another session time in its header."""
    packet = decode(data)
    return encode(packet._replace(header=packet.header._replace(session_time=session_time_s)))


@pytest.fixture(params=FORMATS)
def game(request: pytest.FixtureRequest) -> CountingGame:
    return CountingGame(request.param)


def test_an_unknown_circuit_or_type_does_not_replace_the_known_one(game: CountingGame) -> None:
    game.session(10, track=11)
    (before,) = game.sessions.values()
    game.now = 1.0
    game.session(255, track=127, weather=200, track_temperature=-128, air_temperature=127)
    (after,) = game.sessions.values()
    assert (before.track_id, before.track, before.session_type) == (11, "Monza", after.session_type)
    assert (after.track_id, after.track, after.session_type_id) == (11, "Monza", before.session_type_id)
    assert {
        "session.track": 1,
        "session.session_type": 1,
        "session.air_temperature": 1,
        "session.track_temperature": 1,
    }.items() <= game.counts.items()
    assert game.counts["session.weather"] >= 1


def test_an_unknown_circuit_is_unknown_from_the_start(game: CountingGame) -> None:
    game.session(255, track=127)
    (session,) = game.sessions.values()
    assert (None, None, None) == (session.track_id, session.track, session.session_type_id)


def test_a_participant_without_number_and_team_is_a_participant(game: CountingGame) -> None:
    nobodys = {"name": b"ANN", "race_number": 255, "team_id": 255, "nationality": 255}
    game.send("participants", num_active_cars=255, cars={0: nobodys})
    ((participant,),) = game.participants.values()
    assert ("ANN", None, None) == (participant.name, participant.race_number, participant.nationality)
    assert participant.team_id == (255 if game.format == 2020 else None)
    assert {"participants.race_number": 1, "participants.nationality": 1} == game.counts


def test_a_result_of_sentinels_is_a_place(game: CountingGame) -> None:
    game.session()
    game.classify(
        car0={
            "position": 1,
            "num_laps": 255,
            "num_pit_stops": 255,
            "penalties_time": 255,
            "grid_position": 255,
            "points": 255,
            "result_status": 3,
            "total_race_time": float("nan"),
        }
    )
    ((entry,),) = game.results
    assert (1, None, None, None) == (entry.position, entry.laps, entry.pit_stops, entry.penalties_s)
    assert (None, None, None) == (entry.grid_position, entry.points, entry.total_time_ms)


@pytest.mark.parametrize("number", [0, 255])
def test_a_packet_with_an_impossible_lap_number_changes_nothing(game: CountingGame, number: int) -> None:
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now += 0.02
    game.drive(number, 26, last=90_000)
    game.now += 0.02
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(2, 90_999, last=91_000, sectors=(30_000, 30_000), status=FINISHED)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()


def test_a_packet_of_an_impossible_status_changes_nothing(game: CountingGame) -> None:
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now += 0.02
    game.drive(2, 26, last=90_000, status=200)
    game.now += 0.02
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(2, 90_999, last=91_000, sectors=(30_000, 30_000), status=FINISHED)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()
    assert 1 <= game.counts["lap_data.result_status"]


def test_a_history_of_no_car_changes_nothing() -> None:
    game = CountingGame(2025)
    game.session()
    game.history(200, 90_000, 0)
    assert {} == game.laps
    assert {"session_history.car": 1} == game.counts


IMPOSSIBLE_TIMES = [math.nan, math.inf, -math.inf, 1e30, -1.0]


def drive_a_race(game: CountingGame, garbled_s: float | None) -> None:
    """Two laps and a result; in between packets of each kind with another session time."""

    def garble(send: Callable[[], None]) -> None:
        if garbled_s is not None:
            game.sent_s = garbled_s
            send()
            game.sent_s = None

    race = 15 if game.format >= 2024 else 10
    game.session(race)
    garble(lambda: game.session(race))
    game.whole_lap(1, 90_000)
    garble(lambda: game.drive(1, 89_998, sectors=(30_000, 30_000)))
    game.drive(2, 6, last=90_000)
    garble(lambda: game.drive(2, 6, last=90_000))
    if game.format > 2020:
        garble(lambda: game.history(0, 90_000, 0))
        game.history(0, 90_000, 0)
    garble(lambda: game.event(b"SPTP"))
    game.now += 0.02
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(2, 90_999, last=91_000, sectors=(30_000, 30_000), status=FINISHED)
    game.sent_s = garbled_s
    game.classify(car0={"position": 1, "num_laps": 2, "result_status": FINISHED})


@pytest.mark.parametrize("garbled_s", IMPOSSIBLE_TIMES)
def test_an_impossible_session_time_is_unknown(game: CountingGame, garbled_s: float) -> None:
    undisturbed = CountingGame(game.format)
    drive_a_race(undisturbed, None)
    drive_a_race(game, garbled_s)
    assert undisturbed.laps == game.laps
    assert undisturbed.results == game.results
    assert undisturbed.read_s == game.read_s
    assert (5 if game.format == 2020 else 6) == game.counts["header.session_time"]


@pytest.mark.parametrize("garbled_s", IMPOSSIBLE_TIMES)
def test_an_impossible_session_time_hides_no_later_weather(garbled_s: float) -> None:
    game = CountingGame(2025)
    for at_s, sent_s, weather in ((1.0, None, 0), (2.0, garbled_s, 1), (3.0, None, 3), (2.5, None, 0)):
        game.now, game.sent_s = at_s, sent_s
        game.session(weather=weather)
        game.sent_s = None
    game.now = 4.0
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    assert ["light rain"] == [lap.weather for lap in game.laps.values()]


#: Clock in ms and sectors of each packet of lap data in a lap of 90 s.
LAP = [(6, 0, 0), (26, 0, 0), (1_000, 0, 0), (30_010, 30_000, 0), (60_010, 30_000, 30_000)]
LAP += [(89_990, 30_000, 30_000)]
PACKETS = 2 * len(LAP) + 2


def drive_two_laps(game: CountingGame, garbled: int | None, **garbage: float) -> None:
    """Two equal laps and the line after them, from a grid behind the line.

    Args:
        garbled: the number of the packet of lap data that has the garbage.
    """
    game.session()
    for number in range(PACKETS):
        lap, (clock, *sectors) = number // len(LAP) + 1, LAP[number % len(LAP)]
        game.now = 90.0 * (lap - 1) + clock / 1000
        fields: dict[str, Any] = {
            "last": 90_000 if lap > 1 else 0,
            "current_lap_invalid": clock > 500,
            "lap_distance": clock * 0.0586 if lap > 1 else clock * 0.062 - 300.0,
        }
        game.drive(
            lap, clock, sectors=(sectors[0], sectors[1]), **fields | (garbage if number == garbled else {})
        )


def with_unit(game: CountingGame, name: str, milliseconds: float) -> dict[str, float]:
    """A field of lap data that is in seconds in 2020."""
    return {name: milliseconds / 1000} if game.format == 2020 else {f"{name}_ms": int(milliseconds)}


@pytest.mark.parametrize("garbled", range(PACKETS))
def test_an_impossible_clock_of_a_lap_begins_no_lap(game: CountingGame, garbled: int) -> None:
    undisturbed = CountingGame(game.format)
    drive_two_laps(undisturbed, None)
    drive_two_laps(game, garbled, **with_unit(game, "current_lap_time", 4_000_000_000))
    assert undisturbed.times() == game.times()
    starts = [lap.start for lap in undisturbed.laps.values()]
    known = {number: start for number, start in enumerate(starts) if start}
    assert known.items() >= {(n, lap.start) for n, lap in enumerate(game.laps.values()) if lap.start}
    assert [began.lap_id for began in undisturbed.began] == [began.lap_id for began in game.began]
    for expected, began in zip(undisturbed.began, game.began, strict=True):
        begins = [each.session_time_s - each.elapsed_ms / 1000 for each in (expected, began)]
        assert pytest.approx(begins[0], abs=0.1) == begins[1]


@pytest.mark.parametrize("distance_m", [math.nan, math.inf, -1e30])
@pytest.mark.parametrize("garbled", range(PACKETS))
def test_an_impossible_distance_is_unknown(game: CountingGame, garbled: int, distance_m: float) -> None:
    undisturbed = CountingGame(game.format)
    drive_two_laps(undisturbed, None)
    drive_two_laps(game, garbled, lap_distance=distance_m)
    assert undisturbed.times() == game.times()
    assert undisturbed.began == game.began
