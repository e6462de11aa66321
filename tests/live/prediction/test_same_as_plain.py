"""What a reader keeps from one look for the next never changes what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.live.prediction import reckoning, running_lap_reader
from f1timings.live.prediction.board_times import BoardTimes, References
from f1timings.live.prediction.running_lap_reader import DrivenCar, RunningLapReader
from f1timings.meeting.people import Rules
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import Header, build, encode
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.placed_car import PlacedCar
from tests.live.prediction.boards import LENGTH_M, board_of, board_time
from tests.live.prediction.plain_comparison import PlainComparison
from tests.web import records

RIG = "10.0.0.5"
SESSIONS = [
    records.session(1, track_length_m=int(LENGTH_M), formula="Modern", session_type="Time Trial"),
    records.session(2, track_length_m=int(LENGTH_M), formula="F2", session_type="Race"),
    records.session(3, track_length_m=5_100, formula="Modern", session_type="Race"),
    records.session(4, track_length_m=None, formula=None),
]
PEOPLE = [KnownPeople(at_rigs={RIG: name}, ids_at_rigs={RIG: name}) for name in ("ada", "ben", "cleo", "new")]


def _without_clocks(references: References) -> References:
    return References(*(lap and lap._replace(clock=None) for lap in references))


@cache
def boards() -> list[BoardTimes | None]:
    times = (board_time("d:ada", 1, 80_000), board_time("d:ben", 2, 82_000), board_time("d:cleo", 3, 90_000))
    whole = board_of(*times)
    typed = {entrant: _without_clocks(each) for entrant, each in whole.references.items()}
    faster = board_of(board_time("d:cleo", 1, 79_000), *times[:2], rules=Rules(session_types=("Race",)))
    return [None, whole, faster, replace(whole, references=typed), board_of()]


class Look(NamedTuple):
    """What a look finds; ``lap`` has its lap data and its car."""

    lap: int
    board: int
    session: int
    people: int
    later_s: float


@cache
def lap_data(clock_ms: int, distance_m: float) -> bytes:
    header = Header(2025, game_year=25)
    car = {"current_lap_time_ms": clock_ms, "lap_distance": distance_m}
    return encode(build(2025, "lap_data", header, cars={19: car}))


def laps() -> st.SearchStrategy[tuple[int, float, LapRow]]:
    row: st.SearchStrategy[LapRow] = st.builds(
        LapRow,
        lap_number=st.integers(1, 2),
        sector=st.integers(0, 2),
        is_invalid=st.sampled_from([False, False, True]),
        pit_status=st.sampled_from([0, 0, 0, 1]),
        driver_status=st.sampled_from([1, 1, 4, 3]),
        result_status=st.sampled_from([2, 2, 2, 3]),
        last_lap_ms=st.just(0),
        sector1_ms=st.sampled_from([0, 26_000, 27_500]),
        sector2_ms=st.sampled_from([0, 27_000]),
        current_lap_ms=st.just(0),
        lap_distance_m=st.none(),
        session_time_s=st.just(0.0),
    )
    # Lap data have floats of 32 bits.
    distances = st.sampled_from([-5.0, 0.0, 2_600.0, 4_998.5, LENGTH_M, 5_099.0, float("nan")]) | st.floats(
        0.0, LENGTH_M, width=32
    )
    return st.tuples(st.integers(0, 95_000), distances, row)


def looks(count: int) -> st.SearchStrategy[list[Look]]:
    usually = st.sampled_from([1, 1, 1, 1, 0, 2, 3, 4])
    look = st.builds(
        Look,
        lap=st.integers(0, count - 1),
        board=usually,
        session=st.sampled_from([0, 0, 0, 0, 1, 2, 3]),
        people=st.sampled_from([1, 1, 1, 3, 0, 2]),
        later_s=st.sampled_from([0.0, 0.25, 0.6, 1.0]),
    )
    # Some looks find the same as the one before, but later.
    return st.lists(look, min_size=1, max_size=12).map(
        lambda found: [again for look in found for again in (look, look._replace(later_s=0.5), look)]
    )


class Room:
    """What the reader under test finds."""

    def __init__(self) -> None:
        self.now = 100.0
        self.board: BoardTimes | None = None
        self.people = PEOPLE[0]
        self.reader = RunningLapReader(RIG, boards=self, people=lambda: self.people, clock=lambda: self.now)

    def get(self, _circuit: str, _entrant: str) -> BoardTimes | None:
        return self.board


@given(found=st.lists(laps(), min_size=3, max_size=3), order=looks(3))
def test_each_look_gives_what_a_comparison_without_a_memory_gives(
    found: list[tuple[int, float, LapRow]], order: list[Look]
) -> None:
    room, plain = Room(), PlainComparison()
    cars = [PlacedCar(1, "Ben", row.lap_number, None, None, row) for _, _, row in found]
    for look in order:
        room.now += look.later_s
        room.board, room.people = boards()[look.board], PEOPLE[look.people]
        clock_ms, distance_m, row = found[look.lap]
        session = SESSIONS[look.session]
        driven = DrivenCar(session, cars[look.lap], 19, lap_data(clock_ms, distance_m))
        entrant = room.people.entrant(RIG, "Ben")
        expected = plain.values(
            board=room.board,
            entrant=entrant,
            session=session,
            row=row,
            clock_ms=clock_ms,
            distance_m=distance_m,
            now=room.now,
        )
        assert expected == room.reader.values(driven)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The places that were reckoned with."""
    calls: list[Any] = []
    reckon: Callable[..., float | None] = reckoning.predict_ms

    def counted(*args: Any) -> float | None:
        calls.append(args)
        return reckon(*args)

    monkeypatch.setattr(running_lap_reader, "predict_ms", counted)
    return calls


def test_a_look_without_news_compares_nothing(compared: list[Any]) -> None:
    room = Room()
    room.board, room.people = boards()[1], PEOPLE[1]
    row = LapRow(2, 1, False, 0, 1, 2, 0, 27_500, 0, 0, None, 0.0)
    car = PlacedCar(1, "Ben", 2, None, None, row)
    driven = DrivenCar(SESSIONS[0], car, 19, lap_data(42_000, 2_500.0))
    first = [room.reader.values(driven) for _ in range(5)]
    assert len(compared) == 1
    assert all(values is first[0] for values in first)
    room.reader.values(driven._replace(lap_data=lap_data(42_100, 2_505.0)))
    assert len(compared) == 2
    room.board = boards()[2]
    room.reader.values(driven)
    assert len(compared) == 3
