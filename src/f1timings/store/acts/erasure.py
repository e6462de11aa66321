"""Removing what is personal of a driver for good: the laps stay, under a neutral name, on the same boards.

A person's name stands in more places than the driver's own record: in what the games sent, in the images that
acts keep for undoing, and in what those acts say in words. Everywhere there the neutral name takes its place,
so that laps which were somebody's by the name in the game are so still.
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
from f1timings.store.reads.drivers import acts_about, is_human, names_in
from f1timings.store.records import row_of
from f1timings.store.tables.people import acts, attributions, drivers, game_names, lap_marks
from f1timings.store.tables.timed import classification_entries, lap_revisions, laps, participants

_NAMED_LAPS = (laps, lap_revisions)


@dataclass(frozen=True, slots=True)
class _Person:
    """Who is erased.

    Attributes:
        ids: of the driver and of those who turned out to be this one.
        names: every name under which the person was known.
        game_names: those of them that the games used, as they wrote them.
    """

    ids: tuple[str, ...]
    names: frozenset[str]
    game_names: frozenset[str]
    neutral: str

    def without(self, text: str) -> str:
        """A text with the neutral name in the place of each other."""
        for name in sorted(self.names, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: self.neutral, text)
        return text


def erase(desk: Desk, driver_id: str, version: int, confirm: str) -> Driver:
    """Remove all that is personal of a driver; this cannot be undone.

    Args:
        confirm: the driver's name again.

    Raises:
        NotFound | ActInvalid: no such driver, or the confirmation is another name.
        ActConflict: another version by now, or the driver turned out to be another one.
    """
    driver = desk.need_version(Driver, driver_id, version)
    if driver.merged_into is not None:
        raise ActConflict(f"This driver is {driver.merged_into} now; erase that one.", driver)
    if confirm.strip() != driver.name:
        raise ActInvalid("To erase this driver write the driver's name, exactly as it is shown.", "confirm")
    if desk.connection.dialect.name == "sqlite":
        # What is overwritten must not stay readable in the file's free pages.
        desk.connection.exec_driver_sql("PRAGMA secure_delete = ON")
    person = _person(desk, driver)
    _rename_in_games(desk, person)
    _rename_in_words(desk, person)
    _forget_acts(desk, person)
    return _forget_drivers(desk, person)


def _person(desk: Desk, driver: Driver) -> _Person:
    ids = (driver.id, *(one.id for one in desk.find(Driver, merged_into=driver.id)))
    about = desk.connection.execute(select(acts).where(acts_about(ids))).mappings().all()
    neutral = rules.former_name(driver)
    own = {driver.name, *filter(None, [driver.nickname]), *names_in(about, ids)}
    mapped = {one.name for one in desk.find(GameName, game_names.c.driver_id.in_(ids))}
    mapped |= _once_mapped([change for row in about for change in row["changes"]], ids)
    played = _played(desk, ids, {name.casefold() for name in own | mapped})
    kept = {neutral, PLACEHOLDER, *(f"Former driver {n}" for n in _numbers(desk, ids))}
    return _Person(
        ids, frozenset((own | mapped | played) - kept), frozenset((mapped | played) - kept), neutral
    )


def _numbers(desk: Desk, ids: Sequence[str]) -> list[int]:
    return [one.number_here for one in desk.find(Driver, drivers.c.id.in_(ids))]


def _once_mapped(changes: Sequence[Mapping[str, Any]], ids: Collection[str]) -> set[str]:
    """Names in the games that were mapped to the person at any time, and to nobody else since."""
    images = [
        (change["key"], image)
        for change in changes
        if change["table"] == game_names.name
        for image in (change["before"], change["after"])
        if image is not None
    ]
    own = {key for key, image in images if image["driver_id"] in ids}
    return own - {key for key, image in images if image["driver_id"] and image["driver_id"] not in ids}


def _played(desk: Desk, ids: Sequence[str], known: Collection[str]) -> set[str]:
    """Names in the games that are the person's: like a known one, or that nobody else drove under."""
    seen = select(participants.c.name).where(participants.c.name.is_not(None), is_human())
    driven = select(laps.c.participant).where(laps.c.participant.is_not(None))
    alike = {
        name
        for query in (seen, driven)
        for name in desk.connection.execute(query.distinct()).scalars()
        if name.casefold() in known
    }
    whose = (
        select(laps.c.participant, attributions.c.driver_id)
        .join(attributions, attributions.c.lap_id == laps.c.id)
        .where(laps.c.participant.is_not(None), attributions.c.driver_id.is_not(None))
        .distinct()
    )
    found = desk.connection.execute(whose).all()
    others = {name for name, driver_id in found if driver_id not in ids}
    others |= {
        one.name
        for one in desk.find(
            GameName, game_names.c.driver_id.is_not(None), game_names.c.driver_id.not_in(ids)
        )
    }
    return (alike | {name for name, driver_id in found if driver_id in ids}) - others


