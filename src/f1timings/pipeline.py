"""The way of a datagram: it is recognised, assigned to a rig and timed; its timing events go to the store.

There is one synchronous call per datagram, without await, lock or clock. A replay calls the same function
with bytes from a file and gets the same laps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from f1timings.errors import DecodeError
from f1timings.live.taps import Taps
from f1timings.packets import LATEST_FORMAT, Header, Layout, identify, read_header
from f1timings.rigs.admission import PROOF, SESSION_COST, TOO_MUCH, Admission, is_crowded
from f1timings.rigs.lock import SourceLock
from f1timings.rigs.registry import SILENT_S, Endpoint, RigRegistry, RigSeen, RigStatus
from f1timings.rigs.takeovers import Separated
from f1timings.store import Stamped
from f1timings.timing.engine import TIMED_KINDS, Archive, Engine, KnownSession, NoArchive
from f1timings.timing.events import (
    CountersRead,
    EngineEvent,
    LapBegan,
    LapRecorded,
    ParticipantsChanged,
    SessionChanged,
)
from f1timings.timing.lap_starts import LapStarts
from f1timings.timing.packet_order import JUMP_S
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.running_order import RunningOrder, SessionMoment
from f1timings.timing.session_clock import Between
from f1timings.traces.channels import MASTER
from f1timings.traces.recorders import TraceRecorders

# The number of addresses with their own count of rejected datagrams; further addresses are counted together.
_MOST_STRAYS = 256
# A longer silence of a rig may be a pause of its game, in which the session's clock stops.
PAUSE_S = 1.0
# A longer silence, of more than a few packets, may hide a flashback.
_GAP_S = 0.25
# Datagrams that are held while their rig is not settled: more than two seconds of one rig, and of 64 rigs.
_MOST_HELD = 2_000
_MOST_HELD_TOGETHER = 40_000


@dataclass(slots=True)
class _HeldDatagrams:
    """Datagrams of an endpoint that is either a second rig, or the first rig with a new port."""

    first_heard: float
    datagrams: list[tuple[bytes, Layout, float]] = field(default_factory=list)

    @property
    def last_heard(self) -> float:
        return self.datagrams[-1][2] if self.datagrams else self.first_heard

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead while they are held."""
        self.first_heard += step_s
        self.datagrams = [(data, layout, at + step_s) for data, layout, at in self.datagrams]


class _ResumingArchive:
    """An archive; the clock of a session that it finds goes on from what was read of it."""

    def __init__(self, archive: Archive, starts: LapStarts) -> None:
        self._starts = starts
        self._archive = archive
        self.earlier_laps = archive.earlier_laps

    def recall(self, rig: str, uid: int) -> KnownSession | None:
        """The newest session of a rig under a game UID."""
        known = self._archive.recall(rig, uid)
        if known is not None:
            self._starts.resume(known.counters)
        return known

    def runs(self, rig: str, uid: int) -> Iterator[KnownSession]:
        """The sessions of a rig under a game UID, the newest first."""
        for known in self._archive.runs(rig, uid):
            self._starts.resume(known.counters)
            yield known


