"""The folder of captures: names of its files, list in time order, and reading several files in a row.

A capture is named ``20260801T183000Z-0001.pcapng`` while it is written, ``….pcapng.zst`` once it is packed,
and ``….t1.pcapng.zst`` or ``….t2.pcapng.zst`` once it is thinned to stage 1 or 2.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from f1timings.errors import CaptureError
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram

_log = logging.getLogger(__name__)

#: Suffix of a file that is not complete yet; such files are ignored.
PART: Final = ".part"
_NAME: Final = re.compile(
    r"(?P<stamp>\d{8}T\d{6}Z)-(?P<number>\d{4,})(\.t(?P<stage>[12]))?\.pcapng(?P<packed>\.zst)?", re.ASCII
)


class CaptureFile(NamedTuple):
    """One form of one capture: as recorded, packed, or thinned.

    A NamedTuple: its order is the order of time, and for one capture the order from the first form to the
    last.

    Attributes:
        stamp: start of the capture, UTC.
        number: distinguishes captures started in the same second.
        stage: 0 as recorded, 1 or 2 thinned.
        is_packed: packed with Zstandard.
        path: the file.
    """

    stamp: str
    number: int
    stage: int
    is_packed: bool
    path: Path

    @property
    def key(self) -> tuple[str, int]:
        """Identifies the capture: equal for all its forms, and sorted by time."""
        return self.stamp, self.number

    def path_of_form(self, stage: int, *, is_packed: bool) -> Path:
        """The path of another form of this capture."""
        return self.path.with_name(_name(self.stamp, self.number, stage, is_packed=is_packed))


def list_captures(folder: Path) -> list[CaptureFile]:
    """The captures of a folder in order of time, each in its last form.

    A missing folder has no captures. Files with other names are ignored.
    """
    return list({file.key: file for file in _all_forms(folder)}.values())


def list_capture_paths(folder: Path) -> list[Path]:
    """The paths of the captures of a folder in order of time, including the capture that is being written."""
    return [file.path for file in list_captures(folder)]


def iter_datagrams(paths: Iterable[Path]) -> Iterator[Datagram]:
    """The datagrams of several captures, one capture after the other.

    A capture that is packed or thinned after its path was listed is read in its new form; a deleted capture
    is skipped. A torn end is normal (the newest capture has one while it is written). A damaged capture is
    logged and read up to the damage; then the next capture follows.
    """
    for path in paths:
        current_path = _current_path(path)
        if current_path is None:
            _log.warning("The capture %s was deleted; reading continues with the next capture.", path)
            continue
        try:
            with open_capture(current_path) as capture:
                yield from capture
        except CaptureError as error:
            _log.warning("%s Reading continues with the next capture.", error)


def next_capture_path(folder: Path, now: float) -> Path:
    """The path of a new capture. It sorts after all others, even if the clock was set back.

    Args:
        folder: the folder of captures.
        now: seconds since 1970.
    """
    stamp, number = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ"), 1
    newest = max((file.key for file in _all_forms(folder)), default=("", 0))
    if stamp <= newest[0]:
        stamp, number = newest[0], newest[1] + 1
    return folder / _name(stamp, number, 0, is_packed=False)


def remove_leftovers(folder: Path) -> None:
    """Remove what a crash left: incomplete files, earlier forms of a capture, and empty captures.

    Raises:
        OSError: the folder cannot be read, or a file cannot be removed.
    """
    forms = _all_forms(folder)
    current = {file.path for file in list_captures(folder)}
    incomplete = [path for path in folder.glob(f"*{PART}") if _NAME.fullmatch(path.name.removesuffix(PART))]
    superseded = [file.path for file in forms if file.path not in current]
    empty = [path for path in current if not path.stat().st_size]
    for path in (*incomplete, *superseded, *empty):
        path.unlink()


def _current_path(path: Path) -> Path | None:
    """The path of a listed capture, which may have been packed or thinned since; None if it was deleted."""
    if path.exists():
        return path
    listed = _parse_name(path)
    if listed is None:
        return None
    return next((file.path for file in list_captures(path.parent) if file.key == listed.key), None)


def _all_forms(folder: Path) -> list[CaptureFile]:
    try:
        files = [_parse_name(path) for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return sorted(file for file in files if file is not None)


def _parse_name(path: Path) -> CaptureFile | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    return CaptureFile(
        stamp=match["stamp"],
        number=int(match["number"]),
        stage=int(match["stage"] or 0),
        is_packed=match["packed"] is not None,
        path=path,
    )


def _name(stamp: str, number: int, stage: int, *, is_packed: bool) -> str:
    return f"{stamp}-{number:04d}{f'.t{stage}' if stage else ''}.pcapng{'.zst' if is_packed else ''}"
