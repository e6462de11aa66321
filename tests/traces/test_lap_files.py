"""Lap files: what is written is read again to the byte, and every other file is refused in words."""

from __future__ import annotations

import hashlib
import json
import random
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import zstandard

from f1timings.errors import ActInvalid, TraceUnreadable
from f1timings.traces.analysis.lap_line import line_of
from f1timings.traces.blobs import MAGIC, decode, encode
from f1timings.traces.lap_files import (
    LONGEST_HEAD,
    MOST_FILE_BYTES,
    LapFileHead,
    read_lap_file,
    write_lap_file,
)
from f1timings.traces.recorder import MOST_SAMPLES
from f1timings.traces.trace import Trace
from tests.traces.test_blobs import lap_like, random_trace

FACTS = LapFileHead(
    name="Zoë 🏁",
    circuit="Monza",
    track_length_m=5793,
    lap_time_ms=83456,
    sector1_ms=27801,
    sector2_ms=28502,
    sector3_ms=27153,
    is_valid=True,
    compound="soft",
    assists=None,
    weather="clear",
    start="flying",
    packet_format=2025,
    session_type="time_trial",
    formula="f1_modern",
    driven_at=datetime(2026, 11, 22, 16, 12, 0, 68345, UTC),
    meeting="Club night",
    venue=None,
)
BLOB = encode(lap_like(2))
FILE = write_lap_file(FACTS, BLOB)


def sealed(head: bytes, blob: bytes = BLOB) -> bytes:
    """A file with a right checksum around any content."""
    content = head + b"\n" + blob
    return b"F1LAP 1 " + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def with_facts(**changed: Any) -> bytes:
    """A file with other facts in its head, in the JSON of Python, which also writes NaN."""
    head = json.loads(FILE.split(b"\n", 2)[1])
    return sealed(json.dumps(head | changed).encode())


