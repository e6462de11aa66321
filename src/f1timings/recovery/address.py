"""The address of the database of the settings."""

from __future__ import annotations

from sqlalchemy import URL

from f1timings.config import Settings
from f1timings.store import sqlite_url
from f1timings.store.engines import database_url


def url_of(settings: Settings) -> str:
    """The address of the database of a server, as text."""
    return settings.database_url or sqlite_url(settings.data_dir)


def address_of(settings: Settings) -> URL:
    """The address of the database of a server.

    Raises:
        StoreError: the setting is no such address.
    """
    return database_url(url_of(settings))
