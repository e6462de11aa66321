"""Acts on rigs: name a rig, and assign drivers to it, by a marshal or by a driver's own PIN or code."""

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
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.drivers import get_driver_with_pin, get_driver_with_token, need_present
from f1timings.store.acts.sentences import name_of, typed
from f1timings.store.ids import new_id
from f1timings.store.reads.joined_rigs import read_keys, read_remaining
from f1timings.store.records import table_of
from f1timings.store.tables.column_types import is_plain
from f1timings.store.tables.timed import laps, rigs

#: The same for every wrong code, so that it gives nothing away.


def edit_card(desk: Desk, rig: str, version: int, **facts: Any) -> RigCard:
    """Change the name of a rig or the place of its card.

    Args:
        version: the version that the client has seen, 0 before the first edit.
        facts: ``name`` and ``place``, as far as given.

    Raises:
        ActInvalid: no rig can have this name.
        ActConflict: the card has changed since that version.
    """
    if facts.get("name") is not None:
        facts["name"] = clean_text(facts["name"], field="name")
    rig = read_remaining(desk.connection, rig)
    card = desk.get_record(RigCard, rig) or RigCard(rig=rig, name=None, place=None)
    changed = replace(card, **facts)
    if changed == card:
        return card
    if card.seq != version:
        raise ActConflict("changed-since", card)
    desk.describe("rig_changed", rig, _card_summary(card, changed, numbered_name(desk.connection, rig)))
    return desk.store_record(changed)


def assign(
    desk: Desk,
    rig: str,
    driver_id: str | None,
    *,
    since: datetime | None = None,
    from_lap: str | None = None,
) -> Assignment:
    """Assign a driver to a rig from a moment on; the driver leaves any other rig now.

    Args:
        driver_id: None states that no known driver is there, not even the default driver.
        since: the moment; None is now.
        from_lap: id of the first lap of that rig that is the driver's, instead of a moment.

    Returns:
        The assignment that is now in force.

    Raises:
        NotFound: there is no such lap.
        ActInvalid: there is no such driver, the lap is of another rig, or the moment is in the future.
    """
    driver = None if driver_id is None else need_present(desk, driver_id)
    rig = read_remaining(desk.connection, rig)
    if from_lap is None:
        moment = assignments.valid_since(since, desk.now)
    else:
        moment = min(_moment_of_lap(desk.connection, rig, from_lap), desk.now)
    assigned = seat(desk, rig, driver_id, since=moment)
    name = rig_name(desk, rig)
    what = f"{name} was set to no driver" if driver is None else f"{name_of(driver)} was assigned to {name}"
    when = "" if moment == desk.now else " from an earlier moment on"
    desk.describe("rig_assigned", assigned.id, f"{what}{when}.")
    return assigned


def swap(desk: Desk, rig: str, other_rig: str) -> tuple[Assignment, Assignment]:
    """Swap the drivers of two rigs from now on, default drivers included.

    Returns:
        The assignments that are now in force at the two rigs.

    Raises:
        ActInvalid: both are the same rig.
        ActConflict: neither rig has a driver.
    """
    rig, other_rig = (read_remaining(desk.connection, key) for key in (rig, other_rig))
    if rig == other_rig:
        raise ActInvalid("rigs-same", "rigs")
    driver_id, other_id = driver_at(desk, rig), driver_at(desk, other_rig)
    if driver_id == other_id:
        raise ActConflict("rigs-empty")
    swapped = (
        seat(desk, rig, other_id, since=desk.now),
        seat(desk, other_rig, driver_id, since=desk.now),
    )
    names = f"{rig_name(desk, rig)} and {rig_name(desk, other_rig)}"
    desk.describe("rigs_swapped", rig, f"{names} swapped drivers.")
    return swapped


def set_default(desk: Desk, rig: str, driver_id: str | None) -> None:
    """Set the driver who usually drives at a rig, while no other driver is assigned.

    It counts from now on. The first default driver of a rig that never had an assignment counts since the
    rig's first datagram.

    Args:
        driver_id: None for no default driver.

    Raises:
        ActInvalid: there is no such driver.
    """
    driver = None if driver_id is None else need_present(desk, driver_id)
    rig = read_remaining(desk.connection, rig)
    history = _list_of_rig(desk, rig)
    name = rig_name(desk, rig)
    if driver is None:
        desk.describe("default_driver_set", rig, f"{name} no longer has a usual driver.")
        _apply(
            desk, assignments.end([assignment for assignment in history if assignment.is_default], desk.now)
        )
        return
    desk.describe("default_driver_set", rig, f"{name_of(driver)} became the usual driver of {name}.")
    since = assignments.since_default(history, _first_seen_at(desk.connection, rig), desk.now)
    _apply(desk, assignments.assign(history, _new(desk, rig, driver_id, since=since, is_default=True)))
    # A usual driver contradicts an earlier statement that no known driver is there.
    driverless = [
        assignment for assignment in history if assignment.driver_id is None and not assignment.is_default
    ]
    _apply(desk, assignments.end(driverless, desk.now))


