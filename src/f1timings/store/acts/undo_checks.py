"""What an undo must leave true: names, seats and places belong to one driver, who is there to have them."""

from __future__ import annotations

from typing import Final

from f1timings.errors import ActConflict
from f1timings.meeting.people import (
    Act,
    Assignment,
    Clearing,
    Driver,
    ManualLap,
    Meeting,
    MeetingPeriod,
    MeetingState,
    QueueEntry,
    QueueState,
)
from f1timings.meeting.room.slides import Slide
from f1timings.store.acts import assignments, drivers
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.room.pictures import has_picture
from f1timings.store.stored import RecordChange

_OF_MEETING: Final = (Clearing, ManualLap, MeetingPeriod, QueueEntry)


def refuse_contradictions(desk: Desk, act: Act) -> None:
    """Check the records that an undo restored or deleted.

    Args:
        act: the act that is undone.

    Raises:
        ActConflict: they contradict others; the text says what to do.
    """
    if len(desk.list_records(Meeting, state=MeetingState.OPEN.value)) != 1:
        raise ActConflict("undo-no-open-meeting", act)
    drivers.refuse_doubles(desk)
    assignments.refuse_overlaps(desk)
    for change in desk.changes:
        _refuse_gone_driver(desk, act, change)
        _refuse_leftovers(desk, act, change)
        _refuse_gone_meeting(desk, act, change)
        _refuse_second_place(desk, act, change)
        _refuse_gone_picture(desk, act, change)


def _refuse_gone_driver(desk: Desk, act: Act, change: RecordChange) -> None:
    """Check that nobody gets something back who was deleted after the act.

    A driver who was deleted before the act had it then, unless it lasts: no deleted driver has a seat.
    """
    driver_id = _driver_who_gets(change)
    if not driver_id:
        return
    driver = desk.get_record(Driver, driver_id)
    if driver is None:
        raise ActConflict("undo-driver-gone", act)
    was_deleted_before = driver.deleted_at is not None and driver.deleted_at < act.at
    if not driver.is_deleted or (was_deleted_before and not _lasts(change.after)):
        return
    if driver.merged_into is not None:
        raise ActConflict("undo-driver-merged", act)
    raise ActConflict("undo-driver-deleted", act)


def _refuse_leftovers(desk: Desk, act: Act, change: RecordChange) -> None:
    """Check that a driver whom the undo deletes again has got nothing since that the deletion would end."""
    before, after = change
    if not (isinstance(before, Driver) and isinstance(after, Driver)):
        return
    if before.is_deleted or not after.is_deleted:
        return
    if after.merged_into is not None and drivers.is_used(desk, after.id):
        raise ActConflict("undo-merge-used", act)
    for kind in (Assignment, QueueEntry):
        if any(_lasts(record) for record in desk.list_records(kind, driver_id=after.id)):
            raise ActConflict("undo-restore-used", act)


def _driver_who_gets(change: RecordChange) -> str | None:
    """The driver to whom a change gives something; None if it gives nothing to any driver."""
    before, after = change
    if after is None:
        return None
    if isinstance(after, Driver):
        if before is None or before.merged_into != after.merged_into:
            return after.merged_into
        return after.id if before.is_deleted and after.is_deleted else None
    driver_id: str | None = getattr(after, "driver_id", None)
    is_given = before is None or driver_id != getattr(before, "driver_id", None)
    return driver_id if is_given or _is_more(before, after) else None


def _is_more(before: object, after: object) -> bool:
    """Whether the same driver has more after the change: a longer time at a rig, or a turn in the queue."""
    if isinstance(before, Assignment) and isinstance(after, Assignment):
        return before.until is not None and (after.until is None or after.until > before.until)
    if isinstance(before, QueueEntry) and isinstance(after, QueueEntry):
        return _lasts(after) and not _lasts(before)
    return False


def _lasts(record: object) -> bool:
    """Whether a record is a seat without an end, or a place in the queue."""
    if isinstance(record, Assignment):
        return record.until is None
    return isinstance(record, QueueEntry) and record.state is not QueueState.DONE


def _refuse_gone_meeting(desk: Desk, act: Act, change: RecordChange) -> None:
    """Check that no record is left without its meeting."""
    if isinstance(change.before, Meeting) and change.after is None:
        if any(desk.list_records(kind, meeting_id=change.before.id) for kind in _OF_MEETING):
            raise ActConflict("undo-meeting-used", act)
    elif isinstance(change.after, _OF_MEETING) and not desk.get_record(Meeting, change.after.meeting_id):
        raise ActConflict("undo-meeting-gone", act)


def _refuse_second_place(desk: Desk, act: Act, change: RecordChange) -> None:
    """Check that nobody sits at two rigs or waits twice because of an undo."""
    before, after = change
    if isinstance(after, Assignment) and _is_seated(after) and not _is_seated(before):
        seats = desk.list_records(Assignment, driver_id=after.driver_id, until=None, is_default=False)
        if len(seats) > 1:
            raise ActConflict("undo-second-seat", act)
    if isinstance(after, QueueEntry) and after.state is QueueState.WAITING:
        waiting = QueueState.WAITING.value
        same = {"meeting_id": after.meeting_id, "driver_id": after.driver_id, "state": waiting}
        if len(desk.list_records(QueueEntry, **same)) > 1:
            raise ActConflict("undo-second-turn", act)


def _refuse_gone_picture(desk: Desk, act: Act, change: RecordChange) -> None:
    """Check that a slide gets back no picture whose space others needed meanwhile."""
    after = change.after
    if isinstance(after, Slide) and after.picture is not None and not has_picture(desk, after.picture):
        raise ActConflict("undo-picture-gone", act)


def _is_seated(assignment: Assignment | None) -> bool:
    """Whether a driver sits at a rig until further notice."""
    is_lasting = assignment is not None and assignment.until is None and not assignment.is_default
    return is_lasting and assignment is not None and assignment.driver_id is not None
