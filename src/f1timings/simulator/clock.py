"""The clock of the game: frames, session time, and the stamps of the packets."""

from __future__ import annotations

from f1timings.simulator.channels import Seat
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.prepared import Stamp


class SimulatedClock:
    """Counts the frames of one session.

    Attributes:
        frame: goes back with a flashback.
        overall: does not go back with a flashback.
        frame_ms: length of a frame, milliseconds.
    """

    def __init__(self, dialect: Dialect, stamp: Stamp, *, uid: int, rate_hz: int, grid_ms: int) -> None:
        self._dialect = dialect
        self._stamp = stamp
        self._uid = uid
        self._grid_ms = grid_ms
        self.frame = 0
        self.overall = 0
        self.frame_ms = 1000.0 / rate_hz

    @property
    def now_ms(self) -> float:
        """The session clock: milliseconds since the lights went out, negative on the grid."""
        return self.frame * self.frame_ms - self._grid_ms

    @property
    def session_time_s(self) -> float:
        """The session time in the header, seconds."""
        since_ms = self.now_ms if self._dialect.clock_waits_for_lights else self.now_ms + self._grid_ms
        return max(0.0, since_ms) / 1000.0

    def tick(self) -> None:
        """Go to the next frame."""
        self.frame += 1
        self.overall += 1

    def go_back(self, by_ms: int) -> None:
        """Go back some frames for a flashback, but not as far as the grid."""
        first = -(-(self._grid_ms + 1_000) // self.frame_ms)
        self.frame = int(max(first, self.frame - by_ms // self.frame_ms))

    def stamp(self, seat: Seat) -> bytes:
        """The stamp of this frame, as one rig sends it."""
        overall = self.overall + seat.frame_offset if self._dialect.has_overall_frame else 0
        frame = self.frame + seat.frame_offset
        return self._stamp.bytes_of(
            uid=self._uid,
            time_s=self.session_time_s,
            frame=frame,
            overall=overall,
            player=seat.car_index,
        )

    def final_stamp(self, seat: Seat, has_uid: bool = True) -> bytes:
        """The stamp after the end of the session: frame 0, and up to format 2022 session time 0."""
        time_s = 0.0 if self._dialect.packet_format <= 2022 else self.session_time_s
        uid = self._uid if has_uid else 0
        return self._stamp.bytes_of(uid=uid, time_s=time_s, frame=0, overall=0, player=seat.car_index)
