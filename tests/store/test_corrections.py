"""A correction is a new version: the earlier one stays, and its official time with it."""

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
from tests.store.events import ARRIVED, lap, laps, opening

FIRST = 1_760_000_000


@pytest.fixture
def ticking(open_store: OpenStore, announced: list[Committed]) -> Store:
    """A store whose clock goes on by a second with each transaction; its first lap is official at FIRST.

    The first two are those that make the first meeting and the session.
    """
    ticks: Iterator[float] = count(FIRST - 2)
    store = open_store(on_committed=announced.extend, clock=lambda: next(ticks))
    _write(store, None)
    announced.clear()
    return store


def _write(store: Store, recorded: Lap | None, after_s: float = 0.0) -> None:
    store.submit(laps(recorded, after_s=after_s) if recorded else opening())
    store.flush(10)


def _version(of: Lap, revision: int, official_s: float, after_s: float) -> StoredLap:
    recorded, received = instant(ARRIVED), instant(ARRIVED + after_s)
    return StoredLap(
        lap=of,
        recorded_at=recorded,
        received_at=received,
        official_at=instant(official_s),
        revision=revision,
        seq=revision + 2,
    )


def _timed(stored: StoredLap) -> StoredLap:
    """Without what people add to it: on whose boards it stands."""
    return replace(stored, meeting_id=None, circuit=None)


def test_a_correction_keeps_the_original(ticking: Store, announced: list[Committed]) -> None:
    wrong, right = lap(lap_time_ms=83_456), lap(lap_time_ms=83_465, recovered=True)
    _write(ticking, wrong)
    _write(ticking, right, after_s=2.0)
    both = (_version(wrong, 1, FIRST, 0.0), _version(right, 2, FIRST + 1, 2.0))
    newest = ticking.reads.get_lap(lap().id)
    assert newest is not None
    assert both == tuple(_timed(one) for one in ticking.reads.list_lap_revisions(lap().id))
    assert both[1] == _timed(newest)
    assert (newest,) == ticking.reads.list_laps().items
    assert list(ticking.reads.list_lap_revisions(lap().id)) == [change.lap for change in announced]


def test_versions_in_one_batch_are_all_kept(ticking: Store) -> None:
    versions = [lap(lap_time_ms=time) for time in (1, 2, 3)]
    ticking.submit([*laps(versions[0]), *laps(*versions[1:], after_s=1.0)])
    ticking.flush(10)
    stored = ticking.reads.list_lap_revisions(lap().id)
    assert versions == [version.lap for version in stored]
    assert [1, 2, 3] == [version.revision for version in stored]


@pytest.mark.parametrize(
    ("facts", "is_official_anew"),
    [
        ({"lap_time_ms": 83_000}, True),
        ({"is_valid": False}, True),
        ({"state": LapState.SUPERSEDED}, True),
        ({"compound": "medium"}, False),
        ({"participant": "HAUG"}, False),
        ({"sector1_ms": 27_001}, False),
    ],
)
def test_official_time_moves_with_what_counts_only(
    ticking: Store, facts: dict[str, Any], is_official_anew: bool
) -> None:
    _write(ticking, lap())
    _write(ticking, lap(**facts), after_s=1.0)
    _, corrected = ticking.reads.list_lap_revisions(lap().id)
    assert instant(FIRST + is_official_anew) == corrected.official_at
    assert 2 == corrected.revision


def test_a_capture_played_again_adds_no_versions(ticking: Store, announced: list[Committed]) -> None:
    driven, rewound = lap(), lap(state=LapState.SUPERSEDED)
    for _ in range(2):
        _write(ticking, driven, after_s=0.0)
        _write(ticking, rewound, after_s=30.0)
    assert [driven, rewound] == [version.lap for version in ticking.reads.list_lap_revisions(lap().id)]
    assert 2 == len(announced)


def test_a_correction_taken_back_is_a_version_of_its_own(ticking: Store) -> None:
    driven, deleted = lap(), lap(state=LapState.DELETED)
    for after_s, version in enumerate((driven, deleted, driven)):
        _write(ticking, version, float(after_s))
    stored = ticking.reads.list_lap_revisions(lap().id)
    assert [driven, deleted, driven] == [version.lap for version in stored]
    assert [instant(FIRST + second) for second in range(3)] == [version.official_at for version in stored]
