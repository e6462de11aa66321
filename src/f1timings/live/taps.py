"""The newest datagrams of every rig, kept as they came; a view reads of them what it shows when it looks."""

from __future__ import annotations

from collections.abc import Mapping

from f1timings.timing.engine import TIMED_KINDS

_NONE: Mapping[str, bytes] = {}


class Taps:
    """The newest datagram of each kind, by rig.

    Those that timing reads are always kept, so that a view has all at its first look; the others, which come
    at the rate of the game, only while somebody watches the rig. The hot path writes into ``newest`` itself.

    Attributes:
        newest: by rig and kind.
        watched: how many watch each rig; empty while nobody watches any.
    """

    def __init__(self) -> None:
        self.newest: dict[str, dict[str, bytes]] = {}
        self.watched: dict[str, int] = {}

    def open(self, rig: str) -> None:
        """A rig is heard for the first time."""
        self.newest.setdefault(rig, {})

    def watch(self, rig: str) -> None:
        """Keep all kinds of a rig from now on; it need not have been heard yet."""
        self.watched[rig] = self.watched.get(rig, 0) + 1

    def leave(self, rig: str) -> None:
        """The opposite of one :meth:`watch`; what nobody keeps new any more is forgotten."""
        self.watched[rig] -= 1
        if not self.watched[rig]:
            del self.watched[rig]
            newest = self.newest.get(rig, {})
            for kind in newest.keys() - TIMED_KINDS:
                del newest[kind]

    def of(self, rig: str) -> Mapping[str, bytes]:
        """By kind, of one rig."""
        return self.newest.get(rig, _NONE)
