"""Opening the database of the settings; errors for a damaged one say how to go on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.errors import ConfigError, StoreDamaged
from f1timings.recovery.advice import report, with_advice
from f1timings.recovery.captures import check_captures
from f1timings.store import Store, sqlite_url
from f1timings.store.counter import ClockKeeper
from f1timings.store.damage.file_checks import sqlite_path
from f1timings.store.damage.fresh_file import replace_damaged
from f1timings.store.data_folder import captures_folder
from f1timings.store.engines import database_url

# A command reads the captures for this long at most. A running server has other work and only begins each.
_CHECK_S: Final = 20.0


def url_of(settings: Settings) -> str:
    """The URL of the database of a server."""
    return settings.database_url or sqlite_url(settings.data_dir)


def open_store(settings: Settings, *, clock: ServerClock, **options: Any) -> Store:
    """Open the database of a server.

    Args:
        settings: of the server.
        clock: goes on from the times in the database.
        options: further ones of :meth:`Store.open`.

    Raises:
        StoreError: as for :meth:`Store.open`.
        StoreDamaged: the database is damaged; the text has the commands that bring the laps back.
    """
    with explaining_damage(settings):
        store = Store.open(url_of(settings), clock=clock.now, advance_to=clock.advance_to, **options)
        ClockKeeper(store.transact, clock).resume()
        return store


@contextlib.contextmanager
def explaining_damage(settings: Settings) -> Iterator[None]:
    """Add the advice to an error for a damaged database."""
    try:
        yield
    except StoreDamaged as damage:
        raise explain(damage, settings, _CHECK_S) from damage


def explain(damage: StoreDamaged, settings: Settings, seconds: float = 0.0) -> StoreDamaged:
    """Add the state of the captures and the commands to an error for a damaged database.

    Args:
        damage: the error; one with advice stays as it is.
        settings: of the server.
        seconds: how long the captures may be read.
    """
    if damage.advice:
        return damage
    return with_advice(damage, settings, check_captures(captures_folder(settings.data_dir), seconds))


def start_fresh(settings: Settings, clock: ServerClock) -> str:
    """Replace a damaged SQLite file by a fresh one; call it with the data folder locked.

    Args:
        settings: of the server.
        clock: gives the file that is kept aside its name.

    Returns:
        What happened, for people.

    Raises:
        ConfigError: the database is in PostgreSQL.
        StoreError: the file can never be opened, whether damaged or not.
    """
    path = sqlite_path(database_url(url_of(settings)))
    if path is None:
        raise ConfigError(
            "--fresh-database is for SQLite. With PostgreSQL, create an empty database and set database_url "
            "to it."
        )
    start = replace_damaged(path, datetime.fromtimestamp(clock.now(), UTC))
    if start is None:
        return f"--fresh-database changed nothing: {path} is whole, or there is no such file yet."
    return report(start, settings)
