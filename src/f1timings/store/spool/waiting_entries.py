"""The entries in the spool: kept in the first place that takes them, and removed when they are committed."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections import deque
from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Self

from f1timings.store.counter import SpoolPosition
from f1timings.store.spool.entry_text import decode_entry, encode_entry
from f1timings.store.spool.place import SpoolPlace, SpoolRecord
from f1timings.store.stored import Stamped

_log = logging.getLogger(__name__)

SPOOL_FILE = "spool"


class Spool:
    """A copy on a disk of entries that wait for the database.

    Its entries are the first ones of the writer's queue. Only the writer's thread uses it after the start.

    Args:
        places: its files; each record goes to the first one that takes it.

    Attributes:
        last_place: the path of the file that took the newest records; None before the first.
    """

    def __init__(self, places: Sequence[SpoolPlace]) -> None:
        self._places = places
        self._numbers: deque[int] = deque()
        self._position = SpoolPosition(0, 0)
        self._newest = 0
        self._is_used = False
        self.last_place: Path | None = None

    @classmethod
    def of_folders(cls, data_dir: Path, second_folder: Path | None) -> Self:
        """The spool of a data folder: a reserved file in it, then a file in a second folder.

        Args:
            data_dir: the data folder.
            second_folder: None for the temporary folder of the system.
        """
        # Several servers may share the second folder.
        name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
        folder = second_folder or Path(tempfile.gettempdir())
        return cls(
            [
                SpoolPlace(data_dir / SPOOL_FILE, is_reserved=True),
                SpoolPlace(folder / f"f1timings-{name}" / SPOOL_FILE, is_reserved=False),
            ]
        )

    def __len__(self) -> int:
        return len(self._numbers)

    def recover(self, position: SpoolPosition) -> list[Stamped]:
        """Read what an earlier process left, and reserve space.

        Args:
            position: of the database.

        Returns:
            The entries that are not in the database, in their order.
        """
        self._position = position
        found = {place.path: place.read() for place in self._places}
        records = sorted(chain.from_iterable(found.values()))
        self.last_place = max(found, key=lambda path: found[path][-1:], default=None)
        own = [record for record in records if record.owner == position.owner]
        if len(own) < len(records):
            _log.warning(
                "%d records in the spool belong to another database, or to this one before it was restored; "
                "`f1timings rebuild` brings their laps back from the captures",
                len(records) - len(own),
            )
        self._newest = max([position.committed, *(record.number for record in own)])
        entries = []
        for record in own:
            entry = _entry_of(record) if record.number > position.committed else None
            if entry is not None:
                entries.append(entry)
                self._numbers.append(record.number)
        self._is_used = bool(records)
        self.tidy()
        for place in self._places:
            place.reserve()
        return entries

    def keep(self, entries: Sequence[Stamped]) -> bool:
        """Add entries behind those that it has; False if no place takes them."""
        records = [
            SpoolRecord(self._position.owner, number, encode_entry(entry))
            for number, entry in enumerate(entries, self._newest + 1)
        ]
        for place in self._places:
            try:
                place.append(records)
            except OSError:
                continue
            self._numbers.extend(record.number for record in records)
            self._newest += len(records)
            self._is_used = True
            self.last_place = place.path
            return True
        return False

    def number_after(self, entries: int) -> int | None:
        """The number to store with the commit of the first entries of the queue; None without any."""
        kept = min(entries, len(self._numbers))
        return next(islice(self._numbers, kept - 1, None)) if kept else None

    def drop(self, entries: int) -> None:
        """Forget the first entries of the queue, which are committed; nothing is written."""
        for _ in range(min(entries, len(self._numbers))):
            self._numbers.popleft()

    def tidy(self) -> None:
        """Empty the files if all that was in them is committed."""
        if self._is_used and not self._numbers:
            self._is_used = False
            for place in self._places:
                place.clear()

    def close(self) -> None:
        """Close the files."""
        for place in self._places:
            place.close()


def _entry_of(record: SpoolRecord) -> Stamped | None:
    try:
        return decode_entry(record.content)
    except ValueError as error:
        _log.error("record %d of the spool cannot be read (%s): %r", record.number, error, record.content)
        return None
