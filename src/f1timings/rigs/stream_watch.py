"""Measures a rig's stream: datagrams and updates a second, and the updates that the network lost.

The game numbers its frames; an update is everything that it sends of one frame. Updates are lost where the
distance between two frames is longer than usual, so the send rate need not be known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

#: Rates and losses are measured over this time.
WINDOW_S = 5.0
# Samples that are closer to each other add nothing.
_SHORTEST_S = 0.25
# A longer step is no loss: it is a flashback, another session, or a pause.
_LONGEST_STEP = 600
# A frame that is no further back than this is late.
_LATE_FRAMES = 60
_FEWEST_UPDATES = 30
# A step longer than the usual one by this factor has a gap in it.
_GAP_FACTOR = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _StreamSample:
    """The counters at one moment: datagrams, frames by their distance to the frame before, late frames."""

    at: float
    datagrams: int
    steps: Mapping[int, int]
    late: int

    @property
    def updates(self) -> int:
        return sum(self.steps.values())


class StreamWatch:
    """Counts the frames of a stream; :meth:`sample` is called about twice a second.

    Attributes:
        lost_updates: lost since the start, as far as enough updates arrived to measure it; counted every five
            seconds.
    """

    __slots__ = ("_counted", "_late", "_newest", "_samples", "_steps", "lost_updates")

    def __init__(self) -> None:
        self._newest = 0
        self._late = 0
        self._steps: dict[int, int] = {}
        # Replaced as a whole: other threads read it.
        self._samples: tuple[_StreamSample, ...] = ()
        self._counted: _StreamSample | None = None
        self.lost_updates = 0

    def handle_frame(self, frame: int) -> None:
        """Count the frame of one packet; many packets have the same frame."""
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
        """Take a sample of the counters, unless the last one is very recent.

        Args:
            now: seconds since 1970.
            datagrams: number of all datagrams so far.
        """
        # The replay of a capture calls this for every datagram.
        if self._samples and 0.0 <= now - self._samples[-1].at < _SHORTEST_S:
            return
        recent = tuple(sample for sample in self._samples if now - WINDOW_S <= sample.at < now)
        sample = _StreamSample(at=now, datagrams=datagrams, steps=dict(self._steps), late=self._late)
        self._samples = (*recent, sample)
        self._count_losses(sample)

    def follow_step(self, step_s: float) -> None:
        """Follow the clock, which was set ahead by some seconds."""
        self._samples = tuple(replace(sample, at=sample.at + step_s) for sample in self._samples)
        if self._counted is not None:
            self._counted = replace(self._counted, at=self._counted.at + step_s)

    @property
    def datagrams_per_s(self) -> float | None:
        """Datagrams a second over the last seconds; None until known."""
        ends = self._ends()
        if ends is None:
            return None
        first, last = ends
        return (last.datagrams - first.datagrams) / (last.at - first.at)

    @property
    def updates_per_s(self) -> float | None:
        """Updates a second as they arrive, at the best moment of the last seconds; None until known."""
        pairs = pairwise(self._samples)
        return max(((b.updates - a.updates) / (b.at - a.at) for a, b in pairs), default=None)

    @property
    def lost_pct(self) -> float | None:
        """Lost updates of the last seconds in per cent; None where too few arrived to measure it."""
        ends = self._ends()
        if ends is None:
            return None
        lost = _lost_between(*ends)
        return None if lost is None else 100 * lost / (ends[1].updates - ends[0].updates + lost)

    def _count_losses(self, sample: _StreamSample) -> None:
        """Add what was lost since the last count; each moment is counted once."""
        if self._counted is None or sample.at < self._counted.at:
            self._counted = sample
        elif sample.at - self._counted.at >= WINDOW_S:
            self.lost_updates += _lost_between(self._counted, sample) or 0
            self._counted = sample

    def _ends(self) -> tuple[_StreamSample, _StreamSample] | None:
        samples = self._samples
        return (samples[0], samples[-1]) if len(samples) > 1 else None


def _lost_between(first: _StreamSample, last: _StreamSample) -> int | None:
    """Updates lost between two samples; None where too few arrived to measure it."""
    steps = {step: more for step, count in last.steps.items() if (more := count - first.steps.get(step, 0))}
    if sum(steps.values()) < _FEWEST_UPDATES:
        return None
    usual = _usual(steps)
    gaps = {step: count for step, count in steps.items() if step > usual * _GAP_FACTOR}
    missing = sum((round(step / usual) - 1) * count for step, count in gaps.items())
    return max(0, missing - (last.late - first.late))


def _usual(steps: Mapping[int, int]) -> int:
    """The step that three of four do not exceed.

    Where the send rate is out of phase with the frames, two different steps are usual.
    """
    left = sum(steps.values()) * 3 / 4
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            return step
    return max(steps)
