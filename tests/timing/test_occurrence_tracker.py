"""What is told beside the laps stays the same on a network that doubles and reorders datagrams."""

from __future__ import annotations

import pytest

from f1timings.timing.occurrences import (
    Incident,
    IncidentKind,
)
from tests.timing.stories import counting, scenario, told

BAD = 11


def fact(one: Incident) -> tuple[str, int | None, int | None, str, bool]:
    return one.id, one.car_index, one.other_car_index, repr(one.detail), one.is_superseded


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_incidents_are_neither_invented_nor_lost(year: int) -> None:
    """In 2020 a flashback is known only by the first packet after it, which may be another one."""
    good, bad = (
        {fact(one) for one in told(scenario("race", year), network).incidents if is_told(one, year)}
        for network in (0, BAD)
    )
    assert good == bad


def is_told(one: Incident, year: int) -> bool:
    """Whether an event of the game told it."""
    return one.kind is not IncidentKind.WEATHER and (year > 2020 or one.kind is not IncidentKind.FLASHBACK)


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_stints_and_pit_visits_are_the_same(year: int) -> None:
    good, bad = (told(scenario("race", year), network) for network in (0, BAD))
    assert sorted(map(repr, counting(good.stints))) == sorted(map(repr, counting(bad.stints)))
    visits = [
        sorted((one.car_index, one.lap_number, str(one.compound_after)) for one in counting(story.visits))
        for story in (good, bad)
    ]
    assert visits[0] == visits[1]


@pytest.mark.parametrize("year", [2021, 2025])
def test_the_gaps_at_the_end_are_the_same(year: int) -> None:
    good, bad = (told(scenario("race", year), network).order for network in (0, BAD))
    assert good is not None
    assert bad is not None
    assert [(row.car_index, row.laps_down) for row in good.rows] == [
        (row.car_index, row.laps_down) for row in bad.rows
    ]
    gaps = [row.gap_ms and pytest.approx(row.gap_ms, abs=60) for row in good.rows]
    assert gaps == [row.gap_ms for row in bad.rows]
