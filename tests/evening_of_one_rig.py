"""A game, a network that can be cut, and a server that can be killed: in one process, by numbers only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from f1timings.commands.derived_records import derive_records
from f1timings.intake.datagrams import Datagram
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.store import Stamped, Store, StoredLap, sqlite_url
from f1timings.store.reads.recall import StoreArchive, recall, recall_rigs
from f1timings.timing.records import LapState
from tests.migrated import copy_migrated
from tests.store.evening import assignment, driver, store_events, store_records
from tests.store.events import ARRIVED

RIG, PORT, LISTEN_PORT = "192.0.2.7", 50_000, 20_777
HZ = 60
# Packets a second; the games send more.
RATE = 5
HISTORY_S = 2.0


@dataclass
class Run:
    """One run of a game: what it knows, from which its packets are built.

    Attributes:
        time_s / lap / clock_s: session time, number of the lap under way, and its clock.
        times: the times of the laps before, ms.
        rewound: frames that flashbacks went back, which the overall frame did not.
        began_with: who sat there when the lap under way began, or began again.
        beginners: all who began a lap, by its number: also those before a flashback, or a save.
        track: the circuit in session packets, -1 for none.
    """

    uid: int = 7
    format: int = 2025
    time_s: float = 0.0
    lap: int = 1
    clock_s: float = 0.0
    times: list[int] = field(default_factory=list)
    rewound: int = 0
    began_with: str | None = None
    beginners: dict[int, set[str | None]] = field(default_factory=dict)
    track: int = 11
    _starts: list[float] = field(default_factory=lambda: [0.0])

    def flashback(self, seconds: float) -> None:
        """Go back, over lines if need be."""
        target = max(self.time_s - seconds, 0.1)
        self.rewound += round(self.time_s * HZ) - round(target * HZ) + 1
        self.time_s = target
        while self._starts[-1] > target:
            self._starts.pop()
            self.times.pop()
            self.lap -= 1
        self.clock_s = target - self._starts[-1]

    def begin_again(self) -> None:
        """Begin the lap under way again; a flashback does not go back beyond this moment."""
        self._starts[-1], self.clock_s = self.time_s, 0.0

    def cross_line(self) -> None:
        """End the lap at this moment."""
        self.times.append(round(self.clock_s * 1000))
        self._starts.append(self.time_s)
        self.lap, self.clock_s = self.lap + 1, 0.0

    def header(self) -> Header:
        frame = round(self.time_s * HZ)
        return Header(
            self.format,
            game_year=self.format % 100,
            session_uid=self.uid,
            session_time=self.time_s,
            frame_identifier=frame,
            overall_frame_identifier=frame + self.rewound if self.format >= 2023 else 0,
        )

    def lap_data(self) -> bytes:
        row: dict[str, Any] = {"current_lap_num": self.lap, "result_status": 2, "driver_status": 4}
        row |= {"lap_distance": 10.0 + 50 * self.clock_s, "sector": 0}
        row |= {"current_lap_time_ms": round(self.clock_s * 1000)}
        row |= {"last_lap_time_ms": self.times[-1] if self.times else 0}
        return encode(build(self.format, "lap_data", self.header(), cars={0: row}))

    def session(self) -> bytes:
        race = 15 if self.format >= 2024 else 10
        facts = {"session_type": race, "track_id": self.track, "track_length": 5000}
        return encode(build(self.format, "session", self.header(), **facts))

    def history(self) -> bytes:
        laps: list[dict[str, Any]] = [
            {"lap_time_ms": time_ms, "lap_valid_bit_flags": 15}
            | self._sector(1, time_ms // 3)
            | self._sector(2, time_ms // 3)
            | self._sector(3, time_ms - 2 * (time_ms // 3))
            for time_ms in self.times
        ]
        body = {"car_idx": 0, "num_laps": len(laps) + 1, "lap_history_data": [*laps, {}]}
        return encode(build(self.format, "session_history", self.header(), **body))

    def _sector(self, number: int, time_ms: int) -> dict[str, int]:
        if self.format >= 2023:
            return {
                f"sector{number}_time_ms": time_ms % 60_000,
                f"sector{number}_time_minutes": time_ms // 60_000,
            }
        return {f"sector{number}_time_ms": time_ms}


class OneRig:
    """A rig and the server to which it sends.

    Attributes:
        now: seconds since the beginning of the evening.
        run: what its game drives; set another one to begin again.
        is_cut: the network does not transport anything.
        has_history: whether the game sends session histories.
        driven: number, time and driver of each lap that was driven to its end, in order.
        beginners: all who began the lap of a time, ms.
    """

    def __init__(self, folder: Path, run: Run | None = None) -> None:
        self.folder = folder
        self.now = 0.0
        self.run = run or Run()
        self.is_cut = False
        self.has_history = True
        self.driver: str | None = None
        self.driven: list[tuple[int, int, str | None]] = []
        self.beginners: dict[int, set[str | None]] = {}
        self.received: list[Datagram] = []
        self._seats: list[tuple[str, float, float | None]] = []
        copy_migrated(folder)
        self._start()

    def _start(self) -> None:
        self.store = Store.open(sqlite_url(self.folder), clock=lambda: ARRIVED + self.now)
        reads = self.store.reads
        self._pipeline: Pipeline | None = Pipeline(
            self.store.submit,
            recall(reads),
            recall_rigs(reads),
            archive=StoreArchive(reads, self.store.waiting),
        )

    def kill(self) -> None:
        """Kill the server; what it submitted is stored, and nothing else."""
        self.store.close()
        self._pipeline = None

    def start(self) -> None:
        """Start the server again."""
        self._start()

    def restart(self) -> None:
        self.kill()
        self.start()

    def seat(self, name: str) -> None:
        """A driver sits down now; who sat there before leaves."""
        if self._seats:
            former, since, _ = self._seats[-1]
            self._seats[-1] = former, since, self.now
        self._seats.append((name, self.now, None))
        self.driver = name
        if self._pipeline is not None:
            self.store_seats(self.store)

    def store_seats(self, store: Store) -> None:
        """Store all seats so far."""
        for place, (name, since, until) in enumerate(self._seats):
            seat = assignment(name.lower(), RIG, since / 60, None if until is None else until / 60)
            store_records(store, driver(name, place + 1), replace(seat, id=str(place)))

    def drive(self, seconds: float) -> None:
        """Drive on, without reaching the line."""
        steps = max(1, round(seconds * RATE))
        for _ in range(steps):
            self.now += seconds / steps
            self.run.time_s += seconds / steps
            if self.run.clock_s == 0.0:
                self._begin_lap()
            self.run.clock_s += seconds / steps
            self._send(self.run.lap_data())
            if self.has_history and round(self.run.time_s * RATE) % round(HISTORY_S * RATE) == 0:
                self._send(self.run.session())
                self._send(self.run.history())

    def lap(self, seconds: float) -> None:
        """Drive to the line; the first packets of the next lap follow."""
        number = self.run.lap
        self.drive(seconds)
        self.run.cross_line()
        self.driven.append((number, self.run.times[-1], self.run.began_with))
        self.beginners[self.run.times[-1]] = self.run.beginners[number]
        self.drive(2 / RATE)

    def flashback(self, seconds: float) -> None:
        """Go back; whoever sits there now begins the lap again if it goes back over a line."""
        number = self.run.lap
        self.run.flashback(seconds)
        if self.run.lap < number:
            self._begin_again()

    def restart_lap(self) -> None:
        """The car stands at the line again, under the same lap number, and its clock begins again."""
        self.run.begin_again()

    def load(self, saved: Run, uid: int) -> None:
        """Load a save: another session with the laps, the time and the lap under way of before."""
        self.run = replace(deepcopy(saved), uid=uid)
        self._begin_again()

    def _begin_lap(self) -> None:
        self.run.began_with = self.driver
        self.run.beginners[self.run.lap] = {self.driver}

    def _begin_again(self) -> None:
        self.run.began_with = self.driver
        self.run.beginners[self.run.lap] = self.run.beginners.get(self.run.lap, set()) | {self.driver}

    def rest(self, seconds: float) -> None:
        """The game is paused: its clock stops, and it sends nothing."""
        self.now += seconds

    def settle(self) -> None:
        """Drive until a history has arrived, and wait until everything is stored."""
        self.drive(2 * HISTORY_S)
        self.store.flush()

    def _send(self, data: bytes) -> None:
        if self.is_cut or self._pipeline is None:
            return
        datagram = Datagram(ARRIVED + self.now, RIG, PORT, LISTEN_PORT, data)
        self.received.append(datagram)
        self._pipeline.tick(datagram.received_at)
        self._pipeline.feed(data, RIG, PORT, LISTEN_PORT, datagram.received_at)

    def laps(self) -> list[StoredLap]:
        """The completed laps, by session and number."""
        return laps_of(self.store)

    @contextmanager
    def rebuilt(self) -> Iterator[Store]:
        """A database with the same seats, filled from what was received."""
        folder = self.folder / "rebuilt"
        folder.mkdir()
        copy_migrated(folder)
        store = Store.open(sqlite_url(folder), clock=lambda: ARRIVED + self.now)
        try:
            self.store_seats(store)
            records: list[Stamped] = derive_records(self.received)
            store_events(store, *records)
            yield store
        finally:
            store.close()


def laps_of(store: Store) -> list[StoredLap]:
    """The completed laps of a store, by session and number."""
    laps = [stored for stored in store.reads.list_laps().items if stored.lap.state is LapState.COMPLETED]
    return sorted(laps, key=lambda stored: (stored.lap.session_id, stored.lap.lap_number))


def summary(laps: list[StoredLap]) -> list[tuple[int, int, int | None, str | None]]:
    """Epoch of the session, number, time and driver of each lap."""
    return [(_epoch(stored), stored.lap.lap_number, stored.lap.lap_time_ms, stored.driver) for stored in laps]


def _epoch(stored: StoredLap) -> int:
    return int(stored.lap.session_id.rpartition("~")[2])
