"""Random bits flipped in recorded packets never give an impossible row."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from f1timings.live.views.lap_data import lap_rows, session_now, tyre_rows
from f1timings.packets import FORMATS, Layout, identify, read_header
from f1timings.simulator import simulate
from f1timings.timing.engine import TIMED_KINDS, Engine
from f1timings.timing.events import (
    EngineEvent,
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.occurrences import Incident, IncidentKind, Stint
from f1timings.timing.plausible import PLAUSIBLE
from f1timings.timing.records import ClassificationEntry
from tests.timing.stories import scenario

Fact = tuple[str, float | None]


def flipped(data: bytes, layout: Layout, chance: random.Random) -> bytes:
    """A packet with some bits flipped behind its header."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        changed[chance.randrange(layout.header_size, len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def facts_in(event: EngineEvent) -> Iterator[Fact]:
    """The numbers in an event, each with the name of its range."""
    match event:
        case SessionChanged(session):
            yield "session.track", session.track_id
            yield "session.session_type", session.session_type_id
            yield "session.track_length", session.track_length_m
            yield "session.total_laps", session.total_laps
        case ParticipantsChanged(_, participants):
            yield from (("participants.team", participant.team_id) for participant in participants)
            yield from (("participants.race_number", participant.race_number) for participant in participants)
        case LapRecorded(lap):
            yield "lap_data.last_lap", lap.lap_time_ms
            yield "lap_data.lap_number", lap.lap_number
            sectors_ms = (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms)
            yield from (("lap_data.sector", sector_ms) for sector_ms in sectors_ms)
        case SessionClassified(_, entries):
            yield from (fact for entry in entries for fact in facts_in_entry(entry))
        case OccurrenceRecorded(Stint() as stint):
            yield "session_history.end_lap", stint.last_lap
        case OccurrenceRecorded(Incident() as incident) if incident.kind is IncidentKind.WEATHER:
            yield from facts_in_weather(incident)


def facts_in_entry(entry: ClassificationEntry) -> Iterator[Fact]:
    """The numbers in one row of a result."""
    yield "final_classification.laps", entry.laps
    yield "final_classification.best_lap", entry.best_lap_ms
    yield "final_classification.penalties", entry.penalties_s
    yield "final_classification.pit_stops", entry.pit_stops
    yield "final_classification.position", entry.position


def facts_in_weather(incident: Incident) -> Iterator[Fact]:
    """The temperatures in a change of the weather."""
    for name in ("track", "air"):
        degrees = incident.detail[f"{name}_temperature_c"]
        assert degrees is None or isinstance(degrees, int)
        yield f"session.{name}_temperature", degrees


def facts_in_views(data: bytes, kind: str) -> Iterator[Fact]:
    """The numbers that views read from a packet."""
    if kind == "lap_data":
        for row in lap_rows(data):
            yield "lap_data.penalties", row.penalties_s
            yield "lap_data.pit_stops", row.pit_stops
            yield "lap_data.grid_position", row.grid_position
            yield "lap_data.sector_number", None if row.sector is None else row.sector - 1
    elif kind == "car_status":
        for tyres in tyre_rows(data):
            yield "car_status.tyre_age", tyres.age_laps
    elif kind == "session":
        yield "session.time_left", session_now(data).time_left_s


def impossible(facts: Iterator[Fact]) -> list[Fact]:
    return [(name, value) for name, value in facts if value is not None and not _is_in(name, value)]


def _is_in(name: str, value: float) -> bool:
    return PLAUSIBLE[name].lowest <= value <= PLAUSIBLE[name].highest


@pytest.mark.parametrize("year", FORMATS)
def test_flipped_bits_give_no_impossible_row(year: int) -> None:
    chance, engine = random.Random(year), Engine("rig")
    rows = 0
    for emission in simulate(scenario("race", year)):
        layout, data = identify(emission.data), emission.data
        if layout.kind not in TIMED_KINDS:
            continue
        if chance.random() < 0.1:
            data = flipped(data, layout, chance)
        is_flipped = data is not emission.data
        for event in engine.feed(data, layout, read_header(data, layout)):
            assert [] == impossible(facts_in(event))
            rows += 1
        if is_flipped:
            assert [] == impossible(facts_in_views(data, layout.kind))
            order = engine.order()
            numbers = [] if order is None else [row.lap_number for row in order.rows]
            assert [] == impossible(("lap_data.lap_number", number) for number in numbers)
    assert rows
