"""Performing an act, and the log of acts, which has every act with the records that it changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Connection, insert, update

from f1timings.errors import Replayed
from f1timings.meeting.people import Act, RigCard
from f1timings.store.acts.desk import ActDescription, Desk
from f1timings.store.acts.marks import apply_marks
from f1timings.store.acts.sentences import split
from f1timings.store.boards import attributions
from f1timings.store.boards.attributions import Reattributed
from f1timings.store.counter import read_seq, store_seq
from f1timings.store.ids import new_id
from f1timings.store.records import act_of, image_of, records_query, row_of
from f1timings.store.stored import CommittedAct, RecordChange
from f1timings.store.tables.people import acts

T = TypeVar("T")

_UNDESCRIBED = ActDescription(
    kind="changed", subject="", summary="Something was changed.", can_undo=False, undoes=None
)


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


def store_act(desk: Desk, request_key: str | None = None) -> Act | None:
    """Store the act with its changes, as the last thing on a desk.

    Returns:
        The act, None if it changed nothing.
    """
    changes = desk.changes
    if not changes:
        return None
    description = desk.description or _UNDESCRIBED
    sentence = split(description.summary)
    act = Act(
        id=new_id(),
        at=desk.now,
        by=desk.by,
        kind=description.kind,
        subject=description.subject,
        summary=sentence.summary,
        can_undo=description.can_undo,
        undone_by=None,
        undoes=description.undoes,
        request_key=request_key,
        seq=desk.next_seq(),
    )
    row = row_of(act) | sentence._asdict() | {"changes": [image_of(change) for change in changes]}
    desk.connection.execute(insert(acts).values(row))
    if act.undoes is not None:
        _mark_undone(desk, act.undoes, act.id)
    store_seq(desk.connection, desk.seq, desk.now)
    return desk.need_record(Act, act.id)


def _mark_undone(desk: Desk, act_id: str, by_id: str) -> None:
    """Note that an act was undone by another one, and what that means for the acts before.

    If the act was itself an undo, the act that it undid is in force again; if that was an undo too, it undoes
    its act again; and so on.
    """
    undone, by = act_id, by_id
    while True:
        act = _set_undone_by(desk, undone, by)
        restored = None if act.undoes is None else _set_undone_by(desk, act.undoes, None)
        if restored is None or restored.undoes is None:
            return
        undone, by = restored.undoes, restored.id


def _set_undone_by(desk: Desk, act_id: str, by_id: str | None) -> Act:
    desk.connection.execute(update(acts).where(acts.c.id == act_id).values(undone_by=by_id))
    return desk.need_record(Act, act_id)


def get_act_of_request(desk: Desk, request_key: str) -> Act | None:
    """Return the act that the same person did with an earlier request of this key, None if there is none."""
    query = records_query(Act).where(acts.c.request_key == request_key, acts.c.by == desk.by)
    row = desk.connection.execute(query).mappings().first()
    return None if row is None else act_of(row)
