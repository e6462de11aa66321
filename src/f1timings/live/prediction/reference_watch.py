"""The boards with which running laps are compared, read in a thread and only while somebody looks."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from typing import Final, NamedTuple, Protocol

from f1timings.errors import F1TimingsError
from f1timings.live.prediction.board_times import BoardTimes
from f1timings.live.views.board import CommittedEvents, can_change_board

# The database is read once a second at most.
_MIN_PAUSE_S: Final = 1.0
# Who was not asked for during this time is not read any more.
_FORGET_S: Final = 10.0
_MOST_CIRCUITS: Final = 8

_log = logging.getLogger(__name__)


class ReadBoards(NamedTuple):
    """The boards by circuit; not complete if some laps are left for the next reading."""

    boards: Mapping[str, BoardTimes]
    is_complete: bool


class ReferenceReads(Protocol):
    """Reads boards; callable from any thread."""

    def read(self, wanted: Mapping[str, Collection[str]]) -> ReadBoards:
        """The boards of these circuits, with the references of these entrants."""


class ReferenceWatch:
    """Keeps the boards of the circuits that rigs drive.

    It belongs to the event loop's thread, except for the two methods of a listener.

    Args:
        submit: runs a reading in another thread.
        clock: steady seconds.
    """

    def __init__(
        self,
        reads: ReferenceReads,
        *,
        submit: Callable[[Callable[[], ReadBoards]], Future[ReadBoards]],
        clock: Callable[[], float],
    ) -> None:
        self._reads = reads
        self._submit = submit
        self._clock = clock
        self._boards: Mapping[str, BoardTimes] = {}
        self._wanted: dict[tuple[str, str], float] = {}
        self._is_changed = False
        self._read_at = -_MIN_PAUSE_S
        self._reading: Future[ReadBoards] | None = None
        self._has_failed = False

    def get(self, circuit: str, entrant: str) -> BoardTimes | None:
        """The board of a circuit, with the references of an entrant; None until it is read. Never waits."""
        key, now = (circuit, entrant), self._clock()
        if key not in self._wanted:
            self._is_changed = True
        self._wanted[key] = now
        if self._reading is not None:
            self._take_reading()
        elif self._is_changed and now - self._read_at >= _MIN_PAUSE_S:
            self._begin_reading(now)
        return self._boards.get(circuit)

    def after_commit(self, batch: CommittedEvents) -> None:
        """Read again soon if this commit can change a board; from any thread."""
        if can_change_board(batch):
            self._is_changed = True

    def after_act(self, _act: object) -> None:
        """Read again soon, because any act can change a board; from any thread."""
        self._is_changed = True

    def _begin_reading(self, now: float) -> None:
        # Cleared before the reading begins: a change during it causes another reading.
        self._is_changed, self._read_at = False, now
        self._wanted = {key: at for key, at in self._wanted.items() if now - at < _FORGET_S}
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for circuit, entrant in self._wanted:
            if circuit in wanted or len(wanted) < _MOST_CIRCUITS:
                wanted[circuit].add(entrant)
        self._reading = self._submit(lambda: self._reads.read(wanted))

    def _take_reading(self) -> None:
        reading = self._reading
        if reading is None or not reading.done():
            return
        self._reading = None
        try:
            self._boards, is_complete = reading.result()
        except F1TimingsError as error:
            if not self._has_failed:
                _log.warning("the laps with which running laps are compared cannot be read: %s", error)
            self._has_failed = self._is_changed = True
            return
        self._has_failed = False
        self._is_changed |= not is_complete
