"""The lock of the rigs: which addresses may send, and which others try to, or claim the session of a rig.

UDP has no sign of who sent a datagram but its address: a sender that forges the address of a rig is that rig.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from f1timings.errors import DecodeError
from f1timings.packets import Header, identify, read_header
from f1timings.rigs.admission import OTHERS
from f1timings.rigs.status import RigStatus

#: A stranger that is silent for longer is forgotten; its datagrams stay in the count of all.
REMEMBERED_S: Final = 600.0
#: A locked room admits the rigs that were heard in this time.
RECENT_S: Final = 24 * 3600.0
# Strangers with an entry of their own; further ones are counted together.
_MOST_STRANGERS: Final = 256
# One datagram of a stranger is looked at in this time.
_LOOK_EVERY_S: Final = 1.0
# How a socket for IPv6 and IPv4 writes an IPv4 address.
_MAPPED: Final = "::ffff:"


@dataclass(slots=True, kw_only=True)
class Stranger:
    """An address that is none of the rigs, or that claims the session of one.

    Attributes:
        address: of its datagrams; :data:`OTHERS` for all above a limit.
        refused: datagrams that the lock refused.
        is_game: one of those that were looked at was telemetry.
        claims: the key of a live rig, if it sends the session of that rig with the same car; else None.
        last_at: when it was heard, seconds since 1970.
    """

    address: str
    refused: int = 0
    is_game: bool = False
    claims: str | None = None
    last_at: float
    _looked_at: float = 0.0

    def is_due(self, now: float) -> bool:
        """Whether its next datagram may be looked at."""
        if now - self._looked_at < _LOOK_EVERY_S:
            return False
        self._looked_at = now
        return True

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead."""
        self.last_at += step_s
        self._looked_at += step_s


class SourceLock:
    """Decides which addresses may send, and remembers the strangers.

    Args:
        rigs: every rig since the start, by key.

    Attributes:
        refused: datagrams that were refused since the start.
    """

    def __init__(self, rigs: Mapping[str, RigStatus]) -> None:
        self.refused = 0
        self._rigs = rigs
        self._admitted: frozenset[str] | None = None
        self._strangers: dict[str, Stranger] = {}

    def admits(self, address: str) -> bool:
        """Whether datagrams from an address may be looked at."""
        return self._admitted is None or address in self._admitted

    def admit_only(self, addresses: Iterable[str] | None) -> None:
        """Let only these addresses send; None lets all send. Strangers that may send are forgotten."""
        self._admitted = None if addresses is None else frozenset(_spellings(addresses))
        self._strangers = {
            address: stranger
            for address, stranger in self._strangers.items()
            if self._admitted is not None and not self.admits(address)
        }

    def refuse(self, data: bytes, address: str, at: float) -> None:
        """Count a datagram that is refused; one a second of each address is looked at."""
        self.refused += 1
        stranger = self._stranger(address, at)
        stranger.refused += 1
        if stranger.is_due(at):
            header = _header_of(data)
            stranger.is_game |= header is not None
            stranger.claims = None if header is None else self._claimed(header, at)

    def note_copy(self, address: str, rig: str, at: float) -> None:
        """Name an address that begins to copy the stream of a rig; what it sends counts as the rig's."""
        stranger = self._stranger(address, at)
        stranger.is_game, stranger.claims = True, rig

    def strangers(self) -> list[Stranger]:
        """A copy of the strangers, the loudest first; callable from any thread."""
        copies = [replace(stranger) for stranger in list(self._strangers.values())]
        return sorted(copies, key=lambda stranger: -stranger.refused)

    def recent_addresses(self, recorded: Mapping[str, float], now: float) -> list[str]:
        """The addresses of the rigs that were heard recently, the newest first; callable from any thread.

        Args:
            recorded: when an earlier process heard an address, seconds since 1970.
            now: server time.
        """
        heard = {plain_address(address): at for address, at in recorded.items()}
        for rig in list(self._rigs.values()):
            address = plain_address(rig.address)
            if rig.packet_format is not None:
                heard[address] = max(rig.last_received_at, heard.get(address, 0.0))
        recent = [(at, address) for address, at in heard.items() if now - at < RECENT_S]
        return [address for _, address in sorted(recent, reverse=True)]

    def look(self, now: float) -> None:
        """Find rigs that send the session of an earlier one, and forget silent strangers; twice a second."""
        first: dict[tuple[int, int], RigStatus] = {}
        for rig in self._rigs.values():
            if not rig.session_uid or not rig.is_live(now):
                continue
            owner = first.setdefault((rig.session_uid, rig.player_car_index), rig)
            if owner.address != rig.address:
                stranger = self._stranger(rig.address, rig.last_received_at)
                stranger.is_game, stranger.claims = True, owner.key
        for address in [old for old, one in self._strangers.items() if now - one.last_at > REMEMBERED_S]:
            del self._strangers[address]

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead."""
        for stranger in self._strangers.values():
            stranger.follow_step(step_s)

    def _stranger(self, address: str, at: float) -> Stranger:
        if address not in self._strangers and len(self._strangers) >= _MOST_STRANGERS:
            address = OTHERS
        stranger = self._strangers.get(address)
        if stranger is None:
            stranger = self._strangers[address] = Stranger(address=address, last_at=at)
        stranger.last_at = at
        return stranger

    def _claimed(self, header: Header, now: float) -> str | None:
        """The live rig that drives the session of a packet, by session UID and index of the player's car."""
        stream = header.session_uid, header.player_car_index
        return next(
            (
                key
                for key, rig in self._rigs.items()
                if stream[0] and (rig.session_uid, rig.player_car_index) == stream
                if rig.is_live(now)
            ),
            None,
        )


def plain_address(address: str) -> str:
    """An address as people write it: IPv4 without the prefix of a socket that is for IPv6 too."""
    return address.removeprefix(_MAPPED) if "." in address else address


def _spellings(addresses: Iterable[str]) -> Iterable[str]:
    """Each address as a socket for IPv4 writes it, and as one for IPv6 too."""
    for address in addresses:
        yield address
        if ":" not in address:
            yield f"{_MAPPED}{address}"


def _header_of(data: bytes) -> Header | None:
    try:
        return read_header(data, identify(data))
    except DecodeError:
        return None
