"""The disk space for captures, and the order in which old captures are thinned and deleted.

Pure rules. A full recording of the newest evening is worth more than one of an old evening, and lap times are
worth more than telemetry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from f1timings.errors import DecodeError
from f1timings.intake.captures.folder import CaptureFile
from f1timings.intake.datagrams import Datagram
from f1timings.packets import identify

_GIB: Final = 1024**3

#: Packets removed in stage 1: sent at the full rate or large, and not needed for lap times.
REMOVED_KINDS: Final = frozenset(
    {
        "motion",
        "motion_ex",
        "car_telemetry",
        "car_telemetry_2",
        "car_setups",
        "car_damage",
        "tyre_sets",
        "lap_positions",
    }
)
#: Packets of which stage 2 keeps one in 60; laps need them for the tyre compound only.
REDUCED_KINDS: Final = frozenset({"car_status"})
KEEP_ONE_IN: Final = 60
LAST_STAGE: Final = 2


@dataclass(frozen=True, slots=True)
class CaptureBudget:
    """The disk space for captures.

    A rig that sends at 60 Hz produces about 1.5 GB per hour, less than half of it once packed.

    Attributes:
        max_bytes: size of all captures together on the disk.
        keep_free_bytes: disk space reserved for the database; recording stops before less is free.
    """

    max_bytes: int = 20 * _GIB
    keep_free_bytes: int = 2 * _GIB

    @property
    def resume_free_bytes(self) -> int:
        """Free space at which recording resumes after a stop; old captures are thinned to reach it."""
        return self.keep_free_bytes + self.keep_free_bytes // 8

    def excess_bytes(self, used: int, free: int) -> int:
        """By how much the captures must shrink; zero or less if they are within the budget.

        Args:
            used: bytes of all captures.
            free: bytes free on their disk.
        """
        return max(used - self.max_bytes, self.resume_free_bytes - free)


DEFAULT_BUDGET: Final = CaptureBudget()


def next_to_shrink(files: Sequence[CaptureFile]) -> CaptureFile:
    """The capture to shrink next: of the captures at the lowest stage, the oldest.

    Args:
        files: at least one capture, without the one that is being written.
    """
    return min(files, key=lambda file: (file.stage, file.key))


class Thinning:
    """Decides for each datagram of one capture whether it remains at a stage."""

    def __init__(self, stage: int) -> None:
        """Start a capture; ``stage`` is 1 or 2."""
        self._keep_one_in = KEEP_ONE_IN if stage == LAST_STAGE else 1
        self._counts: Counter[tuple[str, str, int, int]] = Counter()

    def is_kept(self, datagram: Datagram) -> bool:
        """Whether the datagram remains. A datagram that is not a packet of a game is removed."""
        try:
            kind = identify(datagram.data).kind
        except DecodeError:
            return False
        return kind not in REMOVED_KINDS and (kind not in REDUCED_KINDS or self._is_turn(kind, datagram))

    def _is_turn(self, kind: str, datagram: Datagram) -> bool:
        stream = (kind, datagram.address, datagram.port, datagram.listen_port)
        self._counts[stream] += 1
        return self._counts[stream] % self._keep_one_in == 1 % self._keep_one_in
