"""How long commits take: counts by fixed limits, from which a program computes percentiles."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, NamedTuple

#: Upper limits in seconds. A commit with fsync takes milliseconds on a disk that is well.
LIMITS_S: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class CommitTimes(NamedTuple):
    """The commits since the start.

    Attributes:
        counts: commits up to each limit of :data:`LIMITS_S` but above the one before; the last one is of
            those above all limits.
        total_s: the sum of all times.
    """

    counts: tuple[int, ...] = (0,) * (len(LIMITS_S) + 1)
    total_s: float = 0.0

    def with_commit(self, seconds: float) -> CommitTimes:
        """These times and one more."""
        counts = list(self.counts)
        counts[bisect_left(LIMITS_S, seconds)] += 1
        return CommitTimes(tuple(counts), self.total_s + seconds)
