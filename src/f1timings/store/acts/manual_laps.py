"""Laps that people type: stored as laps like those of the games, in sessions of their own."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from f1timings.meeting.lap_times import parse_lap_time
from f1timings.meeting.manual_laps import MANUAL_RIG, manual_lap, manual_session, manual_session_id
from f1timings.meeting.people import Driver, ManualLap, Meeting
from f1timings.meeting.texts import LONGEST_REASON, clean_text
from f1timings.store import rows
from f1timings.store.acts.desk import Desk
from f1timings.store.events.changes import save_laps
from f1timings.store.reads.circuits import meeting_circuit
from f1timings.store.stored import StoredLap, StoredSession
from f1timings.store.tables.timed import laps, sessions
from f1timings.timing.records import Session
from f1timings.units import lap_text


def record_manual_lap(
    desk: Desk,
    meeting: Meeting,
    driver: Driver,
    time_text: str,
    circuit: str | None = None,
    reason: str | None = None,
) -> StoredLap:
    """Keep a lap that somebody typed, and say so in the act.

    Args:
        time_text: see :func:`f1timings.meeting.lap_times.parse_lap_time`.
        circuit: None for the one that the meeting is at.

    Raises:
        ActInvalid: this is no lap time, or a text that cannot be kept.
    """
    parse_lap_time(time_text)
    where = clean_text(circuit, field="circuit") if circuit else circuit_of(desk, meeting)
    why = clean_text(reason or "", field="reason", shortest=0, longest=LONGEST_REASON) or None
    session = _session(desk, meeting, where)
    number = 1 + _highest_number(desk, session)
    lap = manual_lap(session, number, time_text.strip())
    desk.put(ManualLap(lap.id, meeting.id, driver.id, where, time_text.strip(), desk.by, desk.now))
    stored = StoredLap(lap, desk.now, desk.now, desk.now, 1, desk.next_seq(), marked_by=desk.by, reason=why)
    save_laps(desk.connection, {lap.id: (stored,)})
    place = f" at {where}" if where else ""
    summary = f"{desk.by} entered {lap_text(lap.lap_time_ms)} for {driver.shown_name}{place}."
    desk.note("manual_lap_recorded", lap.id, summary)
    return stored


def circuit_of(desk: Desk, meeting: Meeting) -> str | None:
    """Where the meeting is, see :func:`f1timings.store.reads.circuits.meeting_circuit`."""
    return meeting_circuit(lambda query: desk.connection.execute(query).mappings().all(), meeting)


def _session(desk: Desk, meeting: Meeting, circuit: str | None) -> Session:
    """The session that holds such laps of this circuit; made with the first of them."""
    session_id = manual_session_id(meeting.id, circuit)
    known = select(sessions).where(sessions.c.id == session_id)
    row = desk.connection.execute(known).mappings().first()
    if row is not None:
        return rows.session_of(row).session
    count = select(func.count()).select_from(sessions).where(sessions.c.rig == MANUAL_RIG)
    session = manual_session(meeting.id, circuit, desk.connection.execute(count).scalar_one())
    stored = StoredSession(session, desk.now, desk.now, 0, desk.next_seq())
    desk.connection.execute(insert(sessions).values(rows.session_row(stored)))
    return session


def _highest_number(desk: Desk, session: Session) -> int:
    highest = select(func.coalesce(func.max(laps.c.lap_number), 0)).where(laps.c.session_id == session.id)
    return int(desk.connection.execute(highest).scalar_one())
