"""Which of several driven ways to believe: the way on which most of the newest ones agree."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from f1timings.outlines.shapes import Shape, combine, distance_m

ENOUGH = 5
"""So many laps that agree are enough: more would hardly change their middle."""

# A stored way counts as so many, so that the ways of another world replace it soon.
MOST_STORED = 3
_MOST_GROUPS = 3


class _Group:
    """Ways that agree."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes: deque[Shape] = deque(shapes, maxlen=ENOUGH)
        self.weight = len(self._shapes)
        self.middle = combine(self._shapes)

    def add(self, shape: Shape) -> None:
        self._shapes.append(shape)
        self.weight = min(self.weight + 1, ENOUGH)
        self.middle = combine(self._shapes)


class Agreement:
    """Collects ways, and believes the largest group of those that agree.

    One way that disagrees changes nothing. When a group grows, the others lose weight: if the world has
    changed, the ways in the new world replace the older ones after a few laps.

    Args:
        tolerance_m: points of ways that agree are at most so far apart, lateral differences included.
        share: of the points that must be; the rest may be twice as far apart.
        stored / count: the believed way of an earlier evening, and how many ways agreed on it.
    """

    def __init__(
        self, tolerance_m: float, share: float = 1.0, *, stored: Shape | None = None, count: int = 0
    ) -> None:
        self._tolerance_m = tolerance_m
        self._share = share
        self._groups = [] if stored is None else [_Group([stored] * min(count, MOST_STORED))]

    @property
    def believed(self) -> Shape | None:
        """The middle of the largest group, the earliest of equal ones; None before the first way."""
        best = self._best
        return None if best is None else best.middle

    @property
    def count(self) -> int:
        """How many ways agree on it, at most :data:`ENOUGH`."""
        best = self._best
        return 0 if best is None else best.weight

    def add(self, shape: Shape) -> bool:
        """Add a way; return whether it agrees with what is believed now."""
        group = next((group for group in self._groups if self._agree(group.middle, shape)), None)
        if group is None:
            group = _Group([shape])
            self._groups = [*self._groups, group][-_MOST_GROUPS:]
            return group is self._best
        group.add(shape)
        for other in self._groups:
            other.weight -= other is not group
        self._groups = [kept for kept in self._groups if kept.weight > 0]
        return group is self._best

    @property
    def _best(self) -> _Group | None:
        return max(self._groups, key=lambda group: group.weight, default=None)

    def _agree(self, one: Shape, other: Shape) -> bool:
        if len(one.points) != len(other.points):
            return False
        apart = [distance_m(*pair) for pair in zip(one.points, other.points, strict=True)]
        near = sum(distance <= self._tolerance_m for distance in apart)
        return near >= self._share * len(apart) and max(apart) <= 2.0 * self._tolerance_m
