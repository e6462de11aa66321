"""Record datagrams unchanged, whatever becomes of them: the part that the event loop calls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from f1timings.config import Settings
from f1timings.intake.recorder.datagram_queue import DatagramQueue
from f1timings.intake.recorder.environment import RecorderEnvironment
from f1timings.intake.recorder.retention import DEFAULT_BUDGET, CaptureBudget
from f1timings.intake.recorder.rotation import DEFAULT_ROTATION, Rotation
from f1timings.intake.recorder.state import RecorderState
from f1timings.intake.recorder.writer import RecorderWriter

__all__ = ["CaptureBudget", "Recorder", "RecorderEnvironment", "RecorderState", "Rotation"]

_GIB: Final = 1 << 30
_CLOSE_TIMEOUT_S: Final = 5.0
#: For writing the last datagrams to the disk, in addition to the packing.
_EXTRA_TIMEOUT_S: Final = 10.0


class Recorder:
    """Records to the folder of captures from ``start`` to ``close``.

    The event loop only appends datagrams to a queue. One thread does everything else. Errors of the thread
    are not raised here: they appear in ``state``, and once in the log.
    """

    def __init__(
        self,
        folder: Path,
        budget: CaptureBudget = DEFAULT_BUDGET,
        *,
        rotation: Rotation = DEFAULT_ROTATION,
        environment: RecorderEnvironment,
    ) -> None:
        """Prepare; the thread creates the folder.

        Args:
            folder: the folder of captures, owned by this process.
            budget: disk space for captures.
            rotation: sizes and times of the files.
            environment: the clocks and the disk.
        """
        self._queue = DatagramQueue(rotation.max_pending_bytes)
        self._writer = RecorderWriter(
            folder=folder, queue=self._queue, budget=budget, rotation=rotation, environment=environment
        )
        self._stop = threading.Event()
        self._close_timeout_s = _CLOSE_TIMEOUT_S
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    @classmethod
    def of_server(cls, settings: Settings, folder: Path, now: Callable[[], float]) -> Self | None:
        """The recorder of a server; None if recording is switched off.

        Args:
            folder: the folder of captures.
            now: server time, seconds since 1970.
        """
        if not settings.capture:
            return None
        budget = CaptureBudget(int(settings.capture_max_gb * _GIB), int(settings.capture_keep_free_gb * _GIB))
        return cls(folder, budget, environment=RecorderEnvironment(now=now))

    def start(self) -> None:
        """Start to record, and to maintain the captures of earlier runs."""
        self._thread.start()

    def record(self, data: bytes, address: str, port: int, listen_port: int, received_at: float) -> None:
        """Record one datagram. Never waits, never fails, and does not read the data.

        Args:
            data: the whole payload.
            address / port: the source.
            listen_port: the port at which it arrived.
            received_at: seconds since 1970 at the socket.
        """
        self._queue.put(data, address, port, listen_port, received_at)

    @property
    def state(self) -> RecorderState:
        """The state at the last flush; ``pending_bytes`` is current."""
        return replace(self._writer.state, pending_bytes=self._queue.pending_bytes)

    def close(self, timeout_s: float = _CLOSE_TIMEOUT_S) -> None:
        """Write the remaining datagrams, pack the last capture, and end the thread.

        Args:
            timeout_s: longest time for packing; the next start does the rest.
        """
        self._close_timeout_s = timeout_s
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s + _EXTRA_TIMEOUT_S)

    def _run(self) -> None:
        self._writer.run(self._stop)
        self._writer.finish(self._close_timeout_s)
