"""A machine that may lose its power: only what SQLite has synced is sure to survive.

It puts a layer between SQLite and the files (https://www.sqlite.org/vfs.html): every call goes on to the
usual one, and is noted as well. A sync makes what was written to its file before certain. Of what was written
later, any part may reach the disk, in any order.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final

#: The name of the layer that notes nothing.
USUAL_LAYER: Final = "unix"
_OK: Final = 0
_SECTOR: Final = 512

_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
_Close = CFUNCTYPE(c_int, c_void_p)
# The name as an address: SQLite keeps it, and reads what stands behind it, as long as the file is open.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
_Delete = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class _IoMethods(Structure):
    """``sqlite3_io_methods``; the calls that are not noted are plain pointers."""

    _fields_ = (
        ("version", c_int),
        ("close", _Close),
        ("read", c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("others", c_void_p * 13),
    )


class _File(Structure):
    """The beginning of ``sqlite3_file``."""

    _fields_ = (("methods", POINTER(_IoMethods)),)


class _Vfs(Structure):
    """``sqlite3_vfs``."""

    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("delete", _Delete),
        ("others", c_void_p * 16),
    )


Write = tuple[int, bytes | None]
"""An offset and what was written there; None cuts the file at the offset."""


@dataclass(slots=True)
class _Disk:
    """One file: what is certainly on the disk, and what was written since the last sync."""

    synced: bytearray = field(default_factory=bytearray)
    pending: list[Write] = field(default_factory=list)

    def sync(self) -> None:
        for write in self.pending:
            _apply(self.synced, write)
        self.pending.clear()

    def after_power_loss(self, chance: random.Random | None) -> bytes:
        """A content that the file may have: without chance, nothing unsynced; else any part of it."""
        content = bytearray(self.synced)
        if chance is not None:
            survivors = [write for write in self.pending if chance.random() < 0.5]
            chance.shuffle(survivors)
            for write in survivors:
                _apply(content, _torn(write, chance))
        return bytes(content)


def _apply(content: bytearray, write: Write) -> None:
    offset, data = write
    if data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _torn(write: Write, chance: random.Random) -> Write:
    """A write of which the end may be missing, at the edge of a sector."""
    offset, data = write
    if data is None:
        return write
    sectors = -(-len(data) // _SECTOR)
    return offset, data[: _SECTOR * chance.randint(0, sectors)]


class Power:
    """The files of all databases that this process opens while :func:`unreliable_power` is active.

    Attributes:
        before_sync: called before each sync, when the most is uncertain.
    """

    def __init__(self) -> None:
        self.before_sync: Callable[[], None] = lambda: None
        self._disks: dict[Path, _Disk] = {}
        self._lock = Lock()

    def fail(self, folder: Path, chance: random.Random | None = None) -> None:
        """Write into a folder what the files have after a loss of power at this moment.

        Args:
            chance: decides what survives of that which was not synced; nothing without it.
        """
        with self._lock:
            contents = {path: disk.after_power_loss(chance) for path, disk in self._disks.items()}
        for path, content in contents.items():
            (folder / path.name).write_bytes(content)

    def note_open(self, path: Path) -> None:
        """A file was opened; what it has already is on the disk."""
        with self._lock:
            if path not in self._disks:
                self._disks[path] = _Disk(bytearray(path.read_bytes()))

    def note_write(self, path: Path, write: Write) -> None:
        """Something was written to a file."""
        with self._lock:
            self._disks[path].pending.append(write)

    def note_sync(self, path: Path) -> None:
        """A file was synced."""
        self.before_sync()
        with self._lock:
            self._disks[path].sync()

    def note_delete(self, path: Path) -> None:
        """A file was deleted."""
        with self._lock:
            self._disks.pop(path, None)


class _Layer:
    """The layer itself; it lives as long as the process, because SQLite has pointers into it."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.power: Power | None = None
        self._library = library
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._usual = library.sqlite3_vfs_find(USUAL_LAYER.encode())
        self._vfs = _Vfs.from_buffer_copy(self._usual.contents)
        self._vfs.name = b"unreliable-power"
        self._vfs.next = None
        self._vfs.open = _Open(self._open)
        self._vfs.delete = _Delete(self._delete)
        self._paths: dict[int, Path] = {}
        self._tables: dict[int, tuple[_IoMethods, _IoMethods]] = {}
        self._usual_of: dict[int, _IoMethods] = {}

    def activate(self, *, is_default: bool) -> None:
        """Let SQLite open files through the layer, or as usual."""
        chosen = ctypes.byref(self._vfs) if is_default else self._usual
        assert _OK == self._library.sqlite3_vfs_register(chosen, 1)

    def _open(self, vfs: Any, name: int | None, file: int, flags: int, out_flags: Any) -> int:
        code = int(self._usual.contents.open(vfs, name, file, flags, out_flags))
        if code == _OK and name is not None and self.power is not None:
            path = Path(os.fsdecode(ctypes.string_at(name)))
            self.power.note_open(path)
            self._paths[file] = path
            opened = ctypes.cast(file, POINTER(_File)).contents
            usual, noting = self._noting(opened.methods)
            self._usual_of[file] = usual
            opened.methods = ctypes.pointer(noting)
        return code

    def _noting(self, methods: Any) -> tuple[_IoMethods, _IoMethods]:
        """The usual table of calls, and a copy with calls that are noted."""
        address = ctypes.addressof(methods.contents)
        if address not in self._tables:
            noting = _IoMethods.from_buffer_copy(methods.contents)
            noting.close, noting.write = _Close(self._close), _Write(self._write)
            noting.truncate, noting.sync = _Truncate(self._truncate), _Sync(self._sync)
            self._tables[address] = methods.contents, noting
        return self._tables[address]

    def _noted(self, file: int, code: int, note: Callable[[Power, Path], None]) -> int:
        if code == _OK and self.power is not None:
            note(self.power, self._paths[file])
        return code

    def _write(self, file: int, data: int, size: int, offset: int) -> int:
        written = ctypes.string_at(data, size)
        code = int(self._usual_of[file].write(file, data, size, offset))
        return self._noted(file, code, lambda power, path: power.note_write(path, (offset, written)))

    def _truncate(self, file: int, size: int) -> int:
        code = int(self._usual_of[file].truncate(file, size))
        return self._noted(file, code, lambda power, path: power.note_write(path, (size, None)))

    def _sync(self, file: int, flags: int) -> int:
        code = int(self._usual_of[file].sync(file, flags))
        return self._noted(file, code, Power.note_sync)

    def _close(self, file: int) -> int:
        self._paths.pop(file, None)
        return int(self._usual_of.pop(file).close(file))

    def _delete(self, vfs: Any, name: bytes, must_sync: int) -> int:
        code = int(self._usual.contents.delete(vfs, name, must_sync))
        if code == _OK and self.power is not None:
            self.power.note_delete(Path(name.decode()))
        return code


def _load() -> _Layer | None:
    """The layer in the library that Python's module uses; None if it is linked in another way."""
    name = ctypes.util.find_library("sqlite3")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.sqlite3_libversion.restype = c_char_p
    loaded = Path("/proc/self/maps")
    is_shared = loaded.exists() and "libsqlite3.so" in loaded.read_text()
    same = library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    return _Layer(library) if is_shared and same else None


_LAYER: Final = _load()


def why_no_power_loss() -> str | None:
    """Why a loss of power cannot be simulated here; None if it can."""
    return None if _LAYER is not None else "Python's sqlite3 has SQLite in itself, so no layer fits below it"


@contextmanager
def unreliable_power() -> Iterator[Power]:
    """Note what databases write that are opened meanwhile; they must be closed before the end."""
    assert _LAYER is not None
    _LAYER.power = Power()
    _LAYER.activate(is_default=True)
    try:
        yield _LAYER.power
    finally:
        _LAYER.activate(is_default=False)
        _LAYER.power = None
