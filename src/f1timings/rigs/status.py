"""The status of a rig in the intake, and how several games behind one port are noticed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from f1timings.packets import Header
from f1timings.rigs.stream_watch import StreamWatch

# An address's older port counts as gone after this silence, and a rig as offline.
SILENT_S = 2.0
# So often do streams take turns from one port, each with its frames going on, before they count as several
# games: datagrams that overtake each other at a change of session do so a few times, and without new frames.
_MOST_RETURNS = 10
# Copies of a stream run at most this many frames apart (a second at 60 Hz).
_COPY_FRAMES = 60
#: Games that may send from one port, each as a rig of its own.
MOST_STREAMS = 16

Stream = tuple[int, int]
"""What distinguishes the games that send from one port: session UID and index of the player's car."""


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
        stepped_s: by how much server time was set ahead since its newest datagram; ``last_received_at`` has
            followed.
        packet_format: format of the newest packet (a year such as 2025), None before the first.
        game_year: two digits, None where the game does not give it.
        packets / rejected: recognised datagrams by kind, and others by reason.
        implausible: values in packets that are unknown because nobody can have driven them, by name.
        session_uid / player_car_index / frame: of the newest packet that belongs to a session.
        stream: the rate of its datagrams, and how many are lost.
        shares_address: other rigs have sent from its address to the same listening port.
        shares_port: it is one of several games that send from one port.
        left: the streams that were interrupted by another one from the same port, each with its newest frame
            and the time of its newest packet.
        refused_until: until then its datagrams are refused, because they have caused too much.
    """

    key: str
    address: str
    port: int
    listen_port: int
    first_received_at: float
    last_received_at: float
    stepped_s: float = 0.0
    packet_format: int | None = None
    game_year: int | None = None
    packets: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    implausible: Counter[str] = field(default_factory=Counter)
    session_uid: int = 0
    player_car_index: int = 0
    frame: int = 0
    stream: StreamWatch = field(default_factory=StreamWatch, compare=False)
    shares_address: bool = False
    shares_port: bool = False
    left: dict[Stream, tuple[int, float]] = field(default_factory=dict, compare=False)
    refused_until: float = 0.0
    _returns: int = 0
    _switched_at: float = 0.0

    def is_live(self, now: float) -> bool:
        """Whether it has sent a datagram in the last two seconds."""
        return now - self.last_received_at < SILENT_S

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead: the rig has not been silent for that long."""
        self.first_received_at += step_s
        self.last_received_at += step_s
        self.stepped_s += step_s
        self._switched_at += step_s
        self.refused_until += step_s
        self.left = {stream: (frame, at + step_s) for stream, (frame, at) in self.left.items()}
        self.stream.follow_step(step_s)

    def handle_header(self, header: Header) -> bool:
        """Store the position of the stream, by which a copy of it is recognised.

        Returns:
            Whether this packet shows that several games send from the rig's port.
        """
        if not header.session_uid:
            return False
        are_several = False
        if (
            header.session_uid != self.session_uid or header.player_car_index != self.player_car_index
        ) and self.session_uid:
            are_several = self._switch_stream(header)
        self.session_uid = header.session_uid
        self.player_car_index = header.player_car_index
        self.frame = header.frame_identifier
        self.stream.handle_frame(header.frame_identifier)
        return are_several

    def _switch_stream(self, header: Header) -> bool:
        """Remember the stream before; return whether streams take turns again and again."""
        now = self.last_received_at
        if now - self._switched_at >= SILENT_S:
            self._returns = 0
            self.left.clear()
        self._switched_at = now
        self.left[self.session_uid, self.player_car_index] = self.frame, now
        if len(self.left) > MOST_STREAMS:
            del self.left[next(iter(self.left))]
        interrupted = self.left.get((header.session_uid, header.player_car_index))
        if interrupted is not None and header.frame_identifier > interrupted[0]:
            self._returns += 1
        return self._returns == _MOST_RETURNS

    @property
    def datagrams(self) -> int:
        """Number of all datagrams, recognised or not."""
        return sum(self.packets.values()) + sum(self.rejected.values())

    def build_event(self) -> RigSeen:
        """An event with the facts that are stored."""
        return RigSeen(
            key=self.key,
            address=self.address,
            port=self.port,
            listen_port=self.listen_port,
            packet_format=self.packet_format,
            game_year=self.game_year,
            shares_address=self.shares_address,
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
    shares_address: bool = False


def is_same_stream(rig: RigStatus, header: Header, now: float) -> bool:
    """Whether a packet is of the stream that a rig sends now, or of a copy of it."""
    return (
        rig.session_uid == header.session_uid
        and rig.player_car_index == header.player_car_index
        and rig.packet_format == header.packet_format
        and rig.is_live(now)
        and abs(rig.frame - header.frame_identifier) <= _COPY_FRAMES
    )


def is_another_car(rig: RigStatus, header: Header) -> bool:
    """Whether a packet is of the session that a rig drives, but from another person's game."""
    return rig.session_uid == header.session_uid != 0 and rig.player_car_index != header.player_car_index
