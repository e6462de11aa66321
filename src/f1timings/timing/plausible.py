"""The plausible ranges of what packets state: a value outside is unknown, and counted.

Games send leftovers and nonsense: a best lap of 16 ms, a lap of 2,147,483,647 ms. The ranges are wide enough
for every lap that anybody drives, and for simulated short ones.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeVar

Value = TypeVar("Value", int, float)


class Range(NamedTuple):
    """The lowest and the highest plausible value."""

    lowest: float
    highest: float


_LAP_MS: Final = Range(1_000, 3_600_000)
_SECTOR_MS: Final = Range(1, 3_600_000)
_RACE_MS: Final = Range(1_000, 86_400_000)
_LAP_NUMBER: Final = Range(1, 250)
_PLACE: Final = Range(1, 24)
_CAR: Final = Range(0, 23)
_PIT_STOPS: Final = Range(0, 100)
_PENALTIES_S: Final = Range(0, 200)

#: By kind of packet and value; times in milliseconds, but the session time, which is in seconds.
PLAUSIBLE: Final[Mapping[str, Range]] = {
    "header.session_time": Range(0.0, 1_000_000.0),
    "lap_data.last_lap": _LAP_MS,
    "lap_data.best_lap": _LAP_MS,
    "lap_data.current_lap": Range(1, 86_400_000),
    "lap_data.sector": _SECTOR_MS,
    "lap_data.lap_number": _LAP_NUMBER,
    "lap_data.result_status": Range(0, 20),
    "lap_data.sector_number": Range(0, 2),
    "lap_data.position": _PLACE,
    "lap_data.penalties": _PENALTIES_S,
    "lap_data.pit_stops": _PIT_STOPS,
    "lap_data.warnings": Range(0, 100),
    "lap_data.unserved_penalties": Range(0, 100),
    "lap_data.lap_distance": Range(-1_000_000.0, 1_000_000.0),
    "lap_data.grid_position": _PLACE,
    "session_history.lap": _LAP_MS,
    "session_history.sector": _SECTOR_MS,
    "session_history.car": _CAR,
    "session_history.end_lap": Range(0, 250),
    "session.track": Range(0, 99),
    "session.session_type": Range(0, 30),
    "session.weather": Range(0, 10),
    "session.track_temperature": Range(-30, 90),
    "session.air_temperature": Range(-30, 60),
    "session.rain_percentage": Range(0, 100),
    "session.time_left": Range(0, 36_000),
    "session.track_length": Range(500, 50_000),
    "session.total_laps": _LAP_NUMBER,
    "final_classification.position": _PLACE,
    "final_classification.grid_position": _PLACE,
    "final_classification.laps": Range(0, 250),
    "final_classification.pit_stops": _PIT_STOPS,
    "final_classification.penalties": _PENALTIES_S,
    "final_classification.best_lap": _LAP_MS,
    "final_classification.total_time": _RACE_MS,
    "final_classification.points": Range(0, 100),
    "participants.team": Range(0, 1_000),
    "participants.race_number": Range(1, 99),
    "participants.nationality": Range(1, 120),
    "car_status.compound": Range(1, 40),
    "car_status.tyre_age": Range(0, 250),
    "car_status.fuel": Range(0.0, 200.0),
    "car_status.fuel_laps": Range(-250.0, 250.0),
    "event.lap": _LAP_MS,
    "event.lap_number": _LAP_NUMBER,
    "event.speed_kmh": Range(1.0, 600.0),
    "event.stop": Range(1, 600_000),
}


class Plausibility:
    """Lets plausible values pass.

    Args:
        counts: where implausible values are counted, by their name in :data:`PLAUSIBLE`.
    """

    def __init__(self, counts: Counter[str] | None = None) -> None:
        self.counts: Counter[str] = Counter() if counts is None else counts

    def known(self, name: str, value: Value | None) -> Value | None:
        """The value, None if it is not plausible.

        Zero, which the games send for an unknown value, is None where it is outside of the range, and is not
        counted. Neither is None.

        Args:
            name: one of :data:`PLAUSIBLE`.
        """
        if value is None:
            return None
        lowest, highest = PLAUSIBLE[name]
        if lowest <= value <= highest:
            return value
        if value:
            self.count(name)
        return None

    def known_ms(self, name: str, seconds: float) -> int | None:
        """A time that the packet has in seconds, in milliseconds; None if it is not plausible."""
        milliseconds = seconds * 1000.0
        if not math.isfinite(milliseconds):
            self.count(name)
            return None
        return self.known(name, round(milliseconds))

    def count(self, name: str) -> None:
        """Count something implausible."""
        self.counts[name] += 1
