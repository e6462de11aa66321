"""The clocks and the disk that the recorder uses; tests replace them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RecorderEnvironment:
    """The clocks and the disk.

    Attributes:
        now: server time, seconds since 1970, for file names.
        monotonic: seconds of a monotonic clock, for ages and pauses.
        free_bytes: bytes that an ordinary user may still write to the disk of a folder; may raise OSError.
    """

    now: Callable[[], float]
    monotonic: Callable[[], float] = time.monotonic
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
