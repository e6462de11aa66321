"""``map:<rig>``: who is in each car as rows, and where the cars are as small binary frames."""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import NamedTuple

from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.flags import BIT
from f1timings.live.views.lap_data import CarLap
from f1timings.live.views.rig_source import DriverOf, RigSource
from f1timings.live.views.session_watch import WatchedSession
from f1timings.live.views.tower import lap_bits
from f1timings.packets import Columns, Layout, identify, read_header

PERIOD_S = 0.04
# Who is in the cars changes seldom.
ROWS_EVERY = 12

COLUMNS = columns("""
    participant | text | | who drives, as the game says
    driver | text | | who sits at the rig, as people said; of the rig's own car only
    team | text | | such as `Ferrari`
    race_number | int | | on the car
    is_ai | bool | | driven by the game
    nationality | text | | such as `Dutch`
""")

VERSION = 1


class FrameField(NamedTuple):
    """One field of a binary frame; ``code`` is its type as in Python's ``struct``."""

    name: str
    code: str
    meaning: str


HEADER = (
    FrameField("version", "B", "1; ignore frames of any other version"),
    FrameField("cars", "B", "how many records follow"),
    FrameField("channel", "H", "the `channel` of the snapshot: which view this belongs to"),
    FrameField("number", "I", "grows by one with each frame that the server made"),
    FrameField("session_time_ms", "I", "the game's clock in the motion packet"),
    FrameField("reserved", "I", "0"),
)
RECORD = (
    FrameField("car", "B", "car index: the id of its row"),
    FrameField("position", "B", "1-based, 0 if not known"),
    FrameField("flags", "H", "the bits of the tower's `flags`"),
    FrameField("x", "f", "world position in metres, NaN if not known"),
    FrameField("z", "f", "likewise; x and z span the ground"),
    FrameField("lap_distance_m", "f", "metres from the line, NaN if not known"),
)
_HEADER = struct.Struct("<" + "".join(field.code for field in HEADER))
_RECORD = struct.Struct("<" + "".join(field.code for field in RECORD))
TYPES = {"B": "u8", "H": "u16", "I": "u32", "f": "f32"}
_UNKNOWN = math.nan
_HAS_CAR = 2
_LATEST_MS = 2**32 - 1


@cache
def _places(layout: Layout) -> Columns:
    return Columns(layout, ("world_position_x", "world_position_z"))


class Map:
    """Makes the rows and the frames of one rig."""

    def __init__(self, source: RigSource, driver_of: DriverOf) -> None:
        self._source = source
        self._driver_of = driver_of
        self._seen: bytes | None = None

    def contents(self) -> Contents:
        """Who is in the cars now."""
        source = self._source
        order = source.order
        known = source.known(order)
        now = source.now(known.session)
        own = source.own_car(now)
        driver = self._driver_of(source.rig)
        rows = {
            str(at): (
                one.name,
                driver if at == own else None,
                one.team,
                one.race_number,
                one.is_ai,
                one.nationality,
            )
            for at, one in known.participants.items()
        }
        return Contents(rows, source.facts(order, now))

    def frame(self, channel: int, number: int) -> bytes | None:
        """Where the cars are now; None if no motion has come since."""
        source = self._source
        known = source.current
        session, data = known.session, source.newest("motion", known.session)
        if session is None or data is None or data is self._seen:
            return None
        self._seen = data
        layout = identify(data)
        laps = source.laps(session)
        places = _places(layout).rows(data)
        own = source.own_car(source.now(session))
        records = [
            _record(at, place, laps[at] if at < len(laps) else None, known, own)
            for at, place in enumerate(places)
            if at >= len(laps) or laps[at].result_status >= _HAS_CAR
        ]
        time_s = read_header(data, layout).session_time
        time_ms = round(time_s * 1000) if math.isfinite(time_s) and time_s > 0 else 0
        header = _HEADER.pack(VERSION, len(records), channel, number % 2**32, min(time_ms, _LATEST_MS), 0)
        return header + b"".join(records)


def _record(
    at: int, place: tuple[float, float], lap: CarLap | None, known: WatchedSession, own: int | None
) -> bytes:
    # A car that is not there yet stands at the very origin, which lies on no track.
    x, z = place if place != (0.0, 0.0) else (_UNKNOWN, _UNKNOWN)
    if lap is None or known.session is None:
        return _RECORD.pack(at, 0, 0, x, z, _UNKNOWN)
    person = known.participants.get(at)
    bits = (
        lap_bits(known.session.packet_format, lap)
        | (BIT["own"] if at == own else 0)
        | (BIT["leader"] if lap.position == 1 else 0)
        | (BIT["ai"] if person is not None and person.is_ai else 0)
    )
    return _RECORD.pack(at, lap.position, bits, x, z, lap.distance_m)


class MapCar(NamedTuple):
    """One record of a frame."""

    car: int
    position: int
    flags: int
    x: float
    z: float
    lap_distance_m: float


class MapFrame(NamedTuple):
    """A frame taken apart again."""

    version: int
    channel: int
    number: int
    session_time_ms: int
    cars: tuple[MapCar, ...]


def read_frame(body: bytes) -> MapFrame:
    """What a screen does with a frame.

    Raises:
        ValueError: it is of another version, or its length is not what it says.
    """
    version, count, channel, number, time_ms, _reserved = _HEADER.unpack_from(body)
    if version != VERSION or len(body) != _HEADER.size + count * _RECORD.size:
        raise ValueError("no frame of this version")
    cars = _RECORD.iter_unpack(body[_HEADER.size :])
    return MapFrame(version, channel, number, time_ms, tuple(MapCar._make(car) for car in cars))
