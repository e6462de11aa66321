"""The packets of a session and their rates: a table that is walked at every frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from f1timings.packets import has_packet
from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.driving_packets import StatusPacket, Telemetry2Packet, TelemetryPacket
from f1timings.simulator.lap_data import LapDataPacket
from f1timings.simulator.lap_packets import HistoryPackets, TimeTrialPacket, lap_positions
from f1timings.simulator.motion_packets import MotionExPacket, MotionPacket, write_player_motion
from f1timings.simulator.people_packets import participants
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.session_packets import SessionPacket, setups
from f1timings.simulator.wear_packets import DamagePacket, TyreSetsPackets
from f1timings.simulator.world import World

EVERY_FRAME = 0.0


class Emission(NamedTuple):
    """One datagram: seconds since the start, the rig that sends it, its bytes."""

    at: float
    rig: int
    data: bytes


class Seat(NamedTuple):
    """A rig in a session: its car, and the lead of its frame counter over the counter of the session."""

    rig: int
    car_index: int
    frame_offset: int


# A NamedTuple: it is unpacked at every frame.
class Channel(NamedTuple):
    """One kind of packet.

    Attributes:
        hz: packets per second, or ``EVERY_FRAME``.
        update: brings its bytes up to date, given the number of the frame.
        packets: the packets that one rig sends; several if not everything fits into one.
    """

    kind: str
    hz: float
    update: Callable[[World, int], None]
    packets: Callable[[World, Seat], list[PreparedPacket]]


class Channels:
    """The packets of one session, in the order in which the game sends them within a frame."""

    def __init__(
        self, scenario: Scenario, dialect: Dialect, stamp: Stamp, *, world: World, rng: Random
    ) -> None:
        self._rate = scenario.rate_hz
        self._format = scenario.format
        self._lap_data = LapDataPacket(stamp, world)
        self._histories = HistoryPackets(stamp, world) if self._has("session_history") else None
        table = self._table(dialect, stamp, world, rng=rng)
        self._channels = [channel for channel in table if scenario.sends(channel.kind)]

    def due(
        self, world: World, frame: int, at: float, *, stamps: list[tuple[Seat, bytes]]
    ) -> Iterator[Emission]:
        """The datagrams of one frame.

        Args:
            frame: frames since the session began; a flashback does not reduce it.
            at: seconds since the start of the simulation.
            stamps: the rigs and their stamps of this frame.
        """
        for _, hz, update, packets in self._channels:
            if hz and int(frame * hz / self._rate) == int((frame - 1) * hz / self._rate) and frame:
                continue
            update(world, frame)
            for seat, stamp in stamps:
                for prepared in packets(world, seat):
                    yield Emission(at, seat.rig, prepared.stamped(stamp))

    def reorder(self, world: World) -> None:
        """Update the packets after the order of the cars has been computed again."""
        self._lap_data.reorder(world)

    def history(self, car: SimulatedCar) -> PreparedPacket:
        """The session history of one car.

        Raises:
            LookupError: the format has no session history.
        """
        if self._histories is None:
            raise LookupError(f"format {self._format} has no session history")
        return self._histories.of(car)

    def _has(self, kind: str) -> bool:
        return has_packet(self._format, kind)

    def _table(self, dialect: Dialect, stamp: Stamp, world: World, *, rng: Random) -> list[Channel]:
        """Every kind of packet that the format has, in the order within a frame."""
        session = SessionPacket(stamp, dialect, world, rng=rng)
        telemetry, status = TelemetryPacket(stamp, world), StatusPacket(stamp, world)
        lap_data = self._lap_data
        table = [
            self._motion(stamp, world),
            _channel("session", 2.0, _same(session.prepared), update=session.update),
            _channel("lap_data", EVERY_FRAME, _same(lap_data.prepared), update=lap_data.update),
            _channel("participants", 0.2, lambda now, seat: [participants(stamp, now, seat.rig)]),
            _channel("car_setups", 2.0, _same(setups(stamp, world))),
            _channel("car_telemetry", EVERY_FRAME, _same(telemetry.prepared), update=telemetry.update),
            _channel("car_status", EVERY_FRAME, _same(status.prepared), update=status.update),
        ]
        if self._histories is not None:
            table += _damage_and_history(stamp, self._histories)
        if self._has("motion_ex"):
            table += _tyre_sets_and_motion_ex(dialect, stamp, world)
        if self._has("time_trial") and world.plan.kind == "time_trial":
            trial = TimeTrialPacket(stamp)
            table.append(_channel("time_trial", 1.0, _same(trial.prepared), update=trial.update))
        if self._has("lap_positions"):
            table.append(_channel("lap_positions", 1.0, lambda now, _: lap_positions(stamp, now)))
        if self._has("car_telemetry_2"):
            more = Telemetry2Packet(stamp, world, rng)
            table.append(_channel("car_telemetry_2", EVERY_FRAME, _same(more.prepared), update=more.update))
        return table

    def _motion(self, stamp: Stamp, world: World) -> Channel:
        motion = MotionPacket(stamp, world)

        def with_player(now: World, seat: Seat) -> list[PreparedPacket]:
            if not self._has("motion_ex"):
                write_player_motion(motion.prepared, now.cars[seat.car_index], now.plan.course)
            return [motion.prepared]

        return _channel("motion", EVERY_FRAME, with_player, update=motion.update)


class _Turns:
    """Goes through the cars one after the other, again and again."""

    def __init__(self) -> None:
        self.car = -1

    def next(self, world: World, _frame: int) -> None:
        """Go to the next car."""
        self.car = (self.car + 1) % len(world.cars)


def _damage_and_history(stamp: Stamp, histories: HistoryPackets) -> list[Channel]:
    damage, turns = DamagePacket(stamp), _Turns()
    # Twice a second up to 2022.
    damage_hz = 10.0 if stamp.packet_format >= 2023 else 2.0
    return [
        _channel("car_damage", damage_hz, _same(damage.prepared), update=damage.update),
        _channel(
            "session_history", 20.0, lambda now, _: [histories.of(now.cars[turns.car])], update=turns.next
        ),
    ]


def _tyre_sets_and_motion_ex(dialect: Dialect, stamp: Stamp, world: World) -> list[Channel]:
    sets, turns, motion_ex = TyreSetsPackets(stamp, dialect, world), _Turns(), MotionExPacket(stamp)

    def of_player(now: World, seat: Seat) -> list[PreparedPacket]:
        motion_ex.update(now.cars[seat.car_index], now.plan.course)
        return [motion_ex.prepared]

    return [
        _channel("tyre_sets", 20.0, lambda now, _: [sets.of(now.cars[turns.car])], update=turns.next),
        _channel("motion_ex", EVERY_FRAME, of_player),
    ]


def _same(prepared: PreparedPacket) -> Callable[[World, Seat], list[PreparedPacket]]:
    """The same packet for every rig."""
    packets = [prepared]
    return lambda _world, _seat: packets


def _no_update(_world: World, _frame: int) -> None:
    """Do nothing: the packet is built when it is sent."""


def _channel(
    kind: str,
    hz: float,
    packets: Callable[[World, Seat], list[PreparedPacket]],
    *,
    update: Callable[[World, int], None] = _no_update,
) -> Channel:
    return Channel(kind=kind, hz=hz, update=update, packets=packets)
