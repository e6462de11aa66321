"""The mark of a restore under way: nothing opens a database that was restored only in part."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from f1timings.config import Settings
from f1timings.errors import StoreError
from f1timings.recovery.advice import command_for
from f1timings.store.damage.fresh_file import store_names

_MARK: Final = "restore-unfinished"


def mark(data_dir: Path, backup: Path) -> None:
    """Say on the disk that this backup is being put in the place of the database."""
    (data_dir / _MARK).write_text(f"{backup}\n", encoding="utf-8")
    store_names(data_dir)


def unmark(data_dir: Path) -> None:
    """The restore is finished, or changed nothing."""
    (data_dir / _MARK).unlink(missing_ok=True)
    store_names(data_dir)


def need_finished(settings: Settings) -> None:
    """Refuse to go on after an interrupted restore.

    Raises:
        StoreError: a restore was interrupted; the text has the command that does it again.
    """
    try:
        backup = (settings.data_dir / _MARK).read_text(encoding="utf-8").strip()
    except OSError:
        return
    raise StoreError(
        f"Restoring the backup {backup} was interrupted, so the database may be missing or incomplete. "
        "Restore this backup again, or another one:\n"
        f"    {command_for(f'restore {shlex.quote(backup)}', settings)}\n"
        f"    {command_for('restore --newest', settings)}"
    )
