"""What people do with the queue for the rigs: join it, move in it, call the next one, leave it.

It is the queue of the meeting that is open.
"""

from __future__ import annotations

from dataclasses import replace

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Driver, QueueEntry, QueueState
from f1timings.meeting.waiting import STEP, place_at
from f1timings.store.acts.assignments import rig_name, seat, unseat
from f1timings.store.acts.desk import Desk, new_id
from f1timings.store.acts.drivers import need_present
from f1timings.store.acts.meetings import open_one


def join(desk: Desk, driver_id: str, rank: int | None = None) -> QueueEntry:
    """A driver waits, last or at that rank; who waits already stays as they are."""
    driver = need_present(desk, driver_id)
    waiting = _waiting(desk)
    already = next((one for one in waiting if one.driver_id == driver_id), None)
    if already is not None:
        return already
    new = QueueEntry(
        id=new_id(),
        meeting_id=open_one(desk).id,
        driver_id=driver_id,
        place=_make_place(desk, waiting, rank),
        state=QueueState.WAITING,
        added_at=desk.now,
        called_at=None,
        rig=None,
    )
    desk.note("queue_joined", new.id, f"{driver.shown_name} waits for a rig.")
    return desk.put(new)


def edit(
    desk: Desk, entry_id: str, version: int, *, rank: int | None = None, state: QueueState | None = None
) -> QueueEntry:
    """Move somebody in the queue, say that they are done, or that they did not come when called.

    Args:
        state: ``waiting`` for who did not come: back to the end, or to that rank.

    Raises:
        NotFound | ActConflict | ActInvalid: no such entry; another version by now; a rank for one who is not
            waiting.
    """
    found = desk.need(QueueEntry, entry_id)
    asked = found.state if state is None else state
    if rank is not None and asked is not QueueState.WAITING:
        raise ActInvalid("Only those who wait have a place; give the state waiting, too.", "place")
    others = [one for one in _waiting(desk) if one.id != entry_id]
    if asked is found.state and (rank is None or _rank(others, found) == min(rank, len(others) + 1)):
        return found
    desk.need_version(QueueEntry, entry_id, version)
    if asked is QueueState.WAITING:
        return _wait_again(desk, found, others, rank)
    desk.note("queue_done", entry_id, f"{_name(desk, found)} is done.")
    return desk.put(replace(found, state=asked))


def leave(desk: Desk, entry_id: str, version: int | None = None) -> None:
    """Take somebody out of the queue.

    Raises:
        NotFound | ActConflict: no such entry; another version by now.
    """
    found = desk.need(QueueEntry, entry_id)
    if version is not None:
        desk.need_version(QueueEntry, entry_id, version)
    desk.remove(found)
    desk.note("queue_left", entry_id, f"{_name(desk, found)} left the queue.")


def call_next(desk: Desk, rig: str) -> QueueEntry:
    """Call the first who waits: a seat at the rig from now on; who was called there before is done.

    Raises:
        ActConflict: nobody waits.
    """
    first = next((one for one in _waiting(desk) if not desk.need(Driver, one.driver_id).is_deleted), None)
    if first is None:
        raise ActConflict("Nobody waits for a rig.")
    for former in _of_open_meeting(desk, QueueState.CALLED):
        if former.rig == rig or former.driver_id == first.driver_id:
            desk.put(replace(former, state=QueueState.DONE))
    seat(desk, rig, first.driver_id, desk.now)
    desk.note("queue_called", first.id, f"{_name(desk, first)} was called to {rig_name(desk, rig)}.")
    return desk.put(replace(first, state=QueueState.CALLED, called_at=desk.now, rig=rig))


def _wait_again(desk: Desk, found: QueueEntry, others: list[QueueEntry], rank: int | None) -> QueueEntry:
    if any(one.driver_id == found.driver_id for one in others):
        raise ActConflict("This driver waits already; move that entry.", found)
    if found.state is QueueState.CALLED and found.rig is not None and found.called_at is not None:
        unseat(desk, found.rig, found.driver_id, found.called_at)
    did = "was moved in the queue" if found.state is QueueState.WAITING else "waits again"
    desk.note("queue_moved", found.id, f"{_name(desk, found)} {did}.")
    place = _make_place(desk, others, rank)
    return desk.put(replace(found, state=QueueState.WAITING, place=place, called_at=None, rig=None))


def _make_place(desk: Desk, others: list[QueueEntry], rank: int | None) -> int:
    """A place of that rank; where there is no gap the others are numbered anew."""
    place = place_at([one.place for one in others], rank)
    if place is not None:
        return place
    renumbered = [desk.put(replace(one, place=STEP * index)) for index, one in enumerate(others, 1)]
    place = place_at([one.place for one in renumbered], rank)
    assert place is not None
    return place


def _rank(others: list[QueueEntry], entry: QueueEntry) -> int:
    return 1 + sum(1 for one in others if one.place < entry.place)


def _waiting(desk: Desk) -> list[QueueEntry]:
    return sorted(_of_open_meeting(desk, QueueState.WAITING), key=lambda one: (one.place, one.added_at))


def _of_open_meeting(desk: Desk, state: QueueState) -> list[QueueEntry]:
    return desk.find(QueueEntry, meeting_id=open_one(desk).id, state=state.value)


def _name(desk: Desk, entry: QueueEntry) -> str:
    driver = desk.get(Driver, entry.driver_id)
    return "Somebody" if driver is None else driver.shown_name
