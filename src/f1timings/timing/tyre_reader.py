"""Tyres and pit timers, read from the packets of one format."""

from __future__ import annotations

from typing import Any

from f1timings.packets import Columns, Scalars, actual_compound_name, layout_of, visual_compound_name
from f1timings.timing.pit_visits import PitTimers
from f1timings.timing.plausible import Plausibility
from f1timings.timing.stints import ReportedStint, TyreSet

# Session histories and pit timers exist since this format.
_HISTORY_SINCE = _TIMERS_SINCE = 2021
_TYRES = ("actual_tyre_compound", "visual_tyre_compound", "tyres_age_laps")
_TIMERS = ("pit_lane_time_in_lane_ms", "pit_stop_timer_ms")
_STINTS = ("end_lap", "tyre_actual_compound", "tyre_visual_compound")
# A session history has room for so many stints; its count goes on beyond them.
_HISTORY_STINTS = 8
# The last lap of a stint, in formats whose classification does not have it.
_NO_END_LAP = 255


class CarStatus:
    """The newest car status packet of a session.

    It belongs to no tracker, so that none of the objects that read it needs to know the session.

    Attributes:
        data: the packet, None before the first.
    """

    __slots__ = ("_compounds", "_format", "data")

    def __init__(self, packet_format: int) -> None:
        self.adopt_format(packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Forget the packet, and read those of this format from now on."""
        self._format = packet_format
        self._compounds = Columns(layout_of(packet_format, "car_status"), ("visual_tyre_compound",))
        self.data: bytes | None = None

    def compound(self, car_index: int) -> str | None:
        """The visual compound that a car has on, None if unknown."""
        if self.data is None:
            return None
        return visual_compound_name(self._format, self._compounds.flat(self.data)[car_index])


class TyreReader:
    """Reads tyres, stints and pit timers of one session; an implausible value is unknown."""

    def __init__(
        self, packet_format: int, car_status: CarStatus, plausibility: Plausibility | None = None
    ) -> None:
        self._plausibility = plausibility or Plausibility()
        self._car_status = car_status
        self.adopt_format(packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on."""
        self._format = packet_format
        self._tyres = Columns(layout_of(packet_format, "car_status"), _TYRES)
        self._timers: Columns | None = None
        if packet_format >= _TIMERS_SINCE:
            self._timers = Columns(layout_of(packet_format, "lap_data"), _TIMERS)
        if packet_format >= _HISTORY_SINCE:
            layout = layout_of(packet_format, "session_history")
            self._stint_rows = Columns(layout, _STINTS, array="tyre_stints_history_data")
            self._stint_count = Scalars(layout, ("num_tyre_stints",))

    def tyres(self, car_index: int) -> TyreSet:
        """The tyres that a car has on, by the newest car status packet."""
        car_status = self._car_status.data
        if car_status is None:
            return TyreSet(None, None)
        actual, visual, age_laps = self._tyres.flat(car_status)[3 * car_index : 3 * car_index + 3]
        return self._named(actual, visual)._replace(
            age_laps=self._plausibility.known("car_status.tyre_age", age_laps)
        )

    def history_stints(self, history: bytes, tyres_now: TyreSet) -> list[ReportedStint]:
        """The stints in one car's session history.

        Args:
            tyres_now: what the car has on; the tyres of a ninth stint, for which the packet has no room.
        """
        (count,) = self._stint_count.read(history)
        stints = [
            self._reported(end_lap, self._named(actual, visual))
            for end_lap, actual, visual in self._stint_rows.rows(history)[:count]
        ]
        if count > _HISTORY_STINTS and stints[-1].end_lap is not None:
            stints.append(ReportedStint(None, tyres_now))
        return stints

    def classified_stints(self, car: Any) -> list[ReportedStint]:
        """The stints of one car in a decoded final classification; end laps exist since 2022."""
        count = car.num_tyre_stints
        compounds = zip(car.tyre_stints_actual[:count], car.tyre_stints_visual[:count], strict=True)
        tyres = [self._named(actual, visual) for actual, visual in compounds]
        end_laps = getattr(car, "tyre_stints_end_laps", (_NO_END_LAP,) * len(tyres))
        return [self._reported(end_lap, tyre_set) for end_lap, tyre_set in zip(end_laps, tyres, strict=False)]

    def pit_timers(self, lap_data: bytes, car_index: int) -> PitTimers | None:
        """The game's pit timers of a car; None in formats without them."""
        if self._timers is None or not lap_data:
            return None
        return PitTimers._make(self._timers.flat(lap_data)[2 * car_index : 2 * car_index + 2])

    def _reported(self, end_lap: int, tyres: TyreSet) -> ReportedStint:
        """A stint as a packet has it: last lap 255 is a stint under way, or unknown."""
        is_known = end_lap != _NO_END_LAP
        return ReportedStint(
            self._plausibility.known("session_history.end_lap", end_lap) if is_known else None, tyres
        )

    def _named(self, actual: int, visual: int) -> TyreSet:
        for compound in (actual, visual):
            self._plausibility.known("car_status.compound", compound)
        return TyreSet(visual_compound_name(self._format, visual), actual_compound_name(self._format, actual))
