"""Measure what traces cost: per datagram beside the same pipeline without them, and per lap to encode one.

Run ``python -m benchmarks.trace_cost``. The datagrams are those of :mod:`benchmarks.store_path`. The lap that
is encoded is a simulated one of format 2026. A lap with the noise of a real wheel and kerbs is larger;
its size is measured too.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Final

import numpy as np

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.store_path import rig_seconds
from f1timings.packets import Header
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Stamped
from f1timings.traces.blobs import decode, encode
from f1timings.traces.channels import CHANNELS
from f1timings.traces.lap_trace import LapTrace
from f1timings.traces.recorder import TraceRecorder
from f1timings.traces.trace import Trace

_ROUNDS: Final = 15
_FORMAT: Final = 2026
# One step of the noise of each channel, about what real ones have.
_NOISE: Final = {"time_ms": 0.0, "gear": 0.0, "drs": 0.0, "aero": 0.0, "ers_mode": 0.0, "tyre": 0.4}


class _NoTraces(TraceRecorder):
    """Records nothing."""

    def add(self, data: bytes, kind: str) -> None:
        """Nothing."""

    def handle_lap_data(self, data: bytes, header: Header, accepted_s: float) -> None:
        """Nothing."""


def _datagram_ns(pipeline: Pipeline, datagrams: list[bytes]) -> float:
    start = time.process_time_ns()
    for data in datagrams:
        pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)
    return (time.process_time_ns() - start) / len(datagrams)


def measure_datagrams() -> dict[str, list[float]]:
    """Return nanoseconds per datagram ``with`` and ``without`` traces, one value per round."""
    pipelines = {"with": Pipeline(_discard), "without": Pipeline(_discard)}
    seconds = 0

    def run(name: str) -> float:
        datagrams = rig_seconds(begin=seconds)
        return _datagram_ns(pipelines[name], datagrams)

    for pipeline in pipelines.values():
        for data in rig_seconds():
            pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)
    pipelines["without"]._traces["10.0.0.5"] = _NoTraces(_FORMAT)
    results: dict[str, list[float]] = {"with": [], "without": []}
    for number in range(_ROUNDS):
        seconds = (number + 1) * 4
        turns = measure_in_turns({"with": lambda: run("with"), "without": lambda: run("without")}, 1)
        for name, values in turns.items():
            results[name] += values
    return results


def _discard(_entries: object) -> None:
    """Take the entries."""


def simulated_lap() -> LapTrace:
    """Return the trace of the first lap of a time trial, not yet encoded."""
    entries: list[Stamped] = []
    pipeline = Pipeline(entries.extend)
    for at, _, data in simulate(Scenario("time_trial", _FORMAT, laps=1, cars=2, track_id=11)):
        pipeline.feed(data, "10.0.0.5", 5, 20777, 1_750_000_000 + at)
    return next(entry.trace for entry in entries if entry.trace is not None)


def with_noise(trace: Trace) -> Trace:
    """Return the trace with noise of some steps in each channel that measures something."""
    rng = np.random.default_rng(1)
    numbers = {}
    for channel in CHANNELS:
        column = trace.numbers.get(channel.name)
        if column is not None:
            spread = _NOISE.get(channel.name, _NOISE["tyre"] if channel.name.startswith("tyre") else 2.0)
            numbers[channel.name] = column + np.rint(rng.normal(0, spread, len(trace))).astype(np.int32)
    return Trace(packet_format=trace.packet_format, ended_ms=trace.ended_ms, numbers=numbers, gaps=trace.gaps)


def _ms(trace: LapTrace) -> tuple[float, bytes]:
    start = time.process_time_ns()
    blob = trace.blob()
    return (time.process_time_ns() - start) / 1e6, blob


def _copy_of(trace: LapTrace) -> LapTrace:
    assert trace._samples is not None
    packet_format, uid, car = trace._source
    return LapTrace(packet_format, trace._samples, uid=uid, car=car)


def main() -> None:
    """Print the figures."""
    results = measure_datagrams()
    extra = [one - other for one, other in zip(results["with"], results["without"], strict=True)]
    print(
        f"{_ROUNDS} rounds: {Spread.of(results['with']):.0f} ns per datagram with traces, "
        f"{Spread.of(results['without']):.0f} ns without; the difference is {median(extra):.0f} ns, "
        f"the ratio {Spread.of_ratios(results['with'], results['without']):.2f}"
    )
    lap = simulated_lap()
    turns = [_ms(_copy_of(lap)) for _ in range(_ROUNDS)]
    blob = turns[0][1]
    trace = decode(blob)
    noisy = encode(with_noise(trace))
    per_90_s = 90_000 / float(trace.values("time_ms")[-1])
    print(
        f"a lap of {len(trace)} samples: {lap.size:,} bytes while it is driven, "
        f"{Spread.of(ms for ms, _ in turns):.2f} ms to encode, {len(blob):,} bytes; "
        f"with noise in every channel {len(noisy):,} bytes, {len(noisy) * per_90_s:,.0f} bytes for 90 s"
    )


if __name__ == "__main__":
    main()
