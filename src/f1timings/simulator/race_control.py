"""Events of the game about a session and about single cars, and the times when they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from f1timings.packets import FIRST_FORMAT
from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.plans import SafetyCar, SessionPlan
from f1timings.simulator.timeline import PlannedEvent, PlannedEventKind

NO_CAR = 255
VIRTUAL_SAFETY_CAR = 2
_LIGHTS = 5
_DRS_AFTER_LAPS = 1.6


class GameEvent(NamedTuple):
    """One event of the game: its code, its details by name, and the first format that has it."""

    code: str
    details: dict[str, Any]
    since: int = FIRST_FORMAT


class Signal(NamedTuple):
    """An event that race control sends at a moment of the session clock, milliseconds."""

    at: float
    event: GameEvent


class _PenaltyTemplate(NamedTuple):
    """The details of a penalty event: types with the same numbers in all formats, and seconds if any."""

    penalty_type: int
    infringement_type: int
    seconds: int = NO_CAR


_PENALTIES = {
    PlannedEventKind.INVALID: _PenaltyTemplate(10, 25),
    PlannedEventKind.WARNING: _PenaltyTemplate(5, 7),
    PlannedEventKind.TIME_PENALTY: _PenaltyTemplate(4, 27),
    PlannedEventKind.DRIVE_THROUGH: _PenaltyTemplate(0, 17),
    PlannedEventKind.STOP_GO: _PenaltyTemplate(1, 3, 10),
    PlannedEventKind.RETIRED: _PenaltyTemplate(16, 41),
}
_SERVED = {PlannedEventKind.DRIVE_THROUGH_SERVED: "DTSV", PlannedEventKind.STOP_GO_SERVED: "SGSV"}
_MECHANICAL_FAILURE = 8


def signals_of(plan: SessionPlan) -> list[Signal]:
    """The signals of a session from the lights to the flag, in order of time."""
    signals = [Signal(-float(plan.grid_ms), GameEvent("SSTA", {}))]
    if plan.kind == "race":
        signals += _start_signals(plan)
    if plan.safety_car is not None:
        signals += _safety_car_signals(plan.safety_car)
    if not plan.is_abandoned:
        signals += _flag_signals(plan)
    return sorted(signals, key=lambda signal: signal.at)


def events_of(car: SimulatedCar, planned: PlannedEvent) -> Iterator[GameEvent]:
    """The events of the game about a planned event of a car."""
    if planned.kind is PlannedEventKind.RETIRED:
        yield GameEvent("RTMT", {"vehicle_idx": car.index, "reason": _MECHANICAL_FAILURE})
    if planned.kind is PlannedEventKind.COLLISION:
        details = {"vehicle1_idx": car.index, "vehicle2_idx": planned.value, "severity": planned.at % 3}
        yield GameEvent("COLL", details, since=2024)
    if planned.kind in _SERVED:
        yield GameEvent(_SERVED[planned.kind], {"vehicle_idx": car.index, "stop_time": 10.0}, since=2021)
    if planned.kind in _PENALTIES:
        yield _penalty(car, _PENALTIES[planned.kind], planned.value)


def _penalty(car: SimulatedCar, template: _PenaltyTemplate, seconds: int) -> GameEvent:
    details = {
        "penalty_type": template.penalty_type,
        "infringement_type": template.infringement_type,
        "vehicle_idx": car.index,
        "other_vehicle_idx": NO_CAR,
        "time": seconds or template.seconds,
        "lap_num": car.phase.lap,
        "places_gained": 0,
    }
    return GameEvent("PENA", details)


def _start_signals(plan: SessionPlan) -> Iterator[Signal]:
    for number in range(1, _LIGHTS + 1):
        lit_at = -plan.grid_ms * (1.0 - 0.14 * number)
        yield Signal(lit_at, GameEvent("STLG", {"num_lights": number}, since=2021))
    yield Signal(0.0, GameEvent("LGOT", {}, since=2021))
    yield Signal(plan.course.circuit.lap_ms * _DRS_AFTER_LAPS, GameEvent("DRSE", {}))


def _safety_car_signals(period: SafetyCar) -> Iterator[Signal]:
    if period.has_red_flag:
        yield Signal(period.deployed_at - 1.0, GameEvent("RDFL", {}, since=2021))
    times = (period.deployed_at, period.ending_at, period.ended_at, period.ended_at + 500)
    for event_type, at in enumerate(times):
        details = {"safety_car_type": VIRTUAL_SAFETY_CAR, "event_type": event_type}
        yield Signal(float(at), GameEvent("SCAR", details, since=2024))


def _flag_signals(plan: SessionPlan) -> Iterator[Signal]:
    if plan.flag_at is None:
        return
    yield Signal(float(plan.flag_at), GameEvent("CHQF", {}))
    winner = next((index for index, at in plan.finished_at.items() if at == plan.flag_at), None)
    if plan.kind == "race" and winner is not None:
        yield Signal(float(plan.flag_at), GameEvent("RCWN", {"vehicle_idx": winner}))
