"""Where cars are and how they move."""

from __future__ import annotations

import math
from struct import Struct

from f1timings.simulator.cars import SimulatedCar
from f1timings.simulator.courses import BIN_M, Course, TrackPoint
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.world import World

_FIELDS = (
    "world_position_x",
    "world_position_y",
    "world_position_z",
    "world_velocity_x",
    "world_velocity_y",
    "world_velocity_z",
    "world_forward_dir_x",
    "world_forward_dir_y",
    "world_forward_dir_z",
    "world_right_dir_x",
    "world_right_dir_y",
    "world_right_dir_z",
    "g_force_lateral",
    "g_force_longitudinal",
    "g_force_vertical",
    "yaw",
    "pitch",
    "roll",
)
_FLOATS = {count: Struct(f"<{count}f") for count in (1, 4)}
_UNIT = 32_767
_G = 9.81
_WHEELBASE_M = 3.6


class MotionPacket:
    """Where all cars are and how they move."""

    def __init__(self, stamp: Stamp, world: World) -> None:
        self.prepared = PreparedPacket(stamp, "motion")
        self._columns = self.prepared.columns(_FIELDS)
        # Thousandths of g as integers since 2026, floats before.
        self._per_g = 1000.0 if stamp.packet_format >= 2026 else 0.0
        self._course = world.plan.course

    def update(self, world: World, _frame: int) -> None:
        """Update the datagram to the current moment."""
        buffer, pack_into, offsets = self.prepared.buffer, self._columns.pack_into, self._columns.offsets
        places, length = self._course.places, self._course.length_m
        for index, car in enumerate(world.cars):
            at = car.distance % length / BIN_M
            bin_index = int(at)
            pack_into(
                buffer,
                offsets[index],
                *self._values(places[bin_index], at - bin_index, car.speed_ms, index=index),
            )

    def _values(self, place: TrackPoint, part: float, speed: float, *, index: int) -> tuple[float, ...]:
        x, y, z, heading_x, heading_z, curvature, *_ = place
        ahead = part * BIN_M
        aside = 2.5 * math.sin(index * 1.7)
        forward_x, forward_z = int(heading_x * _UNIT), int(heading_z * _UNIT)
        lateral = speed * speed * curvature / _G
        longitudinal = place.throttle * 1.1 - place.brake * 4.5 if speed > 1.0 else 0.0
        if self._per_g:
            lateral, longitudinal = int(lateral * self._per_g), int(longitudinal * self._per_g)
        return (
            x + heading_x * ahead - heading_z * aside,
            y,
            z + heading_z * ahead + heading_x * aside,
            heading_x * speed,
            0.0,
            heading_z * speed,
            forward_x,
            0,
            forward_z,
            -forward_z,
            0,
            forward_x,
            lateral,
            longitudinal,
            0,
            math.atan2(heading_x, heading_z),
            0.0,
            -curvature,
        )


class MotionExPacket:
    """Details of the player's car, which have their own packet since 2023."""

    def __init__(self, stamp: Stamp) -> None:
        self.prepared = PreparedPacket(stamp, "motion_ex", height_of_cog_above_ground=0.27)

    def update(self, car: SimulatedCar, course: Course) -> None:
        """Update the datagram for one car."""
        place = course.places[int(car.distance % course.length_m / BIN_M)]
        pack_floats(self.prepared, "wheel_speed", (car.speed_ms,) * 4)
        pack_floats(self.prepared, "local_velocity_z", (car.speed_ms,))
        pack_floats(self.prepared, "angular_velocity_y", (car.speed_ms * place.curvature,))
        pack_floats(self.prepared, "front_wheels_angle", (place.curvature * _WHEELBASE_M,))


def pack_floats(prepared: PreparedPacket, name: str, values: tuple[float, ...]) -> None:
    """Rewrite 32-bit floats that follow each other in the body of a packet."""
    at = prepared.layout.header_size + prepared.layout.body.offsets[name]
    _FLOATS[len(values)].pack_into(prepared.buffer, at, *values)


def write_player_motion(prepared: PreparedPacket, car: SimulatedCar, course: Course) -> None:
    """Write the details of the player's car at the end of the motion packet, where they are up to 2022."""
    place = course.places[int(car.distance % course.length_m / BIN_M)]
    pack_floats(prepared, "wheel_speed", (car.speed_ms,) * 4)
    pack_floats(prepared, "local_velocity_z", (car.speed_ms,))
    pack_floats(prepared, "front_wheels_angle", (place.curvature * _WHEELBASE_M,))
