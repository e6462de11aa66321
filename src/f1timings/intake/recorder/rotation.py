"""When the recorder starts a new file, how often it writes, and how much memory it uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Sizes and times of the recorder.

    Attributes:
        max_bytes: a file of this size (before packing) is finished.
        max_age_s: a file of this age is finished.
        flush_s: time between two writes to the system; newer datagrams are lost if the process dies.
        max_pending_bytes: memory for datagrams that are not written yet; further ones are dropped and
            counted.
    """

    max_bytes: int = 256 * _MIB
    max_age_s: float = 15 * 60.0
    flush_s: float = 0.25
    max_pending_bytes: int = 64 * _MIB


DEFAULT_ROTATION: Final = Rotation()
