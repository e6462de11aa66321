"""Keys in chunks that fit into one query."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")
# Both databases accept far more keys in one query.
MAX_KEYS = 1000


def chunks(keys: Collection[T], size: int = MAX_KEYS) -> Iterator[list[T]]:
    """The keys in lists of at most ``size``."""
    ordered = list(keys)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
