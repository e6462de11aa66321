"""Looks at a PostgreSQL server: whether it answers. Connections that wait for one that does not are ended."""

from __future__ import annotations

import contextlib
import os
import select
import socket
from threading import Lock
from time import monotonic
from typing import Any, Final
from weakref import WeakSet

import psycopg
from sqlalchemy import URL, Engine, event

#: A server that answers nothing for so long is frozen, or out of reach.
LONGEST_ANSWER_S: Final = 3.0
# The shortest time that libpq allows.
_CONNECT_S: Final = 2


class PostgresqlLook:
    """Sends the server an empty query, on a connection of its own.

    Args:
        url: the database.
        longest_s: how long an answer may take.
    """

    def __init__(self, url: URL, longest_s: float = LONGEST_ANSWER_S) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._longest_s = longest_s
        self._connection: psycopg.Connection[Any] | None = None

    def trouble(self) -> str | None:
        """The error of the server or of the connection in one line; None if it answers."""
        # A connection that was open before may be broken, while the server accepts new ones.
        attempts = 1 if self._connection is None else 2
        text = None
        for _ in range(attempts):
            text = self._try_once()
            if text is None:
                break
        return text

    def close(self) -> None:
        """Close the connection; the next look opens another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _try_once(self) -> str | None:
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._address, connect_timeout=_CONNECT_S, autocommit=True)
            _ask(self._connection, monotonic() + self._longest_s)
        except psycopg.Error as error:
            self.close()
            return " ".join(str(error).split())
        return None


def _ask(connection: psycopg.Connection[Any], until: float) -> None:
    """Send an empty query and wait for its result.

    The driver would wait without end for a server that is frozen, because its system confirms what it gets.

    Raises:
        psycopg.Error: the connection is broken, or there is no result in time.
    """
    server = connection.pgconn
    server.send_query(b"")
    while server.is_busy():
        ready, _, _ = select.select([server.socket], [], [], max(0.0, until - monotonic()))
        if not ready:
            raise psycopg.OperationalError("the database server does not answer")
        server.consume_input()
    while server.get_result() is not None:
        pass


class WaitingReads:
    """The connections of the readers, some of which may wait for a server that is frozen.

    Args:
        engine: of the readers.
    """

    def __init__(self, engine: Engine) -> None:
        self._lock = Lock()
        self._connections: WeakSet[psycopg.Connection[Any]] = WeakSet()
        event.listen(engine, "connect", self._add)

    def end(self) -> None:
        """End every connection, so that a thread that waits gets an error; the pool opens new ones."""
        with self._lock:
            connections = tuple(self._connections)
        for connection in connections:
            # It may be broken or closed already.
            with contextlib.suppress(OSError, psycopg.Error):
                _shut_down(connection.fileno())

    def _add(self, connection: psycopg.Connection[Any], _record: object) -> None:
        with self._lock:
            self._connections.add(connection)


def _shut_down(descriptor: int) -> None:
    """End a connection for the system only; what belongs to the driver stays with the thread that waits."""
    with socket.socket(fileno=os.dup(descriptor)) as its:
        its.shutdown(socket.SHUT_RDWR)
