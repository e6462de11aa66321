"""Conversion between records of what a game timed and rows.

Occurrences are in :mod:`f1timings.store.occurrences`, records that people entered in
:mod:`f1timings.store.records`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping

from f1timings.rigs.registry import RigSeen
from f1timings.store.stored import StoredLap, StoredRig, StoredSession
from f1timings.timing.records import (
    ClassificationEntry,
    Lap,
    LapState,
    Participant,
    Session,
)

Row = dict[str, Any]


def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


_RIG = _names(RigSeen)
_SESSION = tuple(name for name in _names(Session) if name != "uid")
_PARTICIPANT = _names(Participant)
_LAP = tuple(name for name in _names(Lap) if name not in ("session_uid", "state"))
_ENTRY = _names(ClassificationEntry)
_STARTS = ("began_at", "began_after", "began_before")
_VERSION = ("recorded_at", "received_at", "official_at", "revision", "seq", *_STARTS)
_MARK = ("game_is_valid", "ruled_valid", "marked_by", "reason")
# The columns that a list joins to a lap. A row of the table alone does not have them.
_JOINED = ("driver", "driver_id", "basis", "meeting_id", "circuit", "typed")
_STORED_LAP = (*_VERSION, *_MARK)
_LISTED_LAP = (*_STORED_LAP, *_JOINED)

_ReadColumns = Callable[[RowMapping], tuple[Any, ...]]
_read_lap: _ReadColumns = itemgetter(*_LAP)
_read_stored_lap: _ReadColumns = itemgetter(*_STORED_LAP)
_read_listed_lap: _ReadColumns = itemgetter(*_LISTED_LAP)


def rig_row(stored: StoredRig) -> Row:
    times = {"first_seen_at": stored.first_seen_at, "last_seen_at": stored.last_seen_at, "seq": stored.seq}
    return {name: getattr(stored.rig, name) for name in _RIG} | times | {"number": stored.number}


def rig_of(row: RowMapping, session_count: int = 0) -> StoredRig:
    rig = RigSeen(**{name: row[name] for name in _RIG})
    return StoredRig(
        rig=rig,
        first_seen_at=row["first_seen_at"],
        last_seen_at=row["last_seen_at"],
        session_count=session_count,
        seq=row["seq"],
        number=row["number"],
    )


def session_row(stored: StoredSession) -> Row:
    session = stored.session
    own = {"session_uid": str(session.uid), "opened_at": stored.opened_at, "ended_at": stored.ended_at}
    return {name: getattr(session, name) for name in _SESSION} | own | {"seq": stored.seq}


def session_of(row: RowMapping, lap_count: int = 0) -> StoredSession:
    session = Session(uid=int(row["session_uid"]), **{name: row[name] for name in _SESSION})
    return StoredSession(
        session=session,
        opened_at=row["opened_at"],
        ended_at=row["ended_at"],
        lap_count=lap_count,
        seq=row["seq"],
    )


def participant_row(participant: Participant) -> Row:
    return {name: getattr(participant, name) for name in _PARTICIPANT}


def participant_of(row: RowMapping) -> Participant:
    return Participant(**{name: row[name] for name in _PARTICIPANT})


def lap_row(stored: StoredLap) -> Row:
    lap = stored.lap
    row = {name: getattr(lap, name) for name in _LAP}
    row |= {name: getattr(stored, name) for name in (*_VERSION, *_MARK)}
    row["session_uid"] = str(lap.session_uid)
    row["state"] = lap.state.value
    row["game_state"] = None if stored.game_state is None else stored.game_state.value
    return row


def lap_of(row: RowMapping) -> StoredLap:
    return _lap_of(row, _STORED_LAP, _read_stored_lap)


def listed_lap_of(row: RowMapping) -> StoredLap:
    """A lap from a row of a list, with the joined columns."""
    return _lap_of(row, _LISTED_LAP, _read_listed_lap)


def _lap_of(row: RowMapping, names: Sequence[str], read: _ReadColumns) -> StoredLap:
    """A lap with these columns; a list has up to 1,000, so each record of it is built once."""
    lap = Lap(
        session_uid=int(row["session_uid"]),
        state=LapState(row["state"]),
        **dict(zip(_LAP, _read_lap(row), strict=True)),
    )
    game_state = None if row["game_state"] is None else LapState(row["game_state"])
    return StoredLap(lap=lap, game_state=game_state, **dict(zip(names, read(row), strict=True)))


def with_joined_columns(stored: StoredLap, row: RowMapping) -> StoredLap:
    """A version of a lap with the columns that a list joins to it, such as the driver."""
    return at_rig(replace(stored, **{name: row[name] for name in _JOINED}), row["rig"])


def at_rig(stored: StoredLap, rig: str) -> StoredLap:
    """A version of a lap with the rig for which it counts."""
    return stored if stored.lap.rig == rig else replace(stored, lap=replace(stored.lap, rig=rig))


def entry_row(session_id: str, entry: ClassificationEntry) -> Row:
    return {"session_id": session_id} | {name: getattr(entry, name) for name in _ENTRY}


def entry_of(row: RowMapping) -> ClassificationEntry:
    return ClassificationEntry(**{name: row[name] for name in _ENTRY})


def classification_row(session_id: str, official_at: datetime, seq: int) -> Row:
    return {"session_id": session_id, "official_at": official_at, "seq": seq}
