"""Starting on a fresh SQLite file: the damaged one is kept beside it under another name."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from f1timings.errors import StoreDamaged
from f1timings.store.damage.file_checks import find_damage
from f1timings.store.damage.salvage import Salvage, salvage
from f1timings.store.damage.signs import need_usable_file
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.migrations import upgrade


class FreshStart(NamedTuple):
    """What happened when a damaged file was replaced.

    Attributes:
        damage: what was damaged.
        kept: the damaged file under its new name.
        salvaged: what the fresh file has from it.
    """

    damage: StoreDamaged
    kept: Path
    salvaged: Salvage


def replace_damaged(path: Path, now: datetime) -> FreshStart | None:
    """Replace a damaged file by a fresh one with everything that is readable in the damaged one.

    The damaged file stays in its place until the fresh one is complete, so that this can be repeated.

    Returns:
        None if there is no file, or if it is whole.

    Raises:
        StoreError: the file can never be opened, whether damaged or not.
    """
    need_usable_file(path)
    damage = find_damage(path, has_captures=True)
    if damage is None:
        return None
    fresh = path.with_name(f"{path.name}.new")
    for suffix in ("", "-wal", "-shm"):
        fresh.with_name(f"{fresh.name}{suffix}").unlink(missing_ok=True)
    _create(fresh)
    salvaged = salvage(path, fresh)
    kept = set_aside(path, "damaged", now)
    fresh.rename(path)
    store_names(path.parent)
    return FreshStart(damage, kept, salvaged)


def _create(path: Path) -> None:
    engine = writer_engine(database_url(f"sqlite:///{path.as_posix()}"))
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def set_aside(path: Path, why: str, now: datetime) -> Path:
    """Rename a database file with its write-ahead log; a file that has the new name already is kept too.

    Args:
        why: the word in the new name.
    """
    name, number = f"{path.name}.{why}-{now:%Y%m%dT%H%M%SZ}", 1
    kept = path.with_name(name)
    while kept.exists():
        number += 1
        kept = path.with_name(f"{name}-{number}")
    for suffix in ("-wal", "-shm", ""):
        beside = path.with_name(f"{path.name}{suffix}")
        if beside.exists():
            beside.rename(kept.with_name(f"{kept.name}{suffix}"))
    return kept


def store_names(folder: Path) -> None:
    """Bring the new names to the disk."""
    if sys.platform != "win32":  # where a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
