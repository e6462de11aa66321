"""The rig simulator: speaks the games' real protocol without a game, and knows what really happened."""

from __future__ import annotations

from f1timings.packets.layouts import FORMATS
from f1timings.simulator.channels import Emission
from f1timings.simulator.scenario import KINDS, TIMING_KINDS, Kind, Scenario, scenario_for
from f1timings.simulator.simulation import Simulation, simulate, truth

__all__ = [
    "FORMATS",
    "KINDS",
    "TIMING_KINDS",
    "Emission",
    "Kind",
    "Scenario",
    "Simulation",
    "scenario_for",
    "simulate",
    "truth",
]
