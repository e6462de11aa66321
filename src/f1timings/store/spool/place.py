"""One file of the spool: numbered records with checksums, in space that was reserved."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

#: For all entries that fit into the queue of the writer: a lap takes about 380 bytes.
LARGEST_BYTES: Final = 16 * 1024 * 1024
# Of the free space, so that a small disk keeps room for the database.
_LARGEST_SHARE: Final = 8
_MAGIC: Final = b"F1SP"
# Magic, length of the content, checksum of all that follows; owner and number.
_HEADER: Final = struct.Struct(">4sII")
_NAME: Final = struct.Struct(">QQ")
_OVERHEAD: Final = _HEADER.size + _NAME.size


class SpoolRecord(NamedTuple):
    """A record.

    Attributes:
        owner: identifies the database to which it belongs.
        number: greater than that of any earlier record of the database.
    """

    owner: int
    number: int
    content: bytes


class SpoolPlace:
    """A file to which records are appended until it is emptied.

    A reserved file keeps its size: records are written over its zeros, which needs no free space on most file
    systems. Another one is created for the first record, and removed when it is emptied.

    Args:
        path: the file.
        is_reserved: whether it is reserved.
        largest: the most bytes.
    """

    def __init__(self, path: Path, *, is_reserved: bool, largest: int = LARGEST_BYTES) -> None:
        self.path = path
        self._is_reserved = is_reserved
        self._largest = largest
        self._file: BinaryIO | None = None
        self._end = 0

    def reserve(self) -> None:
        """Reserve the space of a reserved file, as far as there is any."""
        if not self._is_reserved:
            return
        with contextlib.suppress(OSError):
            file = self._open()
            size = file.seek(0, os.SEEK_END)
            free = shutil.disk_usage(self.path.parent).free
            missing = min(self._largest - size, free // _LARGEST_SHARE)
            if missing > 0:
                _allocate(file, size, missing)

    def read(self) -> list[SpoolRecord]:
        """The records, in their order; the next one is appended behind them.

        A record that was cut by a kill was never complete, so it is left out.
        """
        try:
            if not self._is_reserved:
                _need_own_folder(self.path.parent)
            content = self.path.read_bytes()
        except OSError:
            return []
        records = list(_records(content))
        self._end = sum(_OVERHEAD + len(record.content) for record in records)
        return records

    def append(self, records: Sequence[SpoolRecord]) -> None:
        """Write records; they are on the disk when this returns.

        Raises:
            OSError: they are not; a later call overwrites what was written of them.
        """
        data = b"".join(_framed(record) for record in records)
        if self._end + len(data) > self._largest:
            raise OSError(errno.ENOSPC, "the spool is full", str(self.path))
        self._write(self._end, data)
        self._end += len(data)

    def clear(self) -> None:
        """Remove all records. What cannot be removed is left out by its numbers at the next start."""
        with contextlib.suppress(OSError):
            if self._is_reserved:
                # Not only the first record: names of people must not stay readable in the file.
                self._write(0, bytes(self._end))
            else:
                self.close()
                self.path.unlink(missing_ok=True)
        self._end = 0

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, at: int, data: bytes) -> None:
        file = self._open()
        file.seek(at)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())

    def _open(self) -> BinaryIO:
        if self._file is None:
            if not self._is_reserved:
                self.path.parent.mkdir(mode=0o700, exist_ok=True)
                _need_own_folder(self.path.parent)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            self._file = open(descriptor, "r+b", buffering=0)  # noqa: SIM115  it stays open
        return self._file


def _framed(record: SpoolRecord) -> bytes:
    named = _NAME.pack(record.owner, record.number) + record.content
    return _HEADER.pack(_MAGIC, len(record.content), zlib.crc32(named)) + named


def _records(content: bytes) -> Iterator[SpoolRecord]:
    """The records from the start of a file up to the first place without a further one."""
    at = 0
    newest: SpoolRecord | None = None
    while len(content) - at >= _OVERHEAD:
        magic, length, checksum = _HEADER.unpack_from(content, at)
        end = at + _OVERHEAD + length
        named = content[at + _HEADER.size : end]
        if magic != _MAGIC or len(named) != _NAME.size + length or zlib.crc32(named) != checksum:
            return
        owner, number = _NAME.unpack_from(named)
        record = SpoolRecord(owner, number, named[_NAME.size :])
        if newest is not None and record.owner == newest.owner and record.number <= newest.number:
            return  # of an earlier use of the file, behind the end of this one
        yield record
        at, newest = end, record


def _allocate(file: BinaryIO, start: int, length: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), start, length)
        return
    file.seek(start)
    file.write(bytes(length))


def _need_own_folder(folder: Path) -> None:
    """Raise PermissionError for a folder that others may write: they could invent laps in it."""
    if os.name == "nt":  # the temporary folder of Windows belongs to one user
        return
    status = folder.lstat()
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022
    if not is_own:
        raise PermissionError(errno.EPERM, "others may write to this folder", str(folder))
