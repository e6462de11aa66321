"""How the recording goes, for people who look after the server: its state, its pace, its losses."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

_log = logging.getLogger(__name__)

_SAMPLE_EVERY_S: Final = 5.0
_SAMPLES: Final = 121  # ten minutes
#: Without a further loss for so long, the recording counts as whole again.
_WHOLE_AFTER_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class RecorderState:
    """How the recording goes.

    Attributes:
        files: captures in the folder.
        bytes_on_disk: what they take.
        bytes_per_hour: before packing, at the pace of the last ten minutes; None until that is known.
        datagrams: recorded since the start.
        dropped: since the start, missing in the captures (not in the timing).
        pending_bytes: in memory, not yet written.
        failing_since: seconds since 1970; None while all works.
        error: what fails; None while all works.
        stopped_because: why nothing is recorded for now, and what helps; None while it is.
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
    """Bytes an hour over the last ten minutes."""

    def __init__(self, ticks: float) -> None:
        """Begin with no bytes; ``ticks`` are seconds of a clock that only goes forward."""
        self._samples = deque([(ticks, 0)], maxlen=_SAMPLES)

    def per_hour(self, total: int, ticks: float) -> int | None:
        """Note how many bytes there were by now, and give the pace; None in the first seconds."""
        if ticks - self._samples[-1][0] >= _SAMPLE_EVERY_S:
            self._samples.append((ticks, total))
        since, before = self._samples[0]
        if ticks - since < _SAMPLE_EVERY_S:
            return None
        return round((total - before) / (ticks - since) * 3600)


class Losses:
    """Tells the log when datagrams begin to be lost, and when that is over."""

    def __init__(self) -> None:
        self._lost = 0
        self._lost_at: float | None = None

    def look(self, lost: int, ticks: float) -> None:
        """Compare with the last look.

        Args:
            lost: so far.
            ticks: seconds of a clock that only goes forward.
        """
        if lost != self._lost:
            if self._lost_at is None:
                _log.warning("Telemetry is not recorded whole: datagrams are dropped. Timing goes on.")
            self._lost, self._lost_at = lost, ticks
        elif self._lost_at is not None and ticks - self._lost_at >= _WHOLE_AFTER_S:
            _log.warning("Telemetry is recorded whole again; %d datagrams are missing so far.", lost)
            self._lost_at = None
