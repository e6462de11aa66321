"""How much each source may take over time: a budget that refills, the same for all, known by the source."""

from __future__ import annotations

from collections import OrderedDict


class Budgets:
    """One budget for each source; all work for a source costs the same time, however many there are.

    The source that has taken nothing for the longest time is forgotten first, and then has its whole budget
    again.

    Args:
        per_s: what each source gets back in a second.
        most: the whole budget of a source.
        most_sources: how many sources are remembered.
    """

    def __init__(self, *, per_s: float, most: float, most_sources: int = 1024) -> None:
        self._per_s = per_s
        self._most = most
        self._most_sources = most_sources
        # What is left, and when that was so; a source that owes something has less than nothing.
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._left)

    def take(self, source: str, now: float, cost: float = 1.0) -> bool:
        """Take something if enough is left.

        Args:
            now: seconds of a clock that does not go backwards.
        """
        left = self._refilled(source, now)
        is_enough = left >= cost
        self._store(source, left - cost if is_enough else left, now)
        return is_enough

    def owe(self, source: str, now: float, cost: float = 1.0) -> float:
        """Take something in any case, and return for how many seconds the source must wait first."""
        left = self._refilled(source, now) - cost
        self._store(source, left, now)
        return max(0.0, -left / self._per_s)

    def _refilled(self, source: str, now: float) -> float:
        left, since = self._left.get(source, (self._most, now))
        return min(self._most, left + max(0.0, now - since) * self._per_s)

    def _store(self, source: str, left: float, now: float) -> None:
        self._left[source] = left, now
        self._left.move_to_end(source)
        if len(self._left) > self._most_sources:
            self._left.popitem(last=False)
