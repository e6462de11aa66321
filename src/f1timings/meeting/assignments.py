"""Assignments: which driver sits at which rig, and how a new assignment changes earlier ones. Pure.

A rig has two rows of intervals, each without overlaps: the drivers who sit there, and the drivers who usually
do (defaults). A new assignment from a moment on replaces everything after that moment in its row; before that
moment nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from f1timings.errors import ActInvalid
from f1timings.meeting.people import Assignment

#: The clock of a client may be ahead of ours by this much.
CLOCK_SLACK = timedelta(minutes=1)
#: No game that we know sent anything before.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The changes to the assignments of a rig.

    Attributes:
        in_force: the assignment in force from now on, None if there is none.
        stored: new or changed assignments.
        removed: assignments to delete.
    """

    in_force: Assignment | None
    stored: tuple[Assignment, ...]
    removed: tuple[Assignment, ...]


def assign(of_rig: Iterable[Assignment], new: Assignment) -> Edit:
    """Assign a driver to a rig, or as its default, from a moment on without an end.

    Args:
        of_rig: all assignments of the rig.
        new: the new assignment; its ``until`` is None.

    Returns:
        The changes. ``in_force`` is the new assignment, or an earlier one of the same driver that lasted up
        to that moment and is now longer.
    """
    same_kind = [assignment for assignment in of_rig if assignment.is_default == new.is_default]
    joined = next((assignment for assignment in same_kind if _continues(assignment, new)), None)
    others = [assignment for assignment in same_kind if assignment is not joined]
    cut = end(others, new.since)
    if joined is None:
        return Edit(in_force=new, stored=(*cut.stored, new), removed=cut.removed)
    longer = replace(joined, until=None)
    stored = cut.stored if longer == joined else (*cut.stored, longer)
    return Edit(in_force=longer, stored=stored, removed=cut.removed)


def end(assignments: Iterable[Assignment], at: datetime) -> Edit:
    """End assignments at a moment: shorten those that last longer, remove those that begin then or later."""
    lasting = [assignment for assignment in assignments if assignment.until is None or assignment.until > at]
    cut = tuple(replace(assignment, until=at) for assignment in lasting if assignment.since < at)
    return Edit(
        in_force=None,
        stored=cut,
        removed=tuple(assignment for assignment in lasting if assignment.since >= at),
    )


def settle(assignments: Iterable[Assignment]) -> Edit:
    """End each assignment where a later one begins, as if all had been entered for one rig.

    Args:
        assignments: of rigs that are one, with or without an end; all default or none.
    """
    stored: list[Assignment] = []
    removed: list[Assignment] = []
    in_order = sorted(assignments, key=lambda assignment: (assignment.since, assignment.seq, assignment.id))
    for assignment, after in pairwise(in_order):
        if assignment.since == after.since:
            removed.append(assignment)
        elif assignment.until is None or assignment.until > after.since:
            stored.append(replace(assignment, until=after.since))
    return Edit(in_force=None, stored=tuple(stored), removed=tuple(removed))


def at_moment(of_rig: Iterable[Assignment], moment: datetime) -> Assignment | None:
    """Return the assignment that decides which driver gets a lap that begins at this moment.

    It is a default only if there is no other. Its ``driver_id`` is None if a person stated that no known
    driver is there.
    """
    covering = [assignment for assignment in of_rig if covers(assignment, moment)]
    return min(covering, key=lambda assignment: assignment.is_default, default=None)


def covers(assignment: Assignment, moment: datetime) -> bool:
    """Whether a moment is in [since, until)."""
    return assignment.since <= moment and (assignment.until is None or moment < assignment.until)


def overlap(assignments: Iterable[Assignment]) -> bool:
    """Whether two of these are in force at one moment."""
    in_order = sorted(assignments, key=lambda assignment: assignment.since)
    return any(
        assignment.until is None or assignment.until > after.since for assignment, after in pairwise(in_order)
    )


def valid_since(since: datetime | None, now: datetime) -> datetime:
    """Return the moment from which a new assignment counts.

    Args:
        since: the requested moment; None is now.

    Raises:
        ActInvalid: the moment is in the future, or before every game.
    """
    if since is None:
        return now
    if since > now + CLOCK_SLACK:
        raise ActInvalid("since-in-future", "since")
    if since < EARLIEST:
        raise ActInvalid("since-too-early", "since")
    return min(since, now)


def since_lap(
    *,
    began_at: datetime | None,
    recorded_at: datetime,
    lap_time_ms: int | None,
    earlier: datetime | None,
) -> datetime:
    """Return the moment from which an assignment covers a lap and all laps after it.

    A lap without a known beginning is attributed by the moment it was recorded, and the lap after it may have
    begun a little before that moment. So the beginning is calculated from the lap time, but never so early
    that the assignment would also cover the lap before.

    Args:
        began_at: when the lap began, None if that is not known.
        recorded_at: when the lap was recorded.
        lap_time_ms: the lap time, None if that is not known.
        earlier: the moment by which the lap before of the same car is attributed, None if there is none.
    """
    if began_at is not None:
        return began_at
    calculated = recorded_at - timedelta(milliseconds=lap_time_ms or 0)
    if earlier is not None:
        calculated = max(calculated, earlier + _INSTANT)
    return min(calculated, recorded_at)


def since_default(of_rig: Sequence[Assignment], first_seen_at: datetime | None, now: datetime) -> datetime:
    """Return the moment from which a new default driver counts.

    The first assignment of a rig counts since the rig's first datagram: a person who drives alone and enters
    a name once gets all laps of the evening. If the rig ever had an assignment, it counts from now on, like
    any other change.
    """
    return now if of_rig or first_seen_at is None else min(first_seen_at, now)


def _continues(assignment: Assignment, new: Assignment) -> bool:
    """Whether an assignment of the same driver lasts at least up to the beginning of the new one."""
    is_long_enough = assignment.until is None or assignment.until >= new.since
    return assignment.since <= new.since and is_long_enough and assignment.driver_id == new.driver_id
