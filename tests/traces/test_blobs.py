"""Bytes and traces: the one is the inverse of the other, damaged bytes are refused, and a lap stays small."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray

from f1timings.errors import TraceUnreadable
from f1timings.packets import FORMATS
from f1timings.traces.blobs import MAGIC, TraceFacts, decode, encode, read_facts
from f1timings.traces.channels import CHANNELS, TraceChannel
from f1timings.traces.cuts import cuts_of
from f1timings.traces.readings import read_samples
from f1timings.traces.trace import Trace


def random_trace(samples: int, seed: int) -> Trace:
    """A trace with any numbers of its ranges, gaps of any length, and some channels missing."""
    rng = np.random.default_rng(seed)
    channels = [channel for channel in CHANNELS if rng.random() < 0.8]
    numbers = {channel.name: _any_numbers(channel, samples, rng) for channel in channels}
    gaps = {channel.name: rng.random(samples) < rng.random() for channel in channels if rng.random() < 0.5}
    return Trace(packet_format=2025, ended_ms=int(rng.integers(2**40)), numbers=numbers, gaps=gaps)


def _any_numbers(channel: TraceChannel, samples: int, rng: np.random.Generator) -> NDArray[np.int32]:
    per_unit = round(1 / channel.step) if channel.step < 1 else 1 / channel.step
    low, high = int(channel.lowest * per_unit), int(channel.highest * per_unit)
    return rng.integers(low, high + 1, samples).astype(np.int32)


def lap_like(seconds: int) -> Trace:
    """A lap with as much noise as a steering wheel, pedals, kerbs and an engine make."""
    rng = np.random.default_rng(7)
    count = seconds * 60
    moment = np.arange(count) / 60
    speed = 200 + 90 * np.sin(moment / 3) + rng.normal(0, 0.15, count)
    travelled = np.cumsum(speed / 3.6 / 60)
    pedal = np.clip(60 + 80 * np.sin(moment / 3 + 1), 0, 100)
    held = (pedal > 0) & (pedal < 100)
    values = {
        "time_ms": np.rint(moment * 1000) + 17,
        "distance_m": travelled + rng.normal(0, 0.005, count),
        "speed_kmh": speed,
        "throttle_pct": np.clip(pedal + held * rng.normal(0, 1.5, count), 0, 100),
        "brake_pct": np.clip(100 - pedal * 2 + (pedal < 50) * rng.normal(0, 1.5, count), 0, 100),
        "steer_pct": 30 * np.sin(moment / 2) + rng.normal(0, 1.0, count),
        "gear": np.rint(4.5 + 3 * np.sin(moment / 3)),
        "rpm": 10_500 + 1_200 * np.sin(moment * 2) + rng.normal(0, 40, count),
        "drs": (np.sin(moment / 10) > 0.8) * 1.0,
        "ers_pct": 50 + 40 * np.sin(moment / 20),
        "ers_mode": (np.sin(moment / 8) > 0) * 1.0,
        "x_m": 800 * np.sin(moment / 14),
        "y_m": 8 * np.sin(moment / 9),
        "z_m": 800 * np.cos(moment / 14),
        "g_lateral": 3 * np.sin(moment / 2) + rng.normal(0, 0.12, count),
        "g_longitudinal": np.sin(moment / 3) + rng.normal(0, 0.12, count),
        "g_vertical": 1 + rng.normal(0, 0.15, count),
    }
    for channel in CHANNELS:
        if channel.name.startswith("tyre_"):
            values[channel.name] = 50 + 30 * np.sin(moment / 25) + rng.normal(0, 0.3, count)
    steps = {channel.name: channel.step for channel in CHANNELS}
    numbers = {name: np.rint(column / steps[name]).astype(np.int32) for name, column in values.items()}
    return Trace(packet_format=2025, ended_ms=0, numbers=numbers, gaps={})


@pytest.mark.parametrize("seed", range(12))
def test_decoding_is_the_inverse_of_encoding(seed: int) -> None:
    trace = random_trace(random.Random(seed).choice((1, 2, 7, 8, 500)), seed)
    blob = encode(trace)
    decoded = decode(blob)
    assert (trace.packet_format, trace.ended_ms) == (decoded.packet_format, decoded.ended_ms)
    assert list(trace.numbers) == list(decoded.numbers)
    assert set(trace.gaps) == set(decoded.gaps)
    for name in trace.numbers:
        assert trace.values(name).tolist() == pytest.approx(decoded.values(name).tolist(), nan_ok=True)
    assert blob == encode(decoded)
    assert TraceFacts(len(trace), trace.ended_ms) == read_facts(blob)


def test_a_trace_without_samples_has_no_channels() -> None:
    trace = decode(encode(read_samples(2025, {}, uid=1, car=0)))
    assert (0, {}) == (len(trace), trace.numbers)
    assert 0 == len(trace.values("speed_kmh"))


def test_a_noisy_lap_of_ninety_seconds_stays_small() -> None:
    assert len(encode(lap_like(90))) <= 70_000


@pytest.mark.parametrize("packet_format", FORMATS)
def test_any_bytes_as_samples_give_a_trace(packet_format: int) -> None:
    rng = random.Random(packet_format)
    for count in (1, 3, 200):
        samples = {kind: rng.randbytes(cut.size * count) for kind, cut in cuts_of(packet_format).items()}
        for kind, cut in cuts_of(packet_format).items():
            own = bytearray(samples[kind])
            for at in range(0, len(own), cut.size):
                own[at : at + 8] = bytes(8)
                own[at + cut.head.stop - cut.head.start - 1] = 4
            samples[kind] = bytes(own)
        trace = read_samples(packet_format, samples, uid=0, car=4)
        assert len(decode(encode(trace))) == len(trace) <= count


@pytest.mark.parametrize(
    "blob",
    [b"", MAGIC, MAGIC + b"\x01", MAGIC + b"\x02" + encode(lap_like(1))[5:], encode(lap_like(1))[:-40]],
)
def test_other_bytes_are_no_trace(blob: bytes) -> None:
    with pytest.raises(TraceUnreadable):
        decode(blob)
    with pytest.raises(TraceUnreadable):
        read_facts(blob)


def test_changed_bytes_are_refused_or_give_a_trace() -> None:
    blob, rng = encode(lap_like(2)), random.Random(1)
    for _ in range(300):
        changed = bytearray(blob)
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        try:
            decode(bytes(changed))
        except TraceUnreadable:
            continue
