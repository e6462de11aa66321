"""What happens after a commit: an ordered list of listeners, and the stored records that they read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from f1timings.store import (
    Committed,
    CommittedAct,
    Reads,
    StoredClassification,
    StoredEvent,
    StoredSession,
)
from f1timings.timing.events import SessionChanged

T = TypeVar("T")

_log = logging.getLogger(__name__)


class CommittedBatch:
    """The changes of one commit, in their order.

    Attributes:
        events: of the changes.
        has_changed_boards: a row of a board may be different now.

    Stored records are read when a listener first needs one of them, all of a kind in one query.
    """

    def __init__(self, changes: Sequence[Committed], reads: Reads) -> None:
        self.changes = changes
        self.events: Sequence[StoredEvent] = [change.event for change in changes]
        self.has_changed_boards = any(change.has_changed_boards for change in changes)
        self._reads = reads
        self._read: dict[tuple[object, ...], Any] = {}

    def remaining_rig(self, rig: str) -> str:
        """The rig into which a rig was joined, else the rig itself."""
        return self._reads.remaining_rig(rig)

    def get_session(self, session_id: str) -> StoredSession | None:
        """A session that changed, as stored; None if there is none of that id."""
        return self._once(self._read_sessions).get(session_id)

    def get_classification(self, session_id: str) -> StoredClassification | None:
        """The result of a session as stored, None if there is none."""
        return self._once(self._reads.get_classification, session_id)

    def _read_sessions(self) -> Mapping[str, StoredSession]:
        ids = {event.session.id for event in self.events if isinstance(event, SessionChanged)}
        return {stored.session.id: stored for stored in self._reads.list_sessions_by_id(ids)}

    def _once(self, read: Callable[..., T], *arguments: object) -> T:
        key = (read.__name__, *arguments)
        if key not in self._read:
            self._read[key] = read(*arguments)
        result: T = self._read[key]
        return result


class CommitListener(Protocol):
    """Something that happens after each commit; both methods are called in the writer's thread."""

    def after_commit(self, batch: CommittedBatch) -> None:
        """Handle what the games sent and is now stored."""

    def after_act(self, act: CommittedAct) -> None:
        """Handle what a person changed and is now stored."""


class CommitListeners:
    """Calls the listeners in their order. The failure of one stops neither the others nor the writer.

    Args:
        reads: the queries, for the stored records.
        listeners: in their order.
        persist: see :meth:`f1timings.store.Store.persist`; what a listener cannot read now, nobody
            announces later.
    """

    def __init__(
        self,
        reads: Reads,
        listeners: Sequence[CommitListener],
        persist: Callable[[Callable[[], None]], None] = lambda handle: handle(),
    ) -> None:
        self._reads = reads
        self._listeners = listeners
        self._persist = persist
        self._failing: set[CommitListener] = set()

    def after_commit(self, changes: Sequence[Committed]) -> None:
        """Call every listener with the changes of one commit."""
        batch = CommittedBatch(changes, self._reads)
        for listener in self._listeners:
            self._call(listener, listener.after_commit, batch)

    def after_act(self, act: CommittedAct) -> None:
        """Call every listener with one act."""
        for listener in self._listeners:
            self._call(listener, listener.after_act, act)

    def _call(self, listener: CommitListener, handle: Callable[[T], None], committed: T) -> None:
        """Log the first failure of a listener and its recovery, but not each failure between them."""
        name = type(listener).__name__
        try:
            self._persist(partial(handle, committed))
        except Exception:  # noqa: BLE001 - the supervisor of all listeners
            if listener not in self._failing:
                _log.exception("changes are stored, but %s could not handle them", name)
            self._failing.add(listener)
            return
        if listener in self._failing:
            self._failing.remove(listener)
            _log.warning("%s handles changes again", name)
