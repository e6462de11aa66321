"""Damaged packets of real games raise nothing in the pipeline, and another rig is timed as ever."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from f1timings.pipeline import Pipeline
from tests.golden.test_real_packets import CAPTURES, payloads
from tests.shared import REAL_PACKETS, needs_shared
from tests.test_pipeline import Sink

# The header and the first rows, where nearly all meaning is; `make fuzz` sends random bytes to the rest.
_FLIPPED = 120


def damaged(data: bytes) -> Iterator[bytes]:
    """A packet cut off at many places, and with each byte near its beginning flipped."""
    for length in {*range(min(len(data), 64)), *range(0, len(data), 37), len(data) - 1}:
        yield data[:length]
    for at in range(min(len(data), _FLIPPED)):
        yield data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def of_another_session(data: bytes) -> bytes:
    """The packet with another session UID; with the same one it would be a copy of the same stream."""
    at = 6 if int.from_bytes(data[:2], "little") < 2023 else 7
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


@needs_shared
@pytest.mark.parametrize("name", CAPTURES)
def test_damaged_packets_of_one_rig_change_nothing_for_another(name: str) -> None:
    stream = payloads(REAL_PACKETS / f"{name}.pcap")
    alone, beside = Sink(), Sink()
    quiet, busy = Pipeline(alone), Pipeline(beside)
    now = 1_000.0
    for data in stream:
        now += 0.01
        quiet.feed(data, "10.0.0.1", 5, 20777, now)
        for other in damaged(of_another_session(data)):
            busy.feed(other, "10.0.0.66", 6, 20777, now)
        busy.feed(data, "10.0.0.1", 5, 20777, now)
        busy.tick(now)
    assert quiet.rigs["10.0.0.1"].packets == busy.rigs["10.0.0.1"].packets
    assert busy.rigs["10.0.0.1"].rejected == {}
    assert "10.0.0.1" not in busy.refused
