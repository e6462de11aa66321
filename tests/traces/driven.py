"""Simulated sessions, what the player's car really did in them, and the traces that come of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

from f1timings.intake.datagrams import Datagram
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.simulator.channels import Channels, Seat
from f1timings.simulator.timeline import Phase
from f1timings.simulator.world import World
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import Lap
from f1timings.traces.blobs import decode
from f1timings.traces.trace import Trace

ARRIVED = 1_750_000_000.0
RIG, PORT, LISTEN_PORT = "192.0.2.7", 50_000, 20_777
# The shortest circuit.
TRACK = 17


class Frame(NamedTuple):
    """What the player's car really did in one frame."""

    lap: int
    distance_m: float
    speed_kmh: float


class Driven(NamedTuple):
    """A simulated session: its datagrams, the truth of each frame, and what the car planned."""

    datagrams: list[Datagram]
    frames: list[Frame]
    phases: tuple[Phase, ...]


@cache
def drive(packet_format: int, kind: Any = "time_trial", **facts: Any) -> Driven:
    """Simulate a session; the caller changes nothing of it."""
    frames: list[Frame] = []
    phases: list[tuple[Phase, ...]] = [()]
    due: Callable[..., Iterator[Any]] = Channels.due

    def noting(self: Channels, world: World, *args: Any, stamps: list[tuple[Seat, bytes]]) -> Iterator[Any]:
        car = world.cars[stamps[0][0].car_index]
        phases[0] = car.timeline.phases
        frames.append(Frame(car.phase.lap, car.distance, car.speed_ms * 3.6))
        return due(self, world, *args, stamps=stamps)

    scenario = Scenario(kind, packet_format, **{"track_id": TRACK, "laps": 2, "cars": 2} | facts)
    with patch.object(Channels, "due", noting):
        datagrams = [
            Datagram(ARRIVED + at, RIG, PORT, LISTEN_PORT, data) for at, _, data in simulate(scenario)
        ]
    return Driven(datagrams, frames, phases[0])


def entries_of(datagrams: Iterable[Datagram]) -> list[Stamped]:
    """Everything that the pipeline gives to the store."""
    entries: list[Stamped] = []
    pipeline = Pipeline(entries.extend)
    at = 0.0
    for at, address, port, listen_port, data in datagrams:
        pipeline.feed(data, address, port, listen_port, at)
    pipeline.finish(at)
    return entries


def blobs_of(datagrams: Iterable[Datagram]) -> list[tuple[Lap, bytes]]:
    """The laps that have a trace, with its bytes, in the order in which they were recorded."""
    return [
        (entry.event.lap, entry.trace.blob())
        for entry in entries_of(datagrams)
        if isinstance(entry.event, LapRecorded) and entry.trace is not None
    ]


def traces_of(datagrams: Iterable[Datagram]) -> list[tuple[Lap, Trace]]:
    """The laps that have a trace, with the trace."""
    return [(lap, decode(blob)) for lap, blob in blobs_of(datagrams)]
