"""What people do with rigs: name them, and say who sits there; by a marshal, or by a driver's PIN or code."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting import assignments
from f1timings.meeting.assignments import Edit
from f1timings.meeting.people import Assignment, Driver, RigCard
from f1timings.meeting.texts import clean_text
from f1timings.store.acts.desk import Desk, new_id
from f1timings.store.acts.drivers import driver_with_pin, driver_with_token, need_present
from f1timings.store.records import table_of
from f1timings.store.tables.column_types import is_plain
from f1timings.store.tables.timed import laps, rigs

_NOBODY = "nobody"
_UNKNOWN_CODE = "Nobody has this PIN or code; try again, or ask a marshal."


def edit_card(desk: Desk, rig: str, version: int, **facts: Any) -> RigCard:
    """Change what people say about a rig.

    Args:
        version: the one that the caller has seen, 0 before the first edit.
        facts: ``name`` and ``place``, as far as given.

    Raises:
        ActInvalid | ActConflict: a name that cannot be; another version by now.
    """
    if facts.get("name") is not None:
        facts["name"] = clean_text(facts["name"], field="name")
    found = desk.get(RigCard, rig) or RigCard(rig, None, None)
    changed = replace(found, **facts)
    if changed == found:
        return found
    if found.seq != version:
        raise ActConflict("Somebody changed this rig meanwhile; look at it and try again.", found)
    desk.note("rig_changed", rig, f"Rig {changed.name or rig} was changed.")
    return desk.put(changed)


def assign(
    desk: Desk, rig: str, driver_id: str | None, *, since: datetime | None = None, from_lap: str | None = None
) -> Assignment:
    """Let a driver sit at a rig from a moment on; the driver leaves any other rig now.

    Args:
        driver_id: None: nobody known drives there, not even the default driver.
        since: from this moment on; None is now.
        from_lap: id of the first lap of that rig that is the driver's.

    Returns:
        The assignment that holds now.

    Raises:
        NotFound | ActInvalid: no such lap; no such driver, or a moment that is still to come.
    """
    name = _name(desk, driver_id)
    if from_lap is None:
        moment = assignments.since_asked(since, desk.now)
    else:
        moment = min(_moment_of_lap(desk.connection, rig, from_lap), desk.now)
    assigned = seat(desk, rig, driver_id, moment)
    when = "" if moment == desk.now else " from an earlier moment on"
    desk.note("rig_assigned", assigned.id, f"{rig_name(desk, rig)}: {name}{when}.")
    return assigned


def swap(desk: Desk, one: str, other: str) -> tuple[Assignment, Assignment]:
    """Let whoever drives at each of two rigs, by default too, drive at the other from now on.

    Raises:
        ActInvalid: they are one rig; ActConflict: nobody is there to swap.
    """
    if one == other:
        raise ActInvalid("Name two different rigs.", "rigs")
    at_one, at_other = driver_at(desk, one), driver_at(desk, other)
    if at_one == at_other:
        raise ActConflict("There is nobody to swap at these rigs; assign somebody first.")
    swapped = (seat(desk, one, at_other, desk.now), seat(desk, other, at_one, desk.now))
    desk.note("rigs_swapped", one, f"{rig_name(desk, one)} and {rig_name(desk, other)} swapped drivers.")
    return swapped


def set_default(desk: Desk, rig: str, driver_id: str | None) -> None:
    """Say who usually drives at a rig, whenever nobody else is assigned.

    From now on; the first one of a rig where nobody was ever assigned: since its first datagram.

    Args:
        driver_id: None: nobody does.
    """
    name = _name(desk, driver_id)
    history = desk.find(Assignment, rig=rig)
    desk.note("default_driver_set", rig, f"{rig_name(desk, rig)}: by default {name}.")
    if driver_id is None:
        _apply(desk, assignments.end([one for one in history if one.is_default], desk.now))
        return
    since = assignments.since_default(history, _first_seen_at(desk.connection, rig), desk.now)
    new = Assignment(new_id(), rig, driver_id, since, None, True, desk.by)
    _apply(desk, assignments.assign(history, new))
    # Whoever says who usually drives there no longer means that nobody does.
    nobody = [one for one in history if one.driver_id is None and not one.is_default]
    _apply(desk, assignments.end(nobody, desk.now))


def take(desk: Desk, rig: str, *, pin: str | None = None, token: str | None = None) -> Assignment:
    """A driver sits down at a rig and says so with the PIN or the code.

    Raises:
        NotFound: nobody has it; the text is always the same.
    """
    driver = _who(desk, pin, token)
    assigned = seat(desk, rig, driver.id, desk.now)
    desk.note("rig_taken", assigned.id, f"{driver.shown_name} took {rig_name(desk, rig)}.")
    return assigned


def leave(desk: Desk, rig: str, *, pin: str | None = None, token: str | None = None) -> Assignment | None:
    """A driver stands up; nothing happens where the driver does not sit there.

    Returns:
        The assignment that holds at the rig now, None if there is none.

    Raises:
        NotFound: as :func:`take`.
    """
    driver = _who(desk, pin, token)
    if driver_at(desk, rig) == driver.id:
        _apply(desk, assignments.end(_sitting(desk, rig, desk.now), desk.now))
        if driver_at(desk, rig) == driver.id:
            # The default driver stands up: without a word of somebody else nobody known drives.
            _sit(desk, rig, None, desk.now)
        desk.note("rig_left", rig, f"{driver.shown_name} left {rig_name(desk, rig)}.")
    return assignments.at_moment(_lasting(desk, rig, desk.now), desk.now)


def seat(desk: Desk, rig: str, driver_id: str | None, since: datetime) -> Assignment:
    """Part of an act: a driver sits at a rig from a moment on, and leaves any other one now."""
    if driver_id is not None:
        sitting = desk.find(Assignment, driver_id=driver_id, until=None, is_default=False)
        _apply(desk, assignments.end([one for one in sitting if one.rig != rig], desk.now))
    return _sit(desk, rig, driver_id, since)


def unseat(desk: Desk, rig: str, driver_id: str, since: datetime) -> None:
    """Part of an act: a driver who was assigned at that moment never came."""
    sitting = desk.find(Assignment, rig=rig, driver_id=driver_id, until=None, is_default=False)
    _apply(desk, assignments.end([one for one in sitting if one.since >= since], since))


def driver_at(desk: Desk, rig: str) -> str | None:
    """Id of the driver whose laps are those that begin at a rig now."""
    found = assignments.at_moment(_lasting(desk, rig, desk.now), desk.now)
    return None if found is None else found.driver_id


def refuse_overlaps(desk: Desk) -> None:
    """Check that what is on the desk lets nobody sit where somebody else sits: for whoever puts rows back.

    Raises:
        ActConflict: two are assigned to one rig at one moment.
    """
    changed = [change.newest for change in desk.changes if isinstance(change.newest, Assignment)]
    for rig in sorted({one.rig for one in changed}):
        for is_default in (False, True):
            row = desk.find(Assignment, rig=rig, is_default=is_default)
            if assignments.overlap(row):
                raise ActConflict("Somebody else was assigned to this rig meanwhile; assign it by hand.")


def _sit(desk: Desk, rig: str, driver_id: str | None, since: datetime) -> Assignment:
    new = Assignment(new_id(), rig, driver_id, since, None, False, desk.by)
    force = _apply(desk, assignments.assign(_sitting(desk, rig, since), new))
    assert force is not None
    return force


def _sitting(desk: Desk, rig: str, since: datetime) -> list[Assignment]:
    return [one for one in _lasting(desk, rig, since) if not one.is_default]


def _lasting(desk: Desk, rig: str, since: datetime) -> list[Assignment]:
    """A rig's assignments, but for those that ended before a moment: a rig has thousands over the years."""
    until = table_of(Assignment).c.until
    return desk.find(Assignment, or_(until.is_(None), until >= since), rig=rig)


