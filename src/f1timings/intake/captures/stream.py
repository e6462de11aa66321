"""The unpacked bytes of a capture file; every error of the disk or the packing is a CaptureError."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from f1timings.errors import CaptureError

#: No real entry comes near this size. A larger length is damaged, and no memory is allocated for it.
MAX_ENTRY_BYTES: Final = 16 * 1024 * 1024
_CHUNK: Final = 128 * 1024


class CaptureStream:
    """Reads a capture file from beginning to end.

    Plain files, gzip and Zstandard are recognised by their first bytes, not by their name.

    Attributes:
        name: name of the file in messages.
        position: unpacked bytes read so far.
        magic: the first four unpacked bytes, fewer if the file is shorter; they are already read.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self.position = 0
        self._file = file
        self._unpacked = file
        self.magic = self._read(4)
        unpack = next((unpack for first, unpack in _PACKINGS if self.magic.startswith(first)), None)
        if unpack is not None:
            file.seek(0)
            self._unpacked = unpack(file)
            self.position = 0
            self.magic = self._read(4)

    def read_exactly(self, count: int) -> bytes:
        """Read exactly ``count`` bytes.

        Raises:
            EOFError: the file ends before that; it was cut there.
            CaptureError: the disk or the packing failed.
        """
        octets = self._read(count)
        if len(octets) < count:
            raise EOFError
        return octets

    def read_exactly_or_end(self, count: int) -> bytes:
        """Read exactly ``count`` bytes, or none at the end of the file.

        Raises:
            EOFError: the file ends within these bytes; it was cut there.
            CaptureError: the disk or the packing failed.
        """
        octets = self._read(count)
        if octets and len(octets) < count:
            raise EOFError
        return octets

    def has_only_zeros_left(self) -> bool:
        """Whether only zeros follow, as after a power cut; reads the rest of the file to find out."""
        while chunk := self._read(_CHUNK):
            if chunk.count(0) != len(chunk):
                return False
        return True

    def damage_error(self, detail: str) -> CaptureError:
        """The error for a file that is damaged at the current position."""
        return CaptureError(
            f"The capture {self.name} is damaged near byte {self.position}: {detail}. "
            "Everything before it was read. To rescue the rest, open the file in Wireshark and save it again."
        )

    def close(self) -> None:
        """Close the file. Closing it again does nothing."""
        self._unpacked.close()
        self._file.close()

    def _read(self, count: int) -> bytes:
        try:
            octets = self._unpacked.read(count)
        except EOFError:  # a gzip file that was cut: everything that can be unpacked was already returned
            return b""
        except (OSError, zlib.error, zstandard.ZstdError) as error:
            raise CaptureError(
                f"The capture {self.name} cannot be read beyond byte {self.position} ({error}). "
                "Unpack it with another program, or copy it again."
            ) from error
        self.position += len(octets)
        return octets


def _gunzip(file: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))


def _unzstd(file: IO[bytes]) -> IO[bytes]:
    unpacked = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True, closefd=False)
    return io.BufferedReader(cast(io.RawIOBase, unpacked), _CHUNK)


_PACKINGS: Final[tuple[tuple[bytes, Callable[[IO[bytes]], IO[bytes]]], ...]] = (
    (b"\x1f\x8b\x08", _gunzip),
    (b"\x28\xb5\x2f\xfd", _unzstd),
)


def open_stream(path: Path) -> CaptureStream:
    """Open a plain file, or one packed with gzip or Zstandard.

    Raises:
        CaptureError: the file is missing, a folder, not readable, or its packing is damaged from the start.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise CaptureError(f"Cannot open the capture {path}: {error.strerror}.") from error
    try:
        return CaptureStream(file, str(path))
    except CaptureError:
        file.close()
        raise
