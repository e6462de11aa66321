"""The order of records that people move, such as the queue and the slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from f1timings.meeting.people import QueueEntry
from f1timings.meeting.room.slides import Slide
from f1timings.meeting.waiting import STEP, place_at
from f1timings.store.acts.desk import Desk

E = TypeVar("E", QueueEntry, Slide)


def make_place(desk: Desk, others: Sequence[E], rank: int | None) -> int:
    """Return a place of that rank; if there is no gap, renumber the others first.

    Args:
        others: the other records, in their order.
        rank: 1 is the first; None is the end.
    """
    place = place_at([other.place for other in others], rank)
    if place is not None:
        return place
    renumbered = [
        desk.store_record(replace(other, place=STEP * index)) for index, other in enumerate(others, 1)
    ]
    place = place_at([other.place for other in renumbered], rank)
    assert place is not None
    return place


def rank_of(others: Sequence[E], record: E) -> int:
    """Return the rank of a record among others; 1 is the first."""
    return 1 + sum(1 for other in others if other.place < record.place)
