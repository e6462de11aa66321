"""Transactions that callers request from the writer, which runs them one at a time between two batches.

One that would last long leaves the rest of its work to further transactions, and batches are stored between
these. The next request waits until nothing is left.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Condition
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from f1timings.errors import F1TimingsError, StoreBusy, StoreError, StoreOutage
from f1timings.store.counter import ChangeNumber
from f1timings.store.damage.watch import DamageWatch
from f1timings.store.failures import attempt, failure_text, may_pass

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Connection], Any]


class Rest(NamedTuple):
    """What a transaction leaves to further ones.

    Attributes:
        step: does a part of it, in a transaction of its own; returns whether there is more.
        then: called after the last one.
    """

    step: Callable[[Connection], bool]
    then: Callable[[], None]


Then = Callable[[T], Rest | None]
"""Called with the result of a transaction, after its commit; returns what the transaction leaves."""

_MAX_WAITING = 200
# The writer waits after a failure until the database can be written. A step that fails so often all the same
# is at fault itself.
_MOST_FAILURES = 5


class _Request(NamedTuple):
    future: Future[Any]
    work: Work
    then: Then[Any] | None


class _Unfinished(NamedTuple):
    """A request after its own transaction; the caller waits for the rest.

    Attributes:
        failures: of the present step.
    """

    future: Future[Any]
    result: Any
    rest: Rest
    failures: int = 0


class TransactionQueue:
    """The requested transactions that wait.

    Args:
        changed: the writer's lock; it is notified of each new request.
        damage_watch: looks at the errors of the database.
        changes: grows when a change was announced.
    """

    def __init__(self, changed: Condition, damage_watch: DamageWatch, changes: ChangeNumber) -> None:
        self._changes = changes
        self._changed = changed
        self._damage_watch = damage_watch
        self._waiting: deque[_Request] = deque()
        self._unfinished: _Unfinished | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no transaction waits."""
        return not self._waiting

    @property
    def is_unfinished(self) -> bool:
        """Whether a transaction has left something that is not done."""
        return self._unfinished is not None

    def request(self, work: Callable[[Connection], T], then: Then[T] | None) -> Future[T]:
        """Add a transaction; from any thread that has the lock.

        Raises:
            StoreBusy: too many transactions wait.
        """
        if len(self._waiting) >= _MAX_WAITING:
            raise StoreBusy(f"{len(self._waiting)} changes wait for the database; try again in a moment")
        future: Future[T] = Future()
        self._waiting.append(_Request(future, work, then))
        self._changed.notify_all()
        return future

    def committed_result(self, future: Future[T]) -> tuple[T] | None:
        """The result of a transaction that is committed and has left something; None for any other."""
        unfinished = self._unfinished
        return (unfinished.result,) if unfinished is not None and unfinished.future is future else None

    def run_all(self, transact: Callable[[Work], Any]) -> None:
        """Run each transaction that waits, until one leaves something; of what one has left, run a step.

        Args:
            transact: runs work in a transaction of its own and returns its result.
        """
        if self._unfinished is not None:
            self._go_on(self._unfinished, transact)
        for _ in range(len(self._waiting)):
            if self._unfinished is None and (request := self._next()) is not None:
                self._run(request, transact)

    def refuse_all(self, reason: StoreError) -> None:
        """Fail each transaction that waits, without a try; what one has left can be done later."""
        while (request := self._next()) is not None:
            request.future.set_exception(reason)

    def end(self, reason: StoreError) -> None:
        """Fail each transaction that waits. What one has left, the next start does."""
        self.refuse_all(reason)
        if self._unfinished is not None:
            self._unfinished.future.set_result(self._unfinished.result)

    def _next(self) -> _Request | None:
        """Take the next request that its caller still waits for."""
        with self._changed:
            while self._waiting:
                request = self._waiting.popleft()
                if request.future.set_running_or_notify_cancel():
                    return request
        return None

    def _run(self, request: _Request, transact: Callable[[Work], Any]) -> None:
        """Run a transaction, and give its result or its error to the caller."""
        future, work, then = request
        outcome = attempt(partial(_wrapped, transact, work))
        if isinstance(outcome, F1TimingsError):
            future.set_exception(outcome)
        elif isinstance(outcome, Exception):
            future.set_exception(self._error_of(outcome))
        else:
            (result,) = outcome
            rest = None if then is None else self._announce(partial(then, result))
            if rest is None:
                future.set_result(result)
            else:
                self._unfinished = _Unfinished(future, result, rest)

    def _go_on(self, unfinished: _Unfinished, transact: Callable[[Work], Any]) -> None:
        """Do a step of what a transaction has left; after the last one, its caller gets the result."""
        future, result, rest, failures = unfinished
        has_more = attempt(partial(transact, rest.step))
        if isinstance(has_more, Exception):
            is_damaged = self._damage_watch.damage_of(has_more) is not None
            if may_pass(has_more) and not is_damaged and failures < _MOST_FAILURES:
                self._unfinished = unfinished._replace(failures=failures + 1)
                return
            log.error("a change is stored, but not all that follows from it", exc_info=has_more)
        elif has_more:
            self._unfinished = unfinished._replace(failures=0)
            return
        self._unfinished = None
        self._announce(rest.then)
        future.set_result(result)

    def _announce(self, announce: Callable[[], Rest | None]) -> Rest | None:
        rest = attempt(announce)
        self._changes.count()
        if isinstance(rest, Exception):
            log.error("a change is stored but could not be announced", exc_info=rest)
            return None
        return rest

    def _error_of(self, cause: Exception) -> StoreError:
        """The error for the caller of a transaction that failed in the database."""
        text = f"the database did not store the change: {failure_text(cause)}"
        error = self._damage_watch.damage_of(cause) or (
            StoreOutage(text, self._damage_watch.trouble_of(cause)) if may_pass(cause) else StoreError(text)
        )
        error.__cause__ = cause
        return error


def _wrapped(transact: Callable[[Work], Any], work: Work) -> tuple[Any]:
    """Run work and wrap its result, which may itself be an exception."""
    return (transact(work),)