def take(desk: Desk, rig: str, *, pin: str | None = None, token: str | None = None) -> Assignment:
    """Seat the driver with this PIN or token at a rig.

    Raises:
        NotFound: no driver has it; the text is always the same, so that it gives nothing away.
    """
    driver = _need_driver_with_code(desk, pin, token)
    rig = read_remaining(desk.connection, rig)
    assigned = seat(desk, rig, driver.id, since=desk.now)
    desk.describe("rig_taken", assigned.id, f"{name_of(driver)} took a seat at {rig_name(desk, rig)}.")
    return assigned


def leave(desk: Desk, rig: str, *, pin: str | None = None, token: str | None = None) -> Assignment | None:
    """Let the driver with this PIN or token leave a rig; do nothing if the driver is not there.

    Returns:
        The assignment that is now in force at the rig, None if there is none.

    Raises:
        NotFound: as :func:`take`.
    """
    driver = _need_driver_with_code(desk, pin, token)
    rig = read_remaining(desk.connection, rig)
    if driver_at(desk, rig) == driver.id:
        _apply(desk, assignments.end(_list_seated(desk, rig, desk.now), desk.now))
        if driver_at(desk, rig) == driver.id:
            # The default driver left: no known driver is there until another one is assigned.
            _seat_here(desk, rig, None, since=desk.now)
        desk.describe("rig_left", rig, f"{name_of(driver)} left {rig_name(desk, rig)}.")
    return assignments.at_moment(_list_lasting(desk, rig, desk.now), desk.now)


# Parts of acts: they do not describe the act, their caller does ------------------------------------------


def seat(desk: Desk, rig: str, driver_id: str | None, *, since: datetime) -> Assignment:
    """Seat a driver at a rig from a moment on; the driver leaves any other rig now."""
    if driver_id is not None:
        seated = desk.list_records(Assignment, driver_id=driver_id, until=None, is_default=False)
        keys = read_keys(desk.connection, rig)
        _apply(
            desk,
            assignments.end([assignment for assignment in seated if assignment.rig not in keys], desk.now),
        )
    return _seat_here(desk, rig, driver_id, since=since)


def unseat(desk: Desk, rig: str, driver_id: str, *, since: datetime) -> None:
    """Remove the seat of a driver who was called to a rig at that moment and never came."""
    rig = read_remaining(desk.connection, rig)
    seated = _list_of_rig(desk, rig, driver_id=driver_id, until=None, is_default=False)
    _apply(desk, assignments.end([assignment for assignment in seated if assignment.since >= since], since))


def end_doubtful_seats(desk: Desk, rig: str, *, since: datetime, until: datetime) -> None:
    """End the seats that began at a rig while another game had its place: nobody knows at which one.

    Args:
        since / until: when the other game took the place, and when the rig was back, on which the seats end.
    """
    rig = read_remaining(desk.connection, rig)
    began = table_of(Assignment).c.since
    doubtful = _list_of_rig(desk, rig, began >= since, began <= until, is_default=False)
    edit = assignments.end([seat for seat in doubtful if seat.driver_id is not None], until)
    if edit.stored or edit.removed:
        _apply(desk, edit)
        desk.describe("rig_assigned", rig, f"{rig_name(desk, rig)} was set to no driver.")


def clear_seats(desk: Desk) -> None:
    """End every assignment that is not a default from now on."""
    until = table_of(Assignment).c.until
    lasting = desk.list_records(Assignment, or_(until.is_(None), until > desk.now), is_default=False)
    _apply(desk, assignments.end(lasting, desk.now))


def end_seats_of_backup(desk: Desk, at: datetime) -> int:
    """End every assignment that is not a default at the moment of the backup that was restored.

    Nobody knows who sat at the rigs after it. Laps since then have no driver until a person chooses one.

    Returns:
        How many assignments lasted longer.
    """
    until = table_of(Assignment).c.until
    lasting = desk.list_records(Assignment, or_(until.is_(None), until > at), is_default=False)
    edit = assignments.end(lasting, at)
    if edit.stored or edit.removed:
        _apply(desk, edit)
        desk.describe("seats_ended", "", "All seats ended at the moment of the restored backup.")
    return len(edit.stored) + len(edit.removed)


def driver_at(desk: Desk, rig: str) -> str | None:
    """Return the id of the driver who gets the laps that begin at a rig now."""
    assignment = assignments.at_moment(_list_lasting(desk, rig, desk.now), desk.now)
    return None if assignment is None else assignment.driver_id


def rig_name(desk: Desk, rig: str) -> str:
    """Return the name that people gave a rig, or else its number, as a part of the sentence of an act.

    A rig that was joined has the name of the rig that remains.
    """
    rig = read_remaining(desk.connection, rig)
    card = desk.get_record(RigCard, rig)
    return numbered_name(desk.connection, rig) if card is None or card.name is None else typed(card.name)


