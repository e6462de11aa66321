"""When the current lap of each car began: every look reads all lap clocks, and hardly ever finds a change."""

from __future__ import annotations

from collections.abc import Collection
from itertools import compress
from operator import add, eq, is_
from typing import cast

from f1timings.live.views.freshness import TOLERANCE_MS, lap_start_ms
from f1timings.packets import Columns, Layout, identify
from f1timings.timing.plausible import Plausibility

# The intake counts what is implausible.
_UNCOUNTED = Plausibility()


class RunningLapStarts:
    """The session times at which the current laps of a rig's session began."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._clocks: Columns | None = None
        self._session_ms = -1
        self._lap_ms: tuple[int | None, ...] = ()
        self._starts: list[int | None] = []
        # Of each car, whether its clock runs; and the starts of those cars.
        self._runs: list[bool] = []
        self._of_running: list[int] = []

    def of(self, car_index: int) -> int | None:
        """Session time at which a car's lap began; None while its lap clock is stopped or unknown."""
        return self._starts[car_index] if car_index < len(self._starts) else None

    def look(self, data: bytes | None, session_ms: int) -> Collection[int]:
        """Read the lap clocks; return the cars whose start changed.

        Args:
            data: the newest lap data, None if there are none of this session.
            session_ms: their session time.
        """
        if data is None:
            changed = range(len(self._starts))
            self._starts, self._lap_ms, self._runs, self._of_running = [], (), [], []
            return changed
        lap_ms = self._read(data)
        if len(lap_ms) != len(self._starts):
            self._starts, self._lap_ms = [None] * len(lap_ms), (None,) * len(lap_ms)
            self._runs, self._of_running = [False] * len(lap_ms), []
        elif session_ms == self._session_ms:
            return ()
        before, self._lap_ms, self._session_ms = self._lap_ms, lap_ms, session_ms
        return self._update(session_ms, before)

    def _update(self, session_ms: int, before: tuple[int | None, ...]) -> list[int]:
        if self._are_steady(session_ms, before):
            return []
        changed: list[int] = []
        starts = self._starts
        for at, (lap_ms, lap_before_ms, start_ms) in enumerate(
            zip(self._lap_ms, before, starts, strict=True)
        ):
            if (
                start_ms is not None
                and lap_ms is not None
                and lap_ms != lap_before_ms
                and -TOLERANCE_MS <= session_ms - lap_ms - start_ms <= TOLERANCE_MS
            ):
                continue
            known_ms = _UNCOUNTED.known("lap_data.current_lap", lap_ms)
            starts[at] = lap_start_ms(
                session_ms, known_ms, lap_before_ms=lap_before_ms, published_ms=start_ms
            )
            if starts[at] != start_ms:
                changed.append(at)
        if changed:
            self._runs = [start_ms is not None for start_ms in starts]
            self._of_running = [start_ms for start_ms in starts if start_ms is not None]
        return changed

    def _are_steady(self, session_ms: int, before: tuple[int | None, ...]) -> bool:
        """Whether each running clock shows its published start, and each other one stands: nearly always."""
        lap_ms = self._lap_ms
        if None in lap_ms or any(map(is_, map(eq, lap_ms, before), self._runs)):
            return False
        known = list(map(add, compress(cast("tuple[int, ...]", lap_ms), self._runs), self._of_running))
        return not known or (
            session_ms - TOLERANCE_MS <= min(known) and max(known) <= session_ms + TOLERANCE_MS
        )

    def _read(self, data: bytes) -> tuple[int | None, ...]:
        """The lap clocks in ms."""
        layout = identify(data)
        if self._clocks is None or layout is not self._layout:
            name = "current_lap_time" if layout.packet_format == 2020 else "current_lap_time_ms"
            self._layout, self._clocks = layout, Columns(layout, (name,))
        clocks = self._clocks.flat(data)
        if layout.packet_format != 2020:
            return clocks
        return tuple([_UNCOUNTED.known_ms("lap_data.current_lap", seconds) for seconds in clocks])
