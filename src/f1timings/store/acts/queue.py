"""Acts on the queue for the rigs: join it, move in it, call the next driver, leave it.

The queue belongs to the meeting that is open.
"""

from __future__ import annotations

from dataclasses import replace

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Driver, QueueEntry, QueueState
from f1timings.store.acts.assignments import rig_name, seat, unseat
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.drivers import need_present
from f1timings.store.acts.meetings import get_open_meeting
from f1timings.store.acts.room.places import make_place, rank_of
from f1timings.store.acts.sentences import name_of
from f1timings.store.ids import new_id
from f1timings.store.reads.joined_rigs import read_keys, read_remaining


def join(desk: Desk, driver_id: str, rank: int | None = None) -> QueueEntry:
    """Put a driver into the queue; a driver who waits already stays where they are.

    Args:
        rank: 1 is the first; None is the end of the queue.

    Raises:
        ActInvalid: there is no such driver.
    """
    driver = need_present(desk, driver_id)
    waiting = _list_waiting(desk)
    already = next((entry for entry in waiting if entry.driver_id == driver_id), None)
    if already is not None:
        return already
    entry = QueueEntry(
        id=new_id(),
        meeting_id=get_open_meeting(desk).id,
        driver_id=driver_id,
        place=make_place(desk, waiting, rank),
        state=QueueState.WAITING,
        added_at=desk.now,
        called_at=None,
        rig=None,
    )
    desk.describe("queue_joined", entry.id, f"{name_of(driver)} joined the queue.")
    return desk.store_record(entry)


def edit(
    desk: Desk, entry_id: str, version: int, *, rank: int | None = None, state: QueueState | None = None
) -> QueueEntry:
    """Move a driver in the queue, mark the driver as done, or put a driver back who did not come when called.

    Args:
        rank: 1 is the first; None leaves the place, and is the end of the queue for a driver who is put back.
        state: ``waiting`` puts the driver back, ``done`` ends the entry; None leaves the state.

    Raises:
        NotFound: there is no such entry.
        ActConflict: the entry has changed since that version, the driver has another entry that waits, or
            the driver is deleted.
        ActInvalid: a rank for an entry that does not wait.
    """
    entry = desk.need_record(QueueEntry, entry_id)
    wanted = entry.state if state is None else state
    if rank is not None and wanted is not QueueState.WAITING:
        raise ActInvalid("queue-place-of-waiting", "place")
    others = [other for other in _list_waiting(desk) if other.id != entry_id]
    if wanted is entry.state and (rank is None or rank_of(others, entry) == min(rank, len(others) + 1)):
        return entry
    desk.need_version(QueueEntry, entry_id, version)
    if wanted is QueueState.WAITING:
        return _put_back(desk, entry, others, rank=rank)
    desk.describe("queue_done", entry_id, f"{_name(desk, entry)} was marked as done in the queue.")
    return desk.store_record(replace(entry, state=wanted))


def leave(desk: Desk, entry_id: str, version: int | None = None) -> None:
    """Remove a driver from the queue.

    Raises:
        NotFound: there is no such entry.
        ActConflict: the entry has changed since that version.
    """
    entry = desk.need_record(QueueEntry, entry_id)
    if version is not None:
        desk.need_version(QueueEntry, entry_id, version)
    desk.delete_record(entry)
    desk.describe("queue_left", entry_id, f"{_name(desk, entry)} left the queue.")


def call_next(desk: Desk, rig: str) -> QueueEntry:
    """Call the first driver of the queue to a rig and seat them there from now on.

    The driver who was called there before is done.

    Raises:
        ActConflict: the queue is empty.
    """
    waiting = _list_waiting(desk)
    first = next(
        (entry for entry in waiting if not desk.need_record(Driver, entry.driver_id).is_deleted), None
    )
    if first is None:
        raise ActConflict("queue-empty")
    rig = read_remaining(desk.connection, rig)
    keys = read_keys(desk.connection, rig)
    for former in _list_in_open_meeting(desk, QueueState.CALLED):
        if former.rig in keys or former.driver_id == first.driver_id:
            desk.store_record(replace(former, state=QueueState.DONE))
    seat(desk, rig, first.driver_id, since=desk.now)
    desk.describe("queue_called", first.id, f"{_name(desk, first)} was called to {rig_name(desk, rig)}.")
    return desk.store_record(replace(first, state=QueueState.CALLED, called_at=desk.now, rig=rig))


def _put_back(desk: Desk, entry: QueueEntry, others: list[QueueEntry], *, rank: int | None) -> QueueEntry:
    if any(other.driver_id == entry.driver_id for other in others):
        raise ActConflict("queue-waits-already", entry)
    if desk.need_record(Driver, entry.driver_id).is_deleted:
        raise ActConflict("driver-deleted", entry)
    if entry.state is QueueState.CALLED and entry.rig is not None and entry.called_at is not None:
        unseat(desk, entry.rig, entry.driver_id, since=entry.called_at)
    what = "was moved in the queue" if entry.state is QueueState.WAITING else "was put back into the queue"
    desk.describe("queue_moved", entry.id, f"{_name(desk, entry)} {what}.")
    place = make_place(desk, others, rank)
    return desk.store_record(replace(entry, state=QueueState.WAITING, place=place, called_at=None, rig=None))


def _list_waiting(desk: Desk) -> list[QueueEntry]:
    waiting = _list_in_open_meeting(desk, QueueState.WAITING)
    return sorted(waiting, key=lambda entry: (entry.place, entry.added_at))


def _list_in_open_meeting(desk: Desk, state: QueueState) -> list[QueueEntry]:
    return desk.list_records(QueueEntry, meeting_id=get_open_meeting(desk).id, state=state.value)


def _name(desk: Desk, entry: QueueEntry) -> str:
    driver = desk.get_record(Driver, entry.driver_id)
    return "A driver" if driver is None else name_of(driver)
