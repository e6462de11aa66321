"""The server's clock: server time orders what people and rigs do, steady time measures how long it lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

# The wall clock is ahead of the server's clock by more than this only after somebody has set it.
_STEP_S: Final = 1.0
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def _elapsed() -> float:
    """Seconds since the machine started, asleep or awake where the system can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _boot() -> str:
    """What distinguishes this start of the machine from others; empty where the system cannot tell."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


class ClockReading(NamedTuple):
    """Steady time at one moment, from which a later process goes on.

    Attributes:
        steady: seconds since 1970.
        boot: the start of the machine in which they were read; empty if unknown.
        elapsed_s: seconds from that start to this moment.
    """

    steady: float
    boot: str
    elapsed_s: float


class ServerClock:
    """Server time and steady time, both in seconds since 1970; neither ever goes back.

    Server time starts at the wall clock, or at the newest time in the database if that is later, and then
    counts what really elapses. So assignments, laps and meetings keep their order when the wall clock is set
    back. If the wall clock is set ahead (the first answer of a time server), server time follows.

    Steady time does not follow: logins, tokens and waits last as long as they should. After a restart it goes
    on where it was; the time in between counts if the machine was not started again meanwhile.

    Args:
        elapsed: seconds of a clock that only counts, for tests.
        boot: what distinguishes this start of the machine from others, for tests.
    """

    def __init__(self, elapsed: Callable[[], float] = _elapsed, boot: Callable[[], str] = _boot) -> None:
        self._elapsed = elapsed
        self._boot = boot()
        self._lock = threading.Lock()
        self._newest_s = elapsed()
        self._started = time.time() - self._newest_s
        self._ahead = 0.0

    def now(self) -> float:
        """Server time."""
        return self.server_time_at(self.steady())

    def steady(self) -> float:
        """Steady time: server time without steps, for what lasts a while: log-ins and waits."""
        elapsed_s = self._elapsed()
        if elapsed_s < self._newest_s:
            return self._after_going_back(elapsed_s)
        self._newest_s = elapsed_s
        return self._started + elapsed_s

    def server_time_at(self, steady: float) -> float:
        """A moment of steady time as server time, to show it."""
        return steady + self._ahead

    def advance_to(self, moment: float) -> None:
        """Begin server time later, at the newest time in the database; an earlier one changes nothing."""
        self._ahead += max(0.0, moment - self.now())

    def resume(self, reading: ClockReading) -> None:
        """Let steady time go on from what an earlier process stored; called before anything is measured.

        Server time stays as it is.
        """
        steady = self.steady()
        resumed = reading.steady + self._passed_since(reading)
        self._started += resumed - steady
        self._ahead += steady - resumed

    def read(self) -> ClockReading:
        """Steady time now, to be stored."""
        steady = self.steady()
        return ClockReading(steady, self._boot, steady - self._started)

    def follow_wall_clock(self) -> float:
        """Follow the wall clock if it was set ahead; called about twice a second.

        Returns:
            By how many seconds server time was set ahead, 0 if it was not.
        """
        step_s = time.time() - self.now()
        if step_s <= _STEP_S:
            return 0.0
        self._ahead += step_s
        return step_s

    def _after_going_back(self, elapsed_s: float) -> float:
        """Steady time when the elapsed seconds are fewer than before.

        A little fewer: another thread was faster, and the newest moment counts. Many fewer: that clock was
        set back, and steady time goes on from where it was.
        """
        with self._lock:
            if self._newest_s - elapsed_s > _STEP_S:
                elapsed_s = self._elapsed()
                self._started += max(0.0, self._newest_s - elapsed_s)
                self._newest_s = elapsed_s
            return self._started + self._newest_s

    def _passed_since(self, reading: ClockReading) -> float:
        """The seconds from a reading to now; 0 if they are unknown, because the machine started again."""
        is_same_boot = bool(reading.boot) and reading.boot == self._boot
        return max(0.0, self._newest_s - reading.elapsed_s) if is_same_boot else 0.0
