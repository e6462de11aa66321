"""Tools for tests of the recorder: datagrams, a clock, a disk, and waiting for its thread."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.intake.datagrams import Datagram
from f1timings.intake.recorder.recording import (
    CaptureBudget,
    Recorder,
    RecorderEnvironment,
    RecorderState,
    Rotation,
)
from f1timings.packets import layout_of
from tests.waiting import until

EVENING = 1_785_600_000.0  # 2026-08-01 16:00:00 UTC
RIG = "192.168.1.20"
ENDLESS = 1 << 60
SMALL = Rotation(max_bytes=64 * 1024, flush_s=0.01)
NO_BUDGET = CaptureBudget(max_bytes=ENDLESS, keep_free_bytes=0)


@dataclass
class World:
    """A clock that only a test advances, and a disk whose free space a test sets."""

    seconds: float = EVENING
    free_bytes: Callable[[Path], int] = field(default=lambda _: ENDLESS)

    @property
    def environment(self) -> RecorderEnvironment:
        return RecorderEnvironment(
            now=lambda: self.seconds,
            monotonic=lambda: self.seconds,
            free_bytes=lambda folder: self.free_bytes(folder),
        )


@dataclass
class Recording:
    """A recorder with its folder and its world."""

    recorder: Recorder
    folder: Path
    world: World

    @property
    def state(self) -> RecorderState:
        return self.recorder.state

    def record(self, datagrams: Iterable[Datagram]) -> None:
        """Record datagrams as the event loop does."""
        for received_at, address, port, listen_port, data in datagrams:
            self.recorder.record(data, address, port, listen_port, received_at)

    def write(self, datagrams: list[Datagram]) -> None:
        """Record datagrams, and wait until they are written."""
        before = self.state.datagrams
        self.record(datagrams)
        until(lambda: self.state.datagrams == before + len(datagrams))

    def write_capture(self, datagrams: list[Datagram]) -> None:
        """Write datagrams into a separate capture and finish it."""
        self.write(datagrams)
        self.finish_capture()

    def finish_capture(self) -> None:
        """Advance the clock until the current capture is finished, and wait until it is packed."""
        self.world.seconds += SMALL.max_age_s
        until(lambda: all(name.endswith(".zst") for name in self.names()))

    def names(self) -> list[str]:
        return names(self.folder)


@contextmanager
def recording(
    folder: Path,
    budget: CaptureBudget = NO_BUDGET,
    rotation: Rotation = SMALL,
    world: World | None = None,
) -> Iterator[Recording]:
    world = world or World()
    recorder = Recorder(folder, budget, rotation=rotation, environment=world.environment)
    recorder.start()
    try:
        yield Recording(recorder, folder, world)
    finally:
        recorder.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in list_capture_paths(folder) if path.exists())


def recorded(folder: Path) -> list[Datagram]:
    return list(iter_datagrams(list_capture_paths(folder)))


def noise(count: int, size: int = 1350, rig: str = RIG, seed: int = 0) -> list[Datagram]:
    """Return random datagrams that cannot be compressed and are no packets."""
    chance = random.Random(seed)
    return [Datagram(EVENING + n / 64, rig, 54321, 20777, chance.randbytes(size)) for n in range(count)]


def packet(kind: str, n: int = 0, rig: str = RIG, packet_format: int = 2025) -> Datagram:
    """Return the ``n``-th datagram of a packet kind, with a random body that cannot be compressed."""
    layout = layout_of(packet_format, kind)
    data = bytearray(random.Random(f"{kind} {n}").randbytes(layout.size))
    data[: layout.header_size] = bytes(layout.header_size)
    data[:2] = packet_format.to_bytes(2, "little")
    data[layout.header.offsets["packet_id"]] = layout.packet_id
    return Datagram(EVENING + n / 64, rig, 54321, 20777, bytes(data))


def packets(count: int, *kinds: str) -> list[Datagram]:
    """Return ``count`` datagrams of each kind, in turns."""
    return [packet(kind, n) for n in range(count) for kind in kinds]
