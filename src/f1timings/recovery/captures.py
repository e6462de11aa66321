"""The state of the captures, from which laps can be brought back: they are really read, not only counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from f1timings.errors import CaptureError
from f1timings.intake.captures.folder import CaptureFile, list_captures
from f1timings.intake.captures.reader import open_capture

_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturesState:
    """What is known about the captures of a folder.

    Attributes:
        files: in the order of time.
        bytes: of all files.
        read_whole: how many of them were read to their end; of the others the beginning was read.
        damaged: what is wrong, for each damaged file.
    """

    files: Sequence[CaptureFile]
    bytes: int
    read_whole: int
    damaged: Sequence[str]

    @property
    def text(self) -> str:
        """The state in one or two sentences, for people."""
        if not self.files:
            return "There are no captures"
        first, last = (_time_of(self.files[at].stamp) for at in (0, -1))
        since = f"begun {first}" if len(self.files) == 1 else f"begun from {first} to {last}"
        how = f"{len(self.files)} {'file' if len(self.files) == 1 else 'files'}, {_size(self.bytes)}, {since}"
        if self.damaged:
            return (
                f"{len(self.files) - len(self.damaged)} of {len(self.files)} captures are whole ({how}). "
                + " ".join(self.damaged)
            )
        if self.read_whole == len(self.files):
            return f"The captures are whole: {how}, all read to the end"
        return f"The captures are there: {how}, the newest {self.read_whole} read to the end"


def check_captures(
    folder: Path, seconds: float, clock: Callable[[], float] = time.monotonic
) -> CapturesState:
    """Read the captures of a folder, the newest first.

    Args:
        folder: the folder of captures.
        seconds: after this time, only the beginning of each further file is read.
        clock: seconds from any start.
    """
    files = list_captures(folder)
    deadline = clock() + seconds
    read_whole, damaged = 0, []
    for file in reversed(files):
        is_whole_wanted = clock() < deadline
        fault = _fault(file.path, is_whole_wanted=is_whole_wanted)
        read_whole += is_whole_wanted and fault is None
        if fault is not None:
            damaged.append(fault)
    size = sum(file.path.stat().st_size for file in files if file.path.exists())
    return CapturesState(files=files, bytes=size, read_whole=read_whole, damaged=damaged)


def _fault(path: Path, *, is_whole_wanted: bool) -> str | None:
    """What is wrong with a capture; a torn end is normal, as is a file that has been packed meanwhile."""
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        with open_capture(path) as capture:
            for _ in capture:
                if not is_whole_wanted:
                    return None
    except CaptureError as error:
        return str(error)
    damaged = capture.skipped["damaged"]
    return f"{damaged} datagrams of {path.name} are damaged." if damaged else None


def _size(octets: int) -> str:
    unit, factor = next((entry for entry in _UNITS if octets >= entry[1]), _UNITS[-1])
    number = octets / factor
    return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"


def _time_of(stamp: str) -> str:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M UTC")
