"""The act that erases the personal data of a driver for good; the laps stay, under a neutral name.

A person's name is in more places than the driver's own record: in what the games sent, in the records that
acts store for undoing, and in the summaries of those acts. The neutral name replaces it everywhere. Laps that
belonged to the person by the name in the game still do.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, not_, or_, select, type_coerce, update
from sqlalchemy.types import Text

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting import drivers as rules
from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.meeting.people import Assignment, Driver, GameName, QueueEntry
from f1timings.store.acts.desk import Desk
from f1timings.store.reads.drivers import acts_about, is_human, names_in_acts
from f1timings.store.records import row_of
from f1timings.store.tables.people import acts, attributions, drivers, game_names, lap_marks
from f1timings.store.tables.timed import classification_entries, lap_revisions, laps, participants

_LAP_TABLES = (laps, lap_revisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """The person to erase.

    Attributes:
        ids: of the driver, and of the drivers that were merged into it.
        names: every name under which the person was known.
        game_names: the names among them that the games used, in the games' spelling.
        neutral: the name that replaces them.
    """

    ids: tuple[str, ...]
    names: frozenset[str]
    game_names: frozenset[str]
    neutral: str

    def without_names(self, text: str) -> str:
        """Return a text in which the neutral name replaces every name of the person."""
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: self.neutral, text)
        return text


def erase(desk: Desk, driver_id: str, *, version: int, confirm: str) -> Driver:
    """Erase the personal data of a driver; this cannot be undone.

    Args:
        confirm: the driver's name, typed again.

    Raises:
        NotFound: there is no such driver.
        ActInvalid: the confirmation is another name.
        ActConflict: the driver has changed since that version, or was merged into another one.
    """
    driver = desk.need_version(Driver, driver_id, version)
    if driver.merged_into is not None:
        raise ActConflict(
            f"This driver was merged into driver {driver.merged_into}; erase that driver instead.", driver
        )
    if confirm.strip() != driver.name:
        raise ActInvalid("To erase this driver, type the driver's name exactly as it is shown.", "confirm")
    if desk.connection.dialect.name == "sqlite":
        # Without this the overwritten text stays readable in free pages of the file.
        desk.connection.exec_driver_sql("PRAGMA secure_delete = ON")
    person = _person(desk, driver)
    _rename_in_games(desk, person)
    _rename_in_reasons(desk, person)
    _erase_from_acts(desk, person)
    return _erase_drivers(desk, person)


def _person(desk: Desk, driver: Driver) -> _Person:
    ids = (driver.id, *(merged.id for merged in desk.list_records(Driver, merged_into=driver.id)))
    about = desk.connection.execute(select(acts).where(acts_about(ids))).mappings().all()
    neutral = rules.former_name(driver)
    own = {driver.name, *filter(None, [driver.nickname]), *names_in_acts(about, ids)}
    mapped = {mapping.name for mapping in desk.list_records(GameName, game_names.c.driver_id.in_(ids))}
    mapped |= _once_mapped([change for row in about for change in row["changes"]], ids)
    driven = _driven_names(desk, ids, {name.casefold() for name in own | mapped})
    drivers_erased = desk.list_records(Driver, drivers.c.id.in_(ids))
    impersonal = {neutral, PLACEHOLDER, *(rules.former_name(erased) for erased in drivers_erased)}
    return _Person(
        ids=ids,
        names=frozenset((own | mapped | driven) - impersonal),
        game_names=frozenset((mapped | driven) - impersonal),
        neutral=neutral,
    )


def _once_mapped(changes: Sequence[Mapping[str, Any]], ids: Collection[str]) -> set[str]:
    """Return names in the games that belonged to the person at any time, and to no other driver since."""
    images = [
        (change["key"], image)
        for change in changes
        if change["table"] == game_names.name
        for image in (change["before"], change["after"])
        if image is not None
    ]
    own = {key for key, image in images if image["driver_id"] in ids}
    return own - {key for key, image in images if image["driver_id"] and image["driver_id"] not in ids}


def _driven_names(desk: Desk, ids: Sequence[str], known: Collection[str]) -> set[str]:
    """Return the names in the games under which the person drove and no other driver did.

    Args:
        known: names of the person in lower case; the same names in any spelling are the person's too.
    """
    execute = desk.connection.execute
    seen = select(participants.c.name).where(participants.c.name.is_not(None), is_human())
    driven = select(laps.c.participant).where(laps.c.participant.is_not(None))
    names = {name for query in (seen, driven) for name in execute(query.distinct()).scalars()}
    alike = {name for name in names if name.casefold() in known}
    owners = (
        select(laps.c.participant, attributions.c.driver_id)
        .join(attributions, attributions.c.lap_id == laps.c.id)
        .where(laps.c.participant.is_not(None), attributions.c.driver_id.is_not(None))
        .distinct()
    )
    owned = execute(owners).all()
    of_others = {name for name, driver_id in owned if driver_id not in ids}
    is_of_other = and_(game_names.c.driver_id.is_not(None), game_names.c.driver_id.not_in(ids))
    of_others |= {mapping.name for mapping in desk.list_records(GameName, is_of_other)}
    return (alike | {name for name, driver_id in owned if driver_id in ids}) - of_others


def _rename_in_games(desk: Desk, person: _Person) -> None:
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


def _rename_in_reasons(desk: Desk, person: _Person) -> None:
    """Rename the person in the reasons that marshals gave."""
    if not person.names:
        return
    for table in (laps, lap_revisions, lap_marks):
        reason = table.c.reason
        mentions = or_(*(reason.contains(name, autoescape=True) for name in person.names))
        for text in desk.connection.execute(select(reason).where(mentions).distinct()).scalars().all():
            renamed = update(table).where(reason == text).values(reason=person.without_names(text))
            desk.connection.execute(renamed)


def _erase_from_acts(desk: Desk, person: _Person) -> None:
    """Rename the person in earlier acts, and remove the person's records that those acts store for undoing.

    An act that loses a record can no longer be undone.
    """
    changes = type_coerce(acts.c.changes, Text())
    mentions = [acts_about(person.ids)]
    for name in person.names:
        mentions.append(acts.c.summary.contains(name, autoescape=True))
        mentions.append(changes.contains(json.dumps(name)[1:-1], autoescape=True))
    for row in desk.connection.execute(select(acts).where(or_(*mentions))).mappings().all():
        remaining = [
            _without_names(change, person) for change in row["changes"] if not _is_personal(change, person)
        ]
        values: dict[str, Any] = {"summary": person.without_names(row["summary"]), "changes": remaining}
        if len(remaining) < len(row["changes"]):
            values["can_undo"] = False
        desk.connection.execute(update(acts).where(acts.c.id == row["id"]).values(values))


def _is_personal(change: Mapping[str, Any], person: _Person) -> bool:
    """Whether the changed record is the driver's own, or has a name of the person as its key."""
    if change["table"] == drivers.name:
        return change["key"] in person.ids
    return change["table"] == game_names.name and change["key"] in person.names


def _without_names(change: Mapping[str, Any], person: _Person) -> dict[str, Any]:
    """Return a change with the neutral name in its reason, if it has one."""
    images = {side: change[side] for side in ("before", "after")}
    for side, image in images.items():
        if image is not None and image.get("reason"):
            images[side] = image | {"reason": person.without_names(image["reason"])}
    return {**change, **images}


def _erase_drivers(desk: Desk, person: _Person) -> Driver:
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
    summary = f"The personal data of {person.neutral} was erased."
    desk.describe("driver_erased", person.ids[0], summary, can_undo=False)
    return desk.need_record(Driver, person.ids[0])
