"""Damage that is noticed while a database is open: kept, and reported once."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from threading import Lock, Thread

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreDamaged, StoreTrouble
from f1timings.store.damage.file_checks import (
    CHECKED_AT_START_BYTES,
    check_pages,
    open_unchanged,
    sqlite_path,
)
from f1timings.store.damage.signs import damage_of, is_damage, unreadable_value
from f1timings.store.failures import trouble_of

OnDamage = Callable[[StoreDamaged], None]


class DamageWatch:
    """Looks at every error of a database, from any thread.

    Args:
        url: the database.
        on_damage: called once, with the first damage.

    Attributes:
        found: the first damage; None while there is none.
    """

    def __init__(self, url: URL, on_damage: OnDamage | None = None) -> None:
        self.found: StoreDamaged | None = None
        self._url = url
        self._on_damage = on_damage
        self._lock = Lock()

    def damage_of(self, error: BaseException) -> StoreDamaged | None:
        """The damage that an error shows, None if it shows none; the first one is kept and reported."""
        if not isinstance(error, SQLAlchemyError) or not is_damage(error):
            return None
        damage = damage_of(self._url, error)
        self.report(damage)
        return damage

    def trouble_of(self, error: Exception) -> StoreTrouble:
        """Why the database accepts nothing, from an error that is no damage."""
        path = sqlite_path(self._url)
        return trouble_of(error, None if path is None else path.parent)

    def unreadable(self, error: Exception) -> StoreDamaged:
        """The damage that an error in the conversion of a stored value shows; kept and reported too."""
        damage = unreadable_value(self._url, error)
        self.report(damage)
        return damage

    def report(self, damage: StoreDamaged) -> None:
        """Keep and report damage, if it is the first."""
        with self._lock:
            is_first, self.found = self.found is None, self.found or damage
        if is_first and self._on_damage is not None:
            self._on_damage(damage)


class BackgroundCheck:
    """Checks every page of a large database file while it is in use; it delays nobody.

    Args:
        url: the database, open.
        watch: gets the damage.
        at_start_up_to: smaller files were checked before they were opened.
    """

    def __init__(self, url: URL, watch: DamageWatch, at_start_up_to: int = CHECKED_AT_START_BYTES) -> None:
        self._path = sqlite_path(url)
        self._watch = watch
        self._connection: sqlite3.Connection | None = None
        self._thread = Thread(target=self._run, name="store-check", daemon=True)
        if self._path is not None and self._path.stat().st_size > at_start_up_to:
            self._connection = open_unchanged(self._path, is_in_use=True)
            self._thread.start()

    def close(self) -> None:
        """End the check."""
        if self._connection is not None:
            self._connection.interrupt()
            self._thread.join()
            self._connection.close()

    def _run(self) -> None:
        assert self._connection is not None
        damage = None
        with contextlib.suppress(sqlite3.OperationalError):  # the check was ended
            damage = check_pages(self._connection)
        if damage is not None:
            self._watch.report(StoreDamaged(str(self._path), damage))
