"""Keeps what all cars of an online session did, ten times a second, until their laps end.

The game sends every car to every rig, so one rig in a lobby is enough for the traces of everybody there. The
fuel, battery, wear and damage of other people are zeros unless they share them, so none of it is read.
"""

from __future__ import annotations

import math
from collections import deque
from struct import Struct
from typing import Final

from f1timings.packets import Header, has_packet, layout_of
from f1timings.packets.structs import FieldPicker
from f1timings.timing.records import Lap, LapState
from f1timings.traces.channels import MASTER
from f1timings.traces.cuts import cuts_of
from f1timings.traces.lap_trace import LapTrace

#: In seconds. At 300 km/h a car drives 8 m meanwhile.
PERIOD_S: Final = 0.1
MOST_MOMENTS: Final = 3_000
"""Five minutes of a session; with 4 kB for each moment, 12 MB. A longer lap has no beginning."""
# Moments are in the time of the session, which is rounded.
_EARLY_S: Final = 0.005
_KINDS: Final = ("motion", "car_telemetry", "car_telemetry_2")
_LATEST_START_S: Final = 1.0
_FRAME: Final = Struct("<I")


class _KeptFrame:
    """The datagrams of one frame.

    Attributes:
        packets: by kind, without lap data; the newest one of a kind that the frame lacks.
    """

    __slots__ = ("frame", "lap_data", "packets", "time_s")

    def __init__(self, header: Header, lap_data: bytes, packets: dict[str, bytes]) -> None:
        self.time_s, self.frame = header.session_time, header.frame_identifier
        self.lap_data = lap_data
        self.packets = packets


class OtherCars:
    """Keeps the other cars of one rig's online session, and cuts out the trace of a lap."""

    def __init__(self, packet_format: int) -> None:
        self._format = packet_format
        self._cuts = cuts_of(packet_format)
        record, self._first, _ = layout_of(packet_format, MASTER).repeated("cars")
        clock = "current_lap_time" if packet_format == 2020 else "current_lap_time_ms"
        self._latest_start = _LATEST_START_S if packet_format == 2020 else _LATEST_START_S * 1000
        self._row = FieldPicker(record, (clock, "current_lap_num"), 1).unpack_from
        self._stride = record.size
        self._frame_at = {
            kind: self._cuts[kind].head.start + self._cuts[kind].frame_at
            for kind in _KINDS
            if has_packet(packet_format, kind)
        }
        self._moments: deque[_KeptFrame] = deque(maxlen=MOST_MOMENTS)
        self._newest: dict[str, bytes] = {}
        self._missing = 0
        self._uid, self._car = 0, -1

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, data: bytes, kind: str) -> None:
        """Add a packet of any kind but lap data; a moment takes those of its frame."""
        frame_at = self._frame_at.get(kind)
        if frame_at is None:
            return
        self._newest[kind] = data
        if self._missing:
            moment = self._moments[-1]
            if _FRAME.unpack_from(data, frame_at)[0] == moment.frame:
                moment.packets[kind] = data
                self._missing -= 1

    def handle_lap_data(self, data: bytes, header: Header) -> None:
        """Handle lap data that timing accepted."""
        time_s, moments = header.session_time, self._moments
        if header.session_uid != self._uid or header.player_car_index != self._car:
            moments.clear()
            self._uid, self._car = header.session_uid, header.player_car_index
        while moments and time_s < moments[-1].time_s:  # the session went back
            moments.pop()
        if not moments or time_s >= moments[-1].time_s + PERIOD_S - _EARLY_S:
            moments.append(_KeptFrame(header, data, self._newest.copy()))
            self._missing = len(self._frame_at)

    def take(self, lap: Lap) -> LapTrace | None:
        """The trace of a lap of another car that has just ended; None if it was not kept from its start."""
        if lap.session_uid != self._uid or lap.car_index == self._car or lap.state is not LapState.COMPLETED:
            return None
        at = self._first + lap.car_index * self._stride
        driven: list[_KeptFrame] = []
        first_clock = math.inf
        for moment in reversed(self._moments):
            clock, number = self._row(moment.lap_data, at)
            if number == lap.lap_number:
                driven.append(moment)
                first_clock = clock
            elif driven:
                break
        if not first_clock <= self._latest_start:
            return None
        driven.reverse()
        samples = {
            kind: self._samples(kind, [moment.packets.get(kind) for moment in driven], lap.car_index)
            for kind in self._frame_at
        }
        samples[MASTER] = self._samples(MASTER, [moment.lap_data for moment in driven], lap.car_index)
        return LapTrace(self._format, samples, uid=self._uid, car=self._car)

    def _samples(self, kind: str, datagrams: list[bytes | None], car: int) -> bytes:
        """The samples of one car as :mod:`f1timings.traces.readings` reads them."""
        cut = self._cuts[kind]
        at = cut.first + car * cut.stride
        return b"".join(data[cut.head] + data[at : at + cut.span] for data in datagrams if data is not None)
