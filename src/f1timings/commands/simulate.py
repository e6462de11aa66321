"""``f1timings simulate``: send the telemetry of simulated rigs."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from f1timings.commands.options import DEFAULT_TARGET, TargetOption, parse_target
from f1timings.errors import ConfigError
from f1timings.packets import FIRST_FORMAT, LATEST_FORMAT
from f1timings.simulator import SCENARIO_KINDS, Scenario, ScenarioKind, scenario_for
from f1timings.simulator.sender import send


def simulate(
    *,
    to: TargetOption = DEFAULT_TARGET,
    rigs: Annotated[int, typer.Option(min=1, max=64, help="Number of rigs that send.")] = 8,
    packet_format: Annotated[
        int, typer.Option("--format", min=FIRST_FORMAT, max=LATEST_FORMAT, help="Packet format (year).")
    ] = 2025,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(SCENARIO_KINDS)}.")] = "hot_lap_evening",
    laps: Annotated[int, typer.Option(min=1, max=99, help="Laps per session.")] = 5,
    sessions: Annotated[
        int, typer.Option(min=1, max=50, help="Sessions per rig (hot_lap_evening only).")
    ] = 1,
    seed: Annotated[int, typer.Option(help="Random seed. The same seed gives the same laps.")] = 1,
    rate: Annotated[int, typer.Option(help="Packets per second: 20, 30 or 60.")] = 60,
    speed: Annotated[float, typer.Option(min=0.1, help="1 as fast as the game, 10 ten times as fast.")] = 1.0,
    seconds: Annotated[float | None, typer.Option(min=1, help="Stop after this many seconds.")] = None,
    truth: Annotated[
        Path | None, typer.Option(help="File to which the laps really driven are written, as JSON.")
    ] = None,
) -> None:
    """Send the telemetry of simulated rigs: the real protocol and rates, each rig from its own address."""
    host, port = parse_target(to)
    if kind not in SCENARIO_KINDS:
        raise ConfigError(
            f"There is no kind {kind!r} to simulate. Choose one of {', '.join(SCENARIO_KINDS)}."
        )
    try:
        scenarios = _scenarios(
            kind, packet_format, rigs=rigs, laps=laps, sessions=sessions, seed=seed, rate_hz=rate
        )
        report = send(scenarios, host, port, speed=speed, for_s=seconds or math.inf)
    except (ValueError, OSError) as error:
        raise ConfigError(f"Cannot simulate that: {error}.") from error
    if truth is not None:
        truth.write_text(json.dumps(report.truth, indent=2, ensure_ascii=False))
    print(f"{report.datagrams.total()} datagrams of {rigs} rigs sent to {to} in {report.seconds:.1f} s")


def _scenarios(
    kind: ScenarioKind, packet_format: int, *, rigs: int, laps: int, sessions: int, seed: int, rate_hz: int
) -> list[Scenario]:
    """One scenario with all rigs for an evening or a lobby; otherwise one scenario per rig."""
    if kind in ("hot_lap_evening", "lobby"):
        scenario = scenario_for(kind, packet_format, seed, laps=laps, rigs=rigs, rate_hz=rate_hz)
        return [replace(scenario, sessions=sessions)]
    return [scenario_for(kind, packet_format, seed + rig, laps=laps, rate_hz=rate_hz) for rig in range(rigs)]
