"""Collects the bytes of the rig's own car, lap by lap; the hot path only appends two slices to a buffer."""

from __future__ import annotations

import math
from struct import Struct
from typing import Any, Final

from f1timings.packets import Header, layout_of
from f1timings.packets.structs import FieldPicker
from f1timings.timing.packet_order import REORDER_S
from f1timings.timing.records import Lap, LapState
from f1timings.timing.statuses import IN_GARAGE
from f1timings.traces.channels import MASTER
from f1timings.traces.cuts import Cut, cuts_of
from f1timings.traces.lap_trace import LapTrace
from f1timings.traces.other_cars import OtherCars

MOST_SAMPLES: Final = 36_000
"""The most samples of a lap, ten minutes at 60 Hz; what comes after them is not recorded."""
# The bits of the number of rigs that may record laps of that length; a sample takes about 250 bytes.
_FULL_BITS: Final = 5
_LATEST_CLOCK_MS: Final = 3_600_000
_LAST_LAP: Final = 250
# After a flashback, this many datagrams may be stragglers from before it; see PacketOrder.
_WARY: Final = 100
_TIME, _FRAME = Struct("<f"), Struct("<I")


def most_samples(rigs: int) -> int:
    """The most samples of a lap while so many rigs record: together they stay below 0.6 GB.

    Up to 32 rigs have :data:`MOST_SAMPLES`, twice as many rigs half of it: 128 have 2.5 minutes at 60 Hz.
    """
    return MOST_SAMPLES >> max(0, (rigs - 1).bit_length() - _FULL_BITS)


class _Segment:
    """The samples of one lap.

    Attributes:
        buffers: by kind of packet. Each but that of lap data may begin with one sample of the time before.
        clock: the newest clock of the lap, as the packet has it.
        is_taken: the trace was given away and nothing was undone since.
    """

    __slots__ = ("buffers", "clock", "is_taken", "number")

    def __init__(self, number: int, buffers: dict[str, bytearray]) -> None:
        self.number = number
        self.buffers = buffers
        self.clock = 0.0
        self.is_taken = False


