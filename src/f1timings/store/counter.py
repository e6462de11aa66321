"""The counter of changes: every change in the database has a number, and newer changes have greater ones.

The newest server time is stored beside it, so that server time never goes back, whatever the wall clock says
when the server starts again: with everything that is stored with a moment, once a minute, and at the end. So
is steady time, by which logins and tokens last.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, case, literal, select, update

from f1timings.clock import ClockReading, ServerClock
from f1timings.errors import StoreError
from f1timings.store.tables.column_types import Instant, instant
from f1timings.store.tables.timed import change_counter

_log = logging.getLogger(__name__)


class ChangeNumber:
    """Grows with every transaction of the writer; only its thread calls :meth:`count`.

    It grows twice: as soon as the transaction is over, and again when everybody who keeps something of the
    database in memory has read it again. So what was read in between never counts as the newest state. It
    also grows if the transaction failed, because the database may have stored it all the same.

    Attributes:
        value: the number; from any thread.
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def count(self) -> None:
        """Something may have changed."""
        self.value += 1


def read_seq(connection: Connection) -> int:
    """Return the number of the newest change.

    It locks the counter: a second writer on the same PostgreSQL database waits until the first commits.
    """
    seq: int = connection.execute(_READ_SEQ).scalar_one()
    return seq


def store_seq(connection: Connection, seq: int, at: datetime) -> None:
    """Store the number of the newest change, and its server time, unless a later one is stored."""
    connection.execute(_STORE_SEQ, {"new_seq": seq, "at": at})


def _later(at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    stored = change_counter.c.server_time
    return case((stored > at, stored), else_=at)


_READ_SEQ = select(change_counter.c.seq).with_for_update()
_STORE_SEQ = update(change_counter).values(
    seq=bindparam("new_seq"), server_time=_later(bindparam("at", type_=Instant()))
)


def read_server_time(connection: Connection) -> datetime | None:
    """Return the server time of the newest change, None before the first."""
    at: datetime | None = connection.execute(select(change_counter.c.server_time)).scalar_one()
    return at


class SpoolPosition(NamedTuple):
    """Where a database is in its spool.

    Attributes:
        owner: identifies the database in the records of the spool.
        committed: number of the newest record that is committed.
    """

    owner: int
    committed: int


def read_spool_position(connection: Connection) -> SpoolPosition:
    """Where the database is in its spool; a database that is new, restored or salvaged begins another one."""
    table = change_counter.c
    owner, committed = connection.execute(select(table.spool_owner, table.spooled)).one()
    if owner:
        return SpoolPosition(owner, committed)
    position = SpoolPosition(1 + secrets.randbits(62), 0)
    connection.execute(update(change_counter).values(spool_owner=position.owner, spooled=0))
    return position


def leave_spool(connection: Connection) -> None:
    """Let the database begin another spool: what is in the present one does not fit it any more."""
    connection.execute(update(change_counter).values(spool_owner=0))


def store_spooled(connection: Connection, number: int | None = None) -> None:
    """Store the number of the newest record of the spool that this transaction commits.

    Args:
        number: None for the one that is stored already, to find out whether the database can be written.
    """
    value = change_counter.c.spooled if number is None else number
    connection.execute(update(change_counter).values(spooled=value))


class ClockKeeper:
    """Reads steady time once, and stores it again and again, together with server time.

    A process goes on from the time that was stored last. If the server was killed and the machine started
    again, that is the last minute lost, besides the time in between.
    """

    def __init__(self, transact: Callable[[Callable[[Connection], Any]], Any], clock: ServerClock) -> None:
        self._transact = transact
        self._clock = clock
        self._is_failing = False

    def resume(self) -> None:
        """Let the clock go on from the stored time.

        Raises:
            StoreError: the database does not answer.
        """
        reading = self._transact(read_clock)
        if reading is not None:
            self._clock.resume(reading)
        self._transact(self._store)

    def save(self) -> None:
        """Store both times; a database that does not answer is reported once."""
        try:
            self._transact(self._store)
        except StoreError as error:
            if not self._is_failing:
                _log.error("the steady time was not stored: %s", error)
            self._is_failing = True
        else:
            self._is_failing = False

    def _store(self, connection: Connection) -> None:
        store_clock(connection, self._clock.read(), server_time=self._clock.now())


def read_clock(connection: Connection) -> ClockReading | None:
    """The reading that was stored last, None before the first."""
    table = change_counter.c
    steady, boot, elapsed_us = connection.execute(
        select(table.steady_time, table.boot, table.elapsed_us)
    ).one()
    return None if steady is None else ClockReading(steady.timestamp(), boot, elapsed_us / 1e6)


def store_clock(connection: Connection, reading: ClockReading, *, server_time: float) -> None:
    """Store a reading, and the server time of that moment unless a later one is stored."""
    values = {
        "server_time": _later(literal(instant(server_time), type_=Instant())),
        "steady_time": instant(reading.steady),
        "boot": reading.boot,
        "elapsed_us": round(reading.elapsed_s * 1e6),
    }
    connection.execute(update(change_counter).values(values))
