"""Views of rigs that nobody has heard: a screen may wait for such a rig, but nobody may invent many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable


class GuessedViews:
    """Counts the open views of rigs that are not known, together and by the address of their followers.

    A screen may be switched on before its rig is. The views of known rigs are as many as the rigs, and are
    not counted.

    Args:
        most: open views of rigs that are not known.
        most_per_address: how often the screens of one address may follow such views.

    Attributes:
        knows_rig: whether there is a rig with this key.
    """

    def __init__(self, *, most: int, most_per_address: int) -> None:
        self.knows_rig: Callable[[str], bool] = lambda _rig: False
        self._most = most
        self._most_per_address = most_per_address
        self._open: set[str] = set()
        self._followed: Counter[str | None] = Counter()

    def __contains__(self, name: str) -> bool:
        return name in self._open

    def may_follow(self, name: str, address: str | None) -> bool:
        """Whether a screen at an address may follow one more such view, or open this one."""
        has_room = name in self._open or len(self._open) < self._most
        return has_room and self._followed[address] < self._most_per_address

    def follow(self, name: str, address: str | None) -> None:
        """Count a follower."""
        self._open.add(name)
        self._followed[address] += 1

    def leave(self, name: str, address: str | None, *, is_last: bool) -> None:
        """Count a follower no longer; the view is closed with its last one."""
        self._followed[address] -= 1
        if not self._followed[address]:
            del self._followed[address]
        if is_last:
            self._open.discard(name)
