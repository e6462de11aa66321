"""Which sessions and laps may be recorded, so that timing asks the database for recorded ones only."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

from sqlalchemy import select

from f1timings.store.tables.timed import laps, sessions
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.history import HistoryLap

# 2 MiB of memory. With a million laps, 0.2 % of the questions about other laps are answered with "maybe".
_BITS: Final = 1 << 24
_MASK: Final = _BITS - 1

# Rig and game UID of a session; rig, car, number and time of a lap.
KEY_QUERIES: Final = (
    select(sessions.c.rig, sessions.c.session_uid),
    select(laps.c.rig, laps.c.car_index, laps.c.lap_number, laps.c.lap_time_ms).where(
        laps.c.lap_time_ms.is_not(None)
    ),
)


class RecordedKeys:
    """A filter (of Bloom) with the keys of the recorded sessions and laps, for any thread.

    It has a fixed size, so it may take what is not recorded for recorded, but never the reverse. What is
    submitted to the store is added before that; what was stored before the start is added once. Until then
    everything may be recorded.

    Attributes:
        is_complete: whether everything that was stored before the start is added.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self._bits = bytearray(_BITS // 8)
        self._lock = Lock()

    def may_have_session(self, rig: str, uid: int) -> bool:
        """Whether a session of a rig may be recorded under a game UID."""
        return self._may_have((rig, str(uid)))

    def may_have_lap(self, rig: str, car_index: int, entry: HistoryLap) -> bool:
        """Whether a lap of a car may be recorded with the number and the time of an entry in a history."""
        return self._may_have((rig, car_index, entry.lap_number, entry.lap_time_ms))

    def add_events(self, events: Iterable[object]) -> None:
        """Add the sessions and laps of events that are about to be stored."""
        for event in events:
            if isinstance(event, LapRecorded):
                lap = event.lap
                if lap.lap_time_ms is not None:
                    self._add((lap.rig, lap.car_index, lap.lap_number, lap.lap_time_ms))
            elif isinstance(event, SessionChanged):
                self._add((event.session.rig, str(event.session.uid)))

    def add_stored(self, keys: Iterable[Iterable[Any]]) -> None:
        """Add keys as one of ``KEY_QUERIES`` returns them."""
        for key in keys:
            self._add(tuple(key))

    def _may_have(self, key: tuple[Any, ...]) -> bool:
        bits = self._bits
        return not self.is_complete or all(bits[place >> 3] & 1 << (place & 7) for place in _places(key))

    def _add(self, key: tuple[Any, ...]) -> None:
        bits = self._bits
        with self._lock:
            for place in _places(key):
                bits[place >> 3] |= 1 << (place & 7)


def _places(key: tuple[Any, ...]) -> tuple[int, int, int, int]:
    """The bits of a key."""
    hashed = hash(key)
    step = hashed >> 32 | 1
    second = hashed + step
    third = second + step
    return hashed & _MASK, second & _MASK, third & _MASK, (third + step) & _MASK
