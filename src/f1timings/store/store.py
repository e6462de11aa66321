"""The store: opens a database, migrates it, and combines its one writer with its readers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreDamaged, StoreError, StoreTrouble
from f1timings.store.acts import meetings
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.log import Performance
from f1timings.store.boards import attributions
from f1timings.store.counter import read_server_time
from f1timings.store.damage.file_checks import need_sound_file, sqlite_path
from f1timings.store.damage.signs import opening_error, unreadable_value
from f1timings.store.damage.watch import BackgroundCheck, DamageWatch, OnDamage
from f1timings.store.engines import database_url, reader_engine, writer_engine
from f1timings.store.events.commit_times import CommitTimes
from f1timings.store.migrations import upgrade
from f1timings.store.probe.starting import need_no_rescued_file, start_probe
from f1timings.store.reads.joined_rigs import read_joins
from f1timings.store.reads.queries import Reads
from f1timings.store.spool.waiting_entries import Spool
from f1timings.store.stored import CommittedAct, Stamped, WriterState
from f1timings.store.tables.column_types import instant
from f1timings.store.transactions import Rest, Then
from f1timings.store.writer import MAX_BATCH, OnCommitted, Writer

log = logging.getLogger(__name__)

T = TypeVar("T")

OnActed = Callable[[CommittedAct], None]
_HOPELESS_TIMEOUT_S = 1.0
DATABASE_FILE = "f1timings.db"


def sqlite_url(data_dir: Path) -> str:
    """The URL of the SQLite database in a data folder."""
    return URL.create("sqlite", database=(data_dir / DATABASE_FILE).as_posix()).render_as_string()


class Store:
    """An open database; see :meth:`open`.

    Attributes:
        reads: the queries, for any thread.
        changes: the number of the newest change, for any thread.
    """

    def __init__(
        self,
        engines: tuple[Engine, Engine],
        writer: Writer,
        damage_watch: DamageWatch,
        *,
        clock: Callable[[], float],
        on_acted: OnActed | None = None,
    ) -> None:
        self._writer_engine, self._reader_engine = engines
        self._probe = start_probe(*engines)
        self._writer = writer
        self.changes = writer.changes
        self._clock = clock
        self._on_acted = on_acted
        self._damage_watch = damage_watch
        self._check = BackgroundCheck(self._writer_engine.url, damage_watch)
        self.reads = Reads(self._reader_engine, damage_watch, need_answers=self._probe.need_answers)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        on_committed: OnCommitted | None = None,
        on_acted: OnActed | None = None,
        on_damage: OnDamage | None = None,
        clock: Callable[[], float],
        advance_to: Callable[[float], None] | None = None,
        spool: Spool | None = None,
        capacity: int = 40_000,
        max_batch: int = MAX_BATCH,
    ) -> Self:
        """Open a database, create or migrate its tables, and start the writer.

        Args:
            url: ``sqlite:///FILE``, which belongs to this process alone, or ``postgresql://USER@HOST/NAME``.
            on_committed: called in the writer's thread with the changes of each commit, after the commit.
            on_acted: called there with each act, after its commit.
            on_damage: called once, in any thread, if the database turns out to be damaged while it is open.
            clock: server time, seconds since 1970; gives ``official_at``.
            advance_to: called with the newest server time in the database before the clock is read.
            spool: keeps what waits while the database accepts nothing; what an earlier process left in it is
                stored first.
            capacity: the most entries that may wait for the database.
            max_batch: the most entries in one transaction.

        Raises:
            StoreError: no such database, no answer, or a newer program has migrated it.
            StoreDamaged: the database is damaged; an SQLite file was not changed.
        """
        address = database_url(url)
        need_no_rescued_file(address)
        need_sound_file(address)
        engine = writer_engine(address)
        watch = DamageWatch(address, on_damage)
        writer = Writer(
            engine,
            on_committed,
            damage_watch=watch,
            spool=spool,
            clock=clock,
            capacity=capacity,
            max_batch=max_batch,
        )
        try:
            _prepare(engine, clock, advance_to)
            with engine.begin() as connection:
                joins = read_joins(connection)
            left = writer.start()
        except BaseException:
            engine.dispose()
            if spool is not None:
                spool.close()
            raise
        store = cls((engine, reader_engine(address)), writer, watch, clock=clock, on_acted=on_acted)
        store.reads.joins = joins
        store._store_spooled(left)
        return store

    def _store_spooled(self, left: Sequence[Stamped]) -> None:
        """Wait for the entries from the spool: timing goes on from what is stored."""
        if not left:
            return
        self.reads.recorded_keys.add_events(entry.event for entry in left)
        try:
            self.flush()
        except StoreError as error:
            log.error("records of the spool wait for the database: %s", error)
        else:
            log.warning("%d records of the spool are stored now", len(left))

    def submit(self, entries: Sequence[Stamped]) -> None:
        """Queue entries for the writer, all or none; from any thread, without waiting.

        A session must be submitted before what belongs to it.

        Raises:
            StoreBusy: the queue has no space for all of them; none was queued.
            StoreError: the store is closed.
        """
        self.reads.recorded_keys.add_events(entry.event for entry in entries)
        self._writer.submit(entries)

    def waiting(self) -> list[Stamped]:
        """The submitted entries that are not known to be committed, in their order; from any thread."""
        return self._writer.waiting()

    def flush(self, timeout: float = 30.0) -> None:
        """Wait until every entry submitted before is committed and announced.

        Raises:
            StoreError: that did not happen within ``timeout`` seconds.
        """
        self._writer.flush(timeout)

    def transact(
        self, work: Callable[[Connection], T], then: Then[T] | None = None, timeout: float = 30.0
    ) -> T:
        """Run work in a transaction of its own in the writer's thread, and wait for it and what it leaves.

        Args:
            work: reads and writes on the connection; everything is committed, or nothing.
            then: called in that thread with the result, after the commit.

        Returns:
            What ``work`` returned, after the commit.

        Raises:
            F1TimingsError: raised by ``work``; nothing was written.
            StoreError: the database did not store it within ``timeout`` seconds, or is known not to answer.
        """
        self._probe.need_answers()
        return self._writer.transact(work, then, timeout)

    def act(self, by: str, action: Callable[[Desk], T], request_key: str | None = None) -> T:
        """Perform an act: change what people entered, completely or not at all.

        If it touches many laps, they get their drivers and boards in further transactions, also after a
        restart; batches of new laps are stored between these, the next act after them.

        Args:
            by: name of the person who acts.
            action: reads and changes records on the desk, describes the act with :meth:`Desk.describe`, and
                returns the result for the caller; called in the writer's thread.
            request_key: the client's name for this request; if it is sent twice, it acts once.

        Returns:
            What ``action`` returned, after the commit and the announcement.

        Raises:
            Replayed: an earlier request with this key performed the act.
            ActError: raised by ``action``; nothing was changed.
            StoreError: the database did not store it.
        """

        performance = Performance(by, action, lambda: instant(self._clock()), request_key=request_key)

        def then(_: T) -> Rest | None:
            if performance.has_changed_rigs:
                self._probe.persist(self.reads.read_joins)
            announce = partial(self._announce, performance)
            return Rest(performance.go_on, announce) if performance.has_more else announce()

        return self.transact(performance.begin, then)

    def _announce(self, performance: Performance[Any]) -> None:
        if performance.must_empty_log:
            self._writer.empty_log()
        if performance.committed is not None and self._on_acted is not None:
            self._on_acted(performance.committed)

    def writer_state(self) -> WriterState:
        """The state of the writer."""
        return self._writer.state()

    def commit_times(self) -> CommitTimes:
        """How long the commits of what the games sent took."""
        return self._writer.commit_times

    def persist(self, work: Callable[[], T]) -> T:
        """Do work that reads; if the database does not answer, wait until it does, and do it once more."""
        return self._probe.persist(work)

    @property
    def trouble(self) -> str | None:
        """Why the database is not there or does not answer, looked at every second; None if it does."""
        return self._probe.trouble

    def lasting_trouble(self) -> StoreTrouble | None:
        """Why nothing can be stored, for screens; None also for a lock of a moment."""
        if self.damage is not None or self.trouble is not None:
            return "failing"
        return self._writer.state().lasting_trouble(self._clock())

    @property
    def damage(self) -> StoreDamaged | None:
        """The first damage that was noticed since the database was opened."""
        return self._damage_watch.found

    def close(self, timeout: float = 30.0) -> None:
        """Write the queue and close the database; one that is damaged or has lost its file is not waited for.

        Raises:
            StoreError: the database did not store every entry within ``timeout`` seconds.
        """
        self._probe.close()
        self._check.close()
        try:
            self._writer.close(_HOPELESS_TIMEOUT_S if self._is_hopeless else timeout)
        finally:
            # The writer's connection last: the last connection that closes checkpoints an SQLite database.
            self._reader_engine.dispose()
            self._writer_engine.dispose()

    @property
    def _is_hopeless(self) -> bool:
        """Whether waiting helps nothing; a PostgreSQL server that is away may come back."""
        has_lost_file = self.trouble is not None and sqlite_path(self._writer_engine.url) is not None
        return self.damage is not None or has_lost_file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _prepare(engine: Engine, clock: Callable[[], float], advance_to: Callable[[float], None] | None) -> None:
    """Migrate a database, continue its server time, and derive what is missing in it.

    Raises:
        StoreError: as for :meth:`Store.open`.
    """
    upgrade(engine)
    try:
        with engine.begin() as connection:
            newest = read_server_time(connection)
            if newest is not None and advance_to is not None:
                advance_to(newest.timestamp())
            meetings.ensure_open(connection, instant(clock()))
        attributions.catch_up(engine)
    except SQLAlchemyError as error:
        raise opening_error(engine.url, error) from error
    except (ValueError, OverflowError) as error:  # raised by the conversions of the columns
        raise unreadable_value(engine.url, error) from error
