"""The rigs that an earlier process recorded: by them a rig is recognised after a restart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from f1timings.rigs.status import RigSeen, Stream


class RecordedRigs:
    """The rigs that an earlier process recorded, and what they drove.

    Args:
        stored: these rigs.
        streams: the sessions of each of them: index of the player's car by game UID.

    Attributes:
        shared: the addresses that several of them share.
    """

    def __init__(self, stored: Iterable[RigSeen], streams: Mapping[str, Mapping[int, int | None]]) -> None:
        self._rigs = {seen.key: seen for seen in stored}
        # A server may listen at another port after a restart: stored rigs are found by address and port.
        self._by_port = {
            (seen.address, seen.port): seen for seen in self._rigs.values() if "#" not in seen.key
        }
        self.shared = frozenset(seen.address for seen in self._rigs.values() if seen.shares_address)
        self._streams = streams

    def __contains__(self, key: str) -> bool:
        return key in self._rigs

    def at(self, address: str, port: int) -> RigSeen | None:
        """The rig that sent from a port last."""
        return self._by_port.get((address, port))

    def drove(self, key: str, uid: int) -> bool:
        """Whether a rig drove a session."""
        return uid in self._streams.get(key, {})

    def recall(self, stream: Stream, address: str) -> str | None:
        """The key of the rig at an address that drove this session."""
        uid, car = stream
        return next(
            (
                key
                for key, seen in self._rigs.items()
                if seen.address == address and uid in self._streams.get(key, {})
                if self._streams[key][uid] in (None, car)
            ),
            None,
        )

    def was_driven_elsewhere(self, stream: Stream, address: str) -> bool:
        """Whether a rig at another address drove a session."""
        uid, car = stream
        return any(
            seen.address != address and self._streams.get(key, {}).get(uid) == car
            for key, seen in self._rigs.items()
        )
