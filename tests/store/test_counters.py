"""The newest counters of a session are stored, without a number and without an announcement."""

from __future__ import annotations

from f1timings.store import Committed, Stamped, Store
from f1timings.timing.events import CountersRead
from tests.store.events import ARRIVED, rig_and_session, session


def counters(session_time_s: float) -> CountersRead:
    return CountersRead(
        session_id=session().id,
        session_time_s=session_time_s,
        frame=2**32 - 1,
        overall_frame=2**32 - 1,
        readings=((0.0, ARRIVED), (session_time_s, ARRIVED + session_time_s)),
    )


def write(store: Store, *entries: Stamped) -> CountersRead | None:
    store.submit([*rig_and_session(), *entries])
    store.flush()
    return store.reads.get_counters(session().id)


def test_a_session_without_counters_has_none(store: Store) -> None:
    assert write(store) is None


def test_the_newest_counters_replace_the_earlier_ones(store: Store) -> None:
    write(
        store,
        Stamped(
            ARRIVED + 10, CountersRead(session_id=session().id, session_time_s=1.5, frame=1, overall_frame=0)
        ),
    )
    assert counters(20.25) == write(store, Stamped(ARRIVED + 20, counters(20.25)))


def test_counters_of_a_capture_that_is_timed_again_are_older(store: Store) -> None:
    write(store, Stamped(ARRIVED + 20, counters(20.25)))
    assert counters(20.25) == write(store, Stamped(ARRIVED + 10, counters(10.0)))


def test_counters_are_not_announced(store: Store, announced: list[Committed]) -> None:
    write(store)
    before = list(announced)
    write(store, Stamped(ARRIVED + 20, counters(20.25)))
    assert before == announced