class Pipeline:
    """Brings every datagram from the socket to the store.

    Args:
        sink: called with the timing events of one datagram, stamped with the time of its arrival.
        known: sessions that an earlier process recorded, by rig and game UID.
        stored_rigs: the rigs that it recorded.
        archive: has other sessions that were recorded before.
        on_taken_over: called with the key of a rig whose place another game had, from one moment until
            another one; a seat that began meanwhile may be meant for either of the two.

    Attributes:
        strays: rejected datagrams by reason, of addresses that have sent no recognised datagram.
        taps: the newest datagrams of every rig.
        refused: recognised datagrams that are above the limits of their source, by address.
        lock: which addresses may send.
    """

    def __init__(
        self,
        sink: Callable[[Sequence[Stamped]], None],
        known: Mapping[str, Mapping[int, KnownSession]] | None = None,
        stored_rigs: Iterable[RigSeen] = (),
        *,
        archive: Archive | None = None,
        on_taken_over: Callable[[str, float, float], None] = lambda _rig, _since, _until: None,
    ) -> None:
        self._sink = sink
        self._on_taken_over = on_taken_over
        self._archive = archive or NoArchive()
        self._known = known or {}
        streams = {
            rig: {uid: recalled.session.player_car_index for uid, recalled in sessions.items()}
            for rig, sessions in self._known.items()
        }
        self._registry = RigRegistry(stored_rigs, streams)
        self.lock = SourceLock(self._registry.rigs)
        # The port from which each remembered session was opened, by rig and game UID.
        self._opened_from: dict[str, dict[int, Endpoint]] = {}
        self._engines: dict[str, Engine] = {}
        self._starts: dict[str, LapStarts] = {}
        self._traces = TraceRecorders()
        self._held: dict[Endpoint, _HeldDatagrams] = {}
        self._held_together = 0
        self._admission = Admission()
        self.refused = self._admission.refused
        self.strays: dict[str, Counter[str]] = {}
        self.taps = Taps()
        self._watched, self._newest = self.taps.watched, self.taps.newest

    @property
    def rigs(self) -> Mapping[str, RigStatus]:
        """Every rig since the start of this process, by key."""
        return self._registry.rigs

    def knows_rig(self, rig: str) -> bool:
        """Whether there is a rig with this key, heard now or before the restart of this process."""
        return self._registry.is_taken(rig)

    def admit_only(self, addresses: Iterable[str] | None) -> None:
        """Let only these addresses send from now on; None lets every address send."""
        self.lock.admit_only(addresses)
        self._registry.part(self.lock.admits)
        for endpoint in [waiting for waiting in self._held if not self.lock.admits(waiting.address)]:
            self._held_together -= len(self._held.pop(endpoint).datagrams)

    def feed(self, data: bytes, address: str, port: int, listen_port: int, received_at: float) -> bool:
        """Handle one datagram.

        Args:
            data: the whole payload.
            address / port: its source.
            listen_port: our port at which it arrived.
            received_at: when it arrived at the socket, seconds since 1970.

        Returns:
            Whether its address may send. If not, it was only counted.
        """
        rig = self._registry.known((address, port, listen_port))
        if rig is None and not self.lock.admits(address):
            self.lock.refuse(data, address, received_at)
            return False
        try:
            layout = identify(data)
        except DecodeError as error:
            self._reject(rig, address, error)
            return True
        if rig is None:
            endpoint = Endpoint(address, port, listen_port)
            if endpoint in self._held or self._admits(endpoint, received_at):
                self._settle(endpoint, data, layout, received_at)
        else:
            self._time(rig, data, layout, received_at)
        return True

    def tick(self, now: float) -> None:
        """Measure streams, settle new ports, forget those that are no games. Called about twice a second."""
        self._registry.sample(now)
        self.lock.look(now)
        for endpoint, held in list(self._held.items()):
            if self._must_prove(endpoint, held):
                if now - held.last_heard >= SILENT_S:
                    self._forget(endpoint, held)
            elif now - held.first_heard >= SILENT_S:
                self._release(endpoint, self._settle_held(endpoint, held, now), held)

    def follow_step(self, step_s: float) -> None:
        """Follow server time, which was set ahead: no silence becomes longer by that."""
        self._registry.follow_step(step_s)
        self.lock.follow_step(step_s)
        for held in self._held.values():
            held.follow_step(step_s)

    def finish(self, received_at: float) -> None:
        """Settle held datagrams and end all laps, because nothing more will come (the end of a file)."""
        for endpoint, held in list(self._held.items()):
            self._release(endpoint, self._settle_held(endpoint, held, received_at), held)
        for rig, engine in self._engines.items():
            self._emit(self._stamped(rig, engine.finish(), received_at))

    def rig_at(self, address: str, port: int, listen_port: int) -> str | None:
        """The key of the rig that sends from a port to one of ours; None while that is not settled."""
        rig = self._registry.known((address, port, listen_port))
        return None if rig is None else rig.key

    def is_heard(self, since: float) -> bool:
        """Whether any rig has sent anything since a moment, seconds since 1970."""
        return any(rig.last_received_at > since for rig in self._registry.rigs.values())

    def moment(self, rig: str) -> SessionMoment | None:
        """A rig's session under way, or its last one, and its clock; None before its first."""
        engine = self._engines.get(rig)
        return None if engine is None else engine.moment

    def placed_car(self, rig: str, car_index: int) -> tuple[PlacedCar, int | None] | None:
        """One car as in :meth:`order`, None if it is not there; much cheaper, as it builds no other row."""
        engine = self._engines.get(rig)
        return None if engine is None else engine.placed_car(car_index)

    def order(self, rig: str) -> RunningOrder | None:
        """The running order of a rig's session under way, or of its last one; None before its first."""
        engine = self._engines.get(rig)
        return None if engine is None else engine.order()

    def _reject(self, rig: RigStatus | None, address: str, error: DecodeError) -> None:
        if rig is not None:
            rig.rejected[error.reason] += 1
            return
        if address not in self.strays and len(self.strays) >= _MOST_STRAYS:
            address = "others"
        self.strays.setdefault(address, Counter())[error.reason] += 1

    def _admits(self, endpoint: Endpoint, received_at: float) -> bool:
        """Whether a datagram from an endpoint without a rig of its own may be looked at."""
        return self._registry.is_mixed(endpoint) or self._admission.admits_port(
            endpoint.address,
            received_at,
            rigs=len(self._registry.rigs),
            rigs_of_address=self._registry.rigs_of_address[endpoint.address],
        )

    def _settle(self, endpoint: Endpoint, data: bytes, layout: Layout, received_at: float) -> None:
        held = self._held.setdefault(endpoint, _HeldDatagrams(received_at))
        held.datagrams.append((data, layout, received_at))
        self._held_together += 1
        if self._must_prove(endpoint, held):
            if self._held_together >= _MOST_HELD_TOGETHER:
                self._forget(endpoint, held)
            return
        header = read_header(data, layout)
        rig = self._registry.locate(endpoint, header, first_heard=held.first_heard, now=received_at)
        is_full = len(held.datagrams) >= _MOST_HELD or self._held_together >= _MOST_HELD_TOGETHER
        if rig is None and is_full:
            rig = self._settle_held(endpoint, held, received_at)
        if rig is not None:
            if rig.address != endpoint.address:  # it moves at once, unless this is a copy of its stream
                self.lock.note_copy(endpoint.address, rig.key, received_at)
            self._release(endpoint, rig, held)

    def _must_prove(self, endpoint: Endpoint, held: _HeldDatagrams) -> bool:
        """Whether a new port has not yet sent as much as a game does, where there are many rigs already."""
        if len(held.datagrams) >= PROOF or self._registry.is_mixed(endpoint):
            return False
        rigs_of_address = self._registry.rigs_of_address[endpoint.address]
        return is_crowded(rigs=len(self._registry.rigs), rigs_of_address=rigs_of_address)

    def _forget(self, endpoint: Endpoint, held: _HeldDatagrams) -> None:
        """Refuse what came from a port that is no rig."""
        del self._held[endpoint]
        self._held_together -= len(held.datagrams)
        for _ in held.datagrams:
            self._admission.refuse(endpoint.address)

    def _settle_held(self, endpoint: Endpoint, held: _HeldDatagrams, now: float) -> RigStatus:
        data, layout, _ = held.datagrams[-1]
        header = read_header(data, layout)
        return self._registry.settle(endpoint, header, first_heard=held.first_heard, now=now)

    def _release(self, endpoint: Endpoint, rig: RigStatus, held: _HeldDatagrams) -> None:
        del self._held[endpoint]
        self._held_together -= len(held.datagrams)
        self._handle_separated(held.first_heard)
        if rig.packet_format is not None:
            # It has another port now, which is stored: after a restart the rig is recognised by it.
            self._emit([Stamped(held.first_heard, rig.build_event())])
        for data, layout, received_at in held.datagrams:
            self._time(rig, data, layout, received_at)

    def _time(self, rig: RigStatus, data: bytes, layout: Layout, received_at: float) -> None:
        """Count one packet, and time it if its kind is timed. The hot path: most kinds are not timed."""
        if received_at < rig.refused_until:
            self._refuse(rig)
            return
        rig.packets[layout.kind] += 1
        if received_at - rig.last_received_at > _GAP_S:
            self._handle_silence(rig, read_header(data, layout), received_at)
        rig.last_received_at, rig.stepped_s = received_at, 0.0
        if rig.packet_format != layout.packet_format:
            self._introduce(rig, read_header(data, layout), received_at)
        if layout.kind in TIMED_KINDS:
            self._newest[rig.key][layout.kind] = data
            header = read_header(data, layout)
            if header.session_uid != rig.session_uid:
                self._charge(rig, SESSION_COST, received_at)
            are_several = rig.handle_header(header)
            engine = self._engines[rig.key]
            events = engine.feed(data, layout, header)
            if events:
                self._charge(rig, len(events), received_at)
                self._emit(self._stamped(rig.key, events, received_at))
            if layout.kind == MASTER:
                self._traces[rig.key].handle_lap_data(data, header, engine.time_s)
            else:
                self._traces[rig.key].add(data, layout.kind)
            if are_several:
                self._registry.separate_streams(rig)
                self._handle_separated(received_at)
        else:
            self._traces[rig.key].add(data, layout.kind)
            if self._watched and rig.key in self._watched:
                self._newest[rig.key][layout.kind] = data

    def _charge(self, rig: RigStatus, cost: int, received_at: float) -> None:
        rig.refused_until = self._admission.charge(rig.key, received_at, cost)

    def _refuse(self, rig: RigStatus) -> None:
        rig.rejected[TOO_MUCH] += 1
        self._admission.refuse(rig.address)

    def _handle_silence(self, rig: RigStatus, header: Header, received_at: float) -> None:
        """Note a gap in a stream; read the session's clock at both ends of a pause, which may hide a run."""
        engine = self._engines.get(rig.key)
        session = None if engine is None else engine.session
        if engine is None or session is None:
            return
        if received_at - rig.last_received_at > JUMP_S:
            engine.handle_silence()
        starts = self._starts[rig.key]
        # As server time was then: people had their seats before a step too.
        silent_since = rig.last_received_at - rig.stepped_s
        starts.handle_gap(session.id, Between(silent_since, received_at))
        if received_at - silent_since <= PAUSE_S:
            return
        starts.handle_clock(session.id, engine.time_s, silent_since)
        if header.session_uid == session.uid and header.session_time >= engine.time_s:
            starts.handle_clock(session.id, header.session_time, received_at)

    def _introduce(self, rig: RigStatus, header: Header, received_at: float) -> None:
        self._open(rig)
        rig.packet_format, rig.game_year = header.packet_format, header.game_year or None
        self._traces.begin(rig.key, header.packet_format)
        rig.handle_header(header)
        self._emit([Stamped(received_at, rig.build_event())])

    def _open(self, rig: RigStatus) -> None:
        if rig.key not in self._engines:
            starts = self._starts[rig.key] = LapStarts()
            self._engines[rig.key] = Engine(
                rig.key,
                self._known.get(rig.key),
                rig.implausible,
                archive=_ResumingArchive(self._archive, starts),
            )
            for known in self._known.get(rig.key, {}).values():
                starts.resume(known.counters)
            self._opened_from[rig.key] = {}
            self._traces.begin(rig.key, rig.packet_format or LATEST_FORMAT)
            self.taps.open(rig.key)

    def _handle_separated(self, received_at: float) -> None:
        """Move what was timed for one rig to the rig that drove it."""
        separated, self._registry.separated = self._registry.separated, []
        for entry in separated:
            self._open(entry.own)
            self._emit(
                [Stamped(received_at, rig.build_event()) for rig in self._registry.neighbours_of(entry.rig)]
            )
            for uid in self._uids_of(entry):
                self._hand_over(entry, uid, received_at)
            if entry.taken_over is not None:
                self._on_taken_over(entry.rig.key, *entry.taken_over)

    def _uids_of(self, entry: Separated) -> list[int]:
        """The sessions that move."""
        if entry.streams is not None:
            return [uid for uid, _ in entry.streams]
        opened_from = self._opened_from.get(entry.rig.key, {})
        return sorted(
            uid for uid, port in opened_from.items() if port in entry.ports and uid != entry.resumed_uid
        )

    def _hand_over(self, entry: Separated, uid: int, received_at: float) -> None:
        rig, own = entry.rig.key, entry.own.key
        self._starts[rig].hand_over(uid, self._starts[own])
        port = self._opened_from[rig].pop(uid, None)
        if port is not None:
            self._opened_from[own][uid] = port
        events = self._engines[rig].hand_over(uid, self._engines[own], entry.resumed_uid)
        self._emit(self._stamped(own, events, received_at))

    def _stamped(self, rig: str, events: Sequence[EngineEvent], received_at: float) -> list[Stamped]:
        """The events to store with their times; the start of a lap is stored with the lap."""
        starts, stamped = self._starts[rig], []
        for event in events:
            if isinstance(event, LapBegan):  # the clock by which the laps of the same packet are reckoned
                starts.handle_clock(event.session_id, event.session_time_s, received_at)
        for event in events:
            if isinstance(event, LapBegan):
                starts.handle_lap_began(event, received_at)
            elif isinstance(event, LapRecorded):
                began = starts.began(event, received_at)
                session = self._engines[rig].session
                trace = self._traces.take(rig, event.lap, session=session, now=received_at)
                stamped.append(Stamped(received_at, event, *began, trace))
            elif isinstance(event, CountersRead):
                starts.handle_clock(event.session_id, event.session_time_s, received_at)
                readings = starts.readings(event.session_id)
                stamped.append(Stamped(received_at, replace(event, readings=readings)))
            else:
                if isinstance(event, SessionChanged):
                    self._note_opening(rig, event.session.uid)
                    self._traces.follow(rig, event.session, received_at)
                elif isinstance(event, ParticipantsChanged):
                    self._traces.handle_participants(rig, event)
                stamped.append(Stamped(received_at, event))
        return stamped

    def _note_opening(self, rig: str, uid: int) -> None:
        """Remember the port of a session that is opened; of sessions that are not remembered, forget it."""
        status, opened_from = self._registry.rigs[rig], self._opened_from[rig]
        opened_from.setdefault(uid, Endpoint(status.address, status.port, status.listen_port))
        for gone in opened_from.keys() - self._engines[rig].session_uids:
            del opened_from[gone]

    def _emit(self, entries: Sequence[Stamped]) -> None:
        if entries:
            self._sink(entries)
