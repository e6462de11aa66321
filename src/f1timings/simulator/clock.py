"""The game's clock: frames, session time, and the headers that say so."""

from __future__ import annotations

from f1timings.simulator.channels import Seat
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.prepared import Stamp


class SimulatedClock:
    """Counts the frames of one session.

    Attributes:
        frame: goes back with a flashback.
        overall: does not.
        frame_ms: length of a frame.
    """

    def __init__(self, dialect: Dialect, stamp: Stamp, uid: int, rate_hz: int, grid_ms: int) -> None:
        self._dialect = dialect
        self._stamp = stamp
        self._uid = uid
        self._grid_ms = grid_ms
        self.frame = 0
        self.overall = 0
        self.frame_ms = 1000.0 / rate_hz

    @property
    def now_ms(self) -> float:
        """Session clock: milliseconds since the lights, negative on the grid."""
        return self.frame * self.frame_ms - self._grid_ms

    @property
    def session_time_s(self) -> float:
        """Session time as the header tells it, seconds."""
        since_ms = self.now_ms if self._dialect.clock_waits_for_lights else self.now_ms + self._grid_ms
        return max(0.0, since_ms) / 1000.0

    def tick(self) -> None:
        """On to the next frame."""
        self.frame += 1
        self.overall += 1

    def go_back(self, by_ms: int) -> None:
        """A flashback: some frames back, but not to the grid."""
        first = -(-(self._grid_ms + 1_000) // self.frame_ms)
        self.frame = int(max(first, self.frame - by_ms // self.frame_ms))

    def header(self, seat: Seat) -> bytes:
        """The changing part of the header of this frame, as one rig sends it."""
        overall = self.overall + seat.frame_offset if self._dialect.has_overall_frame else 0
        frame = self.frame + seat.frame_offset
        return self._stamp.bytes_of(self._uid, self.session_time_s, frame, overall, seat.car_index)

    def last_header(self, seat: Seat, has_uid: bool = True) -> bytes:
        """The same after the session's end: frame 0, and up to 2022 session time 0."""
        time_s = 0.0 if self._dialect.packet_format <= 2022 else self.session_time_s
        return self._stamp.bytes_of(self._uid if has_uid else 0, time_s, 0, 0, seat.car_index)
