"""The binary frames of ``car:<rig>``: pedals, steering, gear and engine at the rate of the game."""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import NamedTuple

from f1timings.live.views.map import HEADER, VERSION, FrameField
from f1timings.packets import Columns, Layout, identify, read_header

RECORD = (
    FrameField("car", "B", "car index: the id of its row"),
    FrameField("gear", "b", "-1 is reverse, 0 is neutral"),
    FrameField("flags", "H", "1 if the DRS flap is open; ignore the other bits"),
    FrameField("speed_kmh", "H", "of the car"),
    FrameField("rpm", "H", "of the engine"),
    FrameField("rev_lights_pct", "B", "of the rev lights on the steering wheel"),
    FrameField("clutch_pct", "B", "of the pedal"),
    FrameField("rev_lights", "H", "a bit for each of the 15 lights, 1 is the leftmost; 0 in format 2020"),
    FrameField("throttle", "f", "0 to 1, NaN if not known"),
    FrameField("brake", "f", "likewise"),
    FrameField("steer", "f", "-1 is full left, 1 is full right, NaN if not known"),
)
_FRAME = struct.Struct("<" + "".join(field.code for field in (*HEADER, *RECORD)))
_LATEST_MS = 2**32 - 1
_FIELDS = (
    "gear",
    "drs",
    "speed",
    "engine_rpm",
    "rev_lights_percent",
    "clutch",
    "throttle",
    "brake",
    "steer",
)


@cache
def _driving(layout: Layout) -> Columns:
    lights = ("rev_lights_bit_value",) if layout.packet_format > 2020 else ()
    return Columns(layout, (*_FIELDS, *lights))


def driving_frame(data: bytes, at: int, *, channel: int, number: int) -> bytes:
    """A frame with the record of one car.

    Args:
        data: a car telemetry packet.
        at: index of the car.
        channel: of the view.
        number: of the frame.

    Raises:
        IndexError: there is no such car.
    """
    layout = identify(data)
    gear, drs, speed, rpm, lights_pct, clutch, *pedals = _driving(layout).row(data, at)
    throttle, brake, steer, *lights = pedals
    time_s = read_header(data, layout).session_time
    time_ms = min(round(time_s * 1000), _LATEST_MS) if math.isfinite(time_s) and time_s > 0 else 0
    return _FRAME.pack(
        VERSION,
        1,
        channel,
        number % 2**32,
        time_ms,
        0,
        at,
        gear,
        int(bool(drs)),
        speed,
        rpm,
        lights_pct,
        clutch,
        lights[0] if lights else 0,
        throttle,
        brake,
        steer,
    )


# A NamedTuple: built by _make from the unpacked fields.
class DrivingFrame(NamedTuple):
    """A frame, unpacked: the fields of the header, then of the record."""

    version: int
    cars: int
    channel: int
    number: int
    session_time_ms: int
    reserved: int
    car: int
    gear: int
    flags: int
    speed_kmh: int
    rpm: int
    rev_lights_pct: int
    clutch_pct: int
    rev_lights: int
    throttle: float
    brake: float
    steer: float


def read_driving_frame(body: bytes) -> DrivingFrame:
    """Unpack a frame as a screen does.

    Raises:
        ValueError: it has another version or another length.
    """
    if len(body) != _FRAME.size or body[0] != VERSION:
        raise ValueError("not a frame of this version")
    return DrivingFrame._make(_FRAME.unpack(body))
