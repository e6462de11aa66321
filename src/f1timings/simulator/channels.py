"""Which packets a game sends how often: one table, walked at every frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.driving_packets import StatusPacket, Telemetry2Packet, TelemetryPacket
from f1timings.simulator.lap_data import LapDataPacket
from f1timings.simulator.lap_packets import HistoryPackets, TimeTrialPacket, lap_positions
from f1timings.simulator.motion_packets import MotionExPacket, MotionPacket, player_motion
from f1timings.simulator.people_packets import participants
from f1timings.simulator.prepared import Prepared, Stamp
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.session_packets import SessionPacket, setups
from f1timings.simulator.wear_packets import DamagePacket, TyreSetsPackets
from f1timings.simulator.world import World

EVERY_FRAME = 0.0


class Emission(NamedTuple):
    """One datagram: seconds since the start, which rig sends it, its bytes."""

    at: float
    rig: int
    data: bytes


class Seat(NamedTuple):
    """A rig in a session: its car, and how far its frame counter is ahead of the session's."""

    rig: int
    car_index: int
    frame_offset: int


class Channel(NamedTuple):
    """One kind of packet.

    Attributes:
        hz: packets a second, or ``EVERY_FRAME``.
        follow: brings its bytes up to the world's moment, given the count of frames.
        packets: what one rig sends; several where one packet does not hold all.
    """

    kind: str
    hz: float
    follow: Callable[[World, int], None]
    packets: Callable[[World, Seat], list[Prepared]]


class Channels:
    """The packets of one session in the order in which the game sends them within a frame."""

    def __init__(self, scenario: Scenario, dialect: Dialect, stamp: Stamp, world: World, rng: Random) -> None:
        self._rate = scenario.rate_hz
        self._format = scenario.format
        self._lap_data = LapDataPacket(stamp, world)
        self._histories = HistoryPackets(stamp, world) if self._format >= 2021 else None
        table = self._table(dialect, stamp, world, rng)
        self._channels = [channel for channel in table if scenario.sends(channel.kind)]

    def due(
        self, world: World, frame: int, at: float, seated: list[tuple[Seat, bytes]]
    ) -> Iterator[Emission]:
        """The datagrams of one frame.

        Args:
            frame: frames since the session began; a flashback does not turn it back.
            seated: the rigs and their headers of this frame.
        """
        for _, hz, follow, packets in self._channels:
            if hz and int(frame * hz / self._rate) == int((frame - 1) * hz / self._rate) and frame:
                continue
            follow(world, frame)
            for seat, stamp in seated:
                for prepared in packets(world, seat):
                    yield Emission(at, seat.rig, prepared.stamped(stamp))

    def reorder(self, world: World) -> None:
        """The cars were ordered anew."""
        self._lap_data.reorder(world)

    def history(self, car: SimulatedCar) -> Prepared:
        """The session history of one car.

        Raises:
            LookupError: the format has none.
        """
        if self._histories is None:
            raise LookupError(f"format {self._format} has no session history")
        return self._histories.of(car)

    def _table(self, dialect: Dialect, stamp: Stamp, world: World, rng: Random) -> list[Channel]:
        """Every kind of packet that the format has, in the order of a frame."""
        session = SessionPacket(stamp, dialect, world, rng)
        telemetry, status = TelemetryPacket(stamp, world), StatusPacket(stamp, world)
        lap_data = self._lap_data
        table = [
            self._motion(stamp, world),
            Channel("session", 2.0, session.follow, _only(session.prepared)),
            Channel("lap_data", EVERY_FRAME, lap_data.follow, _only(lap_data.prepared)),
            Channel("participants", 0.2, _still, lambda now, seat: [participants(stamp, now, seat.rig)]),
            Channel("car_setups", 2.0, _still, _only(setups(stamp, world))),
            Channel("car_telemetry", EVERY_FRAME, telemetry.follow, _only(telemetry.prepared)),
            Channel("car_status", EVERY_FRAME, status.follow, _only(status.prepared)),
        ]
        if self._histories is not None:
            table += _since_2021(stamp, self._histories)
        if self._format >= 2023:
            table += _since_2023(dialect, stamp, world)
        if self._format >= 2024 and world.plan.kind == "time_trial":
            trial = TimeTrialPacket(stamp)
            table.append(Channel("time_trial", 1.0, trial.follow, _only(trial.prepared)))
        if self._format >= 2025:
            table.append(Channel("lap_positions", 1.0, _still, lambda now, _: lap_positions(stamp, now)))
        if self._format >= 2026:
            more = Telemetry2Packet(stamp, world, rng)
            table.append(Channel("car_telemetry_2", EVERY_FRAME, more.follow, _only(more.prepared)))
        return table

    def _motion(self, stamp: Stamp, world: World) -> Channel:
        motion = MotionPacket(stamp, world)

        def with_player(now: World, seat: Seat) -> list[Prepared]:
            if self._format <= 2022:
                player_motion(motion.prepared, now.cars[seat.car_index], now.plan.course)
            return [motion.prepared]

        return Channel("motion", EVERY_FRAME, motion.follow, with_player)


class _Turns:
    """Cycles through the cars."""

    def __init__(self) -> None:
        self.car = -1

    def next(self, world: World, _frame: int) -> None:
        """The next car's turn."""
        self.car = (self.car + 1) % len(world.cars)


def _since_2021(stamp: Stamp, histories: HistoryPackets) -> list[Channel]:
    damage, turns = DamagePacket(stamp), _Turns()
    damage_hz = 10.0 if stamp.packet_format >= 2023 else 2.0
    return [
        Channel("car_damage", damage_hz, damage.follow, _only(damage.prepared)),
        Channel("session_history", 20.0, turns.next, lambda now, _: [histories.of(now.cars[turns.car])]),
    ]


def _since_2023(dialect: Dialect, stamp: Stamp, world: World) -> list[Channel]:
    sets, turns, motion_ex = TyreSetsPackets(stamp, dialect, world), _Turns(), MotionExPacket(stamp)

    def of_player(now: World, seat: Seat) -> list[Prepared]:
        motion_ex.of(now.cars[seat.car_index], now.plan.course)
        return [motion_ex.prepared]

    return [
        Channel("tyre_sets", 20.0, turns.next, lambda now, _: [sets.of(now.cars[turns.car])]),
        Channel("motion_ex", EVERY_FRAME, _still, of_player),
    ]


def _only(prepared: Prepared) -> Callable[[World, Seat], list[Prepared]]:
    """The same packet for each rig."""
    packets = [prepared]
    return lambda _world, _seat: packets


def _still(_world: World, _frame: int) -> None:
    """Nothing to bring up to date."""
