"""How a rig's stream is doing: datagrams and updates a second, and what the network lost of it.

The game numbers its frames; an update is all that it sends of one frame. Lost is what is missing between the
frames that came, against the usual distance between them, so that no send rate has to be known.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

#: What is measured is that of the last seconds.
WINDOW_S = 5.0
# Samples that are nearer to one another say nothing more.
_SHORTEST_S = 0.25
# A longer step is no loss: a flashback, another session, a pause.
_LONGEST_STEP = 600
# A frame that is this little behind came late.
_LATE_FRAMES = 60
_FEWEST_UPDATES = 30


class _Sample(NamedTuple):
    at: float
    datagrams: int
    steps: Mapping[int, int]
    late: int

    @property
    def updates(self) -> int:
        return sum(self.steps.values())


class StreamWatch:
    """Counts while datagrams come in, and is looked at about twice a second; see :meth:`sample`."""

    __slots__ = ("_late", "_newest", "_samples", "_steps")

    def __init__(self) -> None:
        self._newest = 0
        self._late = 0
        self._steps: dict[int, int] = {}
        # Replaced as a whole: other threads read it.
        self._samples: tuple[_Sample, ...] = ()

    def note(self, frame: int) -> None:
        """A packet of this frame came; many packets are of one frame."""
        step = frame - self._newest
        if step == 0:
            return
        if 0 < step <= _LONGEST_STEP:
            self._steps[step] = self._steps.get(step, 0) + 1
        elif -_LATE_FRAMES <= step < 0:
            self._late += 1
            return
        self._newest = frame

    def sample(self, now: float, datagrams: int) -> None:
        """Remember where the counters stand; too soon after the last time nothing happens.

        Args:
            now: seconds since 1970.
            datagrams: all that came so far.
        """
        # A capture that is timed again asks with every datagram.
        if self._samples and 0.0 <= now - self._samples[-1].at < _SHORTEST_S:
            return
        kept = tuple(one for one in self._samples if now - WINDOW_S <= one.at < now)
        self._samples = (*kept, _Sample(now, datagrams, dict(self._steps), self._late))

    @property
    def datagrams_per_s(self) -> float | None:
        """Over the last seconds; None before that is known."""
        ends = self._ends()
        if ends is None:
            return None
        first, last = ends
        return (last.datagrams - first.datagrams) / (last.at - first.at)

    @property
    def updates_per_s(self) -> float | None:
        """The send rate as it arrives, of the best moment of the last seconds; None before that is known."""
        pairs = pairwise(self._samples)
        return max(((b.updates - a.updates) / (b.at - a.at) for a, b in pairs), default=None)

    @property
    def lost_pct(self) -> float | None:
        """What was lost of the updates of the last seconds; None where too few came to say."""
        ends = self._ends()
        if ends is None:
            return None
        first, last = ends
        steps = {
            step: more for step, count in last.steps.items() if (more := count - first.steps.get(step, 0))
        }
        came = sum(steps.values())
        if came < _FEWEST_UPDATES:
            return None
        usual = _usual(steps)
        gaps = {step: count for step, count in steps.items() if step > usual * 1.5}
        missing = sum((round(step / usual) - 1) * count for step, count in gaps.items())
        lost = max(0, missing - (last.late - first.late))
        return 100 * lost / (came + lost)

    def _ends(self) -> tuple[_Sample, _Sample] | None:
        samples = self._samples
        return (samples[0], samples[-1]) if len(samples) > 1 else None


def _usual(steps: Mapping[int, int]) -> int:
    """The step that three of four do not exceed: where sending and frames are out of step, two are usual."""
    left = sum(steps.values()) * 3 / 4
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            return step
    return max(steps)
