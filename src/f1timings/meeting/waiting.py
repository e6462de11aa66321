"""The places of those who wait for a rig: numbers with gaps, so that moving one touches no other."""

from __future__ import annotations

from collections.abc import Sequence

#: The gap between two who came one after the other.
STEP = 1000


def place_at(others: Sequence[int], rank: int | None) -> int | None:
    """A place before which so many others stand.

    Args:
        others: the places of the others, ascending.
        rank: 1 is the first; None, and any beyond the last, is the last.

    Returns:
        The place, or None where there is no gap and all must be numbered anew.
    """
    if not others:
        return STEP
    if rank is None or rank > len(others):
        return others[-1] + STEP
    if rank <= 1:
        return others[0] - STEP
    before, after = others[rank - 2], others[rank - 1]
    return (before + after) // 2 if after - before > 1 else None
