"""Undo an act: restore every record that it changed, as long as nothing newer has changed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from f1timings.errors import ActConflict
from f1timings.meeting.people import Act, Meeting, MeetingState
from f1timings.store.acts import assignments, drivers, sentences
from f1timings.store.acts.desk import Desk
from f1timings.store.records import record_of_image, type_of_image
from f1timings.store.tables.people import acts


def undo_act(desk: Desk, act_id: str) -> Act:
    """Undo an act. This is an act itself, so it can be undone in turn.

    Raises:
        NotFound: there is no such act.
        ActConflict: it cannot be undone, was undone already, something newer changed its records, or the
            restored records contradict others.
    """
    act = desk.need_record(Act, act_id)
    if act.undone_by is not None:
        raise ActConflict("This act was undone already.", act)
    if not act.can_undo:
        raise ActConflict("This act cannot be undone.", act)
    changes = desk.connection.execute(select(acts.c.changes).where(acts.c.id == act_id)).scalar_one()
    for change in reversed(changes):
        _restore(desk, act, change)
    if len(desk.list_records(Meeting, state=MeetingState.OPEN.value)) != 1:
        raise ActConflict("One meeting must be open; open another meeting instead.", act)
    drivers.refuse_doubles(desk)
    assignments.refuse_overlaps(desk)
    sentences.keep_removed_names(desk)
    undone = sentences.stored_sentence(desk.connection, act.id)
    desk.describe("undone", act.subject, f"Undone: {undone}", undoes=act.id)
    return act


def _restore(desk: Desk, act: Act, change: Mapping[str, Any]) -> None:
    kind = type_of_image(change)
    current = desk.get_record(kind, change["key"])
    after = None if change["after"] is None else record_of_image(kind, change["after"])
    if current != after:
        raise ActConflict("A newer act changed the same record; change it by hand.", act)
    if change["before"] is None:
        desk.delete_record(current)
    else:
        desk.store_record(record_of_image(kind, change["before"]))
