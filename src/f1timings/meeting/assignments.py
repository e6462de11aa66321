"""Who sits at which rig, and since when: what becomes of a rig's assignments when somebody is assigned.

A rig's assignments are two rows of intervals without overlaps: those that say who sits there, and those that
say who usually does (defaults). Whoever is assigned from a moment on takes all that follows; before that
moment nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from f1timings.errors import ActInvalid
from f1timings.meeting.people import Assignment

#: A client's clock may be ahead of ours by this much.
CLOCK_SLACK = timedelta(minutes=1)
#: No game of which we know sent anything before.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Edit:
    """What changes among a rig's assignments.

    Attributes:
        force: the assignment that holds from now on, None where there is none.
        put: new or changed ones; removed: those that are gone.
    """

    force: Assignment | None
    put: tuple[Assignment, ...]
    removed: tuple[Assignment, ...]


def assign(of_rig: Iterable[Assignment], new: Assignment) -> Edit:
    """Let somebody sit at a rig, or be its default, from a moment on without an end.

    Args:
        of_rig: all assignments of the rig.
        new: the assignment as it is where nothing is to be joined; its ``until`` is None.

    Returns:
        ``force`` is the new one, or the one that went on up to that moment for the same driver, made longer.
    """
    same_kind = [one for one in of_rig if one.is_default == new.is_default]
    joined = next((one for one in same_kind if _reaches(one, new.since) and _same(one, new)), None)
    others = [one for one in same_kind if one is not joined]
    cut = end(others, new.since)
    if joined is None:
        return Edit(new, (*cut.put, new), cut.removed)
    longer = replace(joined, until=None)
    put = cut.put if longer == joined else (*cut.put, longer)
    return Edit(longer, put, cut.removed)


def end(assignments: Iterable[Assignment], at: datetime) -> Edit:
    """Let nobody sit there from a moment on: what lasts longer is cut, what begins then or later is gone."""
    lasting = [one for one in assignments if one.until is None or one.until > at]
    cut = tuple(replace(one, until=at) for one in lasting if one.since < at)
    return Edit(None, cut, tuple(one for one in lasting if one.since >= at))


def at_moment(of_rig: Iterable[Assignment], moment: datetime) -> Assignment | None:
    """The assignment that says whose a lap is that begins at this moment: a default only where no other is.

    Its ``driver_id`` is None where somebody said that nobody known drives.
    """
    covering = [one for one in of_rig if covers(one, moment)]
    return min(covering, key=lambda one: one.is_default, default=None)


def covers(assignment: Assignment, moment: datetime) -> bool:
    """Whether a moment is in [since, until)."""
    return assignment.since <= moment and (assignment.until is None or moment < assignment.until)


def since_asked(since: datetime | None, now: datetime) -> datetime:
    """From when on somebody is to be assigned.

    Args:
        since: as asked; None is now.

    Raises:
        ActInvalid: the moment is still to come, or before all rigs.
    """
    if since is None:
        return now
    if since > now + CLOCK_SLACK:
        raise ActInvalid("This moment is still to come; leave it out to assign from now on.", "since")
    if since < EARLIEST:
        raise ActInvalid("This moment is before all rigs; write it as 2026-11-22T18:00:00Z.", "since")
    return min(since, now)


def since_lap(
    began_at: datetime | None,
    recorded_at: datetime,
    lap_time_ms: int | None,
    earlier: datetime | None,
) -> datetime:
    """From when on somebody is to be assigned who is to have a lap and all that follow.

    A lap whose beginning nobody saw is attributed by the moment it was recorded; one after it may have begun
    a little before that. So the beginning is reckoned, but not so early that the lap before comes along.

    Args:
        began_at / recorded_at / lap_time_ms: of the lap.
        earlier: by what moment the car's lap before it is attributed, None if there is none.
    """
    if began_at is not None:
        return began_at
    reckoned = recorded_at - timedelta(milliseconds=lap_time_ms or 0)
    if earlier is not None:
        reckoned = max(reckoned, earlier + _INSTANT)
    return min(reckoned, recorded_at)


def since_default(of_rig: Sequence[Assignment], first_seen_at: datetime | None, now: datetime) -> datetime:
    """From when on a driver is a rig's default: the very first one since the rig's first datagram.

    A lone driver who says his name once has his laps of the whole evening. Where anybody was ever assigned,
    it is from now on, as with any other change.
    """
    return now if of_rig or first_seen_at is None else min(first_seen_at, now)


def _reaches(assignment: Assignment, moment: datetime) -> bool:
    """Whether it lasts up to this moment at least."""
    return assignment.since <= moment and (assignment.until is None or assignment.until >= moment)


def _same(one: Assignment, other: Assignment) -> bool:
    return one.driver_id == other.driver_id


def overlap(assignments: Iterable[Assignment]) -> bool:
    """Whether two of them hold at one moment."""
    in_order = sorted(assignments, key=lambda one: one.since)
    return any(one.until is None or one.until > after.since for one, after in pairwise(in_order))
