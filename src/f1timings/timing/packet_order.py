"""The order of one session's packets by the game's own counters: new, late, rewound or restarted.

Since 2023 the overall frame never goes back, so the offset between it and the frame shows each flashback.
Earlier formats (and newer games that send them) have only the frame, which goes back with a flashback. There
a FLBK event announces the rewind. If that event is lost, or does not exist (2020), a run of packets from an
earlier time shows it. Arrival times play no part: a fast replay gives the same order.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from f1timings.packets import Header
from f1timings.timing.events import CountersRead

# Datagrams may overtake each other by this much game time; one that is further back has another cause.
REORDER_S: Final = 0.25
# The same in frames, for the grid, where the session's time is 0 (a quarter of a second at 120 Hz).
REORDER_FRAMES: Final = 30
# This many packets in a row from an earlier time are no stragglers.
SUSTAINED: Final = 3
# A run that restarts does so with its clock and its frames near zero.
RESTART_FRAME: Final = 300
RESTART_TIME_S: Final = 2.0
# After a gap in the session clock longer than this, the laps must show that the run is the same.
JUMP_S: Final = 5.0
# No flashback goes back this far: the game stores less than two laps.
LONGEST_REWIND_S: Final = 600.0
# In a run of packets from an earlier time, frames follow each other within this many.
_PROBE_FRAMES = 120
# After a rewind, packets from before it may still arrive among this many new ones.
_STRAGGLING_PACKETS = 20


class Verdict(Enum):
    """The place of one lap data packet in the order of its session.

    SAME: a repeat of the newest packet. LATE: older than the newest. REWIND: the first after a flashback.
    RESTART: of another run of the game under the same UID.
    """

    NEW = auto()
    SAME = auto()
    LATE = auto()
    REWIND = auto()
    RESTART = auto()


class PacketOrder:
    """The order of one session's lap data packets, by which other packets are judged too.

    Attributes:
        time: session time of the newest lap data, seconds.
        is_rewind_proven: the counters or a FLBK event prove the newest rewind; otherwise packets from an
            earlier time show it, which may be of another run.
        rewound_s: how far the newest rewinds went back together, by the counters; 0 if they do not show it.
    """

    __slots__ = (
        "_announced",
        "_frame",
        "_left_time",
        "_offset",
        "_overall",
        "_probe_count",
        "_probe_frame",
        "_rewind_overall",
        "_since_rewind",
        "is_rewind_proven",
        "rewound_s",
        "time",
    )

    def __init__(self) -> None:
        self.time = 0.0
        self.is_rewind_proven = True
        self.rewound_s = 0.0
        self._frame = -1
        self._overall = 0
        self._offset = 0
        self._rewind_overall = 0
        self._announced: tuple[int, float] | None = None
        self._left_time = -1.0
        self._since_rewind = 0
        self._probe_frame = -1
        self._probe_count = 0

    def resume(self, counters: CountersRead) -> None:
        """Go on from the counters that an earlier process read."""
        self.time = counters.session_time_s
        self._frame, self._overall = counters.frame, counters.overall_frame
        self._offset = self._overall - self._frame

    def counters(self, session_id: str) -> CountersRead:
        """The counters of the newest lap data."""
        return CountersRead(
            session_id=session_id,
            session_time_s=self.time,
            frame=self._frame,
            overall_frame=self._overall,
        )

    def handle_lap_data(self, header: Header) -> Verdict:
        """Judge one lap data packet; unless it is late, make it the newest."""
        if self._frame < 0:
            return self._advance(header, Verdict.NEW)
        if header.frame_identifier == 0 and self._frame > 0:
            return self._judge_frame_zero(header)
        if header.overall_frame_identifier and self._overall:
            return self._by_overall_frame(header)
        return self._by_frame(header)

    def handle_flashback(self, target_frame: int, header: Header) -> None:
        """Remember a FLBK event to ``target_frame``; it is needed where there is no overall frame."""
        if header.overall_frame_identifier or not 0 <= target_frame < self._frame:
            return
        if self._left_time >= 0.0 and abs(self._left_time - header.session_time) <= REORDER_S:
            return  # the packets after the rewind have overtaken the event
        self._announced = (target_frame, header.session_time)

    def is_stale(self, header: Header) -> bool:
        """Whether a packet of another kind (session history) was sent before the last rewind."""
        if header.frame_identifier == 0:
            return False
        if header.overall_frame_identifier:
            return header.overall_frame_identifier < self._rewind_overall
        return self._is_straggler_from_before_rewind(header)

    def is_far_behind(self, header: Header) -> bool:
        """Whether a packet of another kind is older than the lap data; it may be of another run."""
        if header.frame_identifier == 0:
            return False
        if header.overall_frame_identifier and self._overall:
            return self._overall - header.overall_frame_identifier > REORDER_FRAMES
        return self._frame > header.frame_identifier and not self._is_straggler(header)

    def is_ahead(self, header: Header) -> bool:
        """Whether a packet of another kind comes after a gap, and lap data do not yet show what it is of."""
        is_known = self._frame >= 0 and header.frame_identifier > 0
        return is_known and header.session_time - self.time > JUMP_S

    def _by_overall_frame(self, header: Header) -> Verdict:
        overall = header.overall_frame_identifier
        if overall == self._overall:
            return Verdict.SAME
        if overall < self._overall:
            return self._probe(header, may_be_rewind=False)
        rewound = overall - header.frame_identifier - self._offset
        if rewound > 0:
            self._rewind_overall = overall
            self.rewound_s = rewound * header.session_time / max(1, header.frame_identifier)
            self.is_rewind_proven = True
            return self._advance(header, Verdict.REWIND)
        return self._advance(header, Verdict.NEW)

    def _by_frame(self, header: Header) -> Verdict:
        frame = header.frame_identifier
        if frame == self._frame:
            return Verdict.SAME
        if frame > self._frame:
            if self._is_straggler_from_before_rewind(header):
                return Verdict.LATE
            return self._advance(header, Verdict.NEW)
        if self._is_announced(header):
            return self._rewind(header)
        return self._probe(header, may_be_rewind=True)

    def _is_announced(self, header: Header) -> bool:
        if self._announced is None:
            return False
        target, left = self._announced
        return header.frame_identifier >= target and header.session_time < left - REORDER_S

    def _is_straggler_from_before_rewind(self, header: Header) -> bool:
        is_recent = 0 < self._since_rewind <= _STRAGGLING_PACKETS
        is_near_departure = abs(header.session_time - self._left_time) <= REORDER_S
        return is_recent and is_near_departure and header.session_time - self.time > 2 * REORDER_S

    def _probe(self, header: Header, may_be_rewind: bool) -> Verdict:
        """Distinguish stragglers from a run of packets of an earlier time."""
        if self._is_straggler(header):
            return Verdict.LATE
        frame = header.frame_identifier
        continues = self._probe_frame < frame <= self._probe_frame + _PROBE_FRAMES
        self._probe_count = self._probe_count + 1 if continues and self._probe_frame >= 0 else 1
        self._probe_frame = frame
        if self._probe_count < SUSTAINED:
            return Verdict.LATE
        if not may_be_rewind or self._is_restart(header):
            return Verdict.RESTART
        return self._rewind(header)

    def _is_straggler(self, header: Header) -> bool:
        if self._frame - header.frame_identifier in range(REORDER_FRAMES + 1):
            return True
        return header.session_time > 0.0 and 0.0 <= self.time - header.session_time <= REORDER_S

    def _is_restart(self, header: Header) -> bool:
        begins = header.frame_identifier <= RESTART_FRAME and header.session_time <= RESTART_TIME_S
        return begins or self.time - header.session_time > LONGEST_REWIND_S

    def _judge_frame_zero(self, header: Header) -> Verdict:
        """Judge frame 0, which comes after the end with the session's time, or at the start of another run.

        It does not become the newest packet, because its counters mean nothing.
        """
        if self._frame > RESTART_FRAME and header.session_time >= self.time > 0.0:
            return Verdict.NEW
        return Verdict.LATE

    def _rewind(self, header: Header) -> Verdict:
        self.is_rewind_proven = self._announced is not None
        self.rewound_s = 0.0
        self._left_time = self.time
        self._announced = None
        verdict = self._advance(header, Verdict.REWIND)
        self._since_rewind = 1
        return verdict

    def _advance(self, header: Header, verdict: Verdict) -> Verdict:
        self._frame = header.frame_identifier
        self._overall = header.overall_frame_identifier
        self._offset = self._overall - self._frame
        self.time = header.session_time
        self._probe_count = 0
        self._probe_frame = -1
        if self._since_rewind:
            self._since_rewind += 1
        return verdict
