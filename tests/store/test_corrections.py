"""A correction is a new version of a lap; the earlier version and its official time stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from f1timings.store import Committed, Store, StoredLap
from f1timings.store.tables.column_types import instant
from f1timings.timing.records import Lap, LapState
from tests.store.conftest import OpenStore
from tests.store.events import ARRIVED, lap, lap_events, rig_and_session
from tests.waiting import LONGEST_WAIT_S

FIRST = 1_760_000_000


@pytest.fixture
def ticking(open_store: OpenStore, announced: list[Committed]) -> Store:
    """A store whose clock advances by a second per transaction; its first lap is official at FIRST.

    The two transactions before it create the first meeting and the session.
    """
    ticks: Iterator[float] = count(FIRST - 2)
    store = open_store(on_committed=announced.extend, clock=lambda: next(ticks))
    _write(store, None)
    announced.clear()
    return store


def _write(store: Store, recorded: Lap | None, after_s: float = 0.0) -> None:
    store.submit(lap_events(recorded, after_s=after_s) if recorded else rig_and_session())
    store.flush(LONGEST_WAIT_S)


def _version(recorded: Lap, revision: int, official_s: float, after_s: float) -> StoredLap:
    recorded_at, received_at = instant(ARRIVED), instant(ARRIVED + after_s)
    return StoredLap(
        lap=recorded,
        recorded_at=recorded_at,
        received_at=received_at,
        official_at=instant(official_s),
        revision=revision,
        seq=revision + 2,
    )


def _without_meeting(stored: StoredLap) -> StoredLap:
    """A stored lap without its meeting and circuit, which do not come from the game."""
    return replace(stored, meeting_id=None, circuit=None)


def test_a_correction_leaves_the_original_as_an_earlier_version(
    ticking: Store, announced: list[Committed]
) -> None:
    wrong, right = lap(lap_time_ms=83_456), lap(lap_time_ms=83_465, recovered=True)
    _write(ticking, wrong)
    _write(ticking, right, after_s=2.0)
    both = (_version(wrong, 1, FIRST, 0.0), _version(right, 2, FIRST + 1, 2.0))
    newest = ticking.reads.get_lap(lap().id)
    assert newest is not None
    assert both == tuple(_without_meeting(version) for version in ticking.reads.list_lap_revisions(lap().id))
    assert both[1] == _without_meeting(newest)
    assert (newest,) == ticking.reads.list_laps().items
    assert list(ticking.reads.list_lap_revisions(lap().id)) == [change.lap for change in announced]


def test_all_versions_in_one_batch_are_stored(ticking: Store) -> None:
    versions = [lap(lap_time_ms=time) for time in (1, 2, 3)]
    ticking.submit([*lap_events(versions[0]), *lap_events(*versions[1:], after_s=1.0)])
    ticking.flush(LONGEST_WAIT_S)
    stored = ticking.reads.list_lap_revisions(lap().id)
    assert versions == [version.lap for version in stored]
    assert [1, 2, 3] == [version.revision for version in stored]


@pytest.mark.parametrize(
    ("facts", "changes_official_time"),
    [
        ({"lap_time_ms": 83_000}, True),
        ({"is_valid": False}, True),
        ({"state": LapState.SUPERSEDED}, True),
        ({"compound": "medium"}, False),
        ({"participant": "HAUG"}, False),
        ({"sector1_ms": 27_001}, False),
    ],
)
def test_the_official_time_changes_only_with_time_validity_or_state(
    ticking: Store, facts: dict[str, Any], changes_official_time: bool
) -> None:
    _write(ticking, lap())
    _write(ticking, lap(**facts), after_s=1.0)
    _, corrected = ticking.reads.list_lap_revisions(lap().id)
    assert instant(FIRST + changes_official_time) == corrected.official_at
    assert 2 == corrected.revision


def test_a_replayed_capture_adds_no_versions(ticking: Store, announced: list[Committed]) -> None:
    driven, rewound = lap(), lap(state=LapState.SUPERSEDED)
    for _ in range(2):
        _write(ticking, driven, after_s=0.0)
        _write(ticking, rewound, after_s=30.0)
    assert [driven, rewound] == [version.lap for version in ticking.reads.list_lap_revisions(lap().id)]
    assert 2 == len(announced)


def test_undoing_a_correction_is_a_further_version(ticking: Store) -> None:
    driven, deleted = lap(), lap(state=LapState.DELETED)
    for after_s, version in enumerate((driven, deleted, driven)):
        _write(ticking, version, float(after_s))
    stored = ticking.reads.list_lap_revisions(lap().id)
    assert [driven, deleted, driven] == [version.lap for version in stored]
    assert [instant(FIRST + second) for second in range(3)] == [version.official_at for version in stored]
