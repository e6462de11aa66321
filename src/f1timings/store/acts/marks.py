"""What marshals decide about laps, laid over what the games said; the games' own words stay beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, TypeVar

from sqlalchemy import Connection, select

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.lap_times import parse_lap_time
from f1timings.meeting.manual_laps import MANUAL_RIG, as_typed
from f1timings.meeting.people import LapMark, ManualLap
from f1timings.meeting.texts import LONGEST_REASON, clean_text
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.drivers import need_present
from f1timings.store.events.changes import save_laps, stored_laps
from f1timings.store.events.versions import judged_lap
from f1timings.store.records import record_of
from f1timings.store.stored import RecordChange, StoredLap
from f1timings.store.tables.column_types import is_plain
from f1timings.store.tables.people import lap_marks, manual_laps
from f1timings.units import lap_text

R = TypeVar("R", LapMark, ManualLap)
_TABLES = {LapMark: lap_marks, ManualLap: manual_laps}


class Ruling(TypedDict, total=False):
    """What a marshal decides; what is left out stays as it is.

    ``is_valid`` and ``driver_id`` None give the decision back to the game and to the assignments. ``time``,
    as typed, is for manual laps alone. ``reason`` belongs to this decision: left out there is none.
    """

    is_deleted: bool
    is_valid: bool | None
    driver_id: str | None
    time: str
    reason: str | None


class SeenRevision(NamedTuple):
    """A lap, and the revision of it that the marshal has seen."""

    lap_id: str
    revision: int


def apply_marks(
    connection: Connection, changes: Sequence[RecordChange], now: datetime, next_seq: Callable[[], int]
) -> tuple[str, ...]:
    """Give the laps whose marks or typed times changed the version that follows from them.

    Args:
        changes: all that an act changed.
        now: UTC.
        next_seq: gives a new number for a change.

    Returns:
        The ids of those laps.
    """
    newest = [change.newest for change in changes]
    marked = {record.lap_id for record in newest if isinstance(record, LapMark)}
    touched = sorted(marked | {record.lap_id for record in newest if isinstance(record, ManualLap)})
    if not touched:
        return ()
    marks, typed = _by_lap(connection, LapMark, touched), _by_lap(connection, ManualLap, touched)
    versions = {}
    for lap_id, known in stored_laps(connection, touched).items():
        after = _judged(known[-1], marks.get(lap_id), typed.get(lap_id))
        if lap_id in marked or after.lap != known[-1].lap:
            after = replace(after, official_at=now, revision=after.revision + 1, seq=next_seq())
            versions[lap_id] = (*known, after)
    save_laps(connection, versions)
    return tuple(versions)


def mark_laps(desk: Desk, laps: Sequence[SeenRevision], ruling: Ruling) -> tuple[str, ...]:
    """Decide the same about some laps, all or none; what is so already stays untouched.

    Returns:
        Their ids.

    Raises:
        NotFound: there is no such lap.
        ActConflict: one of them has another revision by now; ``current`` holds it.
        ActInvalid: a driver that there is not, no lap time, or a time for a lap that a game timed.
    """
    ruling = _checked(desk, ruling)
    known = stored_laps(desk.connection, [lap_id for lap_id, _ in laps if is_plain(lap_id)])
    for lap_id, revision in laps:
        if lap_id not in known:
            raise NotFound(f"There is no lap {lap_id!r}. GET /api/v1/laps lists those there are.")
        _rule(desk, known[lap_id][-1], revision, ruling)
    ids = tuple(lap_id for lap_id, _ in laps)
    if desk.changes:
        kind, what = _told(ruling)
        which = _name(known[ids[0]][-1]) if len(ids) == 1 else f"{len(ids)} laps"
        desk.note(kind, ids[0], f"{desk.by} {what} {which}{_because(ruling)}.")
    return ids


def _rule(desk: Desk, stored: StoredLap, revision: int, ruling: Ruling) -> None:
    lap_id = stored.lap.id
    record = desk.get(ManualLap, lap_id)
    before = desk.get(LapMark, lap_id)
    blank = LapMark(lap_id, False, None, None, None, desk.by, desk.now)
    after = replace(before or blank, **({"reason": None} | _of_mark(ruling)))
    retyped = _retyped(record, ruling)
    if _is_so(before or blank, after, "reason" in ruling) and retyped == record:
        return
    if stored.revision != revision:
        raise ActConflict("This lap has changed meanwhile; look at it and try again.", stored)
    if retyped is not None and retyped != record:
        desk.put(replace(retyped, by=desk.by, at=desk.now))
    desk.put(replace(after, by=desk.by, at=desk.now))


def _checked(desk: Desk, ruling: Ruling) -> Ruling:
    """The ruling with its texts cleaned.

    Raises:
        ActInvalid: a driver that there is not, no lap time, no clean reason, or nothing at all.
    """
    if not ruling.keys() - {"reason"}:
        raise ActInvalid("Say what to decide: is_deleted, is_valid, driver_id or time.")
    checked = ruling.copy()
    if reason := ruling.get("reason"):
        checked["reason"] = clean_text(reason, field="reason", shortest=0, longest=LONGEST_REASON) or None
    if "time" in ruling:
        parse_lap_time(ruling["time"])
        checked["time"] = ruling["time"].strip()
    if driver_id := ruling.get("driver_id"):
        need_present(desk, driver_id)
    return checked


def _of_mark(ruling: Ruling) -> dict[str, Any]:
    return {name: value for name, value in ruling.items() if name != "time"}


def _retyped(record: ManualLap | None, ruling: Ruling) -> ManualLap | None:
    if "time" not in ruling:
        return record
    if record is None:
        raise ActInvalid(
            "The game timed this lap; only the time of a lap typed by hand can be changed.", "time"
        )
    if parse_lap_time(record.typed) == parse_lap_time(ruling["time"]):
        return record
    return replace(record, typed=ruling["time"])


def _is_so(before: LapMark, after: LapMark, is_reason_given: bool) -> bool:
    """Whether that is decided already; the same without its reason repeats it."""
    return after == (before if is_reason_given else replace(before, reason=None))


def _judged(last: StoredLap, mark: LapMark | None, record: ManualLap | None) -> StoredLap:
    if last.lap.rig != MANUAL_RIG:
        return judged_lap(last, last.as_timed, mark)
    return judged_lap(last, as_typed(last.as_timed, record), mark, None if record is None else record.by)


def _by_lap(connection: Connection, kind: type[R], lap_ids: Iterable[str]) -> Mapping[str, R]:
    table = _TABLES[kind]
    found = connection.execute(select(table).where(table.c.lap_id.in_(lap_ids))).mappings()
    return {row["lap_id"]: record_of(kind, row) for row in found}


def _told(ruling: Ruling) -> tuple[str, str]:
    """What the ruling is called, and what its act says; the weightiest part of it counts."""
    if "is_deleted" in ruling:
        return ("laps_deleted", "deleted") if ruling["is_deleted"] else ("laps_restored", "restored")
    if "time" in ruling:
        return "lap_retimed", f"set to {lap_text(parse_lap_time(ruling['time']))}"
    if "is_valid" in ruling:
        words = {True: "declared valid", False: "declared invalid", None: "left to the game's verdict"}
        return "laps_judged", words[ruling["is_valid"]]
    return "laps_claimed", "changed the driver of"


def _name(stored: StoredLap) -> str:
    lap = stored.lap
    if lap.rig == MANUAL_RIG:
        return f"the lap typed as {lap_text(lap.lap_time_ms)}"
    return f"lap {lap.lap_number} ({lap_text(lap.lap_time_ms)}) of rig {lap.rig}"


def _because(ruling: Ruling) -> str:
    reason = ruling.get("reason")
    return f": {reason.rstrip('.')}" if reason else ""
