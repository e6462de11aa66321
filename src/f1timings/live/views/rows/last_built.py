"""What was built last: it is built again only from something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Built = TypeVar("Built")


class LastBuilt(Generic[Built]):
    """One thing that is built, and what it was built from."""

    def __init__(self) -> None:
        self._kept: tuple[object, Built] | None = None

    def get(self, key: object, build: Callable[[], Built]) -> Built:
        """The thing; the same object while the key is equal.

        Args:
            key: everything on which the thing depends.
        """
        kept = self._kept
        if kept is None or kept[0] != key:
            kept = self._kept = key, build()
        return kept[1]
