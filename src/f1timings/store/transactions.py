"""Transactions that callers request from the writer, which runs them one at a time between two batches."""

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
Then = Callable[[Any], None]

_MAX_WAITING = 200


class _Request(NamedTuple):
    future: Future[Any]
    work: Work
    then: Then | None


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

    @property
    def is_empty(self) -> bool:
        """Whether no transaction waits."""
        return not self._waiting

    def request(self, work: Callable[[Connection], T], then: Callable[[T], None] | None) -> Future[T]:
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

    def run_all(self, transact: Callable[[Work], Any]) -> None:
        """Run each transaction that waits, and give its result or its error to the caller.

        Args:
            transact: runs work in a transaction of its own and returns its result.
        """
        for future, work, then in self._clear():
            if not future.set_running_or_notify_cancel():
                continue
            outcome = attempt(partial(_run, transact, work))
            if isinstance(outcome, F1TimingsError):
                future.set_exception(outcome)
            elif isinstance(outcome, Exception):
                text = f"the database did not store the change: {failure_text(outcome)}"
                error = self._damage_watch.damage_of(outcome) or (
                    StoreOutage(text, self._damage_watch.trouble_of(outcome))
                    if may_pass(outcome)
                    else StoreError(text)
                )
                error.__cause__ = outcome
                future.set_exception(error)
            else:
                _announce(then, outcome[0])
                self._changes.count()
                future.set_result(outcome[0])

    def refuse_all(self, reason: StoreError) -> None:
        """Fail each transaction that waits, without a try."""
        for future, _, _ in self._clear():
            if future.set_running_or_notify_cancel():
                future.set_exception(reason)

    def _clear(self) -> deque[_Request]:
        with self._changed:
            waiting, self._waiting = self._waiting, deque()
        return waiting


def _run(transact: Callable[[Work], Any], work: Work) -> tuple[Any]:
    """Run work and wrap its result, which may itself be an exception."""
    return (transact(work),)


def _announce(then: Then | None, result: object) -> None:
    error = None if then is None else attempt(partial(then, result))
    if error is not None:
        log.error("a change is stored but could not be announced", exc_info=error)
