"""Occurrences are the same on a network that duplicates and reorders datagrams."""

from __future__ import annotations

import pytest

from f1timings.timing.occurrences import (
    Incident,
    IncidentKind,
)
from tests.timing.stories import counting, play, scenario

BAD = 11


def facts_of(incident: Incident) -> tuple[str, int | None, int | None, str, bool]:
    return (
        incident.id,
        incident.car_index,
        incident.other_car_index,
        repr(incident.detail),
        incident.is_superseded,
    )


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_incidents_are_neither_invented_nor_lost(year: int) -> None:
    """In 2020 a flashback is known only by the first packet after it, which the network may change."""
    good, bad = (
        {
            facts_of(incident)
            for incident in play(scenario("race", year), network).incidents
            if has_event(incident, year)
        }
        for network in (0, BAD)
    )
    assert good == bad


def has_event(incident: Incident, year: int) -> bool:
    """Whether the incident comes from an event packet of the game."""
    if incident.kind is IncidentKind.FLASHBACK:
        return year > 2020
    return incident.kind is not IncidentKind.WEATHER


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_stints_and_pit_visits_are_the_same(year: int) -> None:
    good, bad = (play(scenario("race", year), network) for network in (0, BAD))
    assert sorted(map(repr, counting(good.stints))) == sorted(map(repr, counting(bad.stints)))
    visits = [
        sorted(
            (visit.car_index, visit.lap_number, str(visit.compound_after)) for visit in counting(story.visits)
        )
        for story in (good, bad)
    ]
    assert visits[0] == visits[1]


@pytest.mark.parametrize("year", [2021, 2025])
def test_the_gaps_at_the_end_are_the_same(year: int) -> None:
    good, bad = (play(scenario("race", year), network).order for network in (0, BAD))
    assert good is not None
    assert bad is not None
    assert [(row.car_index, row.laps_down) for row in good.rows] == [
        (row.car_index, row.laps_down) for row in bad.rows
    ]
    gaps = [row.gap_ms and pytest.approx(row.gap_ms, abs=60) for row in good.rows]
    assert gaps == [row.gap_ms for row in bad.rows]
