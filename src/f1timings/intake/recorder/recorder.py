"""Recording every datagram as it came, before anything can fail: the side of it that the event loop sees."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Final

from f1timings.intake.recorder.inbox import Inbox
from f1timings.intake.recorder.retention import DEFAULT_BUDGET, CaptureBudget
from f1timings.intake.recorder.settings import DEFAULT_ROTATION, REAL, Rotation, Surroundings
from f1timings.intake.recorder.state import RecorderState
from f1timings.intake.recorder.writer import RecorderWriter

__all__ = ["CaptureBudget", "Recorder", "RecorderState", "Rotation", "Surroundings"]

_PATIENCE_S: Final = 5.0
#: For the last datagrams to reach the disk, besides the packing.
_GRACE_S: Final = 10.0


class Recorder:
    """Records to the folder of captures from ``start`` to ``close``.

    The event loop only leaves datagrams in a queue; one thread does all the rest, and none of its failures
    comes back: they are seen in ``state`` and told in the log, once.
    """

    def __init__(
        self,
        folder: Path,
        budget: CaptureBudget = DEFAULT_BUDGET,
        rotation: Rotation = DEFAULT_ROTATION,
        surroundings: Surroundings = REAL,
    ) -> None:
        """Prepare; the folder is made by the thread.

        Args:
            folder: of the captures, owned by this process.
            budget: the room that captures may take.
            rotation: sizes and times of the files.
            surroundings: the clocks and the disk.
        """
        self._inbox = Inbox(rotation.max_pending_bytes)
        self._writer = RecorderWriter(folder, self._inbox, budget, rotation, surroundings)
        self._stop = threading.Event()
        self._patience_s = _PATIENCE_S
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin to write, and to look after what earlier runs left."""
        self._thread.start()

    def record(self, data: bytes, address: str, port: int, listen_port: int, received_at: float) -> None:
        """Take one datagram; it never waits, never fails, and never looks at the data.

        Args:
            data: the whole payload.
            address / port: its source.
            listen_port: the port of ours that it came to.
            received_at: seconds since 1970 at the socket.
        """
        self._inbox.put(data, address, port, listen_port, received_at)

    @property
    def state(self) -> RecorderState:
        """How it goes, at most a flush old; what waits and what was dropped is of this moment."""
        return replace(self._writer.state, pending_bytes=self._inbox.pending_bytes)

    def close(self, patience_s: float = _PATIENCE_S) -> None:
        """Write what is left, pack it, and end the thread.

        Args:
            patience_s: the most to spend on packing; the next start does what is left of it.
        """
        self._patience_s = patience_s
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(patience_s + _GRACE_S)

    def _run(self) -> None:
        self._writer.run(self._stop)
        self._writer.end(self._patience_s)
