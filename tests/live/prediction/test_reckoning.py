"""A running lap is compared with the right laps of its board, at its place, and its end is predicted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.live.prediction.board_times import NO_REFERENCES, References
from f1timings.live.prediction.reckoning import LapMoment, delta_ms, predict_ms
from f1timings.traces.analysis.reference_clock import ClockPlaces
from tests.live.prediction.boards import LENGTH_M, board_of, board_time

ADA, BEN, CLEO = (
    board_time("d:ada", 1, 80_000),
    board_time("d:ben", 2, 82_000),
    board_time("d:cleo", 3, 90_000),
)
BOARD = board_of(ADA, BEN, CLEO)
HALF_M = LENGTH_M / 2
PLACES = ClockPlaces(LENGTH_M)


def moment_at(clock_ms: float, distance_m: float, sectors: tuple[int | None, ...] = ()) -> LapMoment:
    place = PLACES.at(distance_m)
    assert place is not None
    return clock_ms, place, sectors


def deltas(moment: LapMoment, references: References) -> list[float | None]:
    return [delta_ms(moment, lap) for lap in references]


def predicted(moment: LapMoment, references: References) -> float | None:
    return predict_ms(moment, references, delta_ms(moment, references.own))


@pytest.mark.parametrize(
    ("entrant", "expected"),
    [
        ("d:ada", (ADA, None, None)),
        ("d:ben", (BEN, ADA, ADA)),
        ("d:cleo", (CLEO, ADA, BEN)),
        ("d:new", (None, ADA, CLEO)),
    ],
)
def test_the_references_are_the_own_best_the_first_place_and_the_place_ahead(
    entrant: str, expected: object
) -> None:
    assert expected == BOARD.needed(entrant)


def test_an_equal_time_is_no_place_ahead() -> None:
    equal = board_of(ADA, BEN, board_time("d:cleo", 2, 82_000))
    assert equal.needed("d:cleo")[2] == ADA
    first = board_of(ADA, board_time("d:ben", 1, 80_000))
    assert first.needed("d:ben")[1:] == (None, None)


def test_a_board_without_laps_has_no_references() -> None:
    assert board_of().needed("d:new") == (None, None, None)
    assert deltas(moment_at(10_000, 500.0), NO_REFERENCES) == [None] * 3
    assert predicted(moment_at(10_000, 500.0, (30_000,)), NO_REFERENCES) is None


@given(
    at=st.floats(0.0, LENGTH_M),
    factor=st.floats(0.5, 2.0),
    entrant=st.sampled_from(["d:ada", "d:ben", "d:cleo"]),
)
def test_a_lap_that_is_slower_by_a_factor_has_the_known_differences(
    at: float, factor: float, entrant: str
) -> None:
    references = BOARD.references[entrant]
    assert references.own is not None
    own_ms = references.own.time.lap_time_ms
    clock_ms = own_ms * factor * at / LENGTH_M
    for lap, delta in zip(references, deltas(moment_at(clock_ms, at), references), strict=True):
        expected = None if lap is None else (own_ms * factor - lap.time.lap_time_ms) * at / LENGTH_M
        assert (expected is None) == (delta is None)
        if expected is not None and delta is not None:
            assert abs(expected - delta) < 5.0


def test_the_rest_of_the_lap_takes_as_long_as_in_the_own_best() -> None:
    moment = moment_at(BEN.lap_time_ms / 2 - 300, HALF_M, (27_000,))
    assert predicted(moment, BOARD.references["d:ben"]) == pytest.approx(81_700, abs=2)


def test_without_an_own_lap_the_rest_is_slower_by_the_same_factor_as_so_far() -> None:
    moment = moment_at(ADA.lap_time_ms / 2 * 1.1, HALF_M, (29_000,))
    assert predicted(moment, BOARD.references["d:new"]) == pytest.approx(88_000, abs=4)


def test_nothing_is_predicted_in_the_first_sector() -> None:
    assert predicted(moment_at(10_000, 600.0), BOARD.references["d:ben"]) is None


def without_clocks(references: References) -> References:
    return References(*(None if lap is None else lap._replace(clock=None) for lap in references))


def test_a_lap_without_a_trace_is_compared_at_its_sector_lines() -> None:
    references = without_clocks(BOARD.references["d:ben"])
    assert BEN.sectors[:2] == (27_333, 27_333)
    assert deltas(moment_at(9_000, 700.0), references) == [None] * 3
    in_second = moment_at(45_000, 2_600.0, (27_433,))
    assert deltas(in_second, references) == [100, 767, 767]
    assert predicted(in_second, references) == 82_100
    assert deltas(moment_at(60_000, 3_600.0, (27_433, 27_133)), references) == [-100, 1_234, 1_234]


def test_an_unknown_sector_gives_no_difference() -> None:
    references = without_clocks(BOARD.references["d:ben"])
    assert deltas(moment_at(45_000, 2_600.0, (None,)), references) == [None] * 3
    typed = References(own=references.own and references.own._replace(time=BEN._replace(sectors=(None,) * 3)))
    assert deltas(moment_at(45_000, 2_600.0, (27_433,)), typed) == [None] * 3
    assert predicted(moment_at(45_000, 2_600.0, (27_433,)), typed) is None


@pytest.mark.parametrize(
    ("time_ms", "place"), [(79_999, 1), (80_000, 1), (80_001, 2), (82_000, 2), (89_999, 3), (90_001, 4)]
)
def test_a_time_has_the_place_that_it_would_get(time_ms: int, place: int) -> None:
    assert place == BOARD.place_of(time_ms)
