"""What a running server uses, and what the kernel dropped of its datagrams, read from ``/proc``."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

_MIB: Final = 1024**2
_SPAN_S: Final = 300.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Usage(NamedTuple):
    """What the server uses at one moment.

    Attributes:
        at_s: the moment, by the monotonic clock.
        memory_mib: its resident memory.
        descriptors: files and sockets that it has open.
        sockets: those that are sockets.
        cpu_s: processor time since its start, all threads together.
        dropped: datagrams that the kernel dropped because the buffer of its socket was full.
    """

    at_s: float
    memory_mib: float
    descriptors: int
    sockets: int
    threads: int
    cpu_s: float
    dropped: int


def read_usage(pid: int, udp_port: int) -> Usage:
    """What a server uses now."""
    process = Path(f"/proc/{pid}")
    status = dict(
        line.split(":", 1) for line in (process / "status").read_text(encoding="utf-8").splitlines()
    )
    open_files = list_open_files(process / "fd")
    # The name of the program comes before the last parenthesis; the times are the 14th and 15th value.
    times = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return Usage(
        at_s=time.monotonic(),
        memory_mib=int(status["VmRSS"].split()[0]) * 1024 / _MIB,
        descriptors=len(open_files),
        sockets=sum(name.startswith("socket:") for name in open_files),
        threads=int(status["Threads"]),
        cpu_s=sum(map(int, times)) / _TICKS,
        dropped=count_dropped(udp_port),
    )


def list_open_files(folder: Path) -> list[str]:
    """What each descriptor of a process is; one that was closed meanwhile is left out."""
    names = []
    for descriptor in folder.iterdir():
        try:
            names.append(os.readlink(descriptor))
        except FileNotFoundError:
            continue
    return names


def count_dropped(udp_port: int) -> int:
    """Datagrams that the kernel dropped at a port: the last column of its list of sockets."""
    lines = Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split() for line in lines]
    counts = [int(row[-1]) for row in rows if int(row[1].rpartition(":")[2], 16) == udp_port]
    assert counts, "the server has no socket at its port"
    return sum(counts)


def growth_mib_per_hour(usages: Sequence[Usage]) -> float:
    """How much memory the server takes more in an hour: the median of what it takes more in five minutes.

    One step is no growth, whenever it comes: a straight line through 18 minutes makes 44 MiB an hour of
    10 MiB that were taken once. Five minutes are longer than a session, so what each session takes is in
    every pair. Steps less often than each ten minutes are not seen here.
    """
    later = (
        (usage, next((end for end in usages if end.at_s >= usage.at_s + _SPAN_S), None)) for usage in usages
    )
    slopes = [(end.memory_mib - usage.memory_mib) / (end.at_s - usage.at_s) for usage, end in later if end]
    return median(slopes) * 3600
