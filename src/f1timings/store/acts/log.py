"""The log of acts: store an act with the records it changed, and find the act of a repeated request."""

from __future__ import annotations

from sqlalchemy import insert, update

from f1timings.meeting.people import Act
from f1timings.store.acts.desk import ActDescription, Desk
from f1timings.store.acts.sentences import split
from f1timings.store.counter import store_seq
from f1timings.store.ids import new_id
from f1timings.store.records import act_of, image_of, records_query, row_of
from f1timings.store.tables.people import acts

_UNDESCRIBED = ActDescription(
    kind="changed", subject="", summary="Something was changed.", can_undo=False, undoes=None
)


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
