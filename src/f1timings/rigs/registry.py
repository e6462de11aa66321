"""Which rig a datagram comes from, and the status of each rig.

A rig is a source address. A new port of the same address replaces a port that has been silent for two
seconds, unless the address is shared: two of its streams were live at once at any time. There a new port is a
new rig. Streams that arrive at different listening ports are different rigs. Copies of one stream (same
session UID, player index and frames) are one rig. Streams of several games from one port are separated by
their session UIDs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from f1timings.packets import Header
from f1timings.rigs.recorded import RecordedRigs
from f1timings.rigs.status import (
    MOST_STREAMS,
    SILENT_S,
    Endpoint,
    RigSeen,
    RigStatus,
    Stream,
    is_another_car,
    is_same_stream,
)
from f1timings.rigs.takeovers import FormerPort, Separated, goes_on, keys_for

__all__ = ["SILENT_S", "Endpoint", "FormerPort", "RigRegistry", "RigSeen", "RigStatus", "Separated"]

# Ports that are remembered of one rig, and former ports of all rigs; the oldest are forgotten first.
_MOST_PORTS = 64
_MOST_FORMER = 1_024


class RigRegistry:
    """Finds the rig of each endpoint.

    Args:
        stored: the rigs that an earlier process recorded.
        streams: the sessions of each of them: index of the player's car by game UID.

    Attributes:
        rigs: every rig since the start of this process, by key.
        rigs_of_address: how many of them first sent from an address.
        separated: what was separated by the last call; the caller clears it.
    """

    def __init__(
        self, stored: Iterable[RigSeen] = (), streams: Mapping[str, Mapping[int, int | None]] | None = None
    ) -> None:
        self.rigs: dict[str, RigStatus] = {}
        self.rigs_of_address: Counter[str] = Counter()
        self.separated: list[Separated] = []
        self._by_endpoint: dict[tuple[str, int, int], RigStatus] = {}
        self._parted: dict[tuple[str, int, int], RigStatus] = {}
        self._former: dict[tuple[str, int, int], FormerPort] = {}
        # The ports of each rig, the first one first.
        self._ports: dict[str, list[Endpoint]] = {}
        self._mixed: dict[tuple[str, int, int], dict[Stream, RigStatus]] = {}
        self._shared: set[tuple[str, int]] = set()
        self._recorded = RecordedRigs(stored, streams or {})

    def sample(self, now: float) -> None:
        """Measure every rig's stream; called about twice a second."""
        for rig in self.rigs.values():
            rig.stream.sample(now, rig.datagrams)

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead by some seconds."""
        for rig in self.rigs.values():
            rig.follow_step(step_s)

    def known(self, endpoint: tuple[str, int, int]) -> RigStatus | None:
        """The rig of this endpoint, None until it is settled."""
        return self._by_endpoint.get(endpoint)

    def part(self, is_admitted: Callable[[str], bool]) -> None:
        """Settle only the rigs of admitted addresses; the others are as before once they are admitted."""
        settled = {**self._by_endpoint, **self._parted}
        self._by_endpoint = {place: rig for place, rig in settled.items() if is_admitted(place[0])}
        # A copy of a rig's stream from another address is looked at again.
        self._parted = {
            place: rig
            for place, rig in settled.items()
            if place not in self._by_endpoint and rig.address == place[0]
        }

    def is_taken(self, key: str) -> bool:
        """Whether there is a rig with this key, heard now or recorded by an earlier process."""
        return key in self.rigs or key in self._recorded

    def is_mixed(self, endpoint: Endpoint) -> bool:
        """Whether several games send from this endpoint, each of which has a rig."""
        return endpoint in self._mixed

    def neighbours_of(self, rig: RigStatus) -> list[RigStatus]:
        """All rigs that send from a rig's address to the same listening port, itself included."""
        return self._neighbours(Endpoint(rig.address, rig.port, rig.listen_port))

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
        if endpoint in self._mixed:
            return self._locate_mixed(endpoint, header, now)
        rig = (
            self._original_of_copy(header, now)
            or self._returned(endpoint, header, now)
            or self._rebound(endpoint, header, now)
        )
        if rig is None:
            neighbours = self._neighbours(endpoint)
            if self._is_shared(endpoint):
                rig = self._resumed(neighbours, header, now) or self._new(endpoint, now)
                self._move(rig, endpoint, now)
            elif any(is_another_car(neighbour, header) for neighbour in neighbours):
                rig = self._second(endpoint, header, now)
            elif any(now - neighbour.last_received_at < SILENT_S for neighbour in neighbours):
                if any(neighbour.last_received_at <= first_heard for neighbour in neighbours):
                    return None
                rig = self._second(endpoint, header, now)
            else:
                rig = self._came(endpoint, header, now) or self._take_place(neighbours, endpoint, now)
        self._by_endpoint[endpoint] = rig
        return rig

    def settle(self, endpoint: Endpoint, header: Header, *, first_heard: float, now: float) -> RigStatus:
        """Settle an endpoint now: it replaces a port that has been silent since, or is a new rig.

        Args:
            header: of its newest recognised packet.
            first_heard / now: as in :meth:`locate`.
        """
        neighbours = self._neighbours(endpoint)
        silent = [rig for rig in neighbours if rig.last_received_at <= first_heard]
        if not neighbours or (silent and not self._is_shared(endpoint)):
            rig = self._came(endpoint, header, now) or self._take_place(silent, endpoint, now)
        else:
            rig = self._second(endpoint, header, now)
        self._by_endpoint[endpoint] = rig
        return rig

    def separate_streams(self, rig: RigStatus) -> None:
        """Give each game that sends from a rig's port a rig of its own; the first one stays this rig."""
        streams = list(dict.fromkeys((*rig.left, (rig.session_uid, rig.player_car_index))))
        recalled = {stream: self._recorded.recall(stream, rig.address) for stream in streams}
        # After a restart, the stream that comes first may be that of another rig.
        own_stream = min(streams, key=lambda stream: (recalled[stream] or rig.key) != rig.key)
        endpoints = [known for known, owner in self._by_endpoint.items() if owner is rig]
        self._mark_shared(Endpoint(rig.address, rig.port, rig.listen_port))
        rig.shares_port = True
        owners = {own_stream: rig}
        for stream in streams:
            if stream != own_stream:
                own = owners[stream] = self._new_mixed(rig, stream, rig.last_received_at)
                self.separated.append(
                    Separated(rig=rig, own=own, streams=frozenset({stream}), resumed_uid=own_stream[0])
                )
        for endpoint in endpoints:
            del self._by_endpoint[endpoint]
            self._mixed[endpoint] = owners

    def _locate_mixed(self, endpoint: Endpoint, header: Header, now: float) -> RigStatus:
        """The rig of one of several games that send from one port."""
        owners = self._mixed[endpoint]
        first = next(iter(owners.values()))
        if not header.session_uid:
            return first
        stream = header.session_uid, header.player_car_index
        if stream not in owners:
            if len(owners) >= MOST_STREAMS:
                return first
            owners[stream] = self._new_mixed(first, stream, now)
        return owners[stream]

    def _new_mixed(self, first: RigStatus, stream: Stream, now: float) -> RigStatus:
        endpoint = Endpoint(first.address, first.port, first.listen_port)
        key = self._recorded.recall(stream, first.address)
        if key is None or key in self.rigs:
            keys = (f"{first.address}:{first.port}#{number}" for number in range(2, 1 << 30))
            key = next(key for key in keys if not self.is_taken(key))
        rig = self._new(endpoint, now, key=key)
        rig.shares_port = rig.shares_address = True
        return rig

    def _returned(self, endpoint: Endpoint, header: Header, now: float) -> RigStatus | None:
        """The rig that sent from this port before: by that port, and by a session that goes on."""
        former = self._former.get(endpoint) or self._stored_port(endpoint, header)
        if former is None:
            return None
        rig = self.rigs.get(former.key)
        if rig is None:
            return self._new(endpoint, now, key=former.key)
        is_held_by_another = (rig.address, rig.port, rig.listen_port) != endpoint
        goes_on = former.session_uid and former.session_uid == header.session_uid
        another_came = is_held_by_another and rig.session_uid not in (0, header.session_uid)
        if goes_on and another_came:
            return self._part(rig, endpoint, left=endpoint, resumed_uid=header.session_uid, now=now)
        if not is_held_by_another or now - rig.last_received_at >= SILENT_S:
            self._move(rig, endpoint, now)
            return rig
        return None

    def _rebound(self, endpoint: Endpoint, header: Header, now: float) -> RigStatus | None:
        """The rig that goes on from a new port with the session that it drove until another port came.

        A translating router gives a game a new port after a rest.
        """
        for left, former in self._former.items():
            if (left[0], left[2]) != (endpoint.address, endpoint.listen_port) or not goes_on(former, header):
                continue
            rig = self.rigs[former.key]
            if rig.session_uid not in (0, header.session_uid):
                uid = header.session_uid
                return self._part(rig, endpoint, left=Endpoint(*left), resumed_uid=uid, now=now)
        return None

    def _part(
        self, rig: RigStatus, endpoint: Endpoint, *, left: Endpoint, resumed_uid: int, now: float
    ) -> RigStatus:
        """Part two games that took turns as one rig; the one with the earlier port stays this rig.

        Args:
            endpoint: where the game sends from that the rig does not hold.
            left: the port of the rig from which that game sent before.
            resumed_uid: the session with which it goes on.

        Returns:
            The rig of that game.
        """
        holder = Endpoint(rig.address, rig.port, rig.listen_port)
        ports = self._ports[rig.key]
        if left not in ports:  # a port from before the restart of this process
            ports.insert(0, left)
        if ports.index(left) < ports.index(holder):
            return self._give_back(rig, endpoint, left=left, resumed_uid=resumed_uid, now=now)
        own = self._new(endpoint, now)
        returned = self._former.get(left)
        until = None if returned is None else returned.replaced_at
        self._hand_ports(rig, own, after=holder, resumed_uid=rig.session_uid, until=until)
        self._mark_shared(endpoint)
        return own

    def _give_back(
        self, rig: RigStatus, endpoint: Endpoint, *, left: Endpoint, resumed_uid: int, now: float
    ) -> RigStatus:
        """Let a rig go on; the port that took its place becomes another rig."""
        self._split_off(rig, now, left=left, resumed_uid=resumed_uid)
        if endpoint != left:
            self._ports[rig.key].append(endpoint)
        self._former.pop(endpoint, None)
        rig.address, rig.port, rig.listen_port = endpoint
        self._mark_shared(endpoint)
        return rig

    def _split_off(self, rig: RigStatus, now: float, *, left: Endpoint, resumed_uid: int) -> None:
        """Make the port from which a rig sends now another rig, with all ports after an earlier one."""
        own = self._new(Endpoint(rig.address, rig.port, rig.listen_port), now)
        own.last_received_at, own.stepped_s = rig.last_received_at, rig.stepped_s
        own.session_uid, own.player_car_index, own.frame = rig.session_uid, rig.player_car_index, rig.frame
        for known in [known for known, owner in self._by_endpoint.items() if owner is rig]:
            self._by_endpoint[known] = own
        self._hand_ports(rig, own, after=left, resumed_uid=resumed_uid, until=now)

    def _doubt(self, rig: RigStatus, header: Header, now: float) -> None:
        """Take the place of a rig from its later ports if another game sends from its address at once.

        Either of the two may be the rig that had the first port. Nothing says which one, unless only the one
        with the later ports sends the format of that time.
        """
        first = self._ports[rig.key][0]
        if first == (rig.address, rig.port, rig.listen_port):
            return
        former = self._former.get(first)
        packet_format = None if former is None else former.packet_format
        if header.packet_format != packet_format == rig.packet_format:
            return
        self._split_off(rig, now, left=first, resumed_uid=0)
        rig.address, rig.port, rig.listen_port = first
        rig.last_received_at = now - SILENT_S
        rig.session_uid = 0 if former is None else former.session_uid

    def _hand_ports(
        self, rig: RigStatus, own: RigStatus, *, after: Endpoint, resumed_uid: int, until: float | None
    ) -> None:
        """Give the ports that a rig had after one of them to another rig, with what was driven from them.

        Args:
            until: when the rig returned to its own port, None if that is unknown.
        """
        replaced = self._former.get(after)
        since = None if replaced is None else replaced.replaced_at
        ports = self._ports[rig.key]
        handed = ports[ports.index(after) + 1 :]
        del ports[len(ports) - len(handed) :]
        current = Endpoint(own.address, own.port, own.listen_port)
        self._ports[own.key] = [*(port for port in handed if port != current), current]
        for port in handed:
            former = self._former.pop(port, None)
            if former is not None and port != current:
                self._former[port] = former._replace(key=own.key)
        self.separated.append(
            Separated(
                rig=rig,
                own=own,
                ports=frozenset(handed),
                resumed_uid=resumed_uid,
                taken_over=None if since is None or until is None else (since, until),
            )
        )

    def _stored_port(self, endpoint: Endpoint, header: Header) -> FormerPort | None:
        """The stored rig of this port, or at a shared address the one that drove this session."""
        seen = self._recorded.at(endpoint.address, endpoint.port)
        stream = header.session_uid, header.player_car_index
        if seen is not None:
            drove = self._recorded.drove(seen.key, stream[0])
            return FormerPort(seen.key, stream[0] if drove else 0, stream[1], 0)
        key = self._recorded.recall(stream, endpoint.address) if self._is_shared(endpoint) else None
        return None if key is None else FormerPort(key, *stream, 0)

    def _resumed(self, neighbours: list[RigStatus], header: Header, now: float) -> RigStatus | None:
        """The silent rig at a shared address that sent the same session until its port changed."""
        return next(
            (
                rig
                for rig in neighbours
                if header.session_uid
                and rig.session_uid == header.session_uid
                and rig.player_car_index == header.player_car_index
                and rig.frame <= header.frame_identifier
                and not rig.is_live(now)
            ),
            None,
        )

    def _came(self, endpoint: Endpoint, header: Header, now: float) -> RigStatus | None:
        """A new rig for a session that goes on from another address: it is not the rig that had this one."""
        stream = header.session_uid, header.player_car_index
        heard = any(
            (rig.session_uid, rig.player_car_index) == stream and rig.frame <= header.frame_identifier
            for rig in self.rigs.values()
            if rig.address != endpoint.address and not rig.is_live(now)
        )
        if not stream[0] or not (heard or self._recorded.was_driven_elsewhere(stream, endpoint.address)):
            return None
        return self._new(endpoint, now, key=next(key for key in keys_for(endpoint) if not self.is_taken(key)))

    def _take_place(self, silent: list[RigStatus], endpoint: Endpoint, now: float) -> RigStatus:
        if not silent:
            return self._new(endpoint, now)
        rig = max(silent, key=lambda rig: rig.last_received_at)
        self._move(rig, endpoint, now)
        return rig

    def _second(self, endpoint: Endpoint, header: Header, now: float) -> RigStatus:
        """A further rig at an address; a rig that sent from this port before gets its port back."""
        seen = self._recorded.at(endpoint.address, endpoint.port)
        former = self._former.get(endpoint)
        if former is None and seen is not None:
            former = FormerPort(seen.key, 0, 0, 0)
        owner = None if former is None else self.rigs.get(former.key)
        if owner is not None and former is not None and owner.port != endpoint.port:
            return self._part(owner, endpoint, left=endpoint, resumed_uid=former.session_uid, now=now)
        neighbours = [] if self._is_shared(endpoint) else self._neighbours(endpoint)
        rig = self._new(endpoint, now)
        self._mark_shared(endpoint)
        for neighbour in neighbours:
            self._doubt(neighbour, header, now)
        return rig

    def _is_shared(self, endpoint: Endpoint) -> bool:
        place = endpoint.address, endpoint.listen_port
        return place in self._shared or endpoint.address in self._recorded.shared

    def _mark_shared(self, endpoint: Endpoint) -> None:
        self._shared.add((endpoint.address, endpoint.listen_port))
        for rig in self._neighbours(endpoint):
            rig.shares_address = True

    def _neighbours(self, endpoint: Endpoint) -> list[RigStatus]:
        return [
            rig
            for rig in self.rigs.values()
            if rig.address == endpoint.address and rig.listen_port == endpoint.listen_port
        ]

    def _original_of_copy(self, header: Header, now: float) -> RigStatus | None:
        if not header.session_uid:
            return None
        return next((rig for rig in self.rigs.values() if is_same_stream(rig, header, now)), None)

    def _move(self, rig: RigStatus, endpoint: Endpoint, now: float) -> None:
        """Let a rig send from this endpoint from now on, and remember its port before."""
        if (rig.address, rig.port, rig.listen_port) == endpoint:
            return
        for old in [known for known, owner in self._by_endpoint.items() if owner is rig]:
            del self._by_endpoint[old]
            self._former[old] = FormerPort(
                rig.key, rig.session_uid, rig.player_car_index, rig.frame, rig.packet_format, now - SILENT_S
            )
        while len(self._former) > _MOST_FORMER:
            del self._former[next(iter(self._former))]
        rig.address, rig.port, rig.listen_port = endpoint
        ports = self._ports[rig.key]
        if endpoint not in ports:
            ports.append(endpoint)
            del ports[1:-_MOST_PORTS]  # the first one says which game the rig was

    def _new(self, endpoint: Endpoint, now: float, *, key: str | None = None) -> RigStatus:
        is_shared = self._is_shared(endpoint)
        if key is None:
            taken = self.is_taken if is_shared else self.rigs.__contains__
            key = next(key for key in keys_for(endpoint) if not taken(key))
        rig = RigStatus(key=key, **endpoint._asdict(), first_received_at=now, last_received_at=now)
        rig.shares_address = is_shared
        self.rigs[key] = rig
        self.rigs_of_address[endpoint.address] += 1
        self._ports[key] = [endpoint]
        return rig
