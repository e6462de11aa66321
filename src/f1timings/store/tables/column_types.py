"""Column types with the same meaning in both databases, and the one conversion of instants."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(seconds: float) -> datetime:
    """Seconds since 1970 (our clock) as UTC, to the microsecond.

    Raises:
        ValueError | OverflowError: not finite, or outside the years 1 to 9999.
    """
    return EPOCH + timedelta(seconds=seconds)


def is_plain(text: str) -> bool:
    """Whether every database can store the text: it has no NUL and no lone surrogate."""
    if "\0" in text:
        return False
    # Nearly all texts are ASCII; checking each character is many times slower.
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


class Instant(TypeDecorator[datetime]):
    """A moment as whole microseconds since 1970 UTC: sorts and compares alike on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else EPOCH + value * _MICROSECOND


class PlainText(TypeDecorator[str]):
    """Text without NUL and lone surrogates: PostgreSQL cannot store them, so SQLite must not either."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is not None and not is_plain(value):
            raise ValueError(f"this text cannot be stored: {value!r}")
        return value


class Json(TypeDecorator[Any]):
    """A small JSON value as text, the same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json.loads(value)
