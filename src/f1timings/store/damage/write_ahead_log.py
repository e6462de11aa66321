"""The write-ahead log of an SQLite database: whether commits in it that were on the disk are damaged.

SQLite reads the log up to the first frame with a wrong checksum and ignores the rest without a word. After a
power cut that is right: the last transaction may be written in part. Every transaction before it was on the
disk before the next one began, so two commits behind the wrong frame mean that stored records were damaged.
The format is in https://www.sqlite.org/fileformat2.html#the_write_ahead_log.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_MAGIC: Final = 0x377F0682
_HEADER: Final = struct.Struct(">IIIIIIII")
_FRAME: Final = struct.Struct(">IIIIII")
_PAGE_SIZES: Final = frozenset(1 << power for power in range(9, 17))
# One transaction of the writer never needs as much; what is behind is not checked.
_MOST_BYTES: Final = 64 * 1024 * 1024

Checksum = tuple[int, int]


class _Frame(NamedTuple):
    """A frame of the log.

    Attributes:
        salts: of the run of the log to which it belongs; each new run has others.
        is_commit: it ends a transaction.
        is_readable: its checksum and those before it are right.
    """

    salts: tuple[int, int]
    is_commit: bool
    is_readable: bool


def find_log_damage(path: Path) -> str | None:
    """What is damaged in a write-ahead log; a missing or a cut log has no damage that can be proven."""
    if not path.exists() or not _HEADER.size < path.stat().st_size <= _MOST_BYTES:
        return None
    with path.open("rb") as file:
        lost = _count_lost_commits(file)
    return f"the newest {lost} transactions in {path.name} cannot be read" if lost > 1 else None


def _count_lost_commits(file: BinaryIO) -> int:
    """The number of commits of the newest run of the log behind the first frame with a wrong checksum."""
    header = file.read(_HEADER.size)
    magic, _, page_size, _, *salts, _, _ = _HEADER.unpack(header)
    order = ">" if magic & 1 else "<"
    start = _checksum(header[:24], order, (0, 0))
    is_readable = magic & ~1 == _MAGIC and start == _HEADER.unpack(header)[6:]
    frames = _frames(file, page_size if page_size in _PAGE_SIZES else 4096, order, start=start)
    run = (salts[0], salts[1]) if is_readable else None
    lost = 0
    for frame in frames:
        run = run or frame.salts
        is_readable = is_readable and frame.is_readable and frame.salts == run
        lost += not is_readable and frame.is_commit and frame.salts == run
    return lost


def _frames(file: BinaryIO, page_size: int, order: str, *, start: Checksum) -> Iterator[_Frame]:
    """The frames behind the header; checksums are computed up to the first wrong one."""
    checksum, is_readable = start, True
    while len(frame := file.read(_FRAME.size + page_size)) == _FRAME.size + page_size:
        _, pages_after, *salts, first, second = _FRAME.unpack_from(frame)
        if is_readable:
            checksum = _checksum(frame[:8] + frame[_FRAME.size :], order, checksum)
            is_readable = checksum == (first, second)
        yield _Frame((salts[0], salts[1]), pages_after > 0, is_readable)


def _checksum(data: bytes, order: str, start: Checksum) -> Checksum:
    first, second = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
