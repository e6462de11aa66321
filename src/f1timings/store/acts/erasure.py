"""The act that erases the personal data of a driver for good; the laps stay, under a neutral name.

A person's name is in more places than the driver's own record: in what the games sent, in the reasons that
marshals gave, in the records that acts store for undoing, and in texts that people typed. The neutral name
replaces it everywhere. Laps that belonged to the person by the name in the game still do.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, not_, select, type_coerce, update
from sqlalchemy.types import Text

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting import drivers as rules
from f1timings.meeting.people import Assignment, Driver, GameName, QueueEntry
from f1timings.meeting.texts.names import NameReplacement, folded
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.erased_person import ErasedPerson, read_person
from f1timings.store.acts.room.imported_laps import forget_imported_laps
from f1timings.store.acts.sentences import change_typed, name_of
from f1timings.store.reads.drivers import is_human
from f1timings.store.records import row_of, type_of_image
from f1timings.store.tables.imported_laps import imported_laps
from f1timings.store.tables.people import acts, attributions, drivers, game_names, known_names, lap_marks
from f1timings.store.tables.timed import classification_entries, lap_revisions, laps, participants
from f1timings.store.tables.traces import lap_traces

_LAP_TABLES = (laps, lap_revisions)
# The fields of records that people typed and that acts store for undoing.
_TYPED_FIELDS = {
    "lap_marks": ("reason",),
    "rig_cards": ("name",),
    "meetings": ("name", "venue"),
    "slides": ("name", "title", "body"),
}
_ROWS_AT_ONCE = 500


def erase(
    desk: Desk,
    driver_id: str,
    *,
    version: int,
    confirm: str,
    elsewhere: Callable[[NameReplacement], None] | None = None,
) -> Driver:
    """Erase the personal data of a driver; this cannot be undone.

    Args:
        confirm: the driver's name, typed again.
        elsewhere: erases the names outside of the database. It is called before the act is stored: if the
            server stops in between, the person can be erased again.

    Raises:
        NotFound: there is no such driver.
        ActInvalid: the confirmation is another name.
        ActConflict: the driver has changed since that version, or was merged into another one.
    """
    driver = desk.need_version(Driver, driver_id, version)
    if driver.merged_into is not None:
        raise ActConflict("driver-merged", driver)
    if confirm.strip() != driver.name:
        raise ActInvalid("erasure-unconfirmed", "confirm")
    person = read_person(desk, driver)
    _erase_traces(desk, person)
    forget_imported_laps(desk, person.names.is_name)
    _rename_in_games(desk, person)
    _rename_in_reasons(desk, person)
    _rename_in_known_names(desk, person)
    _erase_from_acts(desk, person)
    erased = _erase_drivers(desk, person)
    desk.must_empty_log = True
    if elsewhere is not None:
        elsewhere(person.names)
    return erased


def _erase_traces(desk: Desk, person: ErasedPerson) -> None:
    """Delete the traces of the person's laps: how somebody drives shows who it is."""
    owned = select(attributions.c.lap_id).where(attributions.c.driver_id.in_(person.ids))
    named = select(laps.c.id).where(laps.c.participant.in_(person.game_names), not_(_is_ai_car(laps)))
    for lap_ids in (owned, named):
        desk.connection.execute(delete(lap_traces).where(lap_traces.c.lap_id.in_(lap_ids)))


def _rename_in_games(desk: Desk, person: ErasedPerson) -> None:
    """Rename the person in what the games sent, except for cars that the game itself drives."""
    if not person.game_names:
        return
    execute = desk.connection.execute
    for table in _LAP_TABLES:
        named = and_(table.c.participant.in_(person.game_names), not_(_is_ai_car(table)))
        execute(update(table).where(named).values(participant=person.neutral))
    entries = classification_entries
    named = and_(entries.c.name.in_(person.game_names), not_(_is_ai_car(entries)))
    execute(update(entries).where(named).values(name=person.neutral))
    seen = and_(participants.c.name.in_(person.game_names), is_human())
    execute(update(participants).where(seen).values(name=person.neutral))
    deleted = execute(delete(game_names).where(game_names.c.name.in_(person.game_names)))
    if deleted.rowcount:
        desk.store_record(GameName(person.neutral, person.ids[0]))


def _is_ai_car(table: Table) -> ColumnElement[bool]:
    car = and_(participants.c.session_id == table.c.session_id, participants.c.car_index == table.c.car_index)
    return exists().where(car, not_(is_human()))


def _rename_in_reasons(desk: Desk, person: ErasedPerson) -> None:
    """Rename the person in the reasons that marshals gave."""
    for table in (laps, lap_revisions, lap_marks):
        reason = table.c.reason
        for text in (
            desk.connection.execute(select(reason).where(reason.is_not(None)).distinct()).scalars().all()
        ):
            renamed = person.names.apply(text)
            if renamed != text:
                desk.connection.execute(update(table).where(reason == text).values(reason=renamed))