def framed(header: Any, body: bytes = b"") -> bytes:
    """The bytes of a trace with any header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return MAGIC + b"\x01" + zstandard.ZstdCompressor().compress(text + b"\n" + body)


def refusal(data: bytes) -> str:
    with pytest.raises(ActInvalid) as refused:
        read_lap_file(data)
    return refused.value.code


def test_a_file_is_read_as_it_was_written() -> None:
    read = read_lap_file(FILE)
    assert (FACTS, BLOB) == (read.head, encode(read.trace))
    assert FILE == write_lap_file(read.head, encode(read.trace))


def test_the_head_can_be_read_without_the_program() -> None:
    first, head, _ = FILE.split(b"\n", 2)
    assert b"F1LAP 1 " + hashlib.sha256(FILE[len(first) + 1 :]).hexdigest().encode() == first
    assert ("Zoë 🏁", 83456, "2026-11-22T16:12:00.068345Z") == tuple(
        json.loads(head)[name] for name in ("name", "lap_time_ms", "driven_at")
    )


@pytest.mark.parametrize(
    "data", [b"", b"F1LAP", b"\x89PNG\r\n\x1a\n", BLOB, FILE[1:], b"F1LAP 1 abc\n" + FILE]
)
def test_another_file_is_refused(data: bytes) -> None:
    assert "lap-file-form" == refusal(data)


def test_a_later_version_is_refused_with_both_numbers() -> None:
    with pytest.raises(ActInvalid) as refused:
        read_lap_file(FILE.replace(b"F1LAP 1", b"F1LAP 2", 1))
    assert ("lap-file-version", {"version": "2", "known": "1"}) == (refused.value.code, refused.value.values)


def test_a_file_that_was_cut_or_in_which_any_byte_changed_is_refused() -> None:
    rng = random.Random(15)
    for _ in range(300):
        at = rng.randrange(len(FILE))
        changed = bytearray(FILE)
        changed[at] ^= 1 << rng.randrange(8)
        assert refusal(bytes(changed)).startswith("lap-file-")
        assert refusal(FILE[:at]) in ("lap-file-form", "lap-file-damaged")
    assert "lap-file-damaged" == refusal(FILE + b"\n")


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "lap-file-too-big" == refusal(FILE + bytes(MOST_FILE_BYTES))


@pytest.mark.parametrize(
    "changed",
    [
        {"lap_time_ms": float("nan")},
        {"lap_time_ms": float("inf")},
        {"lap_time_ms": 0},
        {"lap_time_ms": -1},
        {"lap_time_ms": 83456.5},
        {"lap_time_ms": "83456"},
        {"lap_time_ms": 10**30},
        {"track_length_m": 0},
        {"track_length_m": None},
        {"track_length_m": 10**9},
        {"name": ""},
        {"name": "x" * 81},
        {"name": ["Anna"]},
        {"is_valid": 1},
        {"packet_format": 2024},
        {"driven_at": "yesterday"},
        {"driven_at": "2026-11-22T16:12:00"},
        {"driven_at": "0001-01-01T00:00:00+14:00"},
        {"driven_at": "9999-12-31T23:59:59-14:00"},
        {"lap_id": "192.0.2.7~1~0~0~1~0"},
    ],
)
def test_a_head_with_a_value_that_no_lap_has_is_refused(changed: dict[str, Any]) -> None:
    assert "lap-file-damaged" == refusal(with_facts(**changed))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"[" * LONGEST_HEAD,
        b'{"name":' * (LONGEST_HEAD // 8),
        b'{"name":"\xff\xfe"}',
        b" " * (LONGEST_HEAD + 1) + FILE.split(b"\n", 2)[1],
    ],
)
def test_another_head_is_refused(head: bytes) -> None:
    assert "lap-file-damaged" == refusal(sealed(head))


def channel(**changed: Any) -> dict[str, Any]:
    return {"name": "time_ms", "step": 1, "order": 0, "bytes": 1, "gaps": False} | changed


def header(*channels: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"format": 2025, "samples": 2, "ended_ms": 0, "channels": list(channels)} | changed


@pytest.mark.parametrize(
    "blob",
    [
        framed(header(channel()), b"\x02"),
        framed(header(channel()), b"\x02\x02\x02"),
        framed(header(channel(), channel()), bytes(4)),
        framed(header(channel(name="fuel_kg")), bytes(2)),
        framed(header(channel(step=2)), bytes(2)),
        framed(header(channel(order=10**9)), bytes(2)),
        framed(header(channel(bytes=8)), bytes(16)),
        framed(header(channel(bytes=-1)), bytes(2)),
        framed(header(channel(gaps=True)), bytes(2)),
        framed(header(channel(), samples=-1), bytes(2)),
        framed(header(channel(), samples=10**12), bytes(2)),
        framed(header(channel(), ended_ms=float("inf")), bytes(2)),
        framed(header(channel(), samples=float("nan")), bytes(2)),
        framed(b"[" * 100_000),
        framed(b'{"x":' * 100_000),
        framed(header(channel()), bytes(2)) + b"more",
    ],
)
def test_a_trace_that_lies_about_itself_is_refused(blob: bytes) -> None:
    with pytest.raises(TraceUnreadable):
        decode(blob)
    assert "lap-file-damaged" == refusal(sealed(FILE.split(b"\n", 2)[1], blob))


@pytest.mark.parametrize("says_its_size", [True, False])
def test_a_small_file_that_unfolds_into_gigabytes_takes_little_memory(says_its_size: bool) -> None:
    written = zstandard.ZstdCompressor(write_content_size=says_its_size).compressobj(
        size=4 << 30 if says_its_size else -1
    )
    nothing = bytes(16 << 20)
    bomb = b"".join(written.compress(nothing) for _ in range(256)) + written.flush()
    assert len(bomb) < MOST_FILE_BYTES
    assert memory_of_refusal(MAGIC + b"\x01" + bomb) < 40 << 20


def test_a_small_file_with_millions_of_samples_takes_little_memory() -> None:
    samples = 15 << 20
    bomb = framed(header(channel(order=2), samples=samples), bytes(samples))
    assert len(bomb) < 1_000
    assert memory_of_refusal(bomb) < 40 << 20


def memory_of_refusal(blob: bytes) -> int:
    """The most bytes that the refusal of a trace takes."""
    data = sealed(FILE.split(b"\n", 2)[1], blob)
    tracemalloc.start()
    try:
        assert "lap-file-damaged" == refusal(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def changed_trace(change: Callable[[dict[str, Any]], None]) -> bytes:
    trace = lap_like(2)
    numbers = {name: column.copy() for name, column in trace.numbers.items()}
    change(numbers)
    return encode(Trace(packet_format=2025, ended_ms=0, numbers=numbers, gaps={}))


@pytest.mark.parametrize(
    "blob",
    [
        changed_trace(lambda numbers: numbers["speed_kmh"].__setitem__(5, 6_001)),
        changed_trace(lambda numbers: numbers["time_ms"].__setitem__(5, 0)),
        changed_trace(lambda numbers: numbers["x_m"].__setitem__(0, -(2**31))),
        changed_trace(lambda numbers: numbers.pop("time_ms")),
        changed_trace(lambda numbers: numbers.pop("distance_m")),
        changed_trace(lambda numbers: numbers.clear()),
        encode(random_trace(MOST_SAMPLES + 1, 1)),
    ],
)
def test_a_trace_that_no_game_sends_is_refused(blob: bytes) -> None:
    assert "lap-file-damaged" == refusal(sealed(FILE.split(b"\n", 2)[1], blob))


def test_a_value_that_nobody_sends_may_be_in_a_gap() -> None:
    trace = lap_like(2)
    speed = trace.numbers["speed_kmh"].copy()
    speed[0] = -1
    gaps = {"speed_kmh": np.arange(len(speed)) == 0}
    blob = encode(
        Trace(packet_format=2025, ended_ms=0, numbers={**trace.numbers, "speed_kmh": speed}, gaps=gaps)
    )
    assert blob == encode(read_lap_file(write_lap_file(FACTS, blob)).trace)


@pytest.mark.parametrize("seed", range(8))
def test_any_possible_trace_goes_through_a_file(seed: int) -> None:
    trace = random_trace(200, seed)
    if not {"time_ms", "distance_m"} <= trace.numbers.keys():
        assert "lap-file-damaged" == refusal(write_lap_file(FACTS, encode(trace)))
        return
    assert encode(trace) == encode(read_lap_file(write_lap_file(FACTS, encode(trace))).trace)


def test_changed_bytes_in_a_trace_are_refused_or_can_be_compared() -> None:
    """With a right checksum, as somebody would make who wants to do harm."""
    head, plain = FILE.split(b"\n", 2)[1], zstandard.ZstdDecompressor().decompress(BLOB[5:])
    rng, accepted = random.Random(34), 0
    refused: set[str] = set()
    for _ in range(400):
        changed = bytearray(plain)
        for _ in range(rng.randrange(1, 4)):
            changed[rng.randrange(len(plain))] = rng.randrange(256)
        blob = MAGIC + b"\x01" + zstandard.ZstdCompressor().compress(bytes(changed))
        try:
            read = read_lap_file(sealed(head, blob))
        except ActInvalid as error:
            refused.add(error.code)
            continue
        accepted += 1
        line = line_of(read.trace, length_m=5793.0, lap_time_ms=read.head.lap_time_ms)
        assert len(line.places_m) == len(line.time_ms)
    assert {"lap-file-damaged"} == refused
    assert accepted > 0