class TraceRecorder:
    """Records the traces of one rig in one format.

    A trace has a sample for each lap data packet that timing accepted with a running lap clock. The other
    packets of the same frame add to it. The lap before the one under way is kept for a flashback.
    """

    def __init__(self, packet_format: int, most: int = MOST_SAMPLES) -> None:
        self._format = packet_format
        self._most = most
        self._cuts = cuts_of(packet_format)
        record, self._first, _ = layout_of(packet_format, MASTER).repeated("cars")
        in_seconds = packet_format == 2020
        names = ("current_lap_time" if in_seconds else "current_lap_time_ms", "current_lap_num")
        self._row = FieldPicker(record, (*names, "driver_status"), 1).unpack_from
        self._latest_clock = _LATEST_CLOCK_MS / 1000 if in_seconds else _LATEST_CLOCK_MS
        self._stride = record.size
        self._uid, self._car, self._time = 0, -1, -1.0
        self._wary, self._departed_s = 0, math.inf
        self._before: _Segment | None = None
        self._segment = _Segment(0, {})
        self._others: OtherCars | None = None
        self._begin(0)

    @property
    def keeps_others(self) -> bool:
        """Whether the other cars of the session are kept."""
        return self._others is not None

    def keep_others(self, is_online: bool) -> None:
        """Keep the other cars from now on if the session is online, else forget them."""
        if is_online is not self.keeps_others:
            self._others = OtherCars(self._format) if is_online else None

    def limit(self, most: int) -> None:
        """Record so many samples of a lap at most."""
        if most != self._most:
            self._most = most
            self._open()

    def add(self, data: bytes, kind: str) -> None:
        """Add the own car's part of a packet of any kind but lap data; nothing is read of it."""
        if self._others is not None:
            self._others.add(data, kind)
        slot = self._slots.get(kind)
        if slot is None:
            return
        buffer, limit, player_at, cars, first, stride, span, head = slot
        car = data[player_at]
        if car < cars and len(buffer) < limit and not (self._wary and self._is_straggler(data, kind)):
            at = first + car * stride
            buffer += data[head]
            buffer += data[at : at + span]

    def handle_lap_data(self, data: bytes, header: Header, accepted_s: float) -> None:
        """Handle a lap data packet, after timing has handled it.

        Args:
            accepted_s: the session clock of timing; a packet with another one was not accepted.
        """
        time_s = header.session_time
        if time_s != accepted_s or (time_s == self._time and header.session_uid == self._uid):
            return
        if self._others is not None:
            self._others.handle_lap_data(data, header)
        car = header.player_car_index
        cut = self._cuts[MASTER]
        if car >= cut.cars:
            return
        if header.session_uid != self._uid or car != self._car:
            self._before = None
            self._uid, self._car, self._time = header.session_uid, car, -1.0
            self._begin(0)
        elif time_s < self._time:
            self._rewind(header, self._number(data, car))
        self._time = time_s
        clock, number, status = self._row(data, self._first + car * self._stride)
        if not (0 < clock <= self._latest_clock and 0 < number <= _LAST_LAP) or status == IN_GARAGE:
            self._rest()
            return
        segment = self._segment
        if number != segment.number or clock < segment.clock:
            if segment.number:
                self._before = segment
            segment = self._begin(number)
        segment.clock = clock
        buffer = segment.buffers[MASTER]
        if len(buffer) < self._most * cut.size:
            at = cut.first + car * cut.stride
            buffer += data[cut.head]
            buffer += data[at : at + cut.span]

    def take_other(self, lap: Lap) -> LapTrace | None:
        """The trace of a lap of another car that has just ended; None if it was not kept from its start."""
        return None if self._others is None else self._others.take(lap)

    def take(self, lap: Lap) -> LapTrace | None:
        """The trace of a lap of the own car that has just ended; None if there is none, or nothing new."""
        if lap.state is LapState.SUPERSEDED or (lap.session_uid, lap.car_index) != (self._uid, self._car):
            return None
        for segment in (self._segment, self._before):
            if segment is not None and segment.number == lap.lap_number:
                if segment.is_taken or not segment.buffers[MASTER]:
                    return None
                segment.is_taken = True
                samples = {kind: bytes(buffer) for kind, buffer in segment.buffers.items()}
                return LapTrace(self._format, samples, uid=self._uid, car=self._car)
        return None

    def _number(self, data: bytes, car: int) -> int:
        row: tuple[Any, ...] = self._row(data, self._first + car * self._stride)
        return int(row[1])

    def _begin(self, number: int) -> _Segment:
        """Begin the samples of a lap, with the newest sample of each kind but lap data."""
        old = self._segment.buffers
        buffers = {
            kind: bytearray() if kind == MASTER else old.get(kind, bytearray())[-cut.size :]
            for kind, cut in self._cuts.items()
        }
        self._segment = _Segment(number, buffers)
        self._open()
        return self._segment

    def _open(self) -> None:
        """Let further samples go to the current lap; a tuple for each kind is quickest."""
        self._slots = {
            kind: (
                self._segment.buffers[kind],
                self._most * cut.size,
                cut.player_at,
                cut.cars,
                cut.first,
                cut.stride,
                cut.span,
                cut.head,
            )
            for kind, cut in self._cuts.items()
            if kind != MASTER
        }

    def _rest(self) -> None:
        """Forget what comes while no lap is under way, as in the garage, except the newest samples."""
        segment = self._segment
        if not segment.buffers[MASTER]:
            for kind, cut in self._cuts.items():
                buffer = segment.buffers[kind]
                if len(buffer) > 64 * cut.size:
                    del buffer[: -cut.size]

    def _rewind(self, header: Header, number: int) -> None:
        """Undo the samples from a moment on, after a flashback to it."""
        self._wary, self._departed_s = _WARY, self._time
        for segment in (self._segment, self._before):
            if segment is not None:
                for kind, cut in self._cuts.items():
                    _undo(segment.buffers[kind], cut, header)
        if number != self._segment.number and self._before is not None and self._before.number == number:
            self._segment, self._before = self._before, None
            self._open()
        self._segment.clock = 0.0
        self._segment.is_taken = False

    def _is_straggler(self, data: bytes, kind: str) -> bool:
        """Whether a datagram was sent before the flashback that has just been seen."""
        self._wary -= 1
        cut = self._cuts[kind]
        (time_s,) = _TIME.unpack_from(data, cut.head.start + cut.time_at)
        is_near_departure = abs(time_s - self._departed_s) <= REORDER_S
        return bool(is_near_departure and time_s - self._time > REORDER_S)


def _undo(buffer: bytearray, cut: Cut, header: Header) -> None:
    """Remove the samples from a moment on, except those of the packet's own frame, which came before it."""
    end = len(buffer)
    while end and _FRAME.unpack_from(buffer, end - cut.size + cut.frame_at)[0] == header.frame_identifier:
        end -= cut.size
    begin = end
    while begin and not _TIME.unpack_from(buffer, begin - cut.size + cut.time_at)[0] < header.session_time:
        begin -= cut.size
    del buffer[begin:end]
