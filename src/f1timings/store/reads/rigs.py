"""What the cards of the rigs and the queue show, from what people entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from f1timings.meeting.people import (
    Assignment,
    Driver,
    Meeting,
    MeetingState,
    QueueEntry,
    QueueState,
    RigCard,
)
from f1timings.store.tables.people import drivers

if TYPE_CHECKING:
    from f1timings.store.reads.reads import Reads


@dataclass(frozen=True, slots=True)
class RigOccupant:
    """Whose the laps are that begin at a rig now."""

    assignment: Assignment
    driver: Driver


@dataclass(frozen=True, slots=True)
class StoredCard:
    """What people say of a rig.

    Attributes:
        seated: None where nobody known drives; default: who usually does.
    """

    card: RigCard
    seated: RigOccupant | None
    default: Driver | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the queue; ``rank`` counts those who wait from 1, None of one who was called."""

    entry: QueueEntry
    driver: Driver | None
    rank: int | None


def cards(reads: Reads, rigs: Iterable[str]) -> Mapping[str, StoredCard]:
    """The cards of these rigs, also of those of which nobody said anything yet."""
    keys = list(rigs)
    said = {card.rig: card for card in reads.list_records(RigCard)}
    lasting = [one for one in reads.list_records(Assignment, until=None) if one.rig in keys]
    people = drivers_of(reads, (one.driver_id for one in lasting))
    sitting = {one.rig: one for one in lasting if not one.is_default}
    usual = {one.rig: one for one in lasting if one.is_default}
    return {
        rig: StoredCard(
            said.get(rig) or RigCard(rig, None, None),
            _seated(sitting.get(rig) or usual.get(rig), people),
            _person(usual.get(rig), people),
        )
        for rig in keys
    }


def names_at_rigs(reads: Reads) -> Mapping[str, str]:
    """Whose the laps are that begin now, as screens show the name, by rig; without rigs of nobody."""
    rigs = {one.rig for one in reads.list_records(Assignment, until=None)}
    seated = {rig: card.seated for rig, card in cards(reads, rigs).items()}
    return {rig: one.driver.shown_name for rig, one in seated.items() if one is not None}


def queue(reads: Reads) -> list[Waiting]:
    """Who waits in the meeting that is open, in order; after them those who were called."""
    meeting = reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]
    entries = reads.list_records(QueueEntry, meeting_id=meeting.id)
    waiting = [one for one in entries if one.state is QueueState.WAITING]
    waiting.sort(key=lambda one: (one.place, one.added_at))
    called = [one for one in entries if one.state is QueueState.CALLED]
    called.sort(key=lambda one: (one.called_at or one.added_at, one.id))
    people = drivers_of(reads, (one.driver_id for one in (*waiting, *called)))
    ranked = [Waiting(one, people.get(one.driver_id), rank) for rank, one in enumerate(waiting, 1)]
    return [*ranked, *(Waiting(one, people.get(one.driver_id), None) for one in called)]


def queue_entry(reads: Reads, entry_id: str) -> Waiting | None:
    """One entry of the queue, also one that is done; None if there is none of that id."""
    listed = next((one for one in queue(reads) if one.entry.id == entry_id), None)
    if listed is not None:
        return listed
    entry = reads.get_record(QueueEntry, entry_id)
    return None if entry is None else Waiting(entry, reads.get_record(Driver, entry.driver_id), None)


def drivers_of(reads: Reads, ids: Iterable[str | None]) -> dict[str, Driver]:
    """The drivers of these ids, by id."""
    wanted = sorted({one for one in ids if one is not None})
    return {one.id: one for one in reads.list_records(Driver, drivers.c.id.in_(wanted))} if wanted else {}


def _seated(assignment: Assignment | None, people: Mapping[str, Driver]) -> RigOccupant | None:
    driver = _person(assignment, people)
    return None if assignment is None or driver is None else RigOccupant(assignment, driver)


def _person(assignment: Assignment | None, people: Mapping[str, Driver]) -> Driver | None:
    return None if assignment is None or assignment.driver_id is None else people.get(assignment.driver_id)
