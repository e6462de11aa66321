"""Undo an act: take back what it changed, as long as nothing newer has changed the same fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import select

from f1timings.errors import ActConflict
from f1timings.meeting import drivers as rules
from f1timings.meeting.people import Act, Assignment, Driver, RigCard, is_join
from f1timings.store.acts import joined_rigs, sentences
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.undo_checks import refuse_contradictions
from f1timings.store.records import Row, record_of_image, row_image, type_of_image
from f1timings.store.tables.people import acts

# Fields that no person changes: the number of a change is always new, a shown name follows from other fields.
_COMPUTED: Final = ("seq", "shown_name")
_UNDONE, _REDONE = "Undone: ", "Redone: "


def undo_act(desk: Desk, act_id: str) -> Act:
    """Undo an act.

    This is an act itself, so it can be undone in turn; after that the first act can be undone again.

    Raises:
        NotFound: there is no such act.
        ActConflict: it cannot be undone, was undone already, something newer changed the same fields, or the
            restored records contradict others.
    """
    act = desk.need_record(Act, act_id)
    if act.undone_by is not None:
        raise ActConflict("undone-already", act)
    if not act.can_undo:
        raise ActConflict("undo-impossible", act)
    _refuse_second_undo(desk, act)
    changes = desk.connection.execute(select(acts.c.changes).where(acts.c.id == act_id)).scalar_one()
    joins = any(_is_join(image) for image in changes)
    for image in reversed(changes):
        _restore(desk, act, image, keeps_newer_seats=joins)
    joined_rigs.settle_undone(desk, act)
    refuse_contradictions(desk, act)
    sentences.keep_removed_names(desk)
    sentence = _sentence_of_undo(sentences.stored_sentence(desk.connection, act.id))
    desk.describe("undone", act.subject, sentence, undoes=act.id)
    return act


def _sentence_of_undo(undone: str) -> str:
    """Describe the undo of an act, given the sentence of that act."""
    if undone.startswith(_UNDONE):
        return _REDONE + undone.removeprefix(_UNDONE)
    return _UNDONE + undone.removeprefix(_REDONE)


def _refuse_second_undo(desk: Desk, act: Act) -> None:
    """Check that the first of three acts, each of which undid the one before, was not undone again since.

    Undoing the third puts the second in force again, which undoes the first.
    """
    second = None if act.undoes is None else desk.get_record(Act, act.undoes)
    first = None if second is None or second.undoes is None else desk.get_record(Act, second.undoes)
    if first is not None and first.undone_by is not None:
        raise ActConflict("undone-by-another", act)


def _is_join(image: Mapping[str, Any]) -> bool:
    """Whether an image describes that a rig was joined or separated."""
    if type_of_image(image) is not RigCard:
        return False
    before, after = (image[side] and record_of_image(RigCard, image[side]) for side in ("before", "after"))
    return is_join(before, after)


def _restore(desk: Desk, act: Act, image: Mapping[str, Any], *, keeps_newer_seats: bool) -> None:
    """Restore a record as it was before an act, with newer changes of other fields.

    Args:
        image: see :func:`f1timings.store.records.image_of`.
        keeps_newer_seats: a seat that something newer changed stays as it is.

    Raises:
        ActConflict: something newer changed a field that the act changed, or created or deleted the record.
    """
    kind = type_of_image(image)
    before, after = image["before"], image["after"]
    record = desk.get_record(kind, image["key"])
    current = None if record is None else row_image(record)
    changed = _changed_fields(before, after)
    if _values(current, changed) != _values(after, changed):
        if keeps_newer_seats and kind == Assignment:
            return
        raise ActConflict("undo-newer", act)
    if before is None:
        desk.delete_record(record)
        return
    restored: Any = record_of_image(kind, (current or before) | _values(before, changed))
    desk.store_record(rules.with_computed(restored) if isinstance(restored, Driver) else restored)


def _changed_fields(before: Row | None, after: Row | None) -> list[str]:
    """The fields that an act changed; all of them if it created or deleted the record."""
    names = {**(before or {}), **(after or {})}
    return [
        name
        for name in names
        if name not in _COMPUTED and (before is None or after is None or before.get(name) != after.get(name))
    ]


def _values(row: Row | None, names: Iterable[str]) -> Row:
    """Some values of a row; empty for a missing record. A column that is newer than the row is null."""
    return {} if row is None else {name: row.get(name) for name in names}
