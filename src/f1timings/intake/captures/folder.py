"""The folder of captures: what its files are called, which there are in order of time, and reading them on.

A capture is called ``20260801T183000Z-0001.pcapng`` while it is written, ``….pcapng.zst`` when it is packed,
and ``….t1.pcapng.zst`` or ``….t2.pcapng.zst`` when it was thinned to that stage.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from f1timings.errors import CaptureError
from f1timings.intake.captures.files import open_capture
from f1timings.intake.datagrams import Datagram

_log = logging.getLogger(__name__)

#: Ends the name of a file that is not whole yet; it counts for nothing.
PART: Final = ".part"
_NAME: Final = re.compile(
    r"(?P<stamp>\d{8}T\d{6}Z)-(?P<number>\d{4,})(\.t(?P<stage>[12]))?\.pcapng(?P<packed>\.zst)?", re.ASCII
)


class CaptureFile(NamedTuple):
    """One capture of the folder; sorting sorts by time, and the forms of one capture by how far it got.

    Attributes:
        stamp: when it was begun, UTC.
        number: tells apart what was begun in one second.
        stage: 0 as recorded, 1 and 2 thinned.
        packed: with Zstandard.
        path: where it is.
    """

    stamp: str
    number: int
    stage: int
    packed: bool
    path: Path

    @property
    def key(self) -> tuple[str, int]:
        """The same for all forms of one capture; sorts by time."""
        return self.stamp, self.number

    def as_form(self, stage: int, packed: bool) -> Path:
        """Where another form of this capture belongs."""
        return self.path.with_name(_name(self.stamp, self.number, stage, packed))


def captures(folder: Path) -> list[CaptureFile]:
    """The captures of a folder in order of time, each in the form that got furthest.

    A folder that is not there has none. Files of other names are passed over.
    """
    return list({file.key: file for file in _all_forms(folder)}.values())


def captures_in(folder: Path) -> list[Path]:
    """The paths of the captures of a folder in order of time, with the one that is being written."""
    return [file.path for file in captures(folder)]


def iter_datagrams(paths: Iterable[Path]) -> Iterator[Datagram]:
    """The datagrams of several captures, one after the other.

    A capture that is packed or thinned in the meantime is read in its new form, one that is gone is passed
    over. Torn ends are normal (the newest capture has one while it is written); a damaged capture is logged,
    read up to the damage, and the next one follows.
    """
    for path in paths:
        present = _present(path)
        if present is None:
            _log.warning("The capture %s is gone; reading goes on with the next.", path)
            continue
        try:
            with open_capture(present) as capture:
                yield from capture
        except CaptureError as error:
            _log.warning("%s Reading goes on with the next capture.", error)


def next_capture(folder: Path, now: float) -> Path:
    """Where a capture begun now belongs: behind all others, even if the clock was set back.

    Args:
        folder: with the captures so far.
        now: seconds since 1970.
    """
    stamp, number = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ"), 1
    newest = max((file.key for file in _all_forms(folder)), default=("", 0))
    if stamp <= newest[0]:
        stamp, number = newest[0], newest[1] + 1
    return folder / _name(stamp, number, 0, False)


def tidy(folder: Path) -> None:
    """Take away what a crash left: files that are not whole, older forms of one that is, and empty ones.

    Raises:
        OSError: the folder cannot be read, or a file not removed.
    """
    forms = _all_forms(folder)
    current = {file.path for file in captures(folder)}
    unfinished = [path for path in folder.glob(f"*{PART}") if _NAME.fullmatch(path.name.removesuffix(PART))]
    superseded = [file.path for file in forms if file.path not in current]
    empty = [path for path in current if not path.stat().st_size]
    for path in (*unfinished, *superseded, *empty):
        path.unlink()


def _present(path: Path) -> Path | None:
    """The file, or the form that the recorder has given it since its path was looked up."""
    if path.exists():
        return path
    wanted = _read_name(path)
    now = [file.path for file in captures(path.parent) if wanted is not None and file.key == wanted.key]
    return now[0] if now else None


def _all_forms(folder: Path) -> list[CaptureFile]:
    try:
        found = [_read_name(path) for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return sorted(file for file in found if file is not None)


def _read_name(path: Path) -> CaptureFile | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    return CaptureFile(
        match["stamp"], int(match["number"]), int(match["stage"] or 0), match["packed"] is not None, path
    )


def _name(stamp: str, number: int, stage: int, packed: bool) -> str:
    return f"{stamp}-{number:04d}{f'.t{stage}' if stage else ''}.pcapng{'.zst' if packed else ''}"
