"""The start of a lap is stored with it, and corrections and replays leave it as it is."""

from __future__ import annotations

from datetime import datetime

from f1timings.store import Stamped, Store, StoredLap
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import Lap, LapState
from f1timings.timing.session_clock import Between
from tests.migrated import downgrade
from tests.store.conftest import OpenStore
from tests.store.events import ARRIVED, lap, rig_and_session
from tests.waiting import LONGEST_WAIT_S

BEGAN = ARRIVED - 83.456
WITH_CONDITIONS = lap(assists="abs,tc_full", weather="mixed", start="standing")


def _write(
    store: Store,
    recorded: Lap,
    began_at: float | None,
    after_s: float = 0.0,
    between: Between | None = None,
) -> tuple[StoredLap, ...]:
    entry = Stamped(ARRIVED + after_s, LapRecorded(recorded), began_at, between)
    store.submit([*rig_and_session(), entry])
    store.flush(LONGEST_WAIT_S)
    return store.reads.list_lap_revisions(lap().id)


def _starts(versions: tuple[StoredLap, ...]) -> list[datetime | None]:
    return [version.began_at for version in versions]


def test_a_lap_is_stored_with_its_start_and_its_conditions(store: Store) -> None:
    (stored,) = _write(store, WITH_CONDITIONS, BEGAN)
    assert (instant(BEGAN), WITH_CONDITIONS) == (stored.began_at, stored.lap)


def test_a_correction_without_a_start_leaves_the_stored_start(store: Store) -> None:
    _write(store, lap(), BEGAN)
    versions = _write(store, lap(is_valid=False), None, after_s=2.0)
    assert [instant(BEGAN)] * 2 == _starts(versions)


def test_the_same_lap_sent_again_later_changes_nothing(store: Store) -> None:
    _write(store, lap(), BEGAN)
    assert [instant(BEGAN)] == _starts(_write(store, lap(), BEGAN + 3600, after_s=3600.0))


def test_a_lap_that_begins_again_in_the_garage_gets_the_new_start(store: Store) -> None:
    _write(store, lap(lap_time_ms=None, state=LapState.PARTIAL), BEGAN)
    versions = _write(store, lap(), BEGAN + 300, after_s=400.0)
    assert [instant(BEGAN), instant(BEGAN + 300)] == _starts(versions)


def test_a_capture_timed_again_adds_the_start_to_a_lap_stored_without_it(store: Store) -> None:
    _write(store, lap(), None)
    versions = _write(store, lap(), BEGAN)
    assert [None, instant(BEGAN)] == _starts(versions)
    assert versions[0].official_at == versions[1].official_at
    assert versions == _write(store, lap(), BEGAN)


def test_a_start_that_is_not_certain_is_stored_with_its_bounds(store: Store) -> None:
    between = Between(BEGAN - 60, BEGAN)
    versions = _write(store, lap(), BEGAN, between=between)
    versions = _write(store, lap(is_valid=False), None, after_s=2.0)
    versions = _write(store, lap(), None, after_s=4.0, between=Between(None, BEGAN + 5))
    stored = [(version.began_at, version.began_after, version.began_before) for version in versions]
    assert [(instant(BEGAN), instant(BEGAN - 60), instant(BEGAN))] * 3 == stored


def test_a_certain_start_takes_the_place_of_two_bounds(store: Store) -> None:
    _write(store, lap(), None, between=Between(BEGAN - 60, BEGAN + 5))
    *_, version = _write(store, lap(), BEGAN)
    assert (instant(BEGAN), None, None) == (version.began_at, version.began_after, version.began_before)


def test_bounds_beside_a_certain_start_are_removed_from_an_earlier_database(
    url: str, open_store: OpenStore
) -> None:
    """They had no meaning there, and would decide about the driver now."""
    earlier = open_store(clock=lambda: ARRIVED)
    _write(earlier, lap(), BEGAN, between=Between(BEGAN - 60, BEGAN))
    earlier.close()
    downgrade(url, "0027")
    with Store.open(url, clock=lambda: ARRIVED) as store:
        (version,) = store.reads.list_lap_revisions(lap().id)
    assert (instant(BEGAN), None, None) == (version.began_at, version.began_after, version.began_before)


def test_a_capture_sent_again_later_adds_no_start(store: Store) -> None:
    _write(store, lap(), None)
    assert [None] == _starts(_write(store, lap(), BEGAN + 3600, after_s=3600.0))
