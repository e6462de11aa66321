"""``map:<rig>``: the participants as rows, and the positions of the cars as small binary frames."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.flags import BIT, status_bits
from f1timings.live.views.rig_facts import FACTS
from f1timings.live.views.rig_source import RigSource, RigSources
from f1timings.live.views.session_watch import WatchedSession
from f1timings.outlines.readings import CircuitFacts, read_circuit
from f1timings.packets import Columns, Layout, flag_name, identify, read_header
from f1timings.timing.plausible import PLAUSIBLE
from f1timings.timing.records import Participant, Session
from f1timings.timing.running_order import RunningOrder
from f1timings.timing.statuses import has_car

PERIOD_S = 0.04
# The participants change seldom.
ROWS_EVERY = 12

COLUMNS = columns("""
    participant | text | | the driver, as the game names them
    driver | text | | the driver assigned to the rig; of the rig's own car only
    team | text | | such as `Ferrari`
    race_number | int | | on the car
    is_ai | bool | | driven by the game
    nationality | text | | such as `Dutch`
    has_fastest_lap | bool | | no other car has a faster best lap in the session
""")

FACTS_OF_MAP = columns("""
    track_id | int | | the game's number of the circuit, for `/api/v1/circuits/{track_id}/outline`
    packet_format | int | | such as 2025: the world of another format may differ
    outline_revision | int | | grows when the outline of the circuit improves; null while it is not known
    marshal_zones | list | | pairs: the lap distance in metres at which a zone begins; its flag or null
""")

VERSION = 1


class FrameField(NamedTuple):
    """One field of a binary frame; ``code`` is its type in Python's ``struct``."""

    name: str
    code: str
    meaning: str


HEADER = (
    FrameField("version", "B", "1; ignore frames of any other version"),
    FrameField("cars", "B", "how many records follow"),
    FrameField("channel", "H", "the `channel` of the snapshot: the view that the frame belongs to"),
    FrameField("number", "I", "grows by one with each frame"),
    FrameField("session_time_ms", "I", "the game's clock in the motion packet"),
    FrameField("reserved", "I", "0"),
)
RECORD = (
    FrameField("car", "B", "car index: the id of its row"),
    FrameField("position", "B", "1-based, 0 if not known"),
    FrameField("flags", "H", "the bits of the tower's `flags`"),
    FrameField("x", "f", "world position in metres, NaN if not known"),
    FrameField("z", "f", "likewise; x and z are the horizontal axes"),
    FrameField("lap_distance_m", "f", "metres from the line, NaN if not known"),
)
_HEADER = struct.Struct("<" + "".join(field.code for field in HEADER))
_RECORD = struct.Struct("<" + "".join(field.code for field in RECORD))
TYPES = {"B": "u8", "b": "i8", "H": "u16", "I": "u32", "f": "f32"}
_UNKNOWN = math.nan
_LATEST_MS = 2**32 - 1


_FARTHEST_M = PLAUSIBLE["lap_data.lap_distance"]
_LAP = (
    "car_position",
    "pit_status",
    "driver_status",
    "result_status",
    "current_lap_invalid",
    "lap_distance",
)
_NO_LAP = (0, 0, 0, 0, 0, _UNKNOWN)


@cache
def _places(layout: Layout) -> Columns:
    return Columns(layout, ("world_position_x", "world_position_z"))


@cache
def _laps(layout: Layout) -> Columns:
    return Columns(layout, _LAP)


# The states of the cars of a race are few, and 25 frames a second need those of every car.
@lru_cache(maxsize=1024)
def _lap_bits(packet_format: int, states: tuple[int, int, int, int]) -> int:
    """The flag bits of the pit, driver and result status of one row of lap data, and of its validity."""
    pit, driver, result, invalid = states
    return status_bits(packet_format, pit, driver, result) | (BIT["invalid"] if invalid else 0)


