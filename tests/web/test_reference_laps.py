"""What running laps are compared with is read from the store: the board, and the clocks of its laps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.live.prediction.board_times import References
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import session_id
from f1timings.traces.lap_trace import LapTrace
from f1timings.web import reference_laps
from f1timings.web.reference_laps import ReferenceReader
from tests.traces.driven import ARRIVED, RIG, drive, entries_of
from tests.web import records
from tests.web.world import World, open_world

CIRCUIT, ENTRANT = "Austria", f"r:{RIG}"
OTHER_RIG = "192.0.2.8"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A rig has driven two laps with traces, and another rig a faster one without a trace."""
    with open_world(tmp_path) as world:
        entries = entries_of(drive(2025).datagrams)
        *_, driven = (entry.event.session for entry in entries if isinstance(entry.event, SessionChanged))
        world.store.submit(entries)
        other = replace(driven, id=session_id(OTHER_RIG, 7, 0), rig=OTHER_RIG, uid=7)
        lap = records.lap(1, 60_000, driven.player_car_index or 0, session=other)
        events = (records.rig(OTHER_RIG), SessionChanged(other), LapRecorded(lap))
        world.commit(*events, at=ARRIVED + 600)
        yield world


def references(reader: ReferenceReader, entrant: str = ENTRANT) -> References:
    return reader.read({CIRCUIT: [entrant]}).boards[CIRCUIT].references[entrant]


def test_the_own_lap_has_its_clock_and_a_lap_without_a_trace_its_sectors(world: World) -> None:
    own, first, ahead = references(ReferenceReader(world.store.reads))
    assert own is not None
    assert first is not None
    assert (own.time.position, own.formula, first.time.lap_time_ms) == (2, "Modern", 60_000)
    assert own.clock is not None
    assert own.clock.at_ms(own.clock.length_m) == own.time.lap_time_ms
    assert first.clock is None
    assert all(first.time.sectors)
    assert first == ahead


def test_who_has_no_lap_is_compared_with_others(world: World) -> None:
    own, first, ahead = references(ReferenceReader(world.store.reads), "d:new")
    assert own is None
    assert first is not None
    assert ahead is not None
    assert (first.time.position, ahead.time.position) == (1, 2)


def test_an_unknown_circuit_has_an_empty_board(world: World) -> None:
    board = ReferenceReader(world.store.reads).read({"Spa": [ENTRANT]}).boards["Spa"]
    assert (board.times, board.references) == ((), {ENTRANT: References()})


def test_a_trace_is_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ReferenceReader(world.store.reads)
    first = references(reader).own
    monkeypatch.setattr(reference_laps, "decode", None)
    second = references(reader).own
    assert first is not None
    assert second is not None
    assert first.clock is second.clock is not None


def test_clocks_that_no_board_needs_are_forgotten(world: World) -> None:
    reader = ReferenceReader(world.store.reads)
    first = references(reader).own
    reader.read({})
    second = references(reader).own
    assert first is not None
    assert second is not None
    assert first.clock is not second.clock


def test_more_traces_than_a_reading_may_read_wait_for_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_laps, "MOST_TRACES", 0)
    reader = ReferenceReader(world.store.reads)
    assert not reader.read({CIRCUIT: [ENTRANT]}).is_complete
    monkeypatch.setattr(reference_laps, "MOST_TRACES", 1)
    assert [False, True] == [reader.read({CIRCUIT: [ENTRANT]}).is_complete for _ in range(2)]
    own = references(reader).own
    assert own is not None
    assert own.clock is not None


def test_a_damaged_trace_is_no_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = LapTrace.of_blob(b"no trace").blob()
    monkeypatch.setattr(type(world.store.reads), "get_trace", lambda *_: damaged)
    own = references(ReferenceReader(world.store.reads)).own
    assert own is not None
    assert own.clock is None