def _apply(desk: Desk, edit: Edit) -> Assignment | None:
    for gone in edit.removed:
        desk.remove(gone)
    put = {one.id: desk.put(one) for one in edit.put}
    return None if edit.force is None else put.get(edit.force.id, edit.force)


def _name(desk: Desk, driver_id: str | None) -> str:
    """The name of a driver who can be assigned.

    Raises:
        ActInvalid: there is none.
    """
    return _NOBODY if driver_id is None else need_present(desk, driver_id).shown_name


def _who(desk: Desk, pin: str | None, token: str | None) -> Driver:
    found = driver_with_token(desk, token or "") if pin is None else driver_with_pin(desk, pin)
    if found is None:
        raise NotFound(_UNKNOWN_CODE)
    return found


def rig_name(desk: Desk, rig: str) -> str:
    """What people call a rig."""
    card = desk.get(RigCard, rig)
    return rig if card is None or card.name is None else card.name


def _first_seen_at(connection: Connection, rig: str) -> datetime | None:
    query = select(rigs.c.first_seen_at).where(rigs.c.key == rig)
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found


def _moment_of_lap(connection: Connection, rig: str, lap_id: str) -> datetime:
    """From which moment on a lap of this rig and those after it are somebody's.

    Raises:
        NotFound: there is no such lap; ActInvalid: it is another rig's.
    """
    query = select(laps).where(laps.c.id == (lap_id if is_plain(lap_id) else ""))
    lap = connection.execute(query).mappings().first()
    if lap is None:
        raise NotFound(f"There is no lap {lap_id!r}. GET /api/v1/laps lists those there are.")
    if lap["rig"] != rig:
        raise ActInvalid(f"This lap was driven at rig {lap['rig']}; name one of {rig}.", "from_lap")
    attributed_by = func.coalesce(laps.c.began_at, laps.c.recorded_at)
    same_car = (laps.c.session_id == lap["session_id"], laps.c.car_index == lap["car_index"])
    before = select(func.max(attributed_by)).where(*same_car, laps.c.lap_number < lap["lap_number"])
    earlier: datetime | None = connection.execute(before).scalar_one_or_none()
    return assignments.since_lap(lap["began_at"], lap["recorded_at"], lap["lap_time_ms"], earlier)
