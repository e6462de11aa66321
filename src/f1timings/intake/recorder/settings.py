"""What the recorder is told: when to begin a new file, how much memory to use, and the world around it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MIB: Final = 1024**2


@dataclass(frozen=True, slots=True)
class Rotation:
    """The recorder's sizes and times.

    Attributes:
        max_bytes: before packing; a file that reaches it is finished.
        max_age_s: a file this old is finished.
        flush_s: between two writes to the system; what came since is lost with the process.
        max_pending_bytes: memory for datagrams that are not written yet; more are dropped and counted.
    """

    max_bytes: int = 256 * _MIB
    max_age_s: float = 15 * 60.0
    flush_s: float = 0.25
    max_pending_bytes: int = 64 * _MIB


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world as the recorder sees it.

    Attributes:
        now: seconds since 1970, for names.
        ticks: seconds of a clock that only goes forward, for ages and pauses.
        free_bytes: what an ordinary user may still write to the disk of a folder; may raise OSError.
    """

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free


DEFAULT_ROTATION: Final = Rotation()
REAL: Final = Surroundings()
