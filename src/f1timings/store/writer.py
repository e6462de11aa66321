"""The one thread that writes: it commits the entries of a bounded queue in batches, and loses none of them.

An entry that the database can never accept is rejected alone, counted and logged. While the database accepts
nothing, the thread keeps the queue in the spool as well, refuses what people want to change, and tries again
without end. It announces changes after their commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreBusy, StoreError
from f1timings.store.boards.remembered import Remembered
from f1timings.store.counter import ChangeNumber, read_seq, read_spool_position, store_spooled
from f1timings.store.damage.signs import opening_error
from f1timings.store.damage.watch import DamageWatch
from f1timings.store.engines import empty_log
from f1timings.store.events.batch import store_batch
from f1timings.store.events.commit_times import CommitTimes
from f1timings.store.events.entry_queue import EntryQueue
from f1timings.store.failures import Outage, attempt, failure_text, is_outage, may_pass
from f1timings.store.spool.waiting_entries import Spool
from f1timings.store.stored import Committed, Stamped, WriterState
from f1timings.store.tables.column_types import instant
from f1timings.store.transactions import Then, TransactionQueue, Work

log = logging.getLogger(__name__)

T = TypeVar("T")
OnCommitted = Callable[[list[Committed]], None]

#: The most entries in one transaction. A lap that is finished meanwhile waits for its end.
MAX_BATCH: Final = 200
# Between the attempts to empty the log.
_FIRST_RETRY_S, _LAST_RETRY_S = 0.1, 5.0
# How long the end of the thread is awaited after the stop signal.
_END_S = 2.0


class Writer:
    """Writes entries after :meth:`start`, in the order of an :class:`EntryQueue`.

    Attributes:
        commit_times: of the batches that were committed; replaced as a whole.

    Args:
        engine: see :func:`f1timings.store.engines.writer_engine`; only the writer's thread uses it.
        on_committed: called in the writer's thread with what a commit changed.
        damage_watch: looks at the errors of the database.
        spool: keeps the queue on a disk while the database accepts nothing.
        clock: server time, seconds since 1970.
        capacity: the most entries in the queue, including those being written.
        max_batch: the most entries in one transaction.
        gather_s: how long a batch waits for more entries, unless it is full or somebody waits for it.
    """

    def __init__(
        self,
        engine: Engine,
        on_committed: OnCommitted | None = None,
        *,
        damage_watch: DamageWatch | None = None,
        spool: Spool | None = None,
        clock: Callable[[], float],
        capacity: int = 40_000,
        max_batch: int = MAX_BATCH,
        gather_s: float = 0.05,
    ) -> None:
        self.engine = engine
        self._on_committed = on_committed
        self._damage_watch = DamageWatch(engine.url) if damage_watch is None else damage_watch
        self._spool = Spool(()) if spool is None else spool
        self._clock = clock
        self._capacity = capacity
        self._max_batch = self._batch_size = max_batch
        self._gather_s = gather_s
        self._flushing = 0
        self._changed = Condition()
        self._queue = EntryQueue()
        self.changes = ChangeNumber()
        self._transactions = TransactionQueue(self._changed, self._damage_watch, self.changes)
        self._committed = self._rejected = 0
        self._announced_seq = 0
        self._remembered = Remembered()
        self.commit_times = CommitTimes()
        self._outage: Outage | None = None
        self._is_closing = self._is_stopped = self._has_ended = False
        self._must_empty_log = False
        self._log_retry_s, self._log_retry_at = _FIRST_RETRY_S, 0.0
        self._thread = Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> list[Stamped]:
        """Empty the log, queue what an earlier process left in the spool, and start the thread.

        Returns:
            The entries from the spool.

        Raises:
            StoreError: the database does not answer.
        """
        try:
            with self.engine.begin() as connection:
                self._announced_seq = read_seq(connection)
                position = read_spool_position(connection)
        except SQLAlchemyError as error:
            raise opening_error(self.engine.url, error) from error
        # The last run may have stopped between the erasure of a person and this.
        self.empty_log()
        left = self._spool.recover(position)
        self._queue.add(left)
        self._thread.start()
        return left

    def submit(self, entries: Sequence[Stamped]) -> None:
        """Queue entries, all or none; from any thread, without waiting for the database.

        Raises:
            StoreBusy: the queue has no space for all of them.
            StoreError: the store is closed.
        """
        with self._changed:
            if self._is_closing:
                raise StoreError("the store is closed and accepts no more records")
            if len(self._queue) + len(entries) > self._capacity:
                raise StoreBusy(
                    f"{len(self._queue)} of {self._capacity} records wait for the database, "
                    f"no space for {len(entries)} more{self._reason()}"
                )
            self._queue.add(entries)
            self._changed.notify_all()

    def waiting(self) -> list[Stamped]:
        """The entries that are not known to be committed, in their order; from any thread."""
        with self._changed:
            return list(self._queue)

    def flush(self, timeout: float = 30.0) -> None:
        """Wait until every entry submitted before is committed and announced, or rejected.

        Raises:
            StoreError: that did not happen within ``timeout`` seconds.
        """
        with self._changed:
            goal = self._queue.accepted
            self._flushing += 1
            self._changed.notify_all()
            is_done = self._changed.wait_for(partial(self._queue.is_settled, goal), timeout)
            self._flushing -= 1
            if not is_done:
                raise StoreError(self._unwritten(f"after {timeout:g} s"))

    def transact(
        self, work: Callable[[Connection], T], then: Then[T] | None = None, timeout: float = 30.0
    ) -> T:
        """Run work in a transaction of its own, between two batches, and wait for it and what it leaves.

        Args:
            work: reads and writes on the connection; called once, in the writer's thread.
            then: called there with the result, after the commit and before anything else is written.

        Returns:
            What ``work`` returned, after the commit.

        Raises:
            F1TimingsError: raised by ``work``; nothing was written.
            StoreBusy: too many transactions wait already.
            StoreOutage: the database accepts nothing at the moment.
            StoreError: the database did not store it, or not within ``timeout`` seconds; after a timeout it
                may still be stored later. What a committed transaction leaves is not awaited any longer.
        """
        with self._changed:
            if self._is_closing:
                raise StoreError("the store is closed and accepts no more changes")
            future = self._transactions.request(work, then)
        try:
            return future.result(timeout)
        except TimeoutError as error:
            if (committed := self._transactions.committed_result(future)) is not None:
                return committed[0]
            future.cancel()
            raise StoreError(f"the database did not store the change within {timeout:g} s") from error

    def empty_log(self) -> None:
        """Empty the write-ahead log: at once, or as soon as no reader needs it.

        Only in the writer's thread, or before it is started.
        """
        self._must_empty_log = True
        self._log_retry_s = _FIRST_RETRY_S
        self._try_to_empty_log()

    def state(self) -> WriterState:
        """The state of the writer."""
        with self._changed:
            return WriterState(
                queued=len(self._queue),
                committed=self._committed,
                rejected=self._rejected,
                failing_since=None if self._outage is None else self._outage.since,
                error=None if self._outage is None else self._outage.text,
                trouble=None if self._outage is None else self._outage.trouble,
                spooled=len(self._spool),
            )

    def close(self, timeout: float = 30.0) -> None:
        """Accept no more entries, write the queue, and end the thread; a second call does nothing.

        What is in the spool is not waited for while the database accepts nothing: the next start stores it.

        Raises:
            StoreError: the database did not store every entry within ``timeout`` seconds; the
                rest is neither in it nor in the spool.
        """
        with self._changed:
            if self._is_stopped:
                return
            self._is_closing = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._has_ended or self._is_all_spooled(), timeout)
            self._is_stopped = True
            self._changed.notify_all()
        self._thread.join(_END_S)
        self._spool.close()
        with self._changed:
            if not self._queue:
                return
            if len(self._queue) > len(self._spool):
                raise StoreError(self._unwritten("at the end"))
            log.warning(
                "%s; they are in %s, and the next start stores them",
                self._unwritten("at the end"),
                self._spool.last_place,
            )

    def _is_all_spooled(self) -> bool:
        return self._outage is not None and 0 < len(self._queue) <= len(self._spool)

    def _unwritten(self, when: str) -> str:
        return f"{len(self._queue)} records are not in the database {when}{self._reason()}"

    def _reason(self) -> str:
        return "" if self._outage is None else f": {self._outage.text}"

    def _run(self) -> None:
        while self._wait_for_work():
            if self._outage is None:
                self._transactions.run_all(self._transact)
            if batch := self._next_batch():
                self._write(batch)
            elif self._outage is not None:
                self._probe()
            if self._must_empty_log and monotonic() >= self._log_retry_at:
                self._try_to_empty_log()
        self._transactions.end(StoreError("the store is closed and accepts no more changes"))
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _probe(self) -> None:
        """Find out whether the database accepts something again, while nothing waits for it."""
        outcome = attempt(self._rewrite_spooled)
        if isinstance(outcome, Exception):
            self._handle_outage(outcome)
        else:
            self._end_outage()

    def _rewrite_spooled(self) -> None:
        with self.engine.begin() as connection:
            store_spooled(connection)

    def _write(self, batch: list[Stamped]) -> None:
        outcome = attempt(partial(self._commit, batch))
        if not isinstance(outcome, Exception):
            self._handle_success(batch, outcome)
        elif is_outage(outcome):
            self._handle_outage(outcome)
        else:
            self._handle_bad_entry(batch, outcome)

    def _wait_for_work(self) -> bool:
        """Wait for something to do; return False when the thread must end."""
        wait_s = max(0.0, self._log_retry_at - monotonic()) if self._must_empty_log else None
        with self._changed:
            self._changed.wait_for(lambda: self._has_work() or self._is_closing, wait_s)
            self._changed.wait_for(self._must_begin, self._gather_s)
            return not self._is_stopped and (self._has_work() or not self._is_closing)

    def _try_to_empty_log(self) -> None:
        self._must_empty_log = not empty_log(self.engine)
        self._log_retry_at = monotonic() + self._log_retry_s
        self._log_retry_s = min(_LAST_RETRY_S, self._log_retry_s * 2)

    def _has_work(self) -> bool:
        is_probing = self._outage is not None and not self._is_closing
        can_go_on = self._outage is None and self._transactions.is_unfinished
        return bool(self._queue) or not self._transactions.is_empty or can_go_on or is_probing

    def _must_begin(self) -> bool:
        """Whether a batch gains nothing by waiting for more entries."""
        has_transaction = self._transactions.is_unfinished or not self._transactions.is_empty
        is_awaited = self._is_closing or self._flushing > 0 or has_transaction
        return is_awaited or not 0 < len(self._queue) < self._batch_size

    def _next_batch(self) -> list[Stamped]:
        with self._changed:
            if self._is_stopped:
                return []
            # The spool has the first entries of the queue, and notes how many of them are committed.
            return self._queue.choose(self._batch_size, in_order=len(self._spool) > 0)

    def _transact(self, work: Work) -> Any:
        try:
            with self.engine.begin() as connection:
                before = read_seq(connection)
                result = work(connection)
                seq = read_seq(connection)
        except Exception as error:
            if may_pass(error):
                self._note_outage(error)
            raise
        finally:
            self.changes.count()
        if before == self._announced_seq:
            # Otherwise a batch whose commit was not confirmed to us must still be announced.
            self._announced_seq = seq
        return result

    def _commit(self, batch: Sequence[Stamped]) -> list[Committed]:
        started = monotonic()
        try:
            with self.engine.begin() as connection:
                committed, seq = store_batch(
                    connection,
                    batch,
                    self._clock,
                    announced=self._announced_seq,
                    remembered=self._remembered,
                )
                if (number := self._spool.number_after(len(batch))) is not None:
                    store_spooled(connection, number)
        finally:
            self.changes.count()
        self.commit_times = self.commit_times.with_commit(monotonic() - started)
        self._announced_seq = seq
        self._remembered.keep(seq)
        return committed

    def _handle_success(self, batch: Sequence[Stamped], committed: list[Committed]) -> None:
        with self._changed:
            self._drop(len(batch))
            self._committed += len(batch)
            self._batch_size = min(self._max_batch, self._batch_size * 2)
        self._spool.tidy()
        self._end_outage()
        self._announce(committed)
        self._settle()

    def _announce(self, committed: list[Committed]) -> None:
        if self._on_committed is None or not committed:
            return
        error = attempt(partial(self._on_committed, committed))
        self.changes.count()
        if error is not None:
            log.error("%d changes are stored but could not be announced", len(committed), exc_info=error)

    def _handle_outage(self, error: Exception) -> None:
        """Keep the queue in the spool and refuse transactions, until it is time for the next try."""
        self._damage_watch.damage_of(error)
        outage = self._note_outage(error)
        until = monotonic() + outage.retry_s
        while not self._is_stopped and (rest_s := until - monotonic()) > 0:
            self._keep_in_spool()
            self._transactions.refuse_all(self._damage_watch.found or outage.refusal())
            with self._changed:
                self._changed.wait_for(partial(self._has_news, self._queue.accepted), rest_s)

    def _has_news(self, accepted: int) -> bool:
        """Whether there is something to do before the next try."""
        return self._is_stopped or self._queue.accepted != accepted or not self._transactions.is_empty

    def _note_outage(self, error: Exception) -> Outage:
        """Note a failure of the database; it is logged once."""
        trouble, at = self._damage_watch.trouble_of(error), instant(self._clock())
        with self._changed:
            before, self._outage = self._outage, Outage.after(self._outage, error, at, trouble=trouble)
            outage = self._outage
        if before is None:
            log.error("the database accepts no records; trying again until it does: %s", outage.text)
        return outage

    def _end_outage(self) -> None:
        with self._changed:
            ended, self._outage = self._outage, None
        if ended is not None:
            log.warning(
                "the database accepts records again; it accepted none since %s", ended.since.isoformat()
            )

    def _keep_in_spool(self) -> None:
        with self._changed:
            unkept = list(islice(self._queue, len(self._spool), None))
        if unkept and isinstance(error := attempt(partial(self._spool.keep, unkept)), Exception):
            log.error("%d records could not be kept in the spool", len(unkept), exc_info=error)

    def _handle_bad_entry(self, batch: Sequence[Stamped], error: Exception) -> None:
        """Try a smaller batch until the bad entry is alone, then reject it."""
        if len(batch) > 1:
            self._batch_size = len(batch) // 2
            return
        log.error("the database can never accept this record: %s: %r", failure_text(error), batch[0])
        with self._changed:
            self._drop(1)
            self._rejected += 1
        self._settle()

    def _drop(self, count: int) -> None:
        self._queue.drop(count)
        self._spool.drop(count)

    def _settle(self) -> None:
        with self._changed:
            self._queue.settle()
            self._changed.notify_all()
