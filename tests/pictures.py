"""Pictures for tests: small files of each format, made here byte by byte."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 3, height: int = 2, *, colour: bytes = b"\xc0\x20\x20", extra: int = 0) -> bytes:
    """A PNG file of one colour.

    Args:
        extra: bytes of a further chunk, which browsers ignore.
    """
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + colour * width) * height)
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    if extra:
        chunks.insert(1, (b"teSt", b"\0" * extra))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def png_of(*chunks: tuple[bytes, bytes]) -> bytes:
    """A file with the signature of PNG and these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def jpeg(width: int = 3, height: int = 2, *, thumbnail: bool = False) -> bytes:
    """A file with the segments of a JPEG; its pixels are none that a decoder accepts.

    Args:
        thumbnail: an application segment has a whole JPEG in it, as cameras write it.
    """
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    segments = [_segment(0xE1, jpeg(160, 120)) if thumbnail else b"", _segment(0xC2, frame)]
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd3\x56"
    return b"\xff\xd8" + b"".join(segments) + scan * 2 + b"\xff\xff\xd9"


def webp_lossy(width: int = 3, height: int = 2) -> bytes:
    """A WebP file whose chunk states the size of a lossy picture."""
    return webp_of((b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"\0"))


def webp_lossless(width: int = 3, height: int = 2) -> bytes:
    """A WebP file whose chunk states the size of a lossless picture."""
    return webp_of((b"VP8L", b"\x2f" + struct.pack("<I", (height - 1) << 14 | (width - 1)) + b"\0\0"))


def webp_extended(width: int, height: int, *pictures: tuple[bytes, bytes]) -> bytes:
    """A WebP file with the size of a canvas, and pictures in it."""
    canvas = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_of((b"VP8X", canvas), *pictures)


def webp_of(*chunks: tuple[bytes, bytes]) -> bytes:
    """A file with the signature of WebP and these chunks."""
    content = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content
