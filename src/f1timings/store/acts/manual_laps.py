"""The act that records a typed lap; typed laps are stored like other laps, in sessions of their own."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from f1timings.meeting.lap_times import parse_lap_time
from f1timings.meeting.manual_laps import MANUAL_RIG, manual_lap, manual_session, manual_session_id
from f1timings.meeting.people import Driver, ManualLap, Meeting
from f1timings.meeting.texts import LONGEST_REASON, clean_text
from f1timings.store import rows
from f1timings.store.acts import sentences
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import actor_of, name_of
from f1timings.store.events.lap_versions import store_lap_versions
from f1timings.store.reads.circuits import meeting_circuit
from f1timings.store.stored import StoredLap, StoredSession
from f1timings.store.tables.timed import laps, sessions
from f1timings.timing.records import Lap, Session
from f1timings.units import lap_text


def record_manual_lap(
    desk: Desk,
    meeting: Meeting,
    driver: Driver,
    *,
    typed: str,
    circuit: str | None = None,
    reason: str | None = None,
) -> StoredLap:
    """Store a lap that a person typed.

    Args:
        typed: the lap time, see :func:`f1timings.meeting.lap_times.parse_lap_time`.
        circuit: empty if it is not known; None for the circuit of the meeting.

    Raises:
        ActInvalid: this is not a lap time, or the circuit or the reason is not a valid text.
    """
    parse_lap_time(typed)
    if circuit is None:
        circuit = circuit_of(desk, meeting)
    else:
        circuit = clean_text(circuit, field="circuit", shortest=0) or None
    reason = clean_text(reason or "", field="reason", shortest=0, longest=LONGEST_REASON) or None
    session = _session(desk, meeting, circuit)
    lap = manual_lap(session, 1 + _highest_number(desk, session), typed.strip())
    desk.store_record(
        ManualLap(
            lap_id=lap.id,
            meeting_id=meeting.id,
            driver_id=driver.id,
            circuit=circuit,
            typed=typed.strip(),
            by=desk.by,
            at=desk.now,
        )
    )
    stored = _store_lap(desk, lap, reason)
    place = f" at {sentences.typed(circuit)}" if circuit else ""
    summary = f"{actor_of(desk)} entered {lap_text(lap.lap_time_ms)} for {name_of(driver)}{place}."
    desk.describe("manual_lap_recorded", lap.id, summary)
    return stored


def circuit_of(desk: Desk, meeting: Meeting) -> str | None:
    """Return the circuit of a meeting, see :func:`f1timings.store.reads.circuits.meeting_circuit`."""
    return meeting_circuit(lambda query: desk.connection.execute(query).mappings().all(), meeting)


def _store_lap(desk: Desk, lap: Lap, reason: str | None) -> StoredLap:
    stored = StoredLap(
        lap=lap,
        recorded_at=desk.now,
        received_at=desk.now,
        official_at=desk.now,
        revision=1,
        seq=desk.next_seq(),
        marked_by=desk.by,
        reason=reason,
    )
    store_lap_versions(desk.connection, {lap.id: (stored,)})
    return stored


def _session(desk: Desk, meeting: Meeting, circuit: str | None) -> Session:
    """Return the session of the typed laps of this circuit, created for the first of them."""
    session_id = manual_session_id(meeting.id, circuit)
    by_id = select(sessions).where(sessions.c.id == session_id)
    row = desk.connection.execute(by_id).mappings().first()
    if row is not None:
        return rows.session_of(row).session
    count = select(func.count()).select_from(sessions).where(sessions.c.rig == MANUAL_RIG)
    session = manual_session(meeting.id, circuit, desk.connection.execute(count).scalar_one())
    stored = StoredSession(
        session=session, opened_at=desk.now, ended_at=desk.now, lap_count=0, seq=desk.next_seq()
    )
    desk.connection.execute(insert(sessions).values(rows.session_row(stored)))
    return session


def _highest_number(desk: Desk, session: Session) -> int:
    highest = select(func.coalesce(func.max(laps.c.lap_number), 0)).where(laps.c.session_id == session.id)
    return int(desk.connection.execute(highest).scalar_one())
