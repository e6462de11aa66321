"""The acts of the older program's clients, done on today's meetings, drivers and laps."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from f1timings.errors import NotFound
from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.lap_times import read_lap_time, refuse_unlikely
from f1timings.meeting.people import Driver, ManualLap, Meeting
from f1timings.meeting.texts import clean_text
from f1timings.store.acts import drivers, meetings
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.manual_laps import circuit_of, record_manual_lap
from f1timings.store.acts.marks import SeenRevision, mark_laps
from f1timings.store.acts.sentences import name_of
from f1timings.store.stored import StoredLap
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps


def save_user(desk: Desk, name: str, team: str) -> Driver:
    """Set the team of the driver of that name; create the driver if there is none."""
    clean_text(team, field="team")
    driver = drivers.upsert_driver(desk, name, team)
    desk.describe("driver_saved", driver.id, f"Driver {name_of(driver)} was saved.")
    return driver


def remove_user(desk: Desk, name: str) -> Driver:
    """Delete the driver of that name; the laps remain.

    Raises:
        NotFound: there is no such driver.
    """
    driver = _driver(desk, name)
    if driver is None:
        raise NotFound("older-user-unknown", name=name)
    return drivers.remove(desk, driver.id, driver.seq)


def save_lap(desk: Desk, *, name: str, team: str, time: str) -> StoredLap:
    """Store a lap typed by hand for the driver of that name; create the driver if there is none."""
    clean_text(team, field="team")
    driver = drivers.upsert_driver(desk, name, team)
    return record_manual_lap(desk, meetings.get_open_meeting(desk), driver, typed=time)


def remove_lap(desk: Desk, name: str, time: str) -> None:
    """Delete the laps of that name and time from the current board.

    Raises:
        NotFound: there is no such lap.
        ActInvalid: the text is not a lap time, or there is no such lap and nobody drives that time.
    """
    lap_time_ms = read_lap_time(time)
    driver = _driver(desk, name)
    meeting = meetings.get_open_meeting(desk)
    matching = (
        select(laps.c.id, laps.c.revision)
        .join(attributions, attributions.c.lap_id == laps.c.id)
        .where(
            attributions.c.meeting_id == meeting.id,
            attributions.c.circuit_key == circuit_key(circuit_of(desk, meeting)),
            attributions.c.entrant == (f"r:{name}" if driver is None else f"d:{driver.id}"),
            attributions.c.counts,
            attributions.c.lap_time_ms == lap_time_ms,
        )
    )
    revisions = [SeenRevision(row.id, row.revision) for row in desk.connection.execute(matching)]
    if not revisions:
        refuse_unlikely(time, lap_time_ms)
        raise NotFound("older-lap-unknown")
    mark_laps(desk, revisions, {"is_deleted": True})


def set_track(desk: Desk, name: str) -> Meeting:
    """Set the circuit of the open meeting, also for laps typed by hand while no circuit was known."""
    meeting = meetings.get_open_meeting(desk)
    if circuit_of(desk, meeting) is None:
        for lap in desk.list_records(ManualLap, meeting_id=meeting.id, circuit=None):
            desk.store_record(replace(lap, circuit=clean_text(name, field="name")))
    return meetings.edit(desk, meeting.id, None, circuit=name)


def _driver(desk: Desk, name: str) -> Driver | None:
    """The driver of that name; None also for a text that cannot be a name."""
    tidy = " ".join(name.split())
    return drivers.get_driver_named(desk, tidy) if 0 < len(tidy) <= 80 and tidy.isprintable() else None
