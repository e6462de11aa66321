"""Queries about the cards of the rigs and the queue, composed from the records that people entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from f1timings.meeting.people import (
    Act,
    Assignment,
    Driver,
    GameName,
    QueueEntry,
    QueueState,
    RigCard,
)
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.store.paging import Condition, Page
from f1timings.store.reads.joined_rigs import JOINED
from f1timings.store.reads.queries import Reads
from f1timings.store.room.open_meeting import read_open_meeting
from f1timings.store.tables.people import acts, drivers


@dataclass(frozen=True, slots=True)
class RigOccupant:
    """The driver who gets the laps that begin at a rig now, and the assignment that states it."""

    assignment: Assignment
    driver: Driver


@dataclass(frozen=True, slots=True)
class StoredCard:
    """What people entered about a rig.

    Attributes:
        card: name and place.
        occupant: None if no known driver is there.
        default: the driver who usually drives there, None if there is none.
    """

    card: RigCard
    occupant: RigOccupant | None
    default: Driver | None


@dataclass(frozen=True, slots=True)
class RankedEntry:
    """An entry of the queue with its driver.

    Attributes:
        rank: counts the waiting entries from 1, None for an entry that does not wait.
    """

    entry: QueueEntry
    driver: Driver | None
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedRig:
    """A rig that was joined into another one.

    Attributes:
        name: the name that screens showed before.
        act_id: the act that joined it, which can be undone; None if it was undone and restored.
    """

    rig: str
    name: str
    act_id: str | None


def list_joined(reads: Reads) -> Mapping[str, Sequence[JoinedRig]]:
    """Return the rigs that were joined into another one, by the rig that remains."""
    joined: defaultdict[str, list[JoinedRig]] = defaultdict(list)
    if not reads.joins:
        return joined
    names = {card.rig: card.name for card in reads.list_records(RigCard)}
    recorded = reads.as_recorded()
    for key, remaining in sorted(reads.joins.items()):
        stored = recorded.list_rigs(Page(limit=1), [Condition("key", "eq", key)]).items
        number = f"Rig {stored[0].number}" if stored else "Rig"
        joins = reads.list_records(Act, acts.c.kind == JOINED, subject=key, undone_by=None)
        entry = JoinedRig(rig=key, name=names.get(key) or number, act_id=joins[-1].id if joins else None)
        joined[remaining].append(entry)
    return joined


def list_cards(reads: Reads, rigs: Iterable[str]) -> Mapping[str, StoredCard]:
    """Return the cards of these rigs by rig; a rig without a stored card gets an empty one."""
    keys = list(rigs)
    cards = {card.rig: card for card in reads.list_records(RigCard)}
    current = [
        assignment for assignment in reads.list_records(Assignment, until=None) if assignment.rig in keys
    ]
    people = list_drivers_by_id(reads, (assignment.driver_id for assignment in current))
    assigned = {assignment.rig: assignment for assignment in current if not assignment.is_default}
    default = {assignment.rig: assignment for assignment in current if assignment.is_default}
    return {
        rig: StoredCard(
            cards.get(rig) or RigCard(rig=rig, name=None, place=None),
            _occupant(assigned.get(rig) or default.get(rig), people),
            _driver(default.get(rig), people),
        )
        for rig in keys
    }


def list_known_people(reads: Reads) -> KnownPeople:
    """Return the names of the people who get the laps that begin now: at the rigs, and by names in the games.

    Rigs where nobody is assigned are left out, and names of drivers who were deleted.
    """
    assigned = {assignment.rig: assignment for assignment in _in_order(reads)}
    mappings = [mapping for mapping in reads.list_records(GameName) if mapping.driver_id is not None]
    ids = (*(seat.driver_id for seat in assigned.values()), *(mapping.driver_id for mapping in mappings))
    people = list_drivers_by_id(reads, ids)
    shown = {driver.id: driver.shown_name for driver in people.values() if not driver.is_deleted}
    return KnownPeople(
        at_rigs={rig: shown.get(assignment.driver_id or "") for rig, assignment in assigned.items()},
        by_game_name={
            mapping.name: shown[mapping.driver_id] for mapping in mappings if mapping.driver_id in shown
        },
        ids_at_rigs={
            rig: assignment.driver_id
            for rig, assignment in assigned.items()
            if assignment.driver_id is not None and assignment.driver_id in shown
        },
        ids_by_game_name={
            mapping.name: mapping.driver_id
            for mapping in mappings
            if mapping.driver_id is not None and mapping.driver_id in shown
        },
    )


def _in_order(reads: Reads) -> list[Assignment]:
    """The assignments that last, defaults first: a default decides only without another assignment."""
    lasting = reads.list_records(Assignment, until=None)
    return sorted(lasting, key=lambda assignment: not assignment.is_default)


def list_queue(reads: Reads) -> list[RankedEntry]:
    """List the queue of the open meeting: the waiting entries in order, then the called ones."""
    meeting = read_open_meeting(reads)
    entries = reads.list_records(QueueEntry, meeting_id=meeting.id)
    waiting = [entry for entry in entries if entry.state is QueueState.WAITING]
    waiting.sort(key=lambda entry: (entry.place, entry.added_at))
    called = [entry for entry in entries if entry.state is QueueState.CALLED]
    called.sort(key=lambda entry: (entry.called_at or entry.added_at, entry.id))
    people = list_drivers_by_id(reads, (entry.driver_id for entry in (*waiting, *called)))
    ranked = [RankedEntry(entry, people.get(entry.driver_id), rank) for rank, entry in enumerate(waiting, 1)]
    return [*ranked, *(RankedEntry(entry, people.get(entry.driver_id), None) for entry in called)]


def get_queue_entry(reads: Reads, entry_id: str) -> RankedEntry | None:
    """Return an entry of the queue, also one that is done; None if there is none of this id."""
    listed = next((ranked for ranked in list_queue(reads) if ranked.entry.id == entry_id), None)
    if listed is not None:
        return listed
    entry = reads.get_record(QueueEntry, entry_id)
    return None if entry is None else RankedEntry(entry, reads.get_record(Driver, entry.driver_id), None)


def list_drivers_by_id(reads: Reads, ids: Iterable[str | None]) -> dict[str, Driver]:
    """Return the drivers of these ids, by id; None among the ids is ignored."""
    wanted = sorted({driver_id for driver_id in ids if driver_id is not None})
    if not wanted:
        return {}
    return {driver.id: driver for driver in reads.list_records(Driver, drivers.c.id.in_(wanted))}


def _occupant(assignment: Assignment | None, people: Mapping[str, Driver]) -> RigOccupant | None:
    driver = _driver(assignment, people)
    return None if assignment is None or driver is None else RigOccupant(assignment, driver)


def _driver(assignment: Assignment | None, people: Mapping[str, Driver]) -> Driver | None:
    return None if assignment is None or assignment.driver_id is None else people.get(assignment.driver_id)
