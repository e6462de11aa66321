"""A lap with its trace as one file, for another server: the format is described in ``docs/traces.md``.

Whatever is not exactly such a file is refused: it comes from people, and may have been made to do harm.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Annotated, Final, NamedTuple

import msgspec
import numpy as np

from f1timings.errors import ActInvalid, TraceUnreadable
from f1timings.traces.blobs import decode
from f1timings.traces.channels import BY_NAME, per_unit
from f1timings.traces.recorder import MOST_SAMPLES
from f1timings.traces.trace import Trace

EXTENSION: Final = "f1lap"
MEDIA_TYPE: Final = "application/vnd.f1timings.lap"
LAP_FILE_VERSION: Final = 1
#: A lap of ten minutes takes about 0.4 MB.
MOST_FILE_BYTES: Final = 2 << 20
LONGEST_HEAD: Final = 4096

_FIRST_LINE: Final = re.compile(rb"F1LAP ([0-9]{1,4}) ([0-9a-f]{64})\n")
_NEEDED: Final = ("time_ms", "distance_m")
_YEARS: Final = range(1970, 2200)

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
_Milliseconds = Annotated[int, msgspec.Meta(ge=1, le=3_600_000)]


class LapFileHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The head of a lap file: what is known of the lap; what is not known is None.

    Attributes:
        name: of the driver, as the screens of the server showed it.
        circuit / track_length_m: as the game names it, and its length.
        packet_format / session_type / formula: the game, the kind of session and the class of cars.
        driven_at: UTC.
        meeting / venue: the event at which it was driven, and where that was.
    """

    name: _Text | None
    circuit: _Text | None
    track_length_m: Annotated[int, msgspec.Meta(ge=1, le=20_000)]
    lap_time_ms: _Milliseconds | None
    sector1_ms: _Milliseconds | None
    sector2_ms: _Milliseconds | None
    sector3_ms: _Milliseconds | None
    is_valid: bool | None
    compound: _Text | None
    assists: _Text | None
    weather: _Text | None
    start: _Text | None
    packet_format: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    session_type: _Text | None
    formula: _Text | None
    driven_at: Annotated[datetime, msgspec.Meta(tz=True)]
    meeting: _Text | None
    venue: _Text | None

    def __post_init__(self) -> None:
        """Refuse a moment that no clock shows, which could not be converted to UTC."""
        if self.driven_at.year not in _YEARS:
            raise ValueError("driven_at is in no possible year")


class LapFile(NamedTuple):
    """A lap file that was read and checked.

    Attributes:
        digest: SHA-256 of what follows the first line, 64 hexadecimal digits.
    """

    digest: str
    head: LapFileHead
    trace: Trace


def write_lap_file(head: LapFileHead, blob: bytes) -> bytes:
    """The bytes of a lap file; equal laps give equal bytes.

    Args:
        blob: the trace, see :mod:`f1timings.traces.blobs`.
    """
    content = b"\n".join((msgspec.json.encode(head), blob))
    return b"F1LAP %d %s\n" % (LAP_FILE_VERSION, hashlib.sha256(content).hexdigest().encode()) + content


def read_lap_file(data: bytes) -> LapFile:
    """Read and check a lap file.

    Raises:
        ActInvalid: it is another file, of a later version, damaged, not complete or too large.
    """
    if len(data) > MOST_FILE_BYTES:
        raise ActInvalid("lap-file-too-big", most=MOST_FILE_BYTES >> 20)
    first = _FIRST_LINE.match(data)
    if first is None:
        raise ActInvalid("lap-file-form")
    if int(first[1]) != LAP_FILE_VERSION:
        raise ActInvalid("lap-file-version", version=int(first[1]), known=LAP_FILE_VERSION)
    content, digest = data[first.end() :], first[2].decode()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ActInvalid("lap-file-damaged")
    head, _, blob = content.partition(b"\n")
    try:
        read, trace = _read_head(head), decode(blob, most_samples=MOST_SAMPLES)
        _need_plausible(trace, read)
    except (TraceUnreadable, msgspec.DecodeError, ValueError) as error:
        raise ActInvalid("lap-file-damaged") from error
    return LapFile(digest, read, trace)


def _read_head(head: bytes) -> LapFileHead:
    if len(head) > LONGEST_HEAD:
        raise ValueError("the head is too long")
    return msgspec.json.decode(head, type=LapFileHead)


def _need_plausible(trace: Trace, head: LapFileHead) -> None:
    """Check that a game could have sent a trace.

    Raises:
        ValueError: it could not, or the head says something else.
    """
    if trace.packet_format != head.packet_format or not len(trace):
        raise ValueError("the head and the trace do not belong together, or the trace has no samples")
    if not set(_NEEDED) <= trace.numbers.keys():
        raise ValueError("the trace has no clock or no distance")
    for name, numbers in trace.numbers.items():
        channel, gaps = BY_NAME[name], trace.gaps.get(name)
        known = numbers if gaps is None else numbers[~gaps]
        bounds = np.array([channel.lowest, channel.highest]) * per_unit(channel)
        if len(known) and not bounds[0] <= known.min() <= known.max() <= bounds[1]:
            raise ValueError(f"{name} has values that no game sends")
