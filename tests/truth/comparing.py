"""Compares the truth of the simulator with the laps that the pipeline times from its datagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from f1timings.commands.capture_report import CaptureReport
from f1timings.pipeline import Pipeline
from f1timings.simulator import TIMING_KINDS, Emission, Scenario, ScenarioKind, scenario_for, simulate

KINDS: tuple[ScenarioKind, ...] = ("race", "time_trial", "qualifying", "hot_lap_evening", "lobby")
# (session UID, rig, car, lap number, branch) and (time, sector 1, 2, 3, valid, start, state)
LapKey = tuple[str, str, int, int, int]
LapFacts = tuple[int | None, int | None, int | None, int | None, bool | None, str | None, str]


class Outcome(NamedTuple):
    """The laps driven and the laps found, without partial ones: where those begin is a matter of choice."""

    driven: dict[LapKey, LapFacts]
    found: dict[LapKey, LapFacts]
    results: tuple[Any, Any]
    recovered: int


def address(rig: int) -> str:
    """The address of a simulated rig."""
    return f"10.0.0.{rig + 1}"


def rate_hz(seed: int) -> int:
    """Packets a second of a scenario of this seed."""
    return 60 if seed % 3 == 0 else 20


def short(kind: ScenarioKind, packet_format: int, seed: int) -> Scenario:
    """A scenario that is small enough for many seeds: a few laps, five cars, only packets with lap times."""
    laps = 2 if kind == "qualifying" else 3
    rigs = 2 if kind in ("hot_lap_evening", "lobby") else None
    return scenario_for(
        kind, packet_format, seed, laps=laps, cars=5, rigs=rigs, rate_hz=rate_hz(seed), kinds=TIMING_KINDS
    )


def timed(scenario: Scenario, network: Callable[[Iterable[Emission]], Iterator[Any]] = iter) -> Outcome:
    """Simulate a scenario, send it through a network, time what arrives, and compare."""
    inspection = CaptureReport()
    pipeline = Pipeline(inspection.handle_entries)
    simulation = simulate(scenario)
    now = 0.0
    for emission in network(simulation):
        now = emission.at
        pipeline.feed(emission.data, address(emission.rig), 5000, 20777, now)
    pipeline.finish(now)
    found = inspection.as_json()["sessions"]
    return compare(simulation.truth["sessions"], found)


def compare(driven: list[Any], found: list[Any]) -> Outcome:
    """Compare the sessions of the truth (rigs by number) with the sessions found (rigs by address)."""
    by_address = [{**session, "rig": address(session["rig"])} for session in driven]
    return Outcome(
        driven=_laps(by_address),
        found=_laps(found),
        results=(_results(by_address), _results(found)),
        recovered=sum(lap["recovered"] for session in found for lap in session["laps"]),
    )


def differing(driven: LapFacts, found: LapFacts) -> list[tuple[object, object]]:
    """The known facts of a lap that are not those that were driven: pairs of both.

    The game rounds the sectors in its list of laps one by one. If those of a lap that only the list shows do
    not sum up to its time, each may be a millisecond off.
    """
    sectors = [sector or 0 for sector in found[1:4]]
    slack_ms = 0 if sum(sectors) == found[0] else 1
    return [
        (expected, actual)
        for place, (expected, actual) in enumerate(zip(driven, found, strict=True))
        if actual not in (expected, None) and not (1 <= place <= 3 and _is_near(expected, actual, slack_ms))
    ]


def _is_near(expected: object, actual: object, slack_ms: int) -> bool:
    return isinstance(expected, int) and isinstance(actual, int) and abs(expected - actual) <= slack_ms


def _laps(sessions: list[Any]) -> dict[LapKey, LapFacts]:
    return {
        _key(session, lap): (
            lap["lap_time_ms"],
            lap["sector1_ms"],
            lap["sector2_ms"],
            lap["sector3_ms"],
            lap["is_valid"],
            lap["start"],
            str(lap["state"]),
        )
        for session in sessions
        for lap in session["laps"]
        if lap["lap_time_ms"] is not None
    }


def _key(session: Any, lap: Any) -> LapKey:
    return session["session_uid"], session["rig"], lap["car_index"], lap["lap_number"], lap["branch"]


def _results(sessions: list[Any]) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    names = ("position", "car_index", "laps", "best_lap_ms", "total_time_ms", "penalties_s", "status")
    return {
        (session["session_uid"], session["rig"]): [
            tuple(entry[name] for name in names) for entry in session["classification"]
        ]
        for session in sessions
        if session["classification"]
    }
