"""What the tower shows of a car besides its place and times: pits, penalties, tyres, and the open wing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from f1timings.live.views.flags import BIT, pit_and_driver_bits
from f1timings.live.views.lap_data import sector_from_1
from f1timings.live.views.rows.changes import ChangingColumns
from f1timings.packets import Layout, visual_compound_name
from f1timings.timing.plausible import Plausibility

# The intake counts what is implausible.
_known = Plausibility().known
_LAP = ("sector", "current_lap_invalid", "penalties", "grid_position", "driver_status", "pit_status")
_LAP_SINCE_2021 = (
    "num_pit_stops",
    "total_warnings",
    "num_unserved_drive_through_pens",
    "num_unserved_stop_go_pens",
)
_TRACK_LIMITS = "corner_cutting_warnings"
_STATUS = ("visual_tyre_compound", "tyres_age_laps", "drs_allowed")
_AERO = ("active_aero_mode", "active_aero_available", "overtake_active", "regulations_2026")


class RaceState(NamedTuple):
    """What lap data say of a car; None is unknown.

    Attributes:
        sector: 1 to 3.
        stops / warnings / drive_throughs / stop_gos: None up to format 2020.
        track_limits: warnings for corners that were cut; None up to format 2022.
        bits: pit lane, garage, in or out lap, as in :data:`f1timings.live.views.flags.FLAGS`.
    """

    sector: int | None = None
    is_invalid: bool = False
    penalties_s: int | None = None
    grid_position: int | None = None
    stops: int | None = None
    warnings: int | None = None
    track_limits: int | None = None
    drive_throughs: int | None = None
    stop_gos: int | None = None
    bits: int = 0


class DrivingState(NamedTuple):
    """What car status and telemetry say of a car; None is unknown.

    Attributes:
        tyre: visual compound; None for drivers whose telemetry is private.
        wing: ``open``, ``allowed`` or ``closed``: the DRS flap, or the active aero of 2026.
        is_overtaking: the overtake mode of 2026 is on; None where there is none.
    """

    tyre: str | None = None
    tyre_age: int | None = None
    wing: str | None = None
    is_overtaking: bool | None = None


NO_RACE_STATE, NO_DRIVING_STATE = RaceState(), DrivingState()


class RaceStates:
    """The race states of all cars of a rig's session."""

    def __init__(self) -> None:
        self._columns = ChangingColumns(_lap_names)
        self._states: list[RaceState] = []

    def look(self, data: bytes | None) -> Collection[int]:
        """Read the newest lap data, None if there are none of this session; return the cars that changed."""
        changed = self._columns.look(data)
        layout, rows = self._columns.layout, self._columns.rows
        if len(rows) != len(self._states):
            self._states = [NO_RACE_STATE] * len(rows)
        if layout is not None:
            for at in changed:
                if at < len(rows):
                    self._states[at] = _race_state(layout, rows[at])
        return changed

    def of(self, car_index: int) -> RaceState:
        """The state of one car."""
        return self._states[car_index] if car_index < len(self._states) else NO_RACE_STATE


class DrivingStates:
    """The driving states of all cars of a rig's session."""

    def __init__(self) -> None:
        self._status = ChangingColumns(lambda _layout: _STATUS)
        self._telemetry = ChangingColumns(lambda _layout: ("drs",))
        self._aero = ChangingColumns(lambda _layout: _AERO)
        self._states: dict[int, DrivingState] = {}

    def look(self, newest: Callable[[str], bytes | None], packet_format: int) -> set[int]:
        """Read the newest packets; return the cars that changed.

        Args:
            newest: gives the newest datagram of a kind, None if there is none of this session.
        """
        changed = {
            *self._status.look(newest("car_status")),
            *self._telemetry.look(newest("car_telemetry")),
            *self._aero.look(newest("car_telemetry_2")),
        }
        for at in changed:
            self._states[at] = self._state(packet_format, at)
        return changed

    def of(self, car_index: int) -> DrivingState:
        """The state of one car."""
        return self._states.get(car_index, NO_DRIVING_STATE)

    def _state(self, packet_format: int, at: int) -> DrivingState:
        status, telemetry, aero = _row(self._status, at), _row(self._telemetry, at), _row(self._aero, at)
        compound = None if status is None else visual_compound_name(packet_format, status[0])
        wing: str | None = None
        is_overtaking: bool | None = None
        if aero is not None and aero[3]:
            wing, is_overtaking = _wing(aero[0], aero[1]), bool(aero[2])
        elif telemetry is not None and status is not None:
            wing = _wing(telemetry[0], status[2])
        return DrivingState(
            tyre=compound,
            tyre_age=_known("car_status.tyre_age", status[1]) if compound and status else None,
            wing=wing,
            is_overtaking=is_overtaking,
        )


def _lap_names(layout: Layout) -> tuple[str, ...]:
    names: tuple[str, ...] = _LAP
    if layout.packet_format >= 2021:
        names += _LAP_SINCE_2021
    if layout.packet_format >= 2023:
        names += (_TRACK_LIMITS,)
    return names


def _race_state(layout: Layout, values: tuple[Any, ...]) -> RaceState:
    sector, invalid, penalties, grid, driver_status, pit_status, *rest = values
    since_2021: list[int | None] = [*rest, *[None] * (len(_LAP_SINCE_2021) + 1 - len(rest))]
    stops, warnings, drive_throughs, stop_gos, track_limits = since_2021
    bits = pit_and_driver_bits(layout.packet_format, pit_status, driver_status)
    return RaceState(
        sector=sector_from_1(sector),
        is_invalid=bool(invalid),
        penalties_s=_known("lap_data.penalties", penalties),
        grid_position=_known("lap_data.grid_position", grid),
        stops=_known("lap_data.pit_stops", stops),
        warnings=_known("lap_data.warnings", warnings),
        track_limits=_known("lap_data.warnings", track_limits),
        drive_throughs=_known("lap_data.unserved_penalties", drive_throughs),
        stop_gos=_known("lap_data.unserved_penalties", stop_gos),
        bits=bits | (BIT["invalid"] if invalid else 0),
    )


def _row(columns: ChangingColumns, at: int) -> tuple[Any, ...] | None:
    return columns.rows[at] if at < len(columns.rows) else None


def _wing(is_open: int, is_allowed: int) -> str:
    return "open" if is_open else "allowed" if is_allowed else "closed"
