"""Whether laps were driven that no backup in the second folder has, although its newest one is a day old."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup

#: The age from which a copy is reported to the staff, if laps were driven since.
OLD: Final = timedelta(hours=24)


class OldCopy(NamedTuple):
    """A second folder without the laps of a day or more.

    Attributes:
        folder: the second folder.
        since: when its newest backup was made; the oldest one of the first folder if no other is known.
    """

    folder: Path
    since: datetime

    def hours(self, now: datetime) -> int:
        """Whole hours since then."""
        return int((now - self.since).total_seconds() // 3600)


def find_old_copy(
    folder: Path, *, copied: Backup | None, oldest: Backup | None, newest: Backup | None, now: datetime
) -> OldCopy | None:
    """Compare the second folder with the first one; None if it has all laps, or its newest backup is recent.

    Args:
        folder: the second folder.
        copied: its newest backup; None if none is known, because the folder was never reached.
        oldest: the oldest backup of the first folder; None if it has none.
        newest: the newest backup of the first folder.
    """
    earlier = copied or oldest
    if newest is None or earlier is None or now - earlier.made_at < OLD:
        return None
    laps = 0 if copied is None else copied.contents.laps
    return None if newest.contents.laps == laps else OldCopy(folder, earlier.made_at)


def look_for_old_copy(first: Path, second: Path | None, now: datetime) -> OldCopy | None:
    """Read both folders while no server runs."""
    if second is None:
        return None
    made = files.list_backups(first)
    if not made:
        return None
    return find_old_copy(second, copied=files.newest_of(second), oldest=made[0], newest=made[-1], now=now)
