"""The fields of lap data, car status and session packets that views read in addition to the running order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from f1timings.live.views.rows.last_built import LastBuilt
from f1timings.packets import Columns, Layout, Scalars, identify, visual_compound_name
from f1timings.timing.plausible import Plausibility
from f1timings.units import ms_from_parts

_PLAIN = ("sector", "current_lap_invalid", "penalties", "grid_position")
_STATES = ("driver_status", "pit_status", "result_status", "car_position", "lap_distance")
_SESSION = (
    "game_paused",
    "is_spectating",
    "spectator_car_index",
    "safety_car_status",
    "session_time_left",
    "weather",
)
_NO_CAR = 255
# The intake counts what is implausible.
_UNCOUNTED = Plausibility()


def sector_from_1(sector: int) -> int | None:
    """The number of a sector from 1 on, from the game's number; None if it is not plausible."""
    return None if _UNCOUNTED.known("lap_data.sector_number", sector) is None else sector + 1


# A NamedTuple: up to 24 are built for every lap data packet that a view reads.
class CarLap(NamedTuple):
    """One car's row of a lap data packet.

    Attributes:
        clock_ms: time of the current lap so far, None if it has not begun.
        sector: 1 to 3.
        sector1_ms / sector2_ms: of the current lap; up to format 2022 the games wrap them at 65,536.
        pit_stops: None up to format 2020.
        grid_position: None if not known.
    """

    clock_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    last_lap_ms: int | None
    pit_stops: int | None
    sector: int | None
    is_invalid: bool
    penalties_s: int | None
    grid_position: int | None
    driver_status: int
    pit_status: int
    result_status: int
    position: int
    distance_m: float | None


class _LapDataReader:
    """Reads the lap data of one layout."""

    def __init__(self, layout: Layout) -> None:
        year = layout.packet_format
        self._plausibility = _UNCOUNTED
        self._in_seconds = year == 2020
        self._has_minutes = year >= 2023
        suffix = "" if self._in_seconds else "_ms"
        times = [f"current_lap_time{suffix}", f"last_lap_time{suffix}", "sector1_time_ms", "sector2_time_ms"]
        minutes = ["sector1_time_minutes", "sector2_time_minutes"] if self._has_minutes else []
        stops = [] if self._in_seconds else ["num_pit_stops"]
        self._columns = Columns(layout, (*times, *minutes, *stops, *_PLAIN, *_STATES))

    def rows(self, data: bytes) -> list[CarLap]:
        return [self._row(*values) for values in self._columns.rows(data)]

    def row(self, data: bytes, at: int) -> CarLap:
        return self._row(*self._columns.row(data, at))

    def _row(self, clock: float, last: float, first: int, second: int, *rest: int) -> CarLap:
        if self._has_minutes:
            first, second = ms_from_parts(rest[0], first), ms_from_parts(rest[1], second)
            rest = rest[2:]
        stops: int | None = None
        if not self._in_seconds:
            stops, rest = rest[0], rest[1:]
        sector, invalid, penalties, grid, *states = rest
        driver_status, pit_status, result_status, position, distance_m = states
        known = self._plausibility.known
        return CarLap(
            clock_ms=self._ms("lap_data.current_lap", clock),
            sector1_ms=known("lap_data.sector", first),
            sector2_ms=known("lap_data.sector", second),
            last_lap_ms=self._ms("lap_data.last_lap", last),
            pit_stops=known("lap_data.pit_stops", stops),
            sector=sector_from_1(sector),
            is_invalid=bool(invalid),
            penalties_s=known("lap_data.penalties", penalties),
            grid_position=known("lap_data.grid_position", grid),
            driver_status=driver_status,
            pit_status=pit_status,
            result_status=result_status,
            position=position,
            distance_m=known("lap_data.lap_distance", distance_m),
        )

    def _ms(self, name: str, value: float) -> int | None:
        if self._in_seconds:
            return self._plausibility.known_ms(name, value)
        return self._plausibility.known(name, int(value))


