"""What people do with drivers: make, find, change, delete, merge, and say whose a name in the games is."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting import drivers as rules
from f1timings.meeting.people import Assignment, Driver, GameName, LapMark, ManualLap, QueueEntry, QueueState
from f1timings.meeting.texts import clean_text
from f1timings.store.acts.desk import Desk, new_id
from f1timings.store.tables.timed import participants

# Records that name a driver, besides the queue's.
_POINTING: tuple[type[Any], ...] = (Assignment, GameName, LapMark, ManualLap)


# Parts of deeds: they say nothing with Desk.note, whoever calls them does --------------------------------


def driver_named(desk: Desk, name: str) -> Driver | None:
    """The driver of that name, None if there is none; deleted ones have given their names up.

    Raises:
        ActInvalid: nobody can be called so.
    """
    return _holder(desk, name=clean_text(name, field="name"))


def driver_with_pin(desk: Desk, pin: str) -> Driver | None:
    """The driver with that PIN, None if there is none."""
    return _holder(desk, pin=pin) if pin.isascii() and pin.isdigit() else None


def driver_with_token(desk: Desk, token: str) -> Driver | None:
    """The driver with that token, None if there is none; a merged one's leads to the one that stayed."""
    found = desk.find(Driver, token=token) if token.isascii() and token.isprintable() else []
    if found and found[0].merged_into is not None:
        return present(desk.get(Driver, found[0].merged_into))
    return present(found[0]) if found else None


def present(driver: Driver | None) -> Driver | None:
    """The driver, None for one that is deleted."""
    return None if driver is None or driver.is_deleted else driver


def need_present(desk: Desk, driver_id: str, field: str = "driver_id") -> Driver:
    """The driver of that id, for a change that names one.

    Raises:
        ActInvalid: there is none, or the driver is deleted.
    """
    found = present(desk.get(Driver, driver_id))
    if found is None:
        raise ActInvalid(
            f"There is no driver {driver_id!r}; GET /api/v1/drivers lists those there are.", field
        )
    return found


def make_driver(desk: Desk, name: str, team: str = "", **fields: Any) -> Driver:
    """A new driver.

    Args:
        fields: further ones of :data:`f1timings.meeting.drivers.FACTS`.

    Raises:
        ActInvalid: a fact that cannot be right.
        ActConflict: there is a driver of that name (``current``), or the PIN is taken.
    """
    number = desk.highest(Driver, "number_here") + 1
    made = rules.new_driver(
        new_id(), number, secrets.token_urlsafe(16), desk.now, name=name, team=team, **fields
    )
    _refuse_taken(desk, made)
    return desk.put(made)


def upsert_driver(desk: Desk, name: str, team: str) -> Driver:
    """The driver of that name with that team, made if there is none; an empty team changes none."""
    found = driver_named(desk, name)
    if found is None:
        return make_driver(desk, name, team)
    return desk.put(rules.changed(found, team=team)) if clean_text(team, field="team", shortest=0) else found


def is_used(desk: Desk, driver_id: str) -> bool:
    """Whether any other record names the driver, so that it cannot simply be taken away."""
    kinds = (*_POINTING, QueueEntry)
    return any(desk.find(kind, driver_id=driver_id) for kind in kinds)


def refuse_doubles(desk: Desk) -> None:
    """Check what an undone act left: names, PINs and drivers that other records rely on.

    Raises:
        ActConflict: two drivers have one name or one PIN, or a driver is gone that others point to.
    """
    for change in desk.changes:
        if isinstance(change.after, Driver) and not change.after.is_deleted:
            _refuse_taken(desk, change.after)
        elif isinstance(change.before, Driver) and change.after is None and is_used(desk, change.before.id):
            raise ActConflict(
                "This driver has laps or a seat by now; delete the driver instead.", change.before
            )


# Deeds ---------------------------------------------------------------------------------------------------


def add(desk: Desk, **facts: Any) -> Driver:
    """Make a driver; arguments as of :func:`make_driver`."""
    made = make_driver(desk, **facts)
    desk.note("driver_made", made.id, f"{made.shown_name} was added to the drivers.")
    return made


def edit(desk: Desk, driver_id: str, version: int, **facts: Any) -> Driver:
    """Change what is known of a driver, everywhere at once.

    Raises:
        NotFound | ActInvalid: no such driver, or a fact that cannot be right.
        ActConflict: another version by now, deleted, or the name or the PIN is taken.
    """
    before = desk.need(Driver, driver_id)
    after = desk.edit(Driver, driver_id, version, lambda found: rules.changed(found, **facts))
    _refuse_taken(desk, after)
    desk.note("driver_changed", after.id, _changed(before, after))
    return after


