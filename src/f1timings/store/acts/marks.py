"""The act by which marshals decide about laps; what the games reported stays stored beside the decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, TypeVar

from sqlalchemy import Connection, select

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.lap_times import parse_lap_time, read_lap_time
from f1timings.meeting.manual_laps import MANUAL_RIG, as_typed
from f1timings.meeting.people import LapMark, ManualLap
from f1timings.meeting.texts import LONGEST_REASON, clean_text
from f1timings.store.acts.assignments import rig_name
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.drivers import need_present
from f1timings.store.acts.sentences import actor_of, typed
from f1timings.store.events.lap_versions import read_lap_versions, store_lap_versions
from f1timings.store.events.versions import judged_lap
from f1timings.store.records import record_of
from f1timings.store.stored import RecordChange, StoredLap
from f1timings.store.tables.column_types import is_plain
from f1timings.store.tables.people import lap_marks, manual_laps
from f1timings.units import lap_text

R = TypeVar("R", LapMark, ManualLap)
_TABLES = {LapMark: lap_marks, ManualLap: manual_laps}


class Ruling(TypedDict, total=False):
    """What a marshal decides; a key that is left out changes nothing.

    ``is_valid`` None returns the decision to the game, ``driver_id`` None to the assignments. ``time`` is the
    text as typed, for manual laps only. ``reason`` belongs to this decision; if left out, there is none.
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


def mark_laps(desk: Desk, laps: Sequence[SeenRevision], ruling: Ruling) -> tuple[str, ...]:
    """Decide the same about several laps, all of them or none; a lap with this decision stays as it is.

    Returns:
        Their ids.

    Raises:
        NotFound: there is no such lap.
        ActConflict: one of them has changed since that revision; ``current`` is the lap as it is now.
        ActInvalid: there is no such driver, the time is not a lap time, or a game timed the lap.
    """
    ruling = _valid_ruling(desk, ruling)
    known = read_lap_versions(desk.connection, [lap_id for lap_id, _ in laps if is_plain(lap_id)])
    for lap_id, revision in laps:
        if lap_id not in known:
            raise NotFound("no-such-record", detail=f"There is no lap {lap_id!r}.")
        _mark_lap(desk, known[lap_id][-1], revision, ruling=ruling)
    ids = tuple(lap_id for lap_id, _ in laps)
    if desk.changes:
        which = _lap_words(desk, known[ids[0]][-1]) if len(ids) == 1 else f"{len(ids)} laps"
        kind, what = _describe(ruling, which)
        desk.describe(kind, ids[0], f"{actor_of(desk)} {what}{_because(ruling)}.")
    return ids


def apply_marks(
    connection: Connection, changes: Sequence[RecordChange], now: datetime, *, next_seq: Callable[[], int]
) -> tuple[str, ...]:
    """Store a new version of every lap whose mark or typed time an act changed.

    Args:
        changes: all changes of the act.
        now: UTC.
        next_seq: returns the number of the next change.

    Returns:
        The ids of the laps with a new version.
    """
    newest = [change.newest for change in changes]
    marked = {record.lap_id for record in newest if isinstance(record, LapMark)}
    touched = sorted(marked | {record.lap_id for record in newest if isinstance(record, ManualLap)})
    if not touched:
        return ()
    marks, typed = _by_lap(connection, LapMark, touched), _by_lap(connection, ManualLap, touched)
    versions = {}
    for lap_id, known in read_lap_versions(connection, touched).items():
        after = _judged(known[-1], marks.get(lap_id), typed.get(lap_id))
        if lap_id in marked or after.lap != known[-1].lap:
            after = replace(after, official_at=now, revision=after.revision + 1, seq=next_seq())
            versions[lap_id] = (*known, after)
    store_lap_versions(connection, versions)
    return tuple(versions)


