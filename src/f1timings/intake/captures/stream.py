"""The bytes of a capture file, unpacked on the way; every fault of disk or packing is a CaptureError."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, cast

import zstandard

from f1timings.errors import CaptureError

#: No captured entry comes near; a longer one is a damaged length, and nothing to allocate.
MOST_OCTETS: Final = 16 * 1024 * 1024
_CHUNK: Final = 128 * 1024


class CaptureStream:
    """Takes a capture file apart in whole pieces, in order.

    Plain files, gzip and Zstandard are told apart by their first bytes, not by their name.

    Attributes:
        name: what to call the file in messages.
        position: unpacked bytes taken so far.
        magic: the first four unpacked bytes, fewer where the file has fewer; already taken.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self.position = 0
        self._file = file
        self._unpacked = file
        self.magic = self._next(4)
        unpack = next((unpack for begins, unpack in _PACKINGS if self.magic.startswith(begins)), None)
        if unpack is not None:
            file.seek(0)
            self._unpacked = unpack(file)
            self.position = 0
            self.magic = self._next(4)

    def take(self, count: int) -> bytes:
        """Exactly ``count`` bytes.

        Raises:
            EOFError: the file ends before; it was cut there.
            CaptureError: the disk or the packing failed.
        """
        octets = self._next(count)
        if len(octets) < count:
            raise EOFError
        return octets

    def take_or_end(self, count: int) -> bytes:
        """Exactly ``count`` bytes, or none where the file ends cleanly.

        Raises:
            EOFError: the file ends in between; it was cut there.
            CaptureError: the disk or the packing failed.
        """
        octets = self._next(count)
        if octets and len(octets) < count:
            raise EOFError
        return octets

    def only_zeros_left(self) -> bool:
        """Whether nothing but zeros follows, as a power cut leaves at the end; reads on to know."""
        while chunk := self._next(_CHUNK):
            if chunk.count(0) != len(chunk):
                return False
        return True

    def damaged(self, what: str) -> CaptureError:
        """The error that says where a file stopped making sense."""
        return CaptureError(
            f"The capture {self.name} is damaged near byte {self.position}: {what}. "
            "What came before was read; saving it anew from Wireshark may rescue what follows."
        )

    def close(self) -> None:
        """Close the file; doing it twice does no harm."""
        self._unpacked.close()
        self._file.close()

    def _next(self, count: int) -> bytes:
        try:
            octets = self._unpacked.read(count)
        except EOFError:  # gzip that was cut: what could be unpacked was given before
            return b""
        except (OSError, zlib.error, zstandard.ZstdError) as error:
            raise CaptureError(
                f"The capture {self.name} cannot be read beyond byte {self.position} ({error}). "
                "Unpack it by hand or copy it again."
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


def opened(path: Path) -> CaptureStream:
    """Open a file of any of these packings.

    Raises:
        CaptureError: it is missing, a folder, may not be read, or its packing is damaged from the start.
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
