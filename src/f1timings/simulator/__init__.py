"""The rig simulator: it sends what the games send, without a game, and knows what really happened."""

from __future__ import annotations

from f1timings.simulator.channels import Emission
from f1timings.simulator.scenario import SCENARIO_KINDS, TIMING_KINDS, Scenario, ScenarioKind, scenario_for
from f1timings.simulator.simulation import Simulation, simulate, truth

__all__ = [
    "SCENARIO_KINDS",
    "TIMING_KINDS",
    "Emission",
    "Scenario",
    "ScenarioKind",
    "Simulation",
    "scenario_for",
    "simulate",
    "truth",
]
