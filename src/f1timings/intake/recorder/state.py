"""The state of the recording, for operators: counts, data rate, and log messages about dropped datagrams."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

_log = logging.getLogger(__name__)

_SAMPLE_EVERY_S: Final = 5.0
_SAMPLES: Final = 121  # ten minutes
#: After so long without a further drop, the recording counts as complete again.
_COMPLETE_AFTER_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderState:
    """The state of the recording.

    Attributes:
        files: number of captures in the folder.
        bytes_on_disk: size of these captures.
        bytes_per_hour: data rate of the last ten minutes before packing; None in the first seconds.
        datagrams: number recorded since the start.
        dropped: number missing in the captures since the start (the timing has them).
        pending_bytes: in memory, not written yet.
        failing_since: seconds since 1970; None while everything works.
        error: text of the current error; None while everything works.
        stopped_because: why recording is paused, and what helps; None while it is not paused.
    """

    files: int = 0
    bytes_on_disk: int = 0
    bytes_per_hour: int | None = None
    datagrams: int = 0
    dropped: int = 0
    pending_bytes: int = 0
    failing_since: float | None = None
    error: str | None = None
    stopped_because: str | None = None


class CaptureRate:
    """Bytes per hour over the last ten minutes."""

    def __init__(self, monotonic: float) -> None:
        """Start with no bytes; ``monotonic`` is the time in seconds of a monotonic clock."""
        self._samples = deque([(monotonic, 0)], maxlen=_SAMPLES)

    def update(self, total_bytes: int, monotonic: float) -> int | None:
        """Add the current total and return the rate; None in the first seconds."""
        if monotonic - self._samples[-1][0] >= _SAMPLE_EVERY_S:
            self._samples.append((monotonic, total_bytes))
        first_at, first_bytes = self._samples[0]
        if monotonic - first_at < _SAMPLE_EVERY_S:
            return None
        return round((total_bytes - first_bytes) / (monotonic - first_at) * 3600)


class DropLog:
    """Logs the first dropped datagram, and the end of the drops."""

    def __init__(self) -> None:
        self._dropped = 0
        self._last_drop_at: float | None = None

    def update(self, dropped: int, monotonic: float) -> None:
        """Compare with the previous number of dropped datagrams.

        Args:
            dropped: number since the start.
            monotonic: seconds of a monotonic clock.
        """
        if dropped != self._dropped:
            if self._last_drop_at is None:
                _log.warning("The recording is incomplete: datagrams are dropped. Timing continues.")
            self._dropped, self._last_drop_at = dropped, monotonic
        elif self._last_drop_at is not None and monotonic - self._last_drop_at >= _COMPLETE_AFTER_S:
            _log.warning("The recording is complete again; %d datagrams are missing so far.", dropped)
            self._last_drop_at = None
