"""Pictures that people upload: what is accepted, found in the bytes of the file without decoding it. Pure.

The type is found in the bytes, never in a name or in what the client says. Only formats that browsers show as
a picture and that hold no script are accepted, so no SVG. What follows the picture in a file is cut off.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from f1timings.errors import ActInvalid

MEGABYTE: Final = 1024 * 1024
#: The most bytes of one picture, and of all together.
MOST_PICTURE_BYTES: Final = 5 * MEGABYTE
MOST_BYTES_IN_ALL: Final = 50 * MEGABYTE
#: A TV stick must decode it: 4096 pixels squared need 64 MiB.
LONGEST_SIDE: Final = 8192
MOST_PIXELS: Final = 4096 * 4096

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
WEBP: Final = "image/webp"

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_START: Final = b"\xff\xd8\xff"
# Markers of a JPEG file, the second byte after 0xff (ISO/IEC 10918-1, table B.1).
_START_OF_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = 0xD9
_FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset((0x01, *range(0xD0, 0xD8)))
_IN_SCAN_DATA: Final = frozenset((0x00, *range(0xD0, 0xD8)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture.

    Attributes:
        id: SHA-256 of the data, 64 hexadecimal digits.
        media_type: :data:`PNG`, :data:`JPEG` or :data:`WEBP`.
        width: in pixels.
        height: in pixels.
    """

    id: str
    media_type: str
    width: int
    height: int
    data: bytes


class _Extent(NamedTuple):
    """The size in pixels, and where the picture ends in the file."""

    width: int
    height: int
    end: int


class _DamagedError(Exception):
    """The bytes are not what the format says."""


def read_picture(data: bytes) -> Picture:
    """Return the picture in the bytes of a file.

    Raises:
        ActInvalid: it is no PNG, JPEG or WebP, is damaged or not complete, or too large.
    """
    if len(data) > MOST_PICTURE_BYTES:
        raise ActInvalid("picture-too-big", most=MOST_PICTURE_BYTES // MEGABYTE)
    media_type = _media_type(data)
    if media_type is None:
        raise ActInvalid("picture-form")
    try:
        extent = _READERS[media_type](data)
    except (_DamagedError, IndexError) as error:
        raise ActInvalid("picture-damaged") from error
    width, height = extent.width, extent.height
    if not (width and height):
        raise ActInvalid("picture-damaged")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise ActInvalid("picture-dimensions", width=width, height=height)
    kept = data[: extent.end]
    digest = hashlib.sha256(kept).hexdigest()
    return Picture(id=digest, media_type=media_type, width=width, height=height, data=kept)


def _media_type(data: bytes) -> str | None:
    """The format by the first bytes; None for any other file."""
    if data.startswith(_PNG_SIGNATURE):
        return PNG
    if data.startswith(_JPEG_START):
        return JPEG
    return WEBP if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _png_extent(data: bytes) -> _Extent:
    """Walk the chunks: a header first, then at least one with pixels, and the end; each has a checksum."""
    at, width, height, has_pixels = len(_PNG_SIGNATURE), 0, 0, False
    while True:
        length, name = _number(data, at, 4), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + length]
        end = at + 12 + length
        if zlib.crc32(name + content) != _number(data, end - 4, 4):
            raise _DamagedError
        if (name == b"IHDR") != (at == len(_PNG_SIGNATURE)):
            raise _DamagedError
        if name == b"IHDR":
            width, height = _number(content, 0, 4), _number(content, 4, 4)
        has_pixels |= name == b"IDAT"
        if name == b"IEND":
            if not has_pixels:
                raise _DamagedError
            return _Extent(width, height, end)
        at = end


def _jpeg_extent(data: bytes) -> _Extent:
    """Walk the segments: a frame header with the size, scans, and the end."""
    at, size, has_scan = 2, None, False
    while True:
        if data[at] != 0xFF:
            raise _DamagedError
        marker = data[at + 1]
        if marker == 0xFF:  # a byte that only fills
            at += 1
        elif marker == _END_OF_IMAGE:
            if size is None or not has_scan:
                raise _DamagedError
            return _Extent(size[0], size[1], at + 2)
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            length = _number(data, at + 2, 2)
            if length < 2:
                raise _DamagedError
            if marker in _FRAME_HEADERS:
                # Then the precision, the height and the width.
                size = (_number(data, at + 7, 2), _number(data, at + 5, 2))
            at += 2 + length
            if marker == _START_OF_SCAN:
                has_scan = True
                at = _end_of_scan(data, at)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the compressed pixels end, which is at the next marker that does not belong to them."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise _DamagedError
        if data[at + 1] not in _IN_SCAN_DATA:
            return at
        at += 2


def _webp_extent(data: bytes) -> _Extent:
    """Walk the chunks of the container: one with the size of the canvas or of the picture, and pixels."""
    end = 8 + _little(data, 4, 4)
    if end > len(data):
        raise _DamagedError
    at, width, height, has_pixels = 12, 0, 0, False
    while at < end:
        name, length = data[at : at + 4], _little(data, at + 4, 4)
        content = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
        if len(content) != length or at > end + length % 2:
            raise _DamagedError
        found = _webp_size(name, content)
        width, height = max(width, found[0]), max(height, found[1])
        has_pixels |= name in (b"VP8 ", b"VP8L", b"ANMF")
    if not has_pixels:
        raise _DamagedError
    return _Extent(width, height, end)


def _webp_size(name: bytes, content: bytes) -> tuple[int, int]:
    """The size in a chunk of a WebP file; zero for chunks without one (RFC 9649)."""
    if name == b"VP8X":
        return _little(content, 4, 3) + 1, _little(content, 7, 3) + 1
    if name == b"VP8L":
        if content[0] != 0x2F:
            raise _DamagedError
        bits = _little(content, 1, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        if content[3:6] != b"\x9d\x01\x2a":
            raise _DamagedError
        return _little(content, 6, 2) & 0x3FFF, _little(content, 8, 2) & 0x3FFF
    return 0, 0


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_piece(data, at, size), "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_piece(data, at, size), "little")


def _piece(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) != size:
        raise _DamagedError
    return piece


_READERS: Final[Mapping[str, Callable[[bytes], _Extent]]] = {
    PNG: _png_extent,
    JPEG: _jpeg_extent,
    WEBP: _webp_extent,
}
