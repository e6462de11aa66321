"""A trace as bytes and back: the format is described in ``docs/traces.md``.

Each channel is stored as whole numbers: differences, as bytes of equal weight next to each other, so that
they compress well. Equal traces give equal bytes.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from f1timings.errors import TraceUnreadable
from f1timings.traces.channels import BY_NAME, CHANNELS, TraceChannel
from f1timings.traces.trace import Trace

MAGIC: Final = b"F1TR"
VERSION: Final = 1
_HEAD = len(MAGIC) + 1
_LEVEL = 3
# More than the longest lap takes; a file of another server may be made to unfold into more.
_LARGEST: Final = 16 << 20
_WIDTHS: Final = ((1 << 8, 1), (1 << 16, 2), (1 << 32, 4))
_Count = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]


class _StoredChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entry of a channel in the header."""

    name: str
    step: float
    order: Annotated[int, msgspec.Meta(ge=0, le=2)]
    bytes: Literal[1, 2, 4]
    gaps: bool


class _TraceHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a trace says about itself."""

    format: _Count
    samples: _Count
    ended_ms: int
    channels: list[_StoredChannel]


class TraceFacts(NamedTuple):
    """What the store compares: how many samples a trace has, and the session time of its last one."""

    samples: int
    ended_ms: int


def encode(trace: Trace) -> bytes:
    """The bytes of a trace."""
    stored = [channel for channel in CHANNELS if channel.name in trace.numbers]
    folded = _folded(trace, stored)
    widths = [_width(int(highest)) for highest in folded.max(axis=1, initial=0)]
    # The bytes of a number next to each other; the lowest first.
    bytes_of = folded.astype("<u4", copy=False).view(np.uint8).reshape(len(stored), len(trace), 4)
    parts: list[bytes] = []
    for row, channel in enumerate(stored):
        gaps = trace.gaps.get(channel.name)
        if gaps is not None:
            parts.append(np.packbits(gaps).tobytes())
        parts += [bytes_of[row, :, place].tobytes() for place in range(widths[row])]
    header = {
        "format": trace.packet_format,
        "samples": len(trace),
        "ended_ms": trace.ended_ms,
        "channels": [
            {
                "name": channel.name,
                "step": channel.step,
                "order": channel.order,
                "bytes": width,
                "gaps": channel.name in trace.gaps,
            }
            for channel, width in zip(stored, widths, strict=True)
        ],
    }
    text = json.dumps(header, separators=(",", ":")).encode()
    body = zstandard.ZstdCompressor(level=_LEVEL).compress(b"".join((text, b"\n", *parts)))
    return MAGIC + bytes((VERSION,)) + body


def decode(blob: bytes, *, most_samples: int = _LARGEST) -> Trace:
    """The trace of these bytes.

    Args:
        most_samples: in memory a sample takes more than its bytes do; a repeated byte takes next to nothing.

    Raises:
        TraceUnreadable: they are no trace of a known version, or one with more samples.
    """
    header, body = _unpacked(blob)
    if header.samples > most_samples:
        raise TraceUnreadable(f"the trace has {header.samples} samples, more than {most_samples}")
    try:
        return _trace(header, body)
    except ValueError as error:
        raise TraceUnreadable(f"the trace is damaged: {error}") from error


def read_facts(blob: bytes) -> TraceFacts:
    """The facts that the store compares.

    Raises:
        TraceUnreadable: they are no trace of a known version.
    """
    header, _ = _unpacked(blob)
    return TraceFacts(header.samples, header.ended_ms)


def _unpacked(blob: bytes) -> tuple[_TraceHeader, bytes]:
    if blob[: len(MAGIC)] != MAGIC or blob[len(MAGIC) : _HEAD] != bytes((VERSION,)):
        raise TraceUnreadable("these bytes are no trace, or one of a later version")
    try:
        plain = _unfolded(blob[_HEAD:])
        text, _, body = plain.partition(b"\n")
        return msgspec.json.decode(text, type=_TraceHeader), body
    except (zstandard.ZstdError, msgspec.DecodeError, ValueError) as error:
        raise TraceUnreadable(f"the trace is damaged: {error}") from error


def _unfolded(frame: bytes) -> bytes:
    """The content of one zstd frame.

    Raises:
        ValueError: it is larger than any trace. The library reserves as much memory as the frame announces.
        zstandard.ZstdError: it is damaged, or something follows it.
    """
    if zstandard.frame_content_size(frame) > _LARGEST:
        raise ValueError("it is larger than any trace")
    reader = zstandard.ZstdDecompressor(max_window_size=_LARGEST)
    return reader.decompress(frame, max_output_size=_LARGEST, allow_extra_data=False)


def _trace(header: _TraceHeader, body: bytes) -> Trace:
    """Raise ValueError if the body is shorter or longer than its channels, or a channel is not known."""
    numbers, gaps = {}, {}
    samples, at = header.samples, 0
    for channel in header.channels:
        name = channel.name
        if name in numbers or name not in BY_NAME or BY_NAME[name].step != channel.step:
            raise ValueError(f"its channel {name!r} is not known, is twice there, or has another step")
        if channel.gaps:
            size = (samples + 7) // 8
            bits = np.frombuffer(body, np.uint8, size, at)
            gaps[name] = np.unpackbits(bits, count=samples).astype(np.bool_)
            at += size
        planes = np.frombuffer(body, np.uint8, channel.bytes * samples, at).reshape(channel.bytes, samples)
        at += channel.bytes * samples
        numbers[name] = _whole(planes, channel.order)
    if at != len(body):
        raise ValueError(f"{len(body) - at} bytes follow its last channel")
    return Trace(packet_format=header.format, ended_ms=header.ended_ms, numbers=numbers, gaps=gaps)


def _folded(trace: Trace, stored: list[TraceChannel]) -> NDArray[np.uint32]:
    """Differences of the channels, one row each, with the sign in the lowest bit."""
    table = np.empty((len(stored), len(trace)), np.int32)
    for row, channel in enumerate(stored):
        gaps = trace.gaps.get(channel.name)
        numbers = trace.numbers[channel.name]
        table[row] = numbers if gaps is None else _bridged(numbers, gaps)
    for order in (1, 2):
        is_of_order = np.array([channel.order >= order for channel in stored], np.bool_)
        table[is_of_order, 1:] = np.diff(table[is_of_order], axis=1)
    folded: NDArray[np.uint32] = ((table << 1) ^ (table >> 31)).view(np.uint32)
    return folded


def _bridged(numbers: NDArray[np.int32], gaps: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The numbers with the value before each gap in it, so that a gap costs nothing."""
    newest = np.maximum.accumulate(np.where(gaps, -1, np.arange(len(gaps))))
    bridged: NDArray[np.int32] = np.where(newest >= 0, numbers[newest], 0).astype(np.int32)
    return bridged


def _width(highest: int) -> int:
    return next(width for limit, width in _WIDTHS if highest < limit)


def _whole(planes: NDArray[np.uint8], order: int) -> NDArray[np.int32]:
    folded = np.zeros(planes.shape[1], np.uint32)
    for place, plane in enumerate(planes):
        folded |= plane.astype(np.uint32) << np.uint32(8 * place)
    numbers = (folded >> np.uint32(1)).view(np.int32) ^ -(folded & np.uint32(1)).view(np.int32)
    for _ in range(order):
        numbers = np.cumsum(numbers, dtype=np.int32)
    return numbers
