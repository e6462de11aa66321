"""Laps that were typed in: how they look among those that the games sent."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.lap_times import parse_lap_time
from f1timings.meeting.people import ManualLap
from f1timings.timing.records import Lap, LapState, Session, lap_id

#: The rig of such laps; no rig of the games has this key, for theirs are addresses.
MANUAL_RIG: Final = "manual"
#: The packet format of their sessions, which no game sent.
NO_FORMAT: Final = 0
# What an id may hold beside letters and digits: no character that divides ids or addresses.
_PLAIN: Final = frozenset(" -.'()")


def manual_session(meeting_id: str, circuit: str | None, number: int) -> Session:
    """The session that holds the laps typed in for one circuit of a meeting.

    Args:
        circuit: None where it is not known.
        number: sessions of this kind that there were before.
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
    """Its id: one for all names of one circuit."""
    return f"{MANUAL_RIG}~{meeting_id}~{_in_id(circuit_key(circuit)) or '-'}"


def manual_lap(session: Session, number: int, typed: str) -> Lap:
    """A lap as typed.

    Args:
        number: its number in that session, from 1.

    Raises:
        ActInvalid: this is no lap time.
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
    """The lap as its record has it; without one it was taken back."""
    if record is None:
        return replace(lap, state=LapState.DELETED)
    return replace(lap, state=LapState.COMPLETED, lap_time_ms=parse_lap_time(record.typed))


def _in_id(key: str) -> str:
    if all(character.isalnum() or character in _PLAIN for character in key) and key != "-":
        return key
    return hashlib.sha256(key.encode()).hexdigest()[:12]
