"""Acts on drivers: add, edit, delete and merge them, and set which driver a name in the games belongs to."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting import drivers as rules
from f1timings.meeting.people import Assignment, Driver, GameName, LapMark, ManualLap, QueueEntry, QueueState
from f1timings.meeting.texts import clean_text
from f1timings.store.acts import sentences
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import known_name_of, name_of
from f1timings.store.ids import new_id
from f1timings.store.tables.timed import participants

# Types of records that name a driver, besides entries of the queue.
_NAMING_DRIVER: tuple[type[Any], ...] = (Assignment, GameName, LapMark, ManualLap)


def add(desk: Desk, **facts: Any) -> Driver:
    """Add a driver; arguments as of :func:`create_driver`."""
    driver = create_driver(desk, **facts)
    desk.describe("driver_made", driver.id, f"{name_of(driver)} was added as a driver.")
    return driver


def edit(desk: Desk, driver_id: str, version: int, **facts: Any) -> Driver:
    """Change facts about a driver, everywhere at once.

    Raises:
        NotFound: there is no such driver.
        ActInvalid: a fact is not valid.
        ActConflict: the driver has changed since that version or is deleted, or another driver has the name
            or the PIN.
    """
    before = desk.need_record(Driver, driver_id)
    after = desk.update_record(
        Driver, driver_id, version, change=lambda driver: rules.with_facts(driver, **facts)
    )
    _refuse_taken(desk, after)
    desk.describe("driver_changed", after.id, _edit_summary(desk, before, after))
    return after


def remove(desk: Desk, driver_id: str, version: int) -> Driver:
    """Delete a driver: the name and the PIN become free, the driver leaves every rig and the queue.

    The laps stay, under a neutral name.

    Raises:
        NotFound: there is no such driver.
        ActConflict: the driver has changed since that version.
    """
    before = desk.need_record(Driver, driver_id)
    if before.is_deleted:
        return before
    desk.need_version(Driver, driver_id, version)
    for assignment in desk.list_records(Assignment, driver_id=driver_id, until=None):
        desk.store_record(replace(assignment, until=desk.now))
    for entry in _list_unfinished(desk, driver_id):
        desk.delete_record(entry)
    after = desk.store_record(rules.as_deleted(before, desk.now))
    desk.describe("driver_deleted", after.id, f"Driver {known_name_of(desk, before)} was deleted.")
    return after


def merge(desk: Desk, driver_id: str, *, into_id: str, version: int) -> Driver:
    """Merge a driver into another one of the same person, who gets everything that names the first driver.

    Args:
        driver_id: the driver that is deleted.
        into_id: the driver that remains.
        version: of the driver that is deleted, as the client has seen it.

    Returns:
        The driver that remains.

    Raises:
        NotFound: there is no driver of the first id.
        ActInvalid: there is none of the second id, or both are the same.
        ActConflict: the first driver has changed since that version, or is deleted.
    """
    former = desk.need_record(Driver, driver_id)
    if former.merged_into is not None and former.merged_into == into_id:
        return desk.need_record(Driver, into_id)
    if driver_id == into_id:
        raise ActInvalid("driver-into-itself", "into")
    remaining = need_present(desk, into_id, "into")
    desk.need_version(Driver, driver_id, version)
    if former.is_deleted:
        raise ActConflict("driver-deleted", former)
    _hand_over(desk, former.id, remaining.id)
    _keep_newest_seat(desk, remaining.id)
    deleted, merged = rules.merge(former, remaining, desk.now)
    # The deleted driver is stored first, so that its PIN is free.
    desk.store_record(deleted)
    merged = desk.store_record(merged)
    summary = f"{known_name_of(desk, former)} was merged into {name_of(merged)}."
    desk.describe("driver_merged", merged.id, summary)
    return merged


def map_game_name(desk: Desk, name: str, driver_id: str | None) -> GameName:
    """Set which driver a name in the games belongs to; None for no driver we know.

    Raises:
        ActInvalid: no driver can have this name in the games, or there is no such driver.
    """
    game_name = rules.valid_game_name(name)
    _refuse_ai(desk, game_name)
    driver = None if driver_id is None else need_present(desk, driver_id)
    before = desk.get_record(GameName, game_name)
    mapped = desk.store_record(GameName(game_name, driver_id))
    owner = "no known driver" if driver is None else name_of(driver)
    subject = driver_id or (before.driver_id if before is not None else None) or ""
    summary = f"The name {sentences.game_name(desk, game_name)} in the games belongs to {owner}."
    desk.describe("game_name_mapped", subject, summary)
    return mapped


# Parts of acts: they do not describe the act, their caller does ------------------------------------------


def get_driver_named(desk: Desk, name: str) -> Driver | None:
    """Return the driver of this name, None if there is none; a deleted driver has given up the name.

    Raises:
        ActInvalid: no driver can have this name.
    """
    return _get_present_with(desk, name=clean_text(name, field="name"))


def get_driver_with_pin(desk: Desk, pin: str) -> Driver | None:
    """Return the driver with this PIN, None if there is none."""
    return _get_present_with(desk, pin=pin) if pin.isascii() and pin.isdigit() else None


def get_driver_with_token(desk: Desk, token: str) -> Driver | None:
    """Return the driver with this token, None if there is none.

    The token of a merged driver leads to the driver that remains.
    """
    drivers = desk.list_records(Driver, token=token) if token.isascii() and token.isprintable() else []
    if drivers and drivers[0].merged_into is not None:
        return _unless_deleted(desk.get_record(Driver, drivers[0].merged_into))
    return _unless_deleted(drivers[0]) if drivers else None


def need_present(desk: Desk, driver_id: str, field: str = "driver_id") -> Driver:
    """Return the driver of this id, for a change that names one.

    Args:
        field: the field that named the driver, for the error.

    Raises:
        ActInvalid: there is none, or the driver is deleted.
    """
    driver = _unless_deleted(desk.get_record(Driver, driver_id))
    if driver is None:
        raise ActInvalid("driver-unknown", field)
    return driver


def create_driver(desk: Desk, name: str, team: str = "", **facts: Any) -> Driver:
    """Store a new driver.

    Args:
        facts: further ones of :data:`f1timings.meeting.drivers.FACTS`.

    Raises:
        ActInvalid: a fact is not valid.
        ActConflict: another driver has the name (``current``) or the PIN.
    """
    number = desk.highest(Driver, "number_here") + 1
    driver = rules.new_driver(
        driver_id=new_id(),
        number_here=number,
        token=secrets.token_urlsafe(16),
        now=desk.now,
        name=name,
        team=team,
        **facts,
    )
    _refuse_taken(desk, driver)
    return desk.store_record(driver)


def upsert_driver(desk: Desk, name: str, team: str) -> Driver:
    """Return the driver of this name with this team, created if there is none.

    An empty team leaves the driver's team as it is.
    """
    driver = get_driver_named(desk, name)
    if driver is None:
        return create_driver(desk, name, team)
    if not clean_text(team, field="team", shortest=0):
        return driver
    return desk.store_record(rules.with_facts(driver, team=team))


def refuse_doubles(desk: Desk) -> None:
    """Check the drivers that an undo restored or deleted.

    Raises:
        ActConflict: two drivers have one name, one PIN or one number, or other records still name a removed
            driver.
    """
    for change in desk.changes:
        if isinstance(change.after, Driver) and change.before is None:
            _refuse_same_number(desk, change.after)
        if isinstance(change.after, Driver) and not change.after.is_deleted:
            _refuse_taken(desk, change.after)
        elif isinstance(change.before, Driver) and change.after is None and is_used(desk, change.before.id):
            raise ActConflict("undo-driver-used", change.before)


def _edit_summary(desk: Desk, before: Driver, after: Driver) -> str:
    """Describe an edit in words that everybody may read, with names as screens show them."""
    if before.shown_name != after.shown_name:
        return f"{known_name_of(desk, before)} is now shown as {known_name_of(desk, after)}."
    return f"The details of {name_of(after)} were changed."


def _unless_deleted(driver: Driver | None) -> Driver | None:
    return None if driver is None or driver.is_deleted else driver


def _get_present_with(desk: Desk, **equal: Any) -> Driver | None:
    drivers = desk.list_records(Driver, is_deleted=False, **equal)
    return drivers[0] if drivers else None


def is_used(desk: Desk, driver_id: str) -> bool:
    """Whether another record names the driver."""
    return any(
        desk.list_records(kind, driver_id=driver_id) for kind in (*_NAMING_DRIVER, QueueEntry)
    ) or bool(desk.list_records(Driver, merged_into=driver_id))


def _refuse_taken(desk: Desk, driver: Driver) -> None:
    """Check that no other driver has this name or this PIN.

    Raises:
        ActConflict: another driver has it; for a name ``current`` is that driver.
    """
    for other in desk.list_records(Driver, is_deleted=False, name=driver.name):
        if other.id != driver.id:
            raise ActConflict("driver-name-taken", other, name=other.name)
    sharing = [] if driver.pin is None else desk.list_records(Driver, is_deleted=False, pin=driver.pin)
    if any(other.id != driver.id for other in sharing):
        # Without `current`, which would show whose PIN it is.
        raise ActConflict("pin-taken")


def _refuse_same_number(desk: Desk, driver: Driver) -> None:
    """Check that no driver was added since with the number of a driver who was removed."""
    if len(desk.list_records(Driver, number_here=driver.number_here)) > 1:
        raise ActConflict("undo-driver-added")


def _hand_over(desk: Desk, from_id: str, to_id: str) -> None:
    """Let every record that names one driver name another one."""
    for kind in _NAMING_DRIVER:
        for record in desk.list_records(kind, driver_id=from_id):
            desk.store_record(replace(record, driver_id=to_id))
    queued_in = {entry.meeting_id for entry in _list_unfinished(desk, to_id)}
    for entry in desk.list_records(QueueEntry, driver_id=from_id):
        if entry.state is not QueueState.DONE and entry.meeting_id in queued_in:
            desk.delete_record(entry)
        else:
            desk.store_record(replace(entry, driver_id=to_id))
    for former in desk.list_records(Driver, merged_into=from_id):
        desk.store_record(replace(former, merged_into=to_id))


def _keep_newest_seat(desk: Desk, driver_id: str) -> None:
    """Let a driver who sits at several rigs after a merge leave all but the newest seat now."""
    seats = desk.list_records(Assignment, driver_id=driver_id, until=None, is_default=False)
    newest = max(seats, key=lambda seat: (seat.since, seat.seq), default=None)
    for seat in seats:
        if seat is not newest:
            desk.store_record(replace(seat, until=desk.now))


def _list_unfinished(desk: Desk, driver_id: str) -> list[QueueEntry]:
    """List the entries of a driver who waits or was called."""
    entries = desk.list_records(QueueEntry, driver_id=driver_id)
    return [entry for entry in entries if entry.state is not QueueState.DONE]


def _refuse_ai(desk: Desk, name: str) -> None:
    """Check that a person drove under this name, or that no session had it yet.

    Raises:
        ActInvalid: the game itself drove under this name in every session.
    """
    column = participants.c
    is_ai = select(column.is_ai).where(column.name == name).distinct()
    if set(desk.connection.execute(is_ai).scalars()) == {True}:
        raise ActInvalid("game-name-of-ai", "name", name=name)
