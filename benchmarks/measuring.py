"""Common parts of the benchmarks: measuring in turns, a median with its spread, and the machine's name."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

T = TypeVar("T")


class Spread(NamedTuple):
    """Median, lowest and highest of repeated measurements; prints as ``median (lowest to highest)``."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Return the spread of one or more values.

        Raises:
            ValueError: there are no values.
        """
        measured = list(values)
        return cls(statistics.median(measured), min(measured), max(measured))

    @classmethod
    def of_ratios(cls, values: Iterable[float], to: Iterable[float]) -> Self:
        """Return the spread of the ratio of each value to the value of ``to`` in the same round."""
        return cls.of(value / base for value, base in zip(values, to, strict=True))

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.lowest:{spec}} to {self.highest:{spec}})"


def measure_in_turns(contenders: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Measure each contender once per round, so that a busy machine slows all of them.

    Every second round has the reverse order, so that no contender always runs after the same other one.
    """
    results: dict[str, list[T]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name in list(contenders)[:: -1 if number % 2 else 1]:
            results[name].append(contenders[name]())
    return results


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which this share of sorted values is; not a number if there are none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else math.nan


def describe_stalls(stalls_ms: Sequence[Sequence[float]]) -> str:
    """Return how late the machine woke a process that slept for one millisecond, over all rounds.

    Args:
        stalls_ms: the delays of each round, sorted.
    """
    parts = (
        f"{name} {Spread.of(quantile(delays, share) for delays in stalls_ms):.2f} ms"
        for name, share in (("median", 0.5), ("p99", 0.99), ("p99.9", 0.999))
    )
    return f"stalls of the machine: {', '.join(parts)}"


def describe_machine() -> str:
    """Return the processor, the operating system, the Python version and the machine's load."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{_processor_name()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"{platform.python_implementation()} {platform.python_version()}; load {load}"
    )


def _processor_name() -> str:
    """The model name in ``/proc/cpuinfo``; elsewhere the name that Python reports."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