def _rename_in_games(desk: Desk, person: _Person) -> None:
    """In what the games sent; cars that the game drives may bear the same name."""
    if not person.game_names:
        return
    execute = desk.connection.execute
    for table in _NAMED_LAPS:
        named = and_(table.c.participant.in_(person.game_names), not_(_is_ai_car(table)))
        execute(update(table).where(named).values(participant=person.neutral))
    entries = classification_entries
    named = and_(entries.c.name.in_(person.game_names), not_(_is_ai_car(entries)))
    execute(update(entries).where(named).values(name=person.neutral))
    seen = and_(participants.c.name.in_(person.game_names), is_human())
    execute(update(participants).where(seen).values(name=person.neutral))
    gone = execute(delete(game_names).where(game_names.c.name.in_(person.game_names)))
    if gone.rowcount:
        desk.put(GameName(person.neutral, person.ids[0]))


def _is_ai_car(table: Table) -> ColumnElement[bool]:
    car = and_(participants.c.session_id == table.c.session_id, participants.c.car_index == table.c.car_index)
    return exists().where(car, not_(is_human()))


def _rename_in_words(desk: Desk, person: _Person) -> None:
    """In the reasons that marshals gave."""
    if not person.names:
        return
    for table in (laps, lap_revisions, lap_marks):
        reason = table.c.reason
        mentions = or_(*(reason.contains(name, autoescape=True) for name in person.names))
        for text in desk.connection.execute(select(reason).where(mentions).distinct()).scalars().all():
            renamed = update(table).where(reason == text).values(reason=person.without(text))
            desk.connection.execute(renamed)


def _forget_acts(desk: Desk, person: _Person) -> None:
    """In the acts of before: what they say, and the images with which they could be undone."""
    changes = type_coerce(acts.c.changes, Text())
    mentions = [acts_about(person.ids)]
    for name in person.names:
        mentions.append(acts.c.summary.contains(name, autoescape=True))
        mentions.append(changes.contains(json.dumps(name)[1:-1], autoescape=True))
    for row in desk.connection.execute(select(acts).where(or_(*mentions))).mappings().all():
        kept = [_scrubbed(change, person) for change in row["changes"] if not _is_personal(change, person)]
        values: dict[str, Any] = {"summary": person.without(row["summary"]), "changes": kept}
        if len(kept) < len(row["changes"]):
            values["can_undo"] = False
        desk.connection.execute(update(acts).where(acts.c.id == row["id"]).values(values))


def _is_personal(change: Mapping[str, Any], person: _Person) -> bool:
    """Whether a change is of the driver's own record, or of one whose key is a name."""
    if change["table"] == drivers.name:
        return change["key"] in person.ids
    return change["table"] == game_names.name and change["key"] in person.names


def _scrubbed(change: Mapping[str, Any], person: _Person) -> dict[str, Any]:
    """A change whose reason, if it has any, names nobody."""
    images = {side: change[side] for side in ("before", "after")}
    for side, image in images.items():
        if image is not None and image.get("reason"):
            images[side] = image | {"reason": person.without(image["reason"])}
    return {**change, **images}


def _forget_drivers(desk: Desk, person: _Person) -> Driver:
    """In the drivers' own records; and nobody sits or waits any more."""
    for seat in desk.find(Assignment, driver_id=person.ids[0], until=None):
        desk.put(replace(seat, until=desk.now))
    for entry in desk.find(QueueEntry, driver_id=person.ids[0]):
        desk.remove(entry)
    for driver_id in person.ids:
        found = desk.need(Driver, driver_id)
        gone = rules.erased(found, secrets.token_urlsafe(16))
        # Not with `put` at once: the act would keep the record as it was.
        nameless = replace(gone, is_deleted=False, seq=found.seq)
        where = drivers.c.id == driver_id
        desk.connection.execute(update(drivers).where(where).values(row_of(nameless)))
        desk.put(gone)
    desk.note(
        "driver_erased", person.ids[0], f"What was personal of {person.neutral} was removed.", can_undo=False
    )
    return desk.need(Driver, person.ids[0])
