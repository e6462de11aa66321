"""The newest datagrams of every rig, undecoded; a view decodes what it shows when it is refreshed."""

from __future__ import annotations

from collections.abc import Mapping

from f1timings.timing.engine import TIMED_KINDS

_NONE: Mapping[str, bytes] = {}


class Taps:
    """The newest datagram of each kind, by rig.

    The kinds that timing reads are always stored, so that a view is complete at its first refresh. The other
    kinds arrive at the frame rate of the game and are stored only while a view of the rig is followed. The
    hot path writes into ``newest`` directly.

    Attributes:
        newest: datagrams by rig and kind.
        watched: how many views follow each rig; empty while none does.
    """

    def __init__(self) -> None:
        self.newest: dict[str, dict[str, bytes]] = {}
        self.watched: dict[str, int] = {}

    def open(self, rig: str) -> None:
        """Prepare for the datagrams of a new rig."""
        self.newest.setdefault(rig, {})

    def watch(self, rig: str) -> None:
        """Store all kinds of a rig from now on; the rig need not have been heard yet."""
        self.watched[rig] = self.watched.get(rig, 0) + 1

    def leave(self, rig: str) -> None:
        """Undo one :meth:`watch`; after the last one, datagrams that would become stale are deleted."""
        self.watched[rig] -= 1
        if not self.watched[rig]:
            del self.watched[rig]
            newest = self.newest.get(rig, {})
            for kind in newest.keys() - TIMED_KINDS:
                del newest[kind]

    def of(self, rig: str) -> Mapping[str, bytes]:
        """The newest datagrams of one rig, by kind."""
        return self.newest.get(rig, _NONE)