@cache
def _lap_reader(layout: Layout) -> _LapDataReader:
    return _LapDataReader(layout)


def lap_rows(data: bytes) -> list[CarLap]:
    """All cars' rows of a lap data packet."""
    return _lap_reader(identify(data)).rows(data)


def lap_row(data: bytes, at: int) -> CarLap:
    """One car's row of a lap data packet.

    Raises:
        IndexError: there is no such car.
    """
    return _lap_reader(identify(data)).row(data, at)


class TyreState(NamedTuple):
    """The tyres of a car; None is unknown."""

    compound: str | None = None
    age_laps: int | None = None


@cache
def _tyre_columns(layout: Layout) -> Columns:
    return Columns(layout, ("visual_tyre_compound", "tyres_age_laps"))


def tyre_rows(data: bytes) -> list[TyreState]:
    """The tyres of all cars in a car status packet; unknown for drivers whose telemetry is private."""
    layout = identify(data)
    rows = _tyre_columns(layout).rows(data)
    return [_tyres(layout.packet_format, *row) for row in rows]


class NewestTyres:
    """The tyres of one car in the newest car status packet, decoded again only if they changed."""

    def __init__(self) -> None:
        self._tyres: LastBuilt[TyreState] = LastBuilt()

    def look(self, data: bytes, at: int) -> TyreState:
        """The tyres.

        Raises:
            IndexError: there is no such car.
        """
        layout = identify(data)
        values = _tyre_columns(layout).row(data, at)
        return self._tyres.get((layout, values), lambda: _tyres(layout.packet_format, *values))


def _tyres(packet_format: int, compound: int, age_laps: int) -> TyreState:
    name = visual_compound_name(packet_format, compound)
    return TyreState(name, None if name is None else _UNCOUNTED.known("car_status.tyre_age", age_laps))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionNow:
    """The state of a session in its newest session packet."""

    packet_format: int
    is_paused: bool
    is_spectating: bool
    spectated_car: int
    safety_car: int
    time_left_s: int | None
    weather: int
    has_red_zone: bool
    has_yellow_zone: bool


_YELLOW, _RED = 3, 4


@cache
def _session_readers(layout: Layout) -> tuple[Scalars, Columns]:
    return Scalars(layout, (*_SESSION, "num_marshal_zones")), Columns(layout, ("zone_flag",), "marshal_zones")


def session_now(data: bytes) -> SessionNow:
    """Read a session packet."""
    layout = identify(data)
    return _build_session(layout, *_session_values(layout, data))


def _session_values(layout: Layout, data: bytes) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """The fields that are read, and the flags of the marshal zones."""
    scalars, zones = _session_readers(layout)
    *fields, count = scalars.read(data)
    return tuple(fields), zones.flat(data)[:count]


def _build_session(layout: Layout, fields: tuple[Any, ...], flags: tuple[int, ...]) -> SessionNow:
    paused, spectating, spectated, safety_car, left, weather = fields
    return SessionNow(
        packet_format=layout.packet_format,
        is_paused=bool(paused),
        is_spectating=bool(spectating),
        spectated_car=spectated,
        safety_car=safety_car,
        time_left_s=_UNCOUNTED.known("session.time_left", left),
        weather=weather,
        has_red_zone=_RED in flags,
        has_yellow_zone=_YELLOW in flags,
    )


class NewestSession:
    """The newest session packet, decoded again only if something that views read of it changed."""

    def __init__(self) -> None:
        self._session: LastBuilt[SessionNow] = LastBuilt()

    def look(self, data: bytes) -> SessionNow:
        """The state of the session; the same object while nothing changes."""
        layout = identify(data)
        values = _session_values(layout, data)
        return self._session.get((layout, *values), lambda: _build_session(layout, *values))


def car_or_none(index: int) -> int | None:
    """A car's index; the games write 255 for no car."""
    return None if index == _NO_CAR else index
