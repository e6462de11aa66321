"""Which rig a datagram comes from, and the status of each rig.

A rig is a source address. A new port of the same address replaces a port that has been silent for two
seconds. While both are live, they are two rigs; so are streams that arrive at different listening ports.
Copies of one stream (same session UID, player index and frames) are one rig.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from f1timings.packets import Header
from f1timings.rigs.stream_watch import StreamWatch

# An address's older port counts as gone after this silence, and a rig as offline.
SILENT_S = 2.0
# Copies of a stream run at most this many frames apart (a second at 60 Hz).
_COPY_FRAMES = 60


class Endpoint(NamedTuple):
    """The source of a datagram, and our port at which it arrived."""

    address: str
    port: int
    listen_port: int


@dataclass(slots=True, kw_only=True)
class RigStatus:
    """One rig in the intake; its counters begin at the start of this process.

    Attributes:
        key: the rig's identity: its source address, with a port only where two rigs share an address.
        address / port: source of its datagrams now.
        listen_port: our port at which they arrive.
        first_received_at / last_received_at: seconds since 1970, our clock.
        packet_format: format of the newest packet (a year such as 2025), None before the first.
        game_year: two digits, None where the game does not give it.
        packets / rejected: recognised datagrams by kind, and others by reason.
        implausible: values in packets that are unknown because nobody can have driven them, by name.
        session_uid / player_car_index / frame: of the newest packet that belongs to a session.
        stream: the rate of its datagrams, and how many are lost.
    """

    key: str
    address: str
    port: int
    listen_port: int
    first_received_at: float
    last_received_at: float
    packet_format: int | None = None
    game_year: int | None = None
    packets: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    implausible: Counter[str] = field(default_factory=Counter)
    session_uid: int = 0
    player_car_index: int = 0
    frame: int = 0
    stream: StreamWatch = field(default_factory=StreamWatch, compare=False)

    def is_live(self, now: float) -> bool:
        """Whether it has sent a datagram in the last two seconds."""
        return now - self.last_received_at < SILENT_S

    def handle_header(self, header: Header) -> None:
        """Store the position of the stream, by which a copy of it is recognised."""
        if header.session_uid:
            self.session_uid = header.session_uid
            self.player_car_index = header.player_car_index
            self.frame = header.frame_identifier
            self.stream.handle_frame(header.frame_identifier)

    @property
    def datagrams(self) -> int:
        """Number of all datagrams, recognised or not."""
        return self.packets.total() + self.rejected.total()

    def build_event(self) -> RigSeen:
        """An event with the facts that are stored."""
        return RigSeen(
            key=self.key,
            address=self.address,
            port=self.port,
            listen_port=self.listen_port,
            packet_format=self.packet_format,
            game_year=self.game_year,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RigSeen:
    """An event: a rig sent its first packet since the start of this process, or its facts changed."""

    key: str
    address: str
    port: int
    listen_port: int
    packet_format: int | None
    game_year: int | None


class RigRegistry:
    """Finds the rig of each endpoint.

    Attributes:
        rigs: every rig since the start of this process, by key.
    """

    def __init__(self) -> None:
        self.rigs: dict[str, RigStatus] = {}
        self._by_endpoint: dict[tuple[str, int, int], RigStatus] = {}

    def sample(self, now: float) -> None:
        """Measure every rig's stream; called about twice a second."""
        for rig in self.rigs.values():
            rig.stream.sample(now, rig.datagrams)

    def known(self, endpoint: tuple[str, int, int]) -> RigStatus | None:
        """The rig of this endpoint, None until it is settled."""
        return self._by_endpoint.get(endpoint)

    def locate(
        self, endpoint: Endpoint, header: Header, *, first_heard: float, now: float
    ) -> RigStatus | None:
        """Settle the rig of a new endpoint, if possible.

        Args:
            endpoint: its rig is not settled yet.
            header: of a recognised packet from it.
            first_heard: when its first recognised packet arrived.
            now: when this packet arrived.

        Returns:
            The rig, or None while another port of the address may still be live.
        """
        rig = self._original_of_copy(header, now)
        if rig is None:
            neighbours = self._neighbours(endpoint)
            silent = [rig for rig in neighbours if now - rig.last_received_at >= SILENT_S]
            if silent:
                rig = max(silent, key=lambda rig: rig.last_received_at)
                self._move(rig, endpoint)
            elif any(rig.last_received_at <= first_heard for rig in neighbours):
                return None
            else:
                rig = self._new(endpoint, now)
        self._by_endpoint[endpoint] = rig
        return rig

    def settle(self, endpoint: Endpoint, first_heard: float, now: float) -> RigStatus:
        """Settle an endpoint now: it replaces a port that has been silent since, or is a new rig."""
        silent = [rig for rig in self._neighbours(endpoint) if rig.last_received_at <= first_heard]
        if silent:
            rig = max(silent, key=lambda rig: rig.last_received_at)
            self._move(rig, endpoint)
        else:
            rig = self._new(endpoint, now)
        self._by_endpoint[endpoint] = rig
        return rig

    def _neighbours(self, endpoint: Endpoint) -> list[RigStatus]:
        return [
            rig
            for rig in self.rigs.values()
            if rig.address == endpoint.address and rig.listen_port == endpoint.listen_port
        ]

    def _original_of_copy(self, header: Header, now: float) -> RigStatus | None:
        if not header.session_uid:
            return None
        return next((rig for rig in self.rigs.values() if _is_same_stream(rig, header, now)), None)

    def _move(self, rig: RigStatus, endpoint: Endpoint) -> None:
        for old in [known for known, owner in self._by_endpoint.items() if owner is rig]:
            del self._by_endpoint[old]
        rig.address, rig.port, rig.listen_port = endpoint

    def _new(self, endpoint: Endpoint, now: float) -> RigStatus:
        key = next(key for key in _keys(endpoint) if key not in self.rigs)
        rig = RigStatus(key=key, **endpoint._asdict(), first_received_at=now, last_received_at=now)
        self.rigs[key] = rig
        return rig


def _keys(endpoint: Endpoint) -> Iterable[str]:
    """Keys for a new rig, the shortest first; ports are added only where the address alone is in use."""
    address, port, listen_port = endpoint
    yield address
    yield f"{address}:{port}"
    yield f"{address}:{port}:{listen_port}"


def _is_same_stream(rig: RigStatus, header: Header, now: float) -> bool:
    return (
        rig.session_uid == header.session_uid
        and rig.player_car_index == header.player_car_index
        and rig.packet_format == header.packet_format
        and rig.is_live(now)
        and abs(rig.frame - header.frame_identifier) <= _COPY_FRAMES
    )
