"""How much room captures may take, and what of the old ones goes first when there is no more.

Pure rules: the newest evening in full is worth more than an old one, and lap times more than telemetry.
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

#: Stage 1 takes these out: sent at the full rate or large, and no lap time hangs on them.
HIGH_RATE: Final = frozenset(
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
#: Stage 2 leaves one in so many of these; laps need them for the compound only.
SELDOM: Final = frozenset({"car_status"})
ONE_IN: Final = 60
LAST_STAGE: Final = 2


@dataclass(frozen=True, slots=True)
class CaptureBudget:
    """The room that captures may take.

    A rig that sends 60 times a second makes about 1.5 GB an hour, less than half of it when packed.

    Attributes:
        max_bytes: all captures together, as they lie on the disk.
        keep_free_bytes: of the disk, for the database. Captures stop before less is free.
    """

    max_bytes: int = 20 * _GIB
    keep_free_bytes: int = 2 * _GIB

    @property
    def resume_free_bytes(self) -> int:
        """Free on the disk before captures go on after a stop, and what old captures are thinned for."""
        return self.keep_free_bytes + self.keep_free_bytes // 8

    def excess_bytes(self, used: int, free: int) -> int:
        """How much the captures have to shrink by; zero or less when all is well.

        Args:
            used: by all captures.
            free: on their disk.
        """
        return max(used - self.max_bytes, self.resume_free_bytes - free)


DEFAULT_BUDGET: Final = CaptureBudget()


def next_to_shrink(files: Sequence[CaptureFile]) -> CaptureFile:
    """Which capture to shrink next: the oldest of those that were thinned least.

    Args:
        files: at least one, none that is being written.
    """
    return min(files, key=lambda file: (file.stage, file.key))


class Thinning:
    """Decides, datagram by datagram of one capture, what stays in it at a stage."""

    def __init__(self, stage: int) -> None:
        """Prepare for one capture; ``stage`` is 1 or 2."""
        self._one_in = ONE_IN if stage == LAST_STAGE else 1
        self._seen: Counter[tuple[str, str, int, int]] = Counter()

    def keeps(self, datagram: Datagram) -> bool:
        """Whether it stays. What is no packet of a game does not."""
        try:
            kind = identify(datagram.data).kind
        except DecodeError:
            return False
        return kind not in HIGH_RATE and (kind not in SELDOM or self._is_turn(kind, datagram))

    def _is_turn(self, kind: str, datagram: Datagram) -> bool:
        stream = (kind, datagram.address, datagram.port, datagram.listen_port)
        self._seen[stream] += 1
        return self._seen[stream] % self._one_in == 1 % self._one_in
