"""Failures in the writer's thread: how they are caught, which of them pass, and how they are described."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from f1timings.errors import F1TimingsError, StoreError
from f1timings.store.engines import cause

T = TypeVar("T")


def attempt(step: Callable[[], T]) -> T | Exception:
    """Run one step of the writer's thread, and return what it raises.

    The thread must survive every error: without it nothing in the queue would be written.
    """
    try:
        return step()
    except Exception as error:  # noqa: BLE001  the supervisor of the writer's thread
        return error


def is_outage(error: Exception) -> bool:
    """Whether the database is at fault, so that the same batch may succeed later; else an entry is."""
    if isinstance(error, IntegrityError | DataError):
        return False
    if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
        return False  # a value of the entry could not even become a parameter
    return isinstance(error, SQLAlchemyError | StoreError | OSError | MemoryError)


def failure_text(error: Exception) -> str:
    """The cause of a failure in one line."""
    if isinstance(error, F1TimingsError):
        return str(error)
    return cause(error) if isinstance(error, SQLAlchemyError) else f"{type(error).__name__}: {error}"
