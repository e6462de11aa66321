"""Places in an order that people change: numbers with gaps, so that moving one changes no other. Pure."""

from __future__ import annotations

from collections.abc import Sequence

#: The gap between two entries that were added one after the other.
STEP = 1000


def place_at(others: Sequence[int], rank: int | None) -> int | None:
    """Return a place of this rank among the others.

    Args:
        others: the places of the other entries, ascending.
        rank: 1 is the first; None, and any rank beyond the end, is the end.

    Returns:
        The place, or None if there is no gap there and the others must be renumbered.
    """
    if not others:
        return STEP
    if rank is None or rank > len(others):
        return others[-1] + STEP
    if rank <= 1:
        return others[0] - STEP
    before, after = others[rank - 2], others[rank - 1]
    return (before + after) // 2 if after - before > 1 else None