def _rename_in_known_names(desk: Desk, person: ErasedPerson) -> None:
    """Rename the person where the sentences of acts mention a former name or a name in the games."""
    for row in desk.connection.execute(select(known_names)).all():
        is_own = person.has_game_name(row.name) if row.driver_id is None else row.driver_id in person.ids
        if is_own:
            renamed = update(known_names).where(known_names.c.id == row.id).values(name=person.neutral)
            desk.connection.execute(renamed)


def _erase_from_acts(desk: Desk, person: ErasedPerson) -> None:
    """Rename the person in earlier acts, and remove the person's records that those acts store for undoing.

    An act that loses a record can no longer be undone.
    """
    for act_id, values in list(_changed_acts(desk, person)):
        desk.connection.execute(update(acts).where(acts.c.id == act_id).values(values))


def _changed_acts(desk: Desk, person: ErasedPerson) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the id of each act that has something of the person, and the columns without it."""
    columns = (acts.c.id, acts.c.summary, type_coerce(acts.c.changes, Text()).label("changes"))
    rows = desk.connection.execute(select(*columns), execution_options={"yield_per": _ROWS_AT_ONCE})
    for act_id, summary, text in rows:
        values: dict[str, Any] = {"summary": change_typed(summary, person.names.apply)}
        if _may_name(person, text):
            before = json.loads(text)
            remaining = [_without_names(desk, change, person) for change in _without_personal(before, person)]
            values |= {"changes": remaining} if remaining != before else {}
            values |= {"can_undo": False} if len(remaining) < len(before) else {}
        if values["summary"] != summary or len(values) > 1:
            yield act_id, values


def _may_name(person: ErasedPerson, changes: str) -> bool:
    """Whether changes as JSON may have something of the person; quick, for a first selection."""
    # A backslash begins a letter that JSON escapes.
    return "\\" in changes or person.names.may_occur(folded(changes)) or any(i in changes for i in person.ids)


def _without_personal(changes: Sequence[Mapping[str, Any]], person: ErasedPerson) -> list[Mapping[str, Any]]:
    """Return the changes without those of the person's records.

    If a change of the driver goes, so do those of other drivers: in a merge they have facts of the driver.
    """
    has_driver = any(change["table"] == drivers.name and change["key"] in person.ids for change in changes)
    return [
        change
        for change in changes
        if not (_is_personal(change, person) or (has_driver and change["table"] == drivers.name))
    ]


def _is_personal(change: Mapping[str, Any], person: ErasedPerson) -> bool:
    """Whether the changed record is the driver's own, or has a name of the person as its key or driver."""
    if change["table"] == drivers.name:
        return change["key"] in person.ids
    if change["table"] == imported_laps.name:
        return person.names.is_name((change["after"] or change["before"])["name"])
    return change["table"] == game_names.name and person.has_game_name(change["key"])


def _without_names(desk: Desk, change: Mapping[str, Any], person: ErasedPerson) -> dict[str, Any]:
    """Return a change with the neutral name in the texts that people typed.

    A text that the record has now stays, so that the act can still be undone; it is for people to change.
    """
    images = {side: change[side] for side in ("before", "after")}
    fields = _TYPED_FIELDS.get(change["table"], ())
    for side, image in images.items():
        for field in fields:
            text = None if image is None else image[field]
            renamed = None if text is None else person.names.apply(text)
            if renamed != text and getattr(_record_now(desk, change), field, None) != text:
                images[side] = images[side] | {field: renamed}
    return {**change, **images}


def _record_now(desk: Desk, change: Mapping[str, Any]) -> Any:
    return desk.get_record(type_of_image(change), change["key"])


def _erase_drivers(desk: Desk, person: ErasedPerson) -> Driver:
    """Erase the driver's own records; the driver leaves every rig and the queue."""
    for assignment in desk.list_records(Assignment, driver_id=person.ids[0], until=None):
        desk.store_record(replace(assignment, until=desk.now))
    for entry in desk.list_records(QueueEntry, driver_id=person.ids[0]):
        desk.delete_record(entry)
    for driver_id in person.ids:
        driver = desk.need_record(Driver, driver_id)
        erased = rules.as_erased(driver, secrets.token_urlsafe(16), desk.now)
        # Overwritten before it is stored, because the act would store the record as it was before.
        nameless = replace(erased, is_deleted=False, seq=driver.seq)
        where = drivers.c.id == driver_id
        desk.connection.execute(update(drivers).where(where).values(row_of(nameless)))
        desk.store_record(erased)
    remaining = desk.need_record(Driver, person.ids[0])
    summary = f"The personal data of {name_of(remaining)} was erased."
    desk.describe("driver_erased", remaining.id, summary, can_undo=False)
    return remaining
