"""The queue of the writer: which of the entries that wait for the database are stored next.

Where more wait than fit into one transaction, as when all rigs of a room join at once, laps of which the end
was seen go first, with what they need to be stored. All others keep the order in which they were submitted.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator, Sequence, Set
from itertools import chain, islice, takewhile
from typing import Final, NamedTuple

from f1timings.rigs.registry import RigSeen
from f1timings.store.stored import Stamped, StoredEvent
from f1timings.timing.events import (
    CountersRead,
    LapRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)

log = logging.getLogger(__name__)

# The most that traces in the queue may take in memory, about a hundred laps; further laps have none.
_MOST_TRACE_BYTES: Final = 128 << 20
# Of every second batch, this part is left for the oldest entries, so that none waits without end.
_OLDEST_SHARE: Final = 4


class _Lane(NamedTuple):
    """Entries that are stored in their order.

    Attributes:
        session_id: None for the rigs: their numbers follow from their order.
        car_index: of the laps of one car; None for what belongs to the whole session.
    """

    session_id: str | None
    car_index: int | None = None


_RIGS: Final = _Lane(None)


class EntryQueue:
    """The entries that wait, those that are chosen for the next transaction first. The caller has the lock.

    A lap that goes ahead takes with it all earlier entries about rigs, about its session, and about laps of
    its car. So it is stored after everything on which its row, its driver and its revision depend.
    """

    def __init__(self) -> None:
        self._chosen: deque[tuple[int, Stamped]] = deque()
        # A plain dictionary would search for its first key among those that were removed.
        self._waiting: OrderedDict[int, Stamped] = OrderedDict()
        self._lanes: defaultdict[_Lane, deque[int]] = defaultdict(deque)
        self._finished: deque[int] = deque()
        self._is_oldest_due = False
        self._dropped_from: int | None = None
        self._trace_bytes = 0
        self._lacks_traces = False
        self.accepted = 0

    def __len__(self) -> int:
        return len(self._chosen) + len(self._waiting)

    def __iter__(self) -> Iterator[Stamped]:
        """The entries, those that are chosen first; entries of one lane in their order."""
        return chain((entry for _, entry in self._chosen), self._waiting.values())

    def add(self, entries: Sequence[Stamped]) -> None:
        """Add entries at the end."""
        for entry in entries:
            number = self.accepted
            self.accepted += 1
            self._waiting[number] = self._with_bounded_trace(entry)
            lane = _lane_of(entry.event)
            if lane is not None:
                self._lanes[lane].append(number)
            if isinstance(entry.event, LapRecorded) and not entry.event.lap.recovered:
                self._finished.append(number)

    def choose(self, most: int, *, in_order: bool = False) -> list[Stamped]:
        """The entries of the next transaction, in the order in which they were submitted.

        They are the first ones of the queue until they are dropped: a transaction that failed is tried again
        with the same entries, because its commit may have succeeded without a confirmation.

        Args:
            most: the most entries.
            in_order: choose the oldest entries in any case.
        """
        if not self._chosen:
            numbers = self._oldest(most) if in_order else self._next(most)
            self._chosen.extend(map(self._take, sorted(numbers)))
        return [entry for _, entry in islice(self._chosen, most)]

    def drop(self, count: int) -> None:
        """Remove the first entries, which are stored or rejected; they are not settled yet."""
        for _ in range(count):
            number, entry = self._chosen.popleft()
            if self._dropped_from is None:
                self._dropped_from = number
            self._trace_bytes -= 0 if entry.trace is None else entry.trace.size
        if not self:
            self._lacks_traces = False

    def settle(self) -> None:
        """Note that all entries that were dropped are announced."""
        self._dropped_from = None

    def is_settled(self, accepted: int) -> bool:
        """Whether the first entries that were ever added are dropped and announced, this many of them."""
        first_numbers = (
            *([] if self._dropped_from is None else [self._dropped_from]),
            *(number for number, _ in islice(self._chosen, 1)),
            *islice(self._waiting, 1),
        )
        return all(number >= accepted for number in first_numbers)

    def _next(self, most: int) -> set[int]:
        """The numbers of the next entries: finished laps alone, unless they had the transaction before."""
        if len(self._waiting) <= most:
            self._finished.clear()
            return set(self._waiting)
        if not self._is_oldest_due and (numbers := self._numbers_of_finished(most)):
            self._is_oldest_due = True
            return numbers
        self._is_oldest_due = False
        return self._oldest(most, self._numbers_of_finished(most - most // _OLDEST_SHARE))

    def _oldest(self, most: int, numbers: Set[int] = frozenset()) -> set[int]:
        """These numbers, and so many of the oldest ones that they are ``most`` together."""
        others = (number for number in self._waiting if number not in numbers)
        return {*numbers, *islice(others, most - len(numbers))}

    def _numbers_of_finished(self, most: int) -> set[int]:
        """Numbers of the finished laps that wait, the oldest first, with what each of them needs."""
        numbers: set[int] = set()
        while self._finished:
            number = self._finished[0]
            if number in self._waiting and number not in numbers:
                needed = self._needed_by(number, self._waiting[number].event)
                if len(numbers | needed) > most:
                    # What is needed is older, so it is stored first if it is too much for one transaction.
                    return numbers or set(islice(sorted(needed), most))
                numbers |= needed
            self._finished.popleft()
        return numbers

    def _needed_by(self, number: int, event: StoredEvent) -> set[int]:
        """The numbers of a lap and of the waiting entries that must not be stored after it."""
        assert isinstance(event, LapRecorded)
        lap = event.lap
        lanes = (_RIGS, _Lane(lap.session_id), _Lane(lap.session_id, lap.car_index))
        waiting = (self._lanes.get(lane, ()) for lane in lanes)
        return {earlier for numbers in waiting for earlier in takewhile(number.__ge__, numbers)}

    def _take(self, number: int) -> tuple[int, Stamped]:
        """Remove a waiting entry, the first one of its lane."""
        entry = self._waiting.pop(number)
        lane = _lane_of(entry.event)
        if lane is not None:
            numbers = self._lanes[lane]
            numbers.popleft()
            if not numbers:
                del self._lanes[lane]
        return number, entry

    def _with_bounded_trace(self, entry: Stamped) -> Stamped:
        """The entry, without its trace if traces take too much memory already; that is logged once."""
        if entry.trace is None:
            return entry
        if self._trace_bytes + entry.trace.size > _MOST_TRACE_BYTES:
            if not self._lacks_traces:
                log.warning(
                    "laps that wait for the database lose their traces, which take too much memory; "
                    "`f1timings rebuild` brings them back from the captures"
                )
            self._lacks_traces = True
            return entry._replace(trace=None)
        self._trace_bytes += entry.trace.size
        return entry


def _lane_of(event: StoredEvent) -> _Lane | None:
    """The lane of an event; None for one that no lap needs."""
    match event:
        case RigSeen():
            return _RIGS
        case SessionChanged(session):
            return _Lane(session.id)
        case ParticipantsChanged() | SessionClassified() | CountersRead():
            return _Lane(event.session_id)
        case LapRecorded(lap):
            return _Lane(lap.session_id, lap.car_index)
        case _:
            return None