def numbered_name(connection: Connection, rig: str) -> str:
    """Return the name that a rig has without people: "Rig 3"."""
    number = connection.execute(select(rigs.c.number).where(rigs.c.key == rig)).scalar_one_or_none()
    return "Rig" if number is None else f"Rig {number}"


def refuse_overlaps(desk: Desk) -> None:
    """Check the assignments that an undo restored.

    Raises:
        ActConflict: two drivers are assigned to one rig at one moment.
    """
    changed = [change.newest for change in desk.changes if isinstance(change.newest, Assignment)]
    for rig in sorted({read_remaining(desk.connection, assignment.rig) for assignment in changed}):
        for is_default in (False, True):
            history = _list_of_rig(desk, rig, is_default=is_default)
            if assignments.overlap(history):
                raise ActConflict("rig-assigned-since")


def settle_seats(desk: Desk, rig: str) -> None:
    """End each seat of a rig where a later one begins, after another rig was joined or separated."""
    for is_default in (False, True):
        _apply(desk, assignments.settle(_list_of_rig(desk, rig, is_default=is_default)))


def _card_summary(before: RigCard, after: RigCard, numbered: str) -> str:
    former = typed(before.name) if before.name else numbered
    name = typed(after.name) if after.name else numbered
    if before.name == after.name:
        return f"The card of {name} was moved."
    if after.name is None:
        return f"{former} no longer has a name; it is {numbered} again."
    return f"{former} was renamed {name}."


def _new(
    desk: Desk, rig: str, driver_id: str | None, *, since: datetime, is_default: bool = False
) -> Assignment:
    return Assignment(
        id=new_id(),
        rig=rig,
        driver_id=driver_id,
        since=since,
        until=None,
        is_default=is_default,
        by=desk.by,
    )


def _seat_here(desk: Desk, rig: str, driver_id: str | None, *, since: datetime) -> Assignment:
    edit = assignments.assign(_list_seated(desk, rig, since), _new(desk, rig, driver_id, since=since))
    assigned = _apply(desk, edit)
    assert assigned is not None
    return assigned


def _list_seated(desk: Desk, rig: str, since: datetime) -> list[Assignment]:
    return [assignment for assignment in _list_lasting(desk, rig, since) if not assignment.is_default]


def _list_lasting(desk: Desk, rig: str, since: datetime) -> list[Assignment]:
    """List the assignments of a rig that lasted up to a moment or longer; over years a rig has thousands."""
    until = table_of(Assignment).c.until
    return _list_of_rig(desk, rig, or_(until.is_(None), until >= since))


def _list_of_rig(desk: Desk, rig: str, *where: Any, **equal: Any) -> list[Assignment]:
    """List assignments of a rig, also those entered for a rig that was joined into it."""
    keys = read_keys(desk.connection, rig)
    return desk.list_records(Assignment, table_of(Assignment).c.rig.in_(keys), *where, **equal)


def _apply(desk: Desk, edit: Edit) -> Assignment | None:
    for removed in edit.removed:
        desk.delete_record(removed)
    stored = {assignment.id: desk.store_record(assignment) for assignment in edit.stored}
    return None if edit.in_force is None else stored.get(edit.in_force.id, edit.in_force)


def _need_driver_with_code(desk: Desk, pin: str | None, token: str | None) -> Driver:
    driver = get_driver_with_token(desk, token or "") if pin is None else get_driver_with_pin(desk, pin)
    if driver is None:
        raise NotFound("code-unknown")
    return driver


def _first_seen_at(connection: Connection, rig: str) -> datetime | None:
    query = select(rigs.c.first_seen_at).where(rigs.c.key == rig)
    first_seen_at: datetime | None = connection.execute(query).scalar_one_or_none()
    return first_seen_at


def _moment_of_lap(connection: Connection, rig: str, lap_id: str) -> datetime:
    """Return the moment from which an assignment covers this lap of a rig and all laps after it.

    Raises:
        NotFound: there is no such lap.
        ActInvalid: it is a lap of another rig.
    """
    query = select(laps).where(laps.c.id == (lap_id if is_plain(lap_id) else ""))
    lap = connection.execute(query).mappings().first()
    if lap is None:
        raise NotFound("no-such-record", detail=f"There is no lap {lap_id!r}.")
    if read_remaining(connection, lap["rig"]) != rig:
        raise ActInvalid("lap-of-other-rig", "from_lap")
    attributed_by = func.coalesce(laps.c.began_before, laps.c.began_at, laps.c.recorded_at)
    same_car = (laps.c.session_id == lap["session_id"], laps.c.car_index == lap["car_index"])
    before = select(func.max(attributed_by)).where(*same_car, laps.c.lap_number < lap["lap_number"])
    earlier: datetime | None = connection.execute(before).scalar_one_or_none()
    return assignments.since_lap(
        began_at=lap["began_at"] if lap["began_before"] is None else lap["began_after"],
        recorded_at=lap["recorded_at"],
        lap_time_ms=lap["lap_time_ms"],
        earlier=earlier,
    )