def _mark_lap(desk: Desk, stored: StoredLap, revision: int, *, ruling: Ruling) -> None:
    lap_id = stored.lap.id
    typed = desk.get_record(ManualLap, lap_id)
    mark = desk.get_record(LapMark, lap_id) or LapMark(
        lap_id=lap_id,
        is_deleted=False,
        is_valid=None,
        driver_id=None,
        reason=None,
        by=desk.by,
        at=desk.now,
    )
    after = replace(mark, **({"reason": None} | _facts_of_mark(ruling)))
    retyped = _retyped(typed, ruling)
    if _is_decided(mark, after, "reason" in ruling) and retyped == typed:
        return
    if stored.revision != revision:
        raise ActConflict("changed-since", stored)
    if retyped is not None and retyped != typed:
        desk.store_record(replace(retyped, by=desk.by, at=desk.now))
    desk.store_record(replace(after, by=desk.by, at=desk.now))


def _valid_ruling(desk: Desk, ruling: Ruling) -> Ruling:
    """Return the ruling with its texts tidied.

    Raises:
        ActInvalid: there is no such driver, the time is not a lap time, the reason is not a valid text, or
            the ruling decides nothing.
    """
    if not ruling.keys() - {"reason"}:
        raise ActInvalid("lap-undecided")
    valid = ruling.copy()
    if reason := ruling.get("reason"):
        valid["reason"] = clean_text(reason, field="reason", shortest=0, longest=LONGEST_REASON) or None
    if "time" in ruling:
        parse_lap_time(ruling["time"])
        valid["time"] = ruling["time"].strip()
    if driver_id := ruling.get("driver_id"):
        need_present(desk, driver_id)
    return valid


def _facts_of_mark(ruling: Ruling) -> dict[str, Any]:
    return {name: value for name, value in ruling.items() if name != "time"}


def _retyped(record: ManualLap | None, ruling: Ruling) -> ManualLap | None:
    if "time" not in ruling:
        return record
    if record is None:
        raise ActInvalid("lap-timed-by-game", "time")
    if read_lap_time(record.typed) == parse_lap_time(ruling["time"]):
        return record
    return replace(record, typed=ruling["time"])


def _is_decided(before: LapMark, after: LapMark, is_reason_given: bool) -> bool:
    """Whether the mark states this already; a ruling without a reason leaves the earlier reason."""
    return after == (before if is_reason_given else replace(before, reason=None))


def _judged(last: StoredLap, mark: LapMark | None, record: ManualLap | None) -> StoredLap:
    if last.lap.rig != MANUAL_RIG:
        return judged_lap(last, last.as_timed, mark)
    return judged_lap(last, as_typed(last.as_timed, record), mark, None if record is None else record.by)


def _by_lap(connection: Connection, kind: type[R], lap_ids: Iterable[str]) -> Mapping[str, R]:
    table = _TABLES[kind]
    found = connection.execute(select(table).where(table.c.lap_id.in_(lap_ids))).mappings()
    return {row["lap_id"]: record_of(kind, row) for row in found}


def _describe(ruling: Ruling, which: str) -> tuple[str, str]:
    """Return the kind of the act, and what the marshal did with these laps; the weightiest part decides."""
    if "is_deleted" in ruling:
        is_deleted = ruling["is_deleted"]
        return ("laps_deleted", f"deleted {which}") if is_deleted else ("laps_restored", f"restored {which}")
    if "time" in ruling:
        return "lap_retimed", f"set the time of {which} to {lap_text(parse_lap_time(ruling['time']))}"
    if "is_valid" in ruling:
        if ruling["is_valid"] is None:
            return "laps_judged", f"left it to the game whether {which} counts as valid"
        return "laps_judged", f"declared {which} {'valid' if ruling['is_valid'] else 'invalid'}"
    return "laps_claimed", f"changed the driver of {which}"


def _lap_words(desk: Desk, stored: StoredLap) -> str:
    lap = stored.lap
    if lap.rig == MANUAL_RIG:
        return f"the lap typed as {lap_text(lap.lap_time_ms)}"
    return f"lap {lap.lap_number} ({lap_text(lap.lap_time_ms)}) at {rig_name(desk, lap.rig)}"


def _because(ruling: Ruling) -> str:
    reason = ruling.get("reason")
    return f": {typed(reason.rstrip('.'))}" if reason else ""