def remove(desk: Desk, driver_id: str, version: int) -> Driver:
    """Delete a driver: the laps stay under a neutral name, seats and places in the queue are given up."""
    before = desk.need(Driver, driver_id)
    if before.is_deleted:
        return before
    desk.need_version(Driver, driver_id, version)
    for seat in desk.find(Assignment, driver_id=driver_id, until=None):
        desk.put(replace(seat, until=desk.now))
    for entry in _waiting(desk, driver_id):
        desk.remove(entry)
    after = desk.put(rules.deleted(before))
    desk.note("driver_deleted", after.id, f"{before.shown_name} was deleted from the drivers.")
    return after


def merge(desk: Desk, driver_id: str, into_id: str, version: int) -> Driver:
    """Let one driver turn out to be another: all that is the one's becomes the other's.

    Returns:
        The one that stays.

    Raises:
        NotFound: there is no driver of the first id.
        ActInvalid: there is none of the second, or both are the same.
        ActConflict: another version by now, or the first one is deleted.
    """
    gone = desk.need(Driver, driver_id)
    if gone.merged_into is not None and gone.merged_into == into_id:
        return desk.need(Driver, into_id)
    if driver_id == into_id:
        raise ActInvalid("A driver cannot be merged into the same driver; name the one that stays.", "into")
    kept = need_present(desk, into_id, "into")
    desk.need_version(Driver, driver_id, version)
    if gone.is_deleted:
        raise ActConflict("This driver is deleted; undo the deletion first.", gone)
    _hand_over(desk, gone.id, kept.id)
    former, one = rules.merged(gone, kept)
    # The one who goes comes first: the PIN is free then.
    desk.put(former)
    one = desk.put(one)
    desk.note("driver_merged", one.id, f"{gone.shown_name} turned out to be {one.shown_name}.")
    return one


def map_game_name(desk: Desk, name: str, driver_id: str | None) -> GameName:
    """Say whose a name in the games is; None for nobody we know.

    Raises:
        ActInvalid: a name that stands for nobody, or no such driver.
    """
    tidy = rules.checked_game_name(name)
    _refuse_ai(desk, tidy)
    driver = None if driver_id is None else need_present(desk, driver_id)
    before = desk.get(GameName, tidy)
    mapped = desk.put(GameName(tidy, driver_id))
    whose = "nobody we know" if driver is None else driver.shown_name
    subject = driver_id or (before.driver_id if before is not None else None) or ""
    desk.note("game_name_mapped", subject, f"{tidy} in the games is {whose}.")
    return mapped


def _changed(before: Driver, after: Driver) -> str:
    """What an edit did, in words that everybody may read: the names as screens show them."""
    if before.shown_name != after.shown_name:
        return f"{before.shown_name} is now {after.shown_name}."
    return f"What is known of {after.shown_name} was changed."


def _holder(desk: Desk, **equal: Any) -> Driver | None:
    found = desk.find(Driver, is_deleted=False, **equal)
    return found[0] if found else None


def _refuse_taken(desk: Desk, driver: Driver) -> None:
    """Names and PINs belong to one driver each.

    Raises:
        ActConflict: another one has it; for a name ``current`` holds the other.
    """
    for other in desk.find(Driver, is_deleted=False, name=driver.name):
        if other.id != driver.id:
            raise ActConflict(
                f"There is a driver {other.name!r} already; take that one, or add a letter.", other
            )
    sharing = [] if driver.pin is None else desk.find(Driver, is_deleted=False, pin=driver.pin)
    if any(other.id != driver.id for other in sharing):
        # No `current`: it would tell whose PIN this is.
        raise ActConflict("This PIN is taken; choose another one.")


def _hand_over(desk: Desk, from_id: str, to_id: str) -> None:
    for kind in _POINTING:
        for record in desk.find(kind, driver_id=from_id):
            desk.put(replace(record, driver_id=to_id))
    waits_in = {entry.meeting_id for entry in _waiting(desk, to_id)}
    for entry in desk.find(QueueEntry, driver_id=from_id):
        if entry.state is not QueueState.DONE and entry.meeting_id in waits_in:
            desk.remove(entry)
        else:
            desk.put(replace(entry, driver_id=to_id))
    for former in desk.find(Driver, merged_into=from_id):
        desk.put(replace(former, merged_into=to_id))


def _waiting(desk: Desk, driver_id: str) -> list[QueueEntry]:
    return [one for one in desk.find(QueueEntry, driver_id=driver_id) if one.state is not QueueState.DONE]


def _refuse_ai(desk: Desk, name: str) -> None:
    seen = participants.c
    kinds = set(desk.connection.execute(select(seen.is_ai).where(seen.name == name).distinct()).scalars())
    if kinds == {True}:
        raise ActInvalid(
            f"{name} is driven by the game itself in every session, so it stands for nobody; "
            "map names of people only.",
            "name",
        )
