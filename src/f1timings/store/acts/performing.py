"""Performing an act: its transaction, and those that attribute the laps it touched if they are many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Connection

from f1timings.errors import Replayed
from f1timings.meeting.people import Act, RigCard
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.log import get_act_of_request, store_act
from f1timings.store.acts.marks import apply_marks
from f1timings.store.boards import attributions
from f1timings.store.boards.attributions import Reattributed
from f1timings.store.counter import read_seq, store_seq
from f1timings.store.stored import CommittedAct, RecordChange

T = TypeVar("T")


class Performance(Generic[T]):
    """One act, while it is performed.

    Args:
        by: name of the person who acts.
        action: see :meth:`f1timings.store.Store.act`.
        now: returns server time, UTC.
        request_key: the client's name for this request.

    Attributes:
        has_more: laps wait to be attributed again, for :meth:`go_on`.
        must_empty_log: see :class:`Desk`.
    """

    def __init__(
        self,
        by: str,
        action: Callable[[Desk], T],
        now: Callable[[], datetime],
        *,
        request_key: str | None = None,
    ) -> None:
        self._by = by
        self._action = action
        self._now = now
        self._request_key = request_key
        self._act: Act | None = None
        self._changes: tuple[RecordChange, ...] = ()
        self._lap_ids: dict[str, None] = {}
        self.has_more = self.must_empty_log = False

    @property
    def committed(self) -> CommittedAct | None:
        """The act with everything that it changed, None if it changed nothing."""
        return None if self._act is None else CommittedAct(self._act, self._changes, tuple(self._lap_ids))

    @property
    def has_changed_rigs(self) -> bool:
        """Whether a rig may be joined or separated since."""
        return any(isinstance(change.newest, RigCard) for change in self._changes)

    def begin(self, connection: Connection) -> T:
        """Do what the person wants, and attribute the laps that it touches unless they are many.

        Raises:
            Replayed: an earlier request with this key performed the act.
            ActError: raised by the action.
        """
        desk = Desk(connection, self._by, self._now())
        earlier = None if self._request_key is None else get_act_of_request(desk, self._request_key)
        if earlier is not None:
            raise Replayed(earlier.subject)
        result = self._action(desk)
        marked = apply_marks(connection, desk.changes, desk.now, next_seq=desk.next_seq)
        self._lap_ids.update(dict.fromkeys(marked))
        self._note(attributions.after_act(connection, desk.changes))
        self._act = store_act(desk, self._request_key)
        self._changes = desk.changes
        self.must_empty_log = desk.must_empty_log
        return result

    def go_on(self, connection: Connection) -> bool:
        """Attribute the next laps that wait, in a transaction of its own; return whether there are more."""
        # What the writer remembers is not valid after this.
        store_seq(connection, read_seq(connection) + 1, self._now())
        self._note(attributions.attribute_waiting_laps(connection))
        return self.has_more

    def _note(self, attributed: Reattributed) -> None:
        self._lap_ids.update(dict.fromkeys(attributed.lap_ids))
        self.has_more = attributed.has_more
