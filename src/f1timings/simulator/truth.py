"""What really happened in a simulated session: every lap in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from f1timings.packets import ids
from f1timings.simulator.cars import Happening, SimulatedCar
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.driven_laps import DrivenLap
from f1timings.simulator.results import Result
from f1timings.simulator.world import World

COMPLETED, SUPERSEDED, PARTIAL = "completed", "superseded", "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class _TrueLap:
    """One lap that was completed, and perhaps superseded by a flashback."""

    car_index: int
    lap: DrivenLap
    branch: int
    state: str = COMPLETED


class Ledger:
    """The laps of one session in the order in which they were completed."""

    def __init__(self) -> None:
        self._entries: list[_TrueLap] = []
        self._partial: list[dict[str, Any]] = []
        self._rows: list[Result] | None = None

    def record(self, happenings: list[Happening]) -> None:
        """Add the laps among the things that happened."""
        for happening in happenings:
            if happening.lap is not None:
                index = happening.car.index
                branch = self._branch(index, happening.lap.lap_number)
                self._entries.append(_TrueLap(car_index=index, lap=happening.lap, branch=branch))

    def rewind(self, clock_ms: float) -> None:
        """Go back to a moment for a flashback: laps that were completed after it are superseded."""
        self._entries = [
            replace(entry, state=SUPERSEDED)
            if entry.state == COMPLETED and entry.lap.ended_at > clock_ms
            else entry
            for entry in self._entries
        ]

    def close(self, world: World, rows: list[Result] | None, packet_format: int) -> None:
        """End the session: running laps stay partial; ``rows`` are the result, None if no result was sent."""
        self._rows = rows
        self._partial = [
            self._partial_lap(car, packet_format)
            for car in world.racers
            if not car.is_finished and car.lap_has_begun
        ]

    def session(self, world: World, dialect: Dialect, *, rig: int, uid: int) -> dict[str, Any]:
        """The truth about the session from the view of one rig, ready for JSON."""
        packet_format = dialect.packet_format
        track_id = world.plan.course.circuit.track_id
        return {
            "rig": rig,
            "session_uid": str(uid),
            "format": packet_format,
            "track_id": track_id,
            "track": ids.track_name(packet_format, track_id),
            "session_type": dialect.session_type_name(world.plan.kind),
            "participants": [_participant(car, packet_format, rig) for car in world.cars],
            "laps": [_lap(entry, packet_format) for entry in self._entries] + self._partial,
            "classification": self._classification(world, rig),
        }

    def _branch(self, car_index: int, lap_number: int) -> int:
        """The branch of the next lap with this number: how often it was completed before."""
        return sum(
            entry.car_index == car_index and entry.lap.lap_number == lap_number for entry in self._entries
        )

    def _partial_lap(self, car: SimulatedCar, packet_format: int) -> dict[str, Any]:
        number = car.phase.lap
        return {
            "car_index": car.index,
            "lap_number": number,
            "branch": self._branch(car.index, number),
            "lap_time_ms": None,
            "sector1_ms": car.sector1_ms or None,
            "sector2_ms": car.sector2_ms or None,
            "sector3_ms": None,
            "is_valid": None if car.valid_bits & 1 else False,
            "compound": ids.visual_compound_name(packet_format, car.compound),
            "state": PARTIAL,
        }

    def _classification(self, world: World, rig: int) -> list[dict[str, Any]] | None:
        if self._rows is None:
            return None
        return [_result(row, world, rig) for row in self._rows]


def _participant(car: SimulatedCar, packet_format: int, rig: int) -> dict[str, Any]:
    entrant = car.entrant
    return {
        "car_index": car.index,
        "name": entrant.name_for(rig),
        "team": ids.team_name(packet_format, entrant.team_id),
        "race_number": entrant.race_number,
        "is_ai": entrant.is_ai,
        "is_ghost": entrant.is_ghost,
    }


def _lap(entry: _TrueLap, packet_format: int) -> dict[str, Any]:
    lap = entry.lap
    return {
        "car_index": entry.car_index,
        "lap_number": lap.lap_number,
        "branch": entry.branch,
        "lap_time_ms": lap.lap_time_ms,
        "sector1_ms": lap.sector1_ms,
        "sector2_ms": lap.sector2_ms,
        "sector3_ms": lap.sector3_ms,
        "is_valid": bool(lap.valid_bits & 1),
        "compound": ids.visual_compound_name(packet_format, lap.compound),
        "start": lap.start,
        "state": entry.state,
    }


def _result(row: Result, world: World, rig: int) -> dict[str, Any]:
    return {
        "position": row.position,
        "car_index": row.car.index,
        "name": row.car.entrant.name_for(rig),
        "laps": row.laps,
        "best_lap_ms": row.best_lap_ms or None,
        "total_time_ms": row.total_ms or None,
        "penalties_s": row.penalties_s,
        "status": "retired" if row.is_retired else "finished",
        "points": row.points if world.is_race else None,
    }
