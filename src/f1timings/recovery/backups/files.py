"""The files of backups: each has a small file beside it that states what is in it, with its checksum.

A backup is named ``f1timings-20260801T183000Z.db`` (PostgreSQL: ``.dump``) and described in
``f1timings-20260801T183000Z.db.json``. The description comes first, so a file without one was copied
here by a person, or lost it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from f1timings.errors import BackupError
from f1timings.store.backups.counts import DatabaseCounts
from f1timings.store.damage.fresh_file import store_names

#: Why a backup was made.
Reason = Literal["requested", "session", "interval", "migration", "change", "import", "erasure", "restore"]
#: Suffix of a file that is not complete yet.
PART: Final = ".part"
_NAME: Final = re.compile(
    r"f1timings-(?P<stamp>\d{8}T\d{6}Z)(-(?P<number>\d+))?\.(?P<kind>db|dump)", re.ASCII
)
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A complete backup.

    Attributes:
        path: its file.
        made_at: UTC, server time.
        reason: why it was made.
        bytes: of the file.
        sha256: checksum of the file.
        contents: what is in it.
    """

    path: Path
    made_at: datetime
    reason: Reason
    bytes: int
    sha256: str
    contents: DatabaseCounts

    @property
    def order(self) -> tuple[str, int]:
        """Sorts backups in the order in which they were made."""
        return _order(self.path.name)

    @property
    def text(self) -> str:
        """The backup in a few words, for people."""
        return f"{self.made_at:%Y-%m-%d %H:%M:%S} UTC, {self.contents.laps:,} laps"


def list_backups(folder: Path) -> list[Backup]:
    """The backups of a folder in the order in which they were made; a folder that cannot be read has none."""
    try:
        paths = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    found = [backup for path in paths if (backup := read_description(path)) is not None]
    return sorted(found, key=lambda backup: backup.order)


def newest_of(folder: Path) -> Backup | None:
    """The newest backup of a folder, None if it has none."""
    return next(reversed(list_backups(folder)), None)


def is_name(name: str) -> bool:
    """Whether a backup can have this name."""
    return _NAME.fullmatch(name) is not None


def description_path(path: Path) -> Path:
    """The file beside a backup."""
    return path.with_name(f"{path.name}.json")


def read_description(path: Path) -> Backup | None:
    """A backup as it is described; None without a description that can be read."""
    try:
        stated = json.loads(description_path(path).read_text("utf-8"))
        return Backup(
            path=path,
            made_at=datetime.fromisoformat(stated["made_at"]).astimezone(UTC),
            reason=_known_reason(stated["reason"]),
            bytes=int(stated["bytes"]),
            sha256=str(stated["sha256"]),
            contents=_count(stated),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_description(backup: Backup) -> None:
    """Write the description of a backup, on the disk when this returns.

    Raises:
        OSError: it cannot be written.
    """
    stated = {
        "made_at": backup.made_at.isoformat(),
        "reason": backup.reason,
        "bytes": backup.bytes,
        "sha256": backup.sha256,
        **backup.contents._asdict(),
    }
    path = description_path(backup.path)
    part = path.with_name(f"{path.name}{PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(stated, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def next_path(folder: Path, kind: str, made_at: datetime) -> Path:
    """The path of a new backup. It sorts after all others, even if the clock was set back."""
    stamp, number = f"{made_at:{_STAMP}}", 1
    orders = [_order(path.name) for path in folder.glob("f1timings-*") if _NAME.fullmatch(path.name)]
    newest = max(orders, default=("", 0))
    if stamp <= newest[0]:
        stamp, number = newest[0], newest[1] + 1
    return folder / f"f1timings-{stamp}{f'-{number}' if number > 1 else ''}.{kind}"


def remove(path: Path) -> None:
    """Remove a backup, its description last, so that a leftover is still recognised.

    Raises:
        OSError: it cannot be removed.
    """
    path.unlink(missing_ok=True)
    description_path(path).unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove what a stopped server left of a backup that it had not finished.

    Raises:
        OSError: a file cannot be removed.
    """
    for path in folder.glob(f"f1timings-*{PART}*"):
        path.unlink(missing_ok=True)
    for path in folder.glob("f1timings-*.json"):
        if is_name(path.name.removesuffix(".json")) and not path.with_suffix("").exists():
            path.unlink(missing_ok=True)


def checksum(path: Path, pause: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of a file, read from the disk where the system can be asked for that.

    Args:
        pause: called after each MiB.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            with contextlib.suppress(OSError):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BLOCK):
            digest.update(block)
            pause()
    return digest.hexdigest()


def need_unchanged(backup: Backup, path: Path | None = None) -> None:
    """Compare the file of a backup, or a copy of it, with its description.

    Raises:
        BackupError: it is damaged, or cannot be read.
    """
    path = path or backup.path
    try:
        size = path.stat().st_size
        if size != backup.bytes:
            raise BackupError(f"{path} is damaged: it has {size:,} of {backup.bytes:,} bytes", "damaged")
        if checksum(path) != backup.sha256:
            raise BackupError(f"{path} is damaged: its checksum is wrong", "damaged")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}", "unwritable") from error


def copy_to(backup: Backup, folder: Path, pause: Callable[[], None] = lambda: None) -> Backup:
    """Copy a backup into another folder, and check what was written there.

    Args:
        pause: called after each MiB; what it raises ends the copy.

    Raises:
        BackupError: the copy differs.
        OSError: the backup cannot be read, or the folder cannot be written.
    """
    path = folder / backup.path.name
    part = path.with_name(f"{path.name}{PART}")
    try:
        _copy(backup.path, part, pause)
        need_unchanged(backup, part)
        copied = replace(backup, path=path)
        write_description(copied)
        part.replace(path)
        store_names(folder)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return copied


def _copy(source: Path, target: Path, pause: Callable[[], None]) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb", buffering=0) as writing:
        while block := reading.read(_BLOCK):
            writing.write(block)
            # In small portions: one great sync at the end would let the commits of laps wait.
            os.fsync(writing.fileno())
            pause()


def _count(stated: dict[str, Any]) -> DatabaseCounts:
    return DatabaseCounts(
        laps=int(stated["laps"]),
        seq=int(stated["seq"]),
        schema=str(stated["schema"]),
        erased=tuple(map(str, stated["erased"])),
    )


def _known_reason(text: str) -> Reason:
    if text not in get_args(Reason):
        raise ValueError(text)
    return text  # type: ignore[return-value]


def _order(name: str) -> tuple[str, int]:
    match = _NAME.fullmatch(name)
    return (name, 0) if match is None else (match["stamp"], int(match["number"] or 1))
