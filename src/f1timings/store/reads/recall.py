"""What a restarted server reads of the sessions that were recorded before, to go on with them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from f1timings.errors import StoreError
from f1timings.rigs.registry import RigSeen
from f1timings.store.events.waiting_sessions import WaitingSessions
from f1timings.store.paging import Condition, Listing, Page
from f1timings.store.reads.queries import Reads
from f1timings.store.stored import Stamped, StoredSession
from f1timings.timing.engine import MOST_RUNS, KnownSession
from f1timings.timing.history import HistoryLap
from f1timings.timing.occurrences import OCCURRENCE_NAMES
from f1timings.timing.records import Lap, Session

T = TypeVar("T")

_log = logging.getLogger(__name__)

# The newest sessions, by which the rigs behind one address are recognised after a restart.
_RECALLED: Final = 200
_RECALLED_PER_RIG: Final = 3


def recall(reads: Reads) -> dict[str, dict[int, KnownSession]]:
    """The newest sessions of every rig with their laps, so that a running session goes on after a restart.

    Of several runs under one game UID it is the one that the game drove last.
    """
    newest: dict[str, dict[int, list[StoredSession]]] = {}
    for stored in reads.list_sessions(Page(limit=_RECALLED, sort="-opened_at")).items:
        runs = newest.setdefault(stored.session.rig, {})
        if stored.session.uid in runs or len(runs) < _RECALLED_PER_RIG:
            runs.setdefault(stored.session.uid, []).append(stored)
    return {
        rig: {uid: _known(reads, _driven_last(sessions)) for uid, sessions in runs.items()}
        for rig, runs in newest.items()
    }


class StoreArchive:
    """The sessions in the store, see :class:`f1timings.timing.engine.Archive`.

    The database is asked only for what may be recorded, because timing waits for its answer: a new session
    needs no query. A database that does not answer has nothing recorded but what waits for it.

    Args:
        reads: with the rigs as they recorded.
        waiting: gives the entries that are not known to be committed, in their order.
    """

    def __init__(self, reads: Reads, waiting: Callable[[], Sequence[Stamped]]) -> None:
        self._reads = reads
        self._waiting = waiting
        self._recorded = reads.recorded_keys
        try:
            reads.read_recorded_keys()
        except StoreError as error:
            _log.error("the database is asked about every new session: %s", error)

    def recall(self, rig: str, uid: int) -> KnownSession | None:
        """The session of a rig under a game UID that it drove last."""
        return next(self._known_of(rig, uid, lambda runs: [_driven_last(runs)] if runs else []), None)

    def runs(self, rig: str, uid: int) -> Iterator[KnownSession]:
        """The sessions of a rig under a game UID, the newest first."""
        return self._known_of(rig, uid, lambda runs: [stored.session for stored in runs])

    def _known_of(
        self, rig: str, uid: int, choose: Callable[[Sequence[StoredSession]], Iterable[Session]]
    ) -> Iterator[KnownSession]:
        if not self._recorded.may_have_session(rig, uid):
            return
        # Before the database is asked: what is committed meanwhile is in both.
        waiting = WaitingSessions(self._waiting(), rig, uid)
        for session in choose(waiting.merged(self._stored_runs(rig, uid))):
            yield waiting.completed(session, self._known(session))

    def _stored_runs(self, rig: str, uid: int) -> Sequence[StoredSession]:
        where = [Condition("rig", "eq", rig), Condition("session_uid", "eq", str(uid))]
        try:
            return self._reads.list_sessions(Page(limit=MOST_RUNS, sort="-epoch"), where).items
        except StoreError as error:
            _log.error("whether session %d of %s was recorded before is unknown: %s", uid, rig, error)
            return ()

    def _known(self, session: Session) -> KnownSession:
        try:
            return _known(self._reads, session)
        except StoreError as error:
            _log.error("what was recorded of session %s is unknown: %s", session.id, error)
            return KnownSession(session, ())

    def earlier_laps(self, session: Session, car_index: int, entries: Sequence[HistoryLap]) -> Sequence[Lap]:
        """The laps of a car that may be those in a history, in sessions that may have been saved."""
        listed = [entry for entry in entries if self._recorded.may_have_lap(session.rig, car_index, entry)]
        if not listed:
            return ()
        try:
            return self._reads.list_earlier_laps(session, car_index, listed)
        except StoreError as error:
            _log.error("whether session %s is a loaded save is unknown: %s", session.id, error)
            return ()


def recall_rigs(reads: Reads) -> list[RigSeen]:
    """The stored rigs: their ports, and which addresses several of them share."""
    page: Page | None = Page(limit=1000)
    rigs: list[RigSeen] = []
    while page is not None:
        listing = reads.list_rigs(page)
        rigs += [stored.rig for stored in listing.items]
        page = None if listing.next is None else Page(limit=1000, cursor=listing.next)
    return rigs


def recall_addresses(reads: Reads, since: datetime) -> dict[str, float]:
    """When the recorded rigs were heard since a moment, seconds since 1970, by address."""
    recent = reads.as_recorded().list_rigs(Page(limit=1000), [Condition("last_seen_at", "gte", since)]).items
    times: dict[str, float] = {}
    for stored in recent:
        at = stored.last_seen_at.timestamp()
        times[stored.rig.address] = max(at, times.get(stored.rig.address, at))
    return times


def _driven_last(runs: Sequence[StoredSession]) -> Session:
    """Of the runs under one game UID the one under way, or else the one that ended last.

    The game may have returned to an earlier run.
    """

    def order(stored: StoredSession) -> tuple[bool, datetime, int]:
        ended_at = stored.ended_at
        return ended_at is None, ended_at or stored.opened_at, stored.session.epoch

    return max(runs, key=order).session


def _known(reads: Reads, session: Session) -> KnownSession:
    laps = [stored.as_timed for stored in _all_of(session.id, reads.list_laps)]
    occurrences = [
        stored.record
        for kind in OCCURRENCE_NAMES
        for stored in _all_of(session.id, partial(reads.list_occurrences, kind))
    ]
    return KnownSession(session, laps, occurrences, reads.get_counters(session.id))


def _all_of(session_id: str, read: Callable[[Page, Sequence[Condition]], Listing[T]]) -> Iterator[T]:
    """All rows of a list that belong to one session."""
    page: Page | None = Page(limit=1000)
    while page is not None:
        listing = read(page, [Condition("session_id", "eq", session_id)])
        yield from listing.items
        page = None if listing.next is None else Page(limit=1000, cursor=listing.next)
