"""What the learning of outlines reads from datagrams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from f1timings.outlines.records import OutlineKey, Point
from f1timings.packets import Columns, Layout, Scalars, identify, is_time_trial, read_header
from f1timings.timing.statuses import ACTIVE, NOT_IN_PITS

_HAS_SECTOR_STARTS_SINCE = 2024
_LENGTH_M = (500, 50_000)
# No circuit of the games is that far from the origin of its world.
_FARTHEST_M = 50_000.0


class CircuitFacts(NamedTuple):
    """What a session packet states of the circuit.

    Attributes:
        length_m: of the lap.
        sector_starts_m: lap distances of sectors 2 and 3; None where the packet has none.
        zone_starts_m: lap distances at which the marshal zones begin.
        zone_flags: the flag of each zone as the game numbers it: -1 unknown, 0 none, 1 green, 2 blue,
            3 yellow, 4 red.
        has_pits: whether cars come to the pits; in a time trial they do not.
    """

    session_uid: int
    key: OutlineKey
    length_m: int
    sector_starts_m: tuple[float | None, float | None]
    zone_starts_m: tuple[float, ...]
    zone_flags: tuple[int, ...]
    has_pits: bool


class CarReading(NamedTuple):
    """One car of a lap data packet.

    Attributes:
        sector: 0 to 2.
    """

    distance_m: float
    sector: int
    pit_status: int
    is_invalid: int
    result_status: int

    @property
    def is_in_pits(self) -> bool:
        """Whether it is in the pit lane or in its box."""
        return self.pit_status != NOT_IN_PITS

    @property
    def is_clean(self) -> bool:
        """Whether the car drives on the track, in a lap that the game counts as valid."""
        return self.result_status == ACTIVE and not self.is_in_pits and not self.is_invalid


@cache
def _session_readers(layout: Layout) -> tuple[Scalars, Columns]:
    names = ["track_id", "track_length", "session_type", "num_marshal_zones"]
    if layout.packet_format >= _HAS_SECTOR_STARTS_SINCE:
        names += ["sector2_lap_distance_start", "sector3_lap_distance_start"]
    return Scalars(layout, names), Columns(layout, ("zone_start", "zone_flag"), "marshal_zones")


def read_circuit(data: bytes) -> CircuitFacts | None:
    """Read a session packet; None if the game names no circuit."""
    layout = identify(data)
    scalars, columns = _session_readers(layout)
    track_id, length_m, type_id, count, *sectors = scalars.read(data)
    if track_id < 0 or not _LENGTH_M[0] <= length_m <= _LENGTH_M[1]:
        return None
    zones = [(start, flag) for start, flag in columns.rows(data)[:count] if 0.0 <= start <= 1.0]
    header = read_header(data, layout)
    return CircuitFacts(
        session_uid=header.session_uid,
        key=OutlineKey(track_id, layout.packet_format),
        length_m=length_m,
        sector_starts_m=_sector_starts(sectors, length_m),
        zone_starts_m=tuple(round(start * length_m, 1) for start, _ in zones),
        zone_flags=tuple(flag for _, flag in zones),
        has_pits=not is_time_trial(layout.packet_format, header.game_year, type_id),
    )


def _sector_starts(sectors: Sequence[float], length_m: int) -> tuple[float | None, float | None]:
    if len(sectors) != 2 or not 0.0 < sectors[0] < sectors[1] < length_m:
        return None, None
    return round(sectors[0], 1), round(sectors[1], 1)


class CarsInFrame(NamedTuple):
    """The cars in one frame of the game."""

    session_uid: int
    frame: int
    own_car: int
    cars: list[CarReading]
    points: list[Point]

    def point(self, car: int) -> Point | None:
        """Where a car is; None if the packet does not have it."""
        x, z = self.points[car]
        # The game places a car that has not appeared yet at the origin. NaN fails the comparison, too.
        is_known = abs(x) < _FARTHEST_M and abs(z) < _FARTHEST_M and (x, z) != (0.0, 0.0)
        return (x, z) if is_known and math.isfinite(self.cars[car].distance_m) else None


@cache
def _car_columns(lap_data: Layout, motion: Layout) -> tuple[Columns, Columns]:
    names = ("lap_distance", "sector", "pit_status", "current_lap_invalid", "result_status")
    return Columns(lap_data, names), Columns(motion, ("world_position_x", "world_position_z"))


def read_cars(motion: bytes, lap_data: bytes) -> CarsInFrame | None:
    """Read two packets; None if they are not of the same frame of the same session."""
    lap_layout, motion_layout = identify(lap_data), identify(motion)
    if lap_layout.packet_format != motion_layout.packet_format:
        return None
    header, other = read_header(lap_data, lap_layout), read_header(motion, motion_layout)
    if header.session_uid != other.session_uid or header.frame_identifier != other.frame_identifier:
        return None
    laps, places = _car_columns(lap_layout, motion_layout)
    return CarsInFrame(
        session_uid=header.session_uid,
        frame=header.frame_identifier,
        own_car=header.player_car_index,
        cars=list(map(CarReading._make, laps.rows(lap_data))),
        points=places.rows(motion),
    )
