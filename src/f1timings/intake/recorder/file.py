"""The one capture that is being written: whole blocks or nothing, in few large writes."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable
from pathlib import Path

from f1timings.intake.captures.pcapng import PcapngWriter
from f1timings.intake.recorder.inbox import Entry


class RecorderFile:
    """A new pcapng file, from its making to ``close``.

    Attributes:
        path: where it is.
        opened_at: seconds of the clock that its age is told by.
        size: bytes given to the system, always whole blocks.
    """

    def __init__(self, path: Path, opened_at: float) -> None:
        """Make the file.

        Raises:
            OSError: the folder cannot be written.
        """
        self.path = path
        self.opened_at = opened_at
        self.size = 0
        self._file = path.open("xb", buffering=0)
        self._blocks = _Blocks()
        self._writer = PcapngWriter(self._blocks)

    def append(self, entries: Iterable[Entry]) -> int:
        """Give datagrams to the system, so that they survive the end of this process.

        Returns:
            How many could not be written down because they are no datagrams (an address that is none).

        Raises:
            OSError: the disk did not take them; the file ends where it ended before.
        """
        refused = 0
        for entry in entries:
            try:
                self._writer.write(*entry)
            except (ValueError, OverflowError, struct.error):
                refused += 1
        octets = b"".join(self._blocks)
        self._blocks.clear()
        self._give(octets)
        self.size += len(octets)
        return refused

    def close(self) -> None:
        """End the file; one without a datagram is taken away."""
        with contextlib.suppress(OSError):  # what was written was written without a buffer
            self._file.close()
        if not self.size:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _give(self, octets: bytes) -> None:
        rest = memoryview(octets)
        try:
            while rest:  # a disk that is almost full takes a part
                rest = rest[self._file.write(rest) :]
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self.size)
            raise


class _Blocks(list[bytes]):
    """Collects what the writer makes."""

    write = list.append