def view(sources: RigSources) -> RowViewKind:
    """The view ``map:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        cars = Map(source, sources)
        return RowSource(contents=cars.contents, start=source.start, stop=source.stop, frame=cars.frame)

    return RowViewKind(
        name="map",
        columns=COLUMNS,
        facts=(*FACTS, *FACTS_OF_MAP),
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        rows_every=ROWS_EVERY,
        meaning="The participants of a rig's session as rows, and where their cars are as binary frames.",
    )


class Map:
    """Builds the rows and the frames of one rig."""

    def __init__(self, source: RigSource, sources: RigSources) -> None:
        self._source = source
        self._driver_at = sources.driver_at
        self._outline_revision = sources.outline_revision
        self._last_motion: bytes | None = None
        self._known_bits: tuple[Mapping[int, Participant], int | None, list[int]] = ({}, None, [])

    def contents(self) -> Contents:
        """The participants now."""
        source = self._source
        order = source.order
        watched = source.session_of(order)
        now = source.now(watched.session)
        own = source.own_car(now)
        driver = self._driver_at(source.rig)
        fastest = _fastest_car(order)
        rows = {
            str(at): (
                participant.name,
                driver if at == own else None,
                participant.team,
                participant.race_number,
                participant.is_ai,
                participant.nationality,
                at == fastest,
            )
            for at, participant in watched.participants.items()
        }
        return Contents(rows, {**source.facts(order, now), **self._map_facts(watched.session)})

    def _map_facts(self, session: Session | None) -> dict[str, Value]:
        """The values of :data:`FACTS_OF_MAP`."""
        if session is None:
            return dict.fromkeys(column.name for column in FACTS_OF_MAP)
        data = self._source.newest("session", session)
        circuit = None if data is None else read_circuit(data)
        return {
            "track_id": session.track_id,
            "packet_format": session.packet_format,
            "outline_revision": self._outline_revision(session.track_id, session.packet_format),
            "marshal_zones": None if circuit is None else _marshal_zones(circuit),
        }

    def frame(self, channel: int, number: int) -> bytes | None:
        """The positions of the cars now; None if no motion packet has arrived since the last frame."""
        source = self._source
        watched = source.current
        session, data = watched.session, source.newest("motion", watched.session)
        if session is None or data is None or data is self._last_motion:
            return None
        self._last_motion = data
        layout = identify(data)
        records = self._records(_places(layout).rows(data), session, watched)
        time_s = read_header(data, layout).session_time
        time_ms = round(time_s * 1000) if math.isfinite(time_s) and time_s > 0 else 0
        header = _HEADER.pack(VERSION, len(records), channel, number % 2**32, min(time_ms, _LATEST_MS), 0)
        return header + b"".join(records)

    def _records(
        self, places: list[tuple[float, float]], session: Session, watched: WatchedSession
    ) -> list[bytes]:
        source = self._source
        lap_data = source.newest("lap_data", session)
        if lap_data is None:
            return [_record(at, place, _NO_LAP, bits=0) for at, place in enumerate(places)]
        laps = _laps(identify(lap_data)).rows(lap_data)
        bits = self._bits_of_cars(watched, source.own_car(source.now(session)), len(places))
        year = session.packet_format
        return [
            _record(at, place, lap, bits=bits[at] | _lap_bits(year, lap[1:5]))
            for at, (place, lap) in enumerate(zip(places, laps, strict=False))
            if has_car(lap[3])
        ]

    def _bits_of_cars(self, watched: WatchedSession, own: int | None, count: int) -> list[int]:
        """The bits of each car that change with the participants and the rig's own car only."""
        participants, known = watched.participants, self._known_bits
        if participants is not known[0] or own != known[1] or count != len(known[2]):
            people = [participants.get(at) for at in range(count)]
            bits = [BIT["ai"] if person is not None and person.is_ai else 0 for person in people]
            if own is not None and own < count:
                bits[own] |= BIT["own"]
            known = self._known_bits = participants, own, bits
        return known[2]


def _fastest_car(order: RunningOrder | None) -> int | None:
    rows = [] if order is None else [row for row in order.rows if row.best_lap_ms is not None]
    return min(rows, key=lambda row: row.best_lap_ms or 0).car_index if rows else None


def _marshal_zones(circuit: CircuitFacts) -> list[Value]:
    names = (flag_name(circuit.key.packet_format, flag) for flag in circuit.zone_flags)
    flags = (None if name in ("none", "unknown") else name for name in names)
    return [list(zone) for zone in zip(circuit.zone_starts_m, flags, strict=True)]


def _record(at: int, place: tuple[float, float], lap: tuple[Any, ...], *, bits: int) -> bytes:
    """The record of one car.

    Args:
        place: its x and z in metres.
        lap: the values of :data:`_LAP`.
        bits: its flags, without that of the leader.
    """
    # The game places a car that has not appeared yet at the origin, which no track contains.
    x, z = place if place != (0.0, 0.0) else (_UNKNOWN, _UNKNOWN)
    position, distance_m = lap[0], lap[5]
    if not _FARTHEST_M[0] <= distance_m <= _FARTHEST_M[1]:
        distance_m = _UNKNOWN
    return _RECORD.pack(at, position, bits | BIT["leader"] if position == 1 else bits, x, z, distance_m)


# A NamedTuple: built by _make from the unpacked fields.
class MapCar(NamedTuple):
    """One record of a frame, unpacked."""

    car: int
    position: int
    flags: int
    x: float
    z: float
    lap_distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFrame:
    """A frame, unpacked."""

    version: int
    channel: int
    number: int
    session_time_ms: int
    cars: tuple[MapCar, ...]


def read_frame(body: bytes) -> MapFrame:
    """Unpack a frame as a screen does.

    Raises:
        ValueError: it has another version, or its length does not fit its number of cars.
    """
    version, count, channel, number, time_ms, _reserved = _HEADER.unpack_from(body)
    if version != VERSION or len(body) != _HEADER.size + count * _RECORD.size:
        raise ValueError("not a frame of this version")
    cars = _RECORD.iter_unpack(body[_HEADER.size :])
    return MapFrame(
        version=version,
        channel=channel,
        number=number,
        session_time_ms=time_ms,
        cars=tuple(MapCar._make(car) for car in cars),
    )
