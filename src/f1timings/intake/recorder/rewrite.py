"""Rewrite a finished capture, packed or thinned, in small steps.

Each function is a generator that works for a few milliseconds per step, so that the caller decides how much
of the machine it uses. The new file gets its name once it is complete and on the disk; then the old file is
deleted. A generator that is closed early leaves only the old file.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from typing import IO, Final

import zstandard

from f1timings.intake.captures.folder import PART, CaptureFile
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.recorder.retention import Thinning

Steps = Generator[None, None, None]

_LEVEL: Final = 3
_CHUNK: Final = 512 * 1024
_DATAGRAMS_PER_STEP: Final = 64
#: Bytes before packing. Sync in portions: one large sync would block the writes of the recorder.
_SYNC_EVERY_BYTES: Final = 32 * 1024 * 1024


def pack(file: CaptureFile) -> Steps:
    """Pack a capture without changing its bytes; a torn end is packed too.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    with _replacement(file, file.stage) as packed, file.path.open("rb") as raw:
        while chunk := raw.read(_CHUNK):
            packed.write(chunk)
            yield


def thin(file: CaptureFile, stage: int) -> Steps:
    """Rewrite a capture with the datagrams that remain at a stage.

    Raises:
        CaptureError: the capture is damaged; it remains unchanged.
        OSError: the disk is full or cannot be written.
    """
    thinning = Thinning(stage)
    with _replacement(file, stage) as packed, open_capture(file.path) as capture:
        writer = PcapngWriter(packed)
        for number, datagram in enumerate(capture, 1):
            if thinning.is_kept(datagram):
                writer.write(*datagram)
            if not number % _DATAGRAMS_PER_STEP:
                yield


class _PackedFile:
    """A file that packs the bytes written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(
            file, closefd=False
        )
        self._unsynced = 0

    def write(self, octets: bytes, /) -> None:
        self._unsynced += self._packer.write(octets)
        if self._unsynced >= _SYNC_EVERY_BYTES:
            self._sync()

    def finish(self) -> None:
        """Write everything to the disk."""
        self._packer.flush(zstandard.FLUSH_FRAME)
        self._sync()

    def _sync(self) -> None:
        self._unsynced = 0
        self._file.flush()
        os.fsync(self._file.fileno())


@contextlib.contextmanager
def _replacement(file: CaptureFile, stage: int) -> Iterator[_PackedFile]:
    """Write a new form of a capture; it replaces the old file if the block ends without an error."""
    target = file.path_of_form(stage, is_packed=True)
    part = target.with_name(target.name + PART)
    try:
        with part.open("wb") as unfinished:
            packed = _PackedFile(unfinished)
            yield packed
            packed.finish()
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if file.path != target:
        file.path.unlink()
