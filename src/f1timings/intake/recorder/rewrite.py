"""Putting a finished capture into another form, packed or thinned, in small steps.

Each function is a generator that works for a few milliseconds between two steps, so that its caller decides
how much of the machine it takes. The new file appears when it is whole and on the disk; then the old one
goes. A generator that is closed early leaves the old file and nothing else.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Final

import zstandard

from f1timings.intake.captures.files import open_capture
from f1timings.intake.captures.folder import PART, CaptureFile
from f1timings.intake.captures.pcapng import PcapngWriter
from f1timings.intake.recorder.retention import Thinning

Steps = Generator[None, None, None]

_LEVEL: Final = 3
_CHUNK: Final = 512 * 1024
_DATAGRAMS_A_STEP: Final = 64
#: Bytes before packing. The disk gets them in portions: one large sync would hold the recorder up.
_SYNC_EVERY: Final = 32 * 1024 * 1024


def pack(file: CaptureFile) -> Steps:
    """Pack a capture byte by byte as it is, torn end and all.

    Raises:
        OSError: the disk is full or may not be written.
    """
    with _replacing(file, file.stage) as packed, file.path.open("rb") as raw:
        while chunk := raw.read(_CHUNK):
            packed.write(chunk)
            yield


def thin(file: CaptureFile, stage: int) -> Steps:
    """Write a capture anew with what stays at a stage.

    Raises:
        CaptureError: it is damaged; it stays as it is.
        OSError: the disk is full or may not be written.
    """
    thinning = Thinning(stage)
    with _replacing(file, stage) as packed, open_capture(file.path) as capture:
        writer = PcapngWriter(packed)
        for number, datagram in enumerate(capture, 1):
            if thinning.keeps(datagram):
                writer.write(*datagram)
            if not number % _DATAGRAMS_A_STEP:
                yield


class _Packed:
    """A file that packs what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).stream_writer(
            file, closefd=False
        )
        self._unsynced = 0

    def write(self, octets: bytes, /) -> None:
        self._unsynced += self._packer.write(octets)
        if self._unsynced >= _SYNC_EVERY:
            self._sync()

    def finish(self) -> None:
        """All of it is on the disk after this."""
        self._packer.flush(zstandard.FLUSH_FRAME)
        self._sync()

    def _sync(self) -> None:
        self._unsynced = 0
        self._file.flush()
        os.fsync(self._file.fileno())


@contextlib.contextmanager
def _replacing(file: CaptureFile, stage: int) -> Iterator[_Packed]:
    target = file.as_form(stage, packed=True)
    part = target.with_name(target.name + PART)
    try:
        with part.open("wb") as unfinished:
            packed = _Packed(unfinished)
            yield packed
            packed.finish()
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _remove(file.path, target)


def _remove(old: Path, new: Path) -> None:
    if old != new:
        old.unlink()
