"""Manual laps: build the lap and the session under which a typed lap is stored. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.lap_times import parse_lap_time, read_lap_time
from f1timings.meeting.people import ManualLap
from f1timings.timing.records import Lap, LapState, Session, lap_id

#: The rig of such laps. No real rig has this key, because the keys of real rigs are addresses.
MANUAL_RIG: Final = "manual"
#: The packet format of their sessions, which no game sent.
NO_FORMAT: Final = 0
# Characters besides letters and digits that an id may contain; none of them separates parts of ids or URLs.
_PLAIN: Final = frozenset(" -.'()")


def manual_session(meeting_id: str, circuit: str | None, number: int) -> Session:
    """Return the session of the laps that are typed for one circuit of a meeting.

    Args:
        circuit: None if it is not known.
        number: how many sessions of typed laps there were before.
    """
    return Session(
        id=manual_session_id(meeting_id, circuit),
        rig=MANUAL_RIG,
        uid=0,
        epoch=number,
        packet_format=NO_FORMAT,
        track=circuit,
        is_ended=True,
    )


def manual_session_id(meeting_id: str, circuit: str | None) -> str:
    """Return the id of that session: the same for all spellings of a circuit."""
    return f"{MANUAL_RIG}~{meeting_id}~{_in_id(circuit_key(circuit)) or '-'}"


def manual_lap(session: Session, number: int, typed: str) -> Lap:
    """Return a lap with a typed lap time.

    Args:
        number: its number in that session, from 1.
        typed: see :func:`f1timings.meeting.lap_times.parse_lap_time`.

    Raises:
        ActInvalid: this is not a lap time.
    """
    return Lap(
        id=lap_id(session.id, 0, number, 0),
        session_id=session.id,
        session_uid=session.uid,
        rig=MANUAL_RIG,
        car_index=0,
        participant=None,
        lap_number=number,
        branch=0,
        lap_time_ms=parse_lap_time(typed),
        sector1_ms=None,
        sector2_ms=None,
        sector3_ms=None,
        is_valid=True,
        compound=None,
        state=LapState.COMPLETED,
        recovered=False,
    )


def as_typed(lap: Lap, record: ManualLap | None) -> Lap:
    """Return the lap with the time of its record; without a record, which an undo deleted, as deleted."""
    if record is None:
        return replace(lap, state=LapState.DELETED)
    return replace(lap, state=LapState.COMPLETED, lap_time_ms=read_lap_time(record.typed))


def _in_id(key: str) -> str:
    if all(character.isalnum() or character in _PLAIN for character in key) and key != "-":
        return key
    return hashlib.sha256(key.encode()).hexdigest()[:12]
