"""The store as a whole: opens a database, migrates it, and joins its one writer with its readers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Engine

from f1timings.store.engines import database_url, reader_engine, writer_engine
from f1timings.store.migrations import upgrade
from f1timings.store.reads import Reads
from f1timings.store.stored import Stamped, WriterState
from f1timings.store.writer import OnCommitted, Writer

DATABASE_FILE = "f1timings.db"


def sqlite_url(data_dir: Path) -> str:
    """The address of the SQLite database in a data folder."""
    return URL.create("sqlite", database=(data_dir / DATABASE_FILE).as_posix()).render_as_string()


class Store:
    """A database that is open; see :meth:`open`.

    Attributes:
        reads: everything that can be asked, from any thread.
    """

    def __init__(self, engines: tuple[Engine, Engine], writer: Writer) -> None:
        self._writer_engine, self._reader_engine = engines
        self._writer = writer
        self.reads = Reads(self._reader_engine)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        on_committed: OnCommitted | None = None,
        clock: Callable[[], float] = time.time,
        capacity: int = 10_000,
        max_batch: int = 500,
    ) -> Self:
        """Open a database, make or migrate its tables, and begin to write.

        Args:
            url: ``sqlite:///FILE``, which belongs to this process alone, or ``postgresql://USER@HOST/NAME``.
            on_committed: called in the writer's thread with what each commit changed, after the commit.
            clock: our clock, seconds since 1970; gives ``official_at``.
            capacity: entries that may wait for the database.
            max_batch: entries in one transaction at most.

        Raises:
            StoreError: no such database, no answer, or it was made by a newer program.
        """
        address = database_url(url)
        engine = writer_engine(address)
        writer = Writer(engine, on_committed, clock=clock, capacity=capacity, max_batch=max_batch)
        try:
            upgrade(engine)
            writer.start()
        except BaseException:
            engine.dispose()
            raise
        return cls((engine, reader_engine(address)), writer)

    def submit(self, entries: Sequence[Stamped]) -> None:
        """Queue entries for the writer, all or none; returns at once, from any thread.

        A session must be submitted before what belongs to it.

        Raises:
            StoreBusy: the queue has no room for all of them; nothing was taken.
            StoreError: the store is closed.
        """
        self._writer.submit(entries)

    def flush(self, timeout: float = 30.0) -> None:
        """Wait until all that was submitted before is committed and announced.

        Raises:
            StoreError: not within ``timeout`` seconds.
        """
        self._writer.flush(timeout)

    def writer_state(self) -> WriterState:
        """How the writer is doing."""
        return self._writer.state()

    def close(self, timeout: float = 30.0) -> None:
        """Write what is queued and close the database.

        Raises:
            StoreError: the database did not take all within ``timeout`` seconds.
        """
        try:
            self._writer.close(timeout)
        finally:
            # The writer's connection last: whoever closes an SQLite database last checkpoints it.
            self._reader_engine.dispose()
            self._writer_engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
