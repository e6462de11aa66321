"""Car damage and tyre sets."""

from __future__ import annotations

from typing import Any

from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.tyres import ACTUAL, HARD, INTERMEDIATE, MEDIUM, SOFT, WEAR_PER_LAP, WET
from f1timings.simulator.world import World

_SETS = (SOFT,) * 8 + (MEDIUM,) * 3 + (HARD,) * 2 + (INTERMEDIATE,) * 4 + (WET,) * 3
"""Visual compounds of the twenty tyre sets of one car."""

_LIFE_PCT, _USABLE_PCT = 60.0, 70.0


def tyre_age(car: SimulatedCar) -> int:
    """Number of laps completed on the fitted tyres."""
    return max(0, len(car.laps) + 1 - car.stints[-1].began_lap)


def tyre_wear(car: SimulatedCar) -> tuple[float, float, float, float]:
    """Wear in per cent: rear left, rear right, front left, front right."""
    wear = tyre_age(car) * WEAR_PER_LAP[car.compound]
    return wear * 1.1, wear * 1.05, wear * 0.9, wear * 0.85


class DamagePacket:
    """Wear and damage of all cars, which only increase."""

    def __init__(self, stamp: Stamp) -> None:
        self.prepared = PreparedPacket(stamp, "car_damage")
        self._records = self.prepared.records()
        self._turn = 0

    def update(self, world: World, _frame: int) -> None:
        """Update the record of the next car."""
        car = world.cars[self._turn % len(world.cars)]
        self._turn += 1
        if not car.entrant.shares_telemetry:
            return
        wear = tyre_wear(car)
        values: dict[str, Any] = {"tyres_wear": wear, "tyres_damage": [int(percent) for percent in wear]}
        if car.is_retired:
            values |= {"engine_damage": 100, "engine_blown": 1}
        self._records.write(car.index, values)


class TyreSetsPackets:
    """The tyre sets, one car per packet; a car that does not share telemetry has no values."""

    def __init__(self, stamp: Stamp, dialect: Dialect, world: World) -> None:
        self._race_type = dialect.session_type("race")
        self._prepared = {car.index: PreparedPacket(stamp, "tyre_sets") for car in world.cars}
        self._written: dict[int, tuple[int, int]] = {}

    def of(self, car: SimulatedCar) -> PreparedPacket:
        """The current tyre sets of one car."""
        prepared = self._prepared[car.index]
        state = (car.compound, tyre_age(car))
        if self._written.get(car.index) != state:
            self._written[car.index] = state
            values = self._values(car) if car.entrant.shares_telemetry else {}
            prepared.rewrite(car_idx=car.index, **values)
        return prepared

    def _values(self, car: SimulatedCar) -> dict[str, Any]:
        fitted = _SETS.index(car.compound)
        rows = [self._row(index, index == fitted, car) for index in range(len(_SETS))]
        return {"tyre_set_data": rows, "fitted_idx": fitted}

    def _row(self, index: int, is_fitted: bool, car: SimulatedCar) -> dict[str, int]:
        compound = _SETS[index]
        return {
            "actual_tyre_compound": ACTUAL[compound],
            "visual_tyre_compound": compound,
            "wear": min(100, int(tyre_wear(car)[0])) if is_fitted else 0,
            "available": 1,
            "recommended_session": self._race_type,
            "life_span": int(_LIFE_PCT / WEAR_PER_LAP[compound]),
            "usable_life": int(_USABLE_PCT / WEAR_PER_LAP[compound]),
            "lap_delta_time": 0 if is_fitted else 120 * index,
            "fitted": int(is_fitted),
        }
