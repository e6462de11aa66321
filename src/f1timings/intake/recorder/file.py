"""The capture file that the recorder currently writes: whole blocks only, in few large writes."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable
from pathlib import Path

from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.intake.recorder.datagram_queue import QueuedDatagram


class RecorderFile:
    """A new pcapng file, from its creation to ``close``.

    Attributes:
        path: the file.
        opened_at: seconds of a monotonic clock, for its age.
        size: bytes written so far, always whole blocks.
    """

    def __init__(self, path: Path, opened_at: float) -> None:
        """Create the file.

        Raises:
            OSError: the folder cannot be written.
        """
        self.path = path
        self.opened_at = opened_at
        self.size = 0
        self._file = path.open("xb", buffering=0)
        self._parts = _Parts()
        self._writer = PcapngWriter(self._parts)

    def append(self, datagrams: Iterable[QueuedDatagram]) -> int:
        """Write datagrams to the operating system, so that they survive the end of this process.

        Returns:
            How many were rejected because they cannot be encoded (an invalid address or port).

        Raises:
            OSError: the disk did not accept them; the file still ends where it ended before.
        """
        rejected = 0
        parts, block = self._parts, self._writer.block
        for datagram in datagrams:
            try:
                parts += block(*datagram)
            except (ValueError, OverflowError, struct.error):
                rejected += 1
        octets = b"".join(parts)  # the only copy of a datagram on its way to the disk
        parts.clear()
        self._write(octets)
        self.size += len(octets)
        return rejected

    def close(self) -> None:
        """Close the file, and delete it if it contains no datagram."""
        with contextlib.suppress(OSError):  # the file has no buffer: everything is already written
            self._file.close()
        if not self.size:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def _write(self, octets: bytes) -> None:
        remaining = memoryview(octets)
        try:
            while remaining:  # a disk that is almost full accepts a part
                remaining = remaining[self._file.write(remaining) :]
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self.size)
            raise


class _Parts(list[bytes]):
    """Collects what is written, as a file would."""

    write = list.append
