"""A predicted place appears and disappears only after it has lasted, and ends with its lap at once."""

from __future__ import annotations

from f1timings.live.prediction.steady_place import LASTS_S, SteadyPlace


def test_a_place_is_shown_after_it_has_lasted() -> None:
    place = SteadyPlace()
    assert [None, None, 3] == [place.show("lap 1", 3, at) for at in (0.0, LASTS_S - 0.1, LASTS_S)]


def test_a_place_that_flickers_does_not_change_what_is_shown() -> None:
    place = SteadyPlace()
    place.show("lap 1", 3, 0.0)
    shown = [place.show("lap 1", 3 if at % 2 else 2, at * 0.25 + LASTS_S) for at in range(1, 40)]
    assert set(shown) <= {None, 3}
    assert place.show("lap 1", 2, 20.0) == shown[-1]
    assert place.show("lap 1", 2, 20.0 + LASTS_S) == 2


def test_a_gain_that_is_lost_disappears_after_it_has_lasted() -> None:
    place = SteadyPlace()
    place.show("lap 1", 3, 0.0)
    assert place.show("lap 1", 3, LASTS_S) == 3
    assert [3, 3, None] == [place.show("lap 1", None, 5.0 + at) for at in (0.0, LASTS_S - 0.1, LASTS_S)]


def test_another_lap_begins_without_a_place() -> None:
    place = SteadyPlace()
    place.show("lap 1", 3, 0.0)
    assert place.show("lap 1", 3, LASTS_S) == 3
    assert place.show("lap 2", 3, LASTS_S + 0.1) is None


def test_it_is_cleared_at_once() -> None:
    place = SteadyPlace()
    place.show("lap 1", 3, 0.0)
    assert place.show("lap 1", 3, LASTS_S) == 3
    place.clear()
    assert place.show("lap 1", 3, LASTS_S + 0.1) is None
