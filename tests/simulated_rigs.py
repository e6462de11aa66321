"""What two simulated rigs send in an evening, for tests of the whole pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from f1timings.simulator import TIMING_KINDS, Scenario, simulate

#: The addresses of the rigs.
RIGS = ("10.0.0.1", "10.0.0.2")
PORT, LISTEN_PORT = 5, 20777
# The shortest circuit.
_TRACK = 17


class SentDatagram(NamedTuple):
    """A datagram of a rig, and when it arrives."""

    at: float
    address: str
    data: bytes


@cache
def evening_of_two_rigs() -> Sequence[SentDatagram]:
    """Each rig drives two time trials of one lap; nobody changes the list."""
    scenario = Scenario(
        "hot_lap_evening",
        2025,
        rigs=len(RIGS),
        laps=1,
        cars=2,
        sessions=2,
        rate_hz=20,
        seed=7,
        track_id=_TRACK,
        kinds=TIMING_KINDS,
    )
    sent = simulate(scenario)
    return [SentDatagram(1_000.0 + emission.at, RIGS[emission.rig], emission.data) for emission in sent]
