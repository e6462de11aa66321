"""The one thread that writes: a bounded queue before it, group commits behind it, no entry lost between.

What the database can never take is refused entry by entry, counted and logged. When it takes nothing at
all, the thread keeps what it has and tries again for ever. Announcements go out after the commit, from here.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from itertools import islice
from threading import Condition, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from f1timings.errors import F1TimingsError, StoreBusy, StoreError
from f1timings.store.counter import read_seq
from f1timings.store.engines import cause
from f1timings.store.events.batch import store_batch
from f1timings.store.stored import Committed, Stamped, WriterState
from f1timings.store.tables.column_types import instant

log = logging.getLogger(__name__)

T = TypeVar("T")
OnCommitted = Callable[[list[Committed]], None]
Work = Callable[[Connection], Any]
Then = Callable[[Any], None]

_FIRST_RETRY_S, _LAST_RETRY_S = 0.1, 5.0
_END_S = 2.0
_MOST_WORKS = 200


class Writer:
    """Writes entries in the order they are submitted, from the first call of :meth:`start` on.

    Args:
        engine: see :func:`writer_engine`; only the writer's thread uses it.
        on_committed: called in the writer's thread with what a commit changed.
        clock: our clock, seconds since 1970.
        capacity: entries that may wait, those being written included.
        max_batch: entries in one transaction at most.
    """

    def __init__(
        self,
        engine: Engine,
        on_committed: OnCommitted | None = None,
        *,
        clock: Callable[[], float] = time.time,
        capacity: int = 10_000,
        max_batch: int = 500,
    ) -> None:
        self.engine = engine
        self._on_committed = on_committed
        self._clock = clock
        self._capacity = capacity
        self._max_batch = self._batch_size = max_batch
        self._changed = Condition()
        self._pending: deque[Stamped] = deque()
        self._works: deque[tuple[Future[Any], Work, Then | None]] = deque()
        self._accepted = self._handled = self._committed = self._rejected = 0
        self._announced_seq = 0
        self._retry_s = _FIRST_RETRY_S
        self._failing_since: datetime | None = None
        self._error: str | None = None
        self._is_closing = self._is_stopped = False
        self._thread = Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Begin to write.

        Raises:
            StoreError: the database does not answer.
        """
        try:
            with self.engine.begin() as connection:
                self._announced_seq = read_seq(connection)
        except SQLAlchemyError as error:
            raise StoreError(f"the database cannot be opened: {cause(error)}") from error
        self._thread.start()

    def submit(self, entries: Sequence[Stamped]) -> None:
        """Queue entries, all or none; from any thread, without waiting for the database.

        Raises:
            StoreBusy: the queue has no room for all of them.
            StoreError: the store is closed.
        """
        with self._changed:
            if self._is_closing:
                raise StoreError("the store is closed and takes no more records")
            if len(self._pending) + len(entries) > self._capacity:
                raise StoreBusy(
                    f"{len(self._pending)} of {self._capacity} records wait for the database, "
                    f"no room for {len(entries)} more" + (f": {self._error}" if self._error else "")
                )
            self._pending.extend(entries)
            self._accepted += len(entries)
            self._changed.notify_all()

    def flush(self, timeout: float = 30.0) -> None:
        """Wait until all that was submitted before is committed, or refused, and announced.

        Raises:
            StoreError: not within ``timeout`` seconds.
        """
        with self._changed:
            goal = self._accepted
            if not self._changed.wait_for(lambda: self._handled >= goal, timeout):
                raise StoreError(self._unwritten(f"after {timeout:g} s"))

    def transact(
        self, work: Callable[[Connection], T], then: Callable[[T], None] | None = None, timeout: float = 30.0
    ) -> T:
        """Do what somebody asks for in a transaction of its own, between two batches, and wait for it.

        Args:
            work: reads and writes on the connection; called in the writer's thread, once.
            then: called there with the result, after the commit and before anything else is written.

        Returns:
            What ``work`` returned, after the commit.

        Raises:
            F1TimingsError: as raised by ``work``; nothing of it was written.
            StoreBusy: too much waits already.
            StoreError: the database did not take it, or not within ``timeout`` seconds (then it may
                still be written later).
        """
        future: Future[T] = Future()
        with self._changed:
            if self._is_closing:
                raise StoreError("the store is closed and takes no more changes")
            if len(self._works) >= _MOST_WORKS:
                raise StoreBusy(f"{len(self._works)} changes wait for the database; try again in a moment")
            self._works.append((future, work, then))
            self._changed.notify_all()
        try:
            return future.result(timeout)
        except TimeoutError as error:
            future.cancel()
            raise StoreError(f"the database did not take the change within {timeout:g} s") from error

    def state(self) -> WriterState:
        """How the writer is doing now."""
        with self._changed:
            return WriterState(
                queued=len(self._pending),
                committed=self._committed,
                rejected=self._rejected,
                failing_since=self._failing_since,
                error=self._error,
            )

    def close(self, timeout: float = 30.0) -> None:
        """Take no more, write what is queued, and end the thread; a second call does nothing.

        Raises:
            StoreError: the database did not take all within ``timeout`` seconds; what is left is lost to it.
        """
        with self._changed:
            if self._is_stopped:
                return
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(timeout)
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._thread.join(_END_S)
        with self._changed:
            if self._pending:
                raise StoreError(self._unwritten("at the end"))

    def _unwritten(self, when: str) -> str:
        reason = f": {self._error}" if self._error else ""
        return f"{len(self._pending)} records are not in the database {when}{reason}"

    def _run(self) -> None:
        while self._wait_for_work():
            self._do_works()
            if batch := self._next_batch():
                self._write(batch)
        self._refuse_works()

    def _write(self, batch: list[Stamped]) -> None:
        outcome = _attempt(partial(self._commit, batch))
        if not isinstance(outcome, Exception):
            self._succeeded(batch, outcome)
        elif _is_outage(outcome):
            self._failed(outcome)
        else:
            self._refused(batch, outcome)

    def _wait_for_work(self) -> bool:
        """Whether there is something to write; False when the thread is to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._works or self._is_closing)
            return not self._is_stopped and bool(self._pending or self._works)

    def _next_batch(self) -> list[Stamped]:
        with self._changed:
            return [] if self._is_stopped else list(islice(self._pending, self._batch_size))

    def _do_works(self) -> None:
        """Each change that waits now, in a transaction of its own."""
        with self._changed:
            works, self._works = self._works, deque()
        for future, work, then in works:
            if not future.set_running_or_notify_cancel():
                continue
            outcome = _attempt(partial(self._transact, work))
            if isinstance(outcome, F1TimingsError):
                future.set_exception(outcome)
            elif isinstance(outcome, Exception):
                error = StoreError(f"the database did not take the change: {_text_of(outcome)}")
                error.__cause__ = outcome
                future.set_exception(error)
            else:
                self._tell(then, outcome[0])
                future.set_result(outcome[0])

    def _transact(self, work: Work) -> tuple[Any]:
        with self.engine.begin() as connection:
            before = read_seq(connection)
            result = work(connection)
            seq = read_seq(connection)
        if before == self._announced_seq:
            # Else a batch whose confirmation was lost is still to be announced.
            self._announced_seq = seq
        return (result,)

    def _tell(self, then: Then | None, result: object) -> None:
        error = None if then is None else _attempt(partial(then, result))
        if error is not None:
            log.error("a change is stored but could not be announced", exc_info=error)

    def _refuse_works(self) -> None:
        with self._changed:
            works, self._works = self._works, deque()
        for future, _, _ in works:
            if future.set_running_or_notify_cancel():
                future.set_exception(StoreError("the store is closed and takes no more changes"))

    def _commit(self, batch: Sequence[Stamped]) -> list[Committed]:
        with self.engine.begin() as connection:
            committed, seq = store_batch(connection, batch, self._clock, announced=self._announced_seq)
        self._announced_seq = seq
        return committed

    def _succeeded(self, batch: Sequence[Stamped], committed: list[Committed]) -> None:
        with self._changed:
            self._drop(len(batch))
            self._committed += len(batch)
            self._batch_size = min(self._max_batch, self._batch_size * 2)
            since, self._failing_since, self._error = self._failing_since, None, None
            self._retry_s = _FIRST_RETRY_S
        if since is not None:
            log.warning("the database takes records again; it had not since %s", since.isoformat())
        self._announce(committed)
        self._finished(len(batch))

    def _announce(self, committed: list[Committed]) -> None:
        if self._on_committed is None or not committed:
            return
        error = _attempt(partial(self._on_committed, committed))
        if error is not None:
            log.error("%d changes are stored but could not be announced", len(committed), exc_info=error)

    def _failed(self, error: Exception) -> None:
        """Keep the batch, say so once, and wait a while, longer each time."""
        text = _text_of(error)
        with self._changed:
            is_first = self._failing_since is None
            self._error = text
            if is_first:
                self._failing_since = instant(self._clock())
        if is_first:
            log.error("the database takes no records, trying again until it does: %s", text)
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopped, self._retry_s)
            self._retry_s = min(_LAST_RETRY_S, self._retry_s * 2)

    def _refused(self, batch: Sequence[Stamped], error: Exception) -> None:
        """An entry of the batch is at fault: try fewer, until it stands alone; then leave it out."""
        if len(batch) > 1:
            self._batch_size = len(batch) // 2
            return
        log.error("the database can never take this record: %s: %r", _text_of(error), batch[0])
        with self._changed:
            self._drop(1)
            self._rejected += 1
        self._finished(1)

    def _drop(self, count: int) -> None:
        for _ in range(count):
            self._pending.popleft()

    def _finished(self, count: int) -> None:
        with self._changed:
            self._handled += count
            self._changed.notify_all()


def _attempt(step: Callable[[], T]) -> T | Exception:
    """Do a step of the thread, which outlives whatever it raises: its end would be the end of the queue."""
    try:
        return step()
    except Exception as error:  # noqa: BLE001  the supervisor of this thread
        return error


def _is_outage(error: Exception) -> bool:
    """Whether the database is at fault, so that the same batch may succeed later; else an entry is."""
    if isinstance(error, IntegrityError | DataError):
        return False
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return False  # a value of the entry did not even become a parameter
    return isinstance(error, SQLAlchemyError | OSError | MemoryError)


def _text_of(error: Exception) -> str:
    return cause(error) if isinstance(error, SQLAlchemyError) else f"{type(error).__name__}: {error}"
