"""A random story of an evening that a server goes through, and what must then be true about each lap."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from f1timings.store import Desk
from f1timings.store.acts.assignments import assign
from f1timings.store.acts.drivers import add
from tests.property.lap_stories.driving import Datagram, Rig, TrueLap
from tests.property.lap_stories.machine import Machine, StoredRow

NAMES = ("Ann", "Bo", "Cleo", "Dov")
HOUR_S, DAY_S = 3_600.0, 86_400.0
_TICK_S = 0.5
# How long before and after a lap nothing may have happened, so that the server must know everything about it.
_CALM_S = 4.0
# A seat that changes this close to the line: either driver is right.
_CLOSE_S = 0.3


class Happening(NamedTuple):
    """Something at a moment of the story that is no datagram."""

    at: float
    kind: str
    rig: int = 0
    value: float | str | None = None


class Story:
    """One evening.

    Args:
        seed: decides everything.
        seconds: the length of the evening.
    """

    def __init__(self, seed: int, seconds: float) -> None:
        self._rng = Random(f"whose lap {seed}")
        self._seconds = seconds
        self._rig_count = self._rng.choice((1, 1, 2))
        self._down = self._intervals(self._rng.randint(0, 3), (1.0, 40.0))
        self._cuts = {
            rig: self._intervals(self._rng.randint(0, 6), self._rng.choice(((1.0, 8.0), (1.0, 100.0))))
            for rig in range(self._rig_count)
        }
        self._steps = sorted(self._rng.uniform(0, seconds) for _ in range(self._rng.randint(0, 3)))
        self.rigs = [
            Rig(number=rig, rng=Random(self._rng.getrandbits(64)), until=seconds, restarts=self._down)
            for rig in range(self._rig_count)
        ]
        self._seats: dict[int, list[tuple[float, str | None]]] = defaultdict(lambda: [(-1.0, None)])
        self._log: list[str] = []

    # What happens --------------------------------------------------------------------------------------

    def tell(self, folder: Path, patch: pytest.MonkeyPatch) -> list[StoredRow]:
        """Let it happen to a server in a folder; return the laps in its database."""
        machine = Machine(folder, patch)
        machine.start()
        self._drivers = {name: machine.act(partial(_add, name)) for name in NAMES}
        streams: list[Iterator[Datagram | Happening]] = [self._ticks(), self._happenings()]
        streams += [rig.datagrams() for rig in self.rigs]
        for event in heapq.merge(*streams, key=lambda event: event.at):
            machine.now = event.at
            if isinstance(event, Datagram):
                if machine.is_up and not self._is_cut(event.rig, event.at):
                    machine.receive(event.data, _address(event.rig), event.port)
            else:
                self._handle(machine, event)
        if not machine.is_up:
            machine.start()
        machine.now = self._seconds + 60.0
        machine.tick()
        rows = machine.rows()
        machine.stop(loses_pending=False)
        return rows

    def _handle(self, machine: Machine, event: Happening) -> None:
        if event.kind == "tick":
            if machine.is_up:
                machine.tick()
            return
        self._log.append(f"{event.at:8.1f} {event.kind} {event.rig} {event.value or ''}")
        if event.kind == "step":
            assert isinstance(event.value, float)
            machine.step_wall_clock(event.value)
        elif event.kind == "up":
            machine.start()
        elif event.kind in ("stop", "kill"):
            machine.stop(loses_pending=event.kind == "kill")
        elif machine.is_up:
            assert not isinstance(event.value, float)
            self._seat(machine, event.rig, event.value, event.at)

    def _seat(self, machine: Machine, rig: int, name: str | None, at: float) -> None:
        driver = None if name is None else self._drivers[name]
        machine.act(lambda desk: assign(desk, _address(rig), driver))
        if name is not None:
            for other, seats in self._seats.items():
                if other != rig and seats[-1][1] == name:
                    seats.append((at, None))
        self._seats[rig].append((at, name))

    def _ticks(self) -> Iterator[Happening]:
        count = int(self._seconds / _TICK_S)
        return (Happening(number * _TICK_S + 0.01, "tick") for number in range(1, count))

    def _happenings(self) -> Iterator[Happening]:
        happenings = [
            Happening(at, "step", 0, self._rng.choice((-DAY_S, -HOUR_S, HOUR_S, DAY_S))) for at in self._steps
        ]
        for down, up in self._down:
            happenings += [Happening(down, self._rng.choice(("stop", "kill"))), Happening(up, "up")]
        for rig in range(self._rig_count):
            at = self._rng.uniform(0.0, 60.0)
            while at < self._seconds:
                happenings.append(Happening(at, "seat", rig, self._rng.choice((*NAMES, *NAMES, None))))
                at += self._rng.uniform(15.0, 200.0)
            # Often somebody sits down while the network is cut: what happened meanwhile is known too late.
            for begin, end in self._cuts[rig]:
                if self._rng.random() < 0.7:
                    at = self._rng.uniform(begin, end)
                    happenings.append(Happening(at, "seat", rig, self._rng.choice(NAMES)))
        return iter(sorted(happenings, key=lambda happening: happening.at))

    def _intervals(self, count: int, lengths: tuple[float, float]) -> list[tuple[float, float]]:
        """Intervals of the story that do not overlap."""
        found: list[tuple[float, float]] = []
        for begin in sorted(self._rng.uniform(20.0, self._seconds - 60.0) for _ in range(count)):
            if not found or begin > found[-1][1] + 5.0:
                found.append((begin, begin + self._rng.uniform(*lengths)))
        return found

    def _is_cut(self, rig: int, at: float) -> bool:
        return any(begin <= at < end for begin, end in self._cuts[rig])

    # What must be true -------------------------------------------------------------------------------

    def faults(self, rows: list[StoredRow]) -> list[str]:
        """Everything that is wrong in the database."""
        driven: dict[tuple[str, int], list[TrueLap]] = defaultdict(list)
        for rig in self.rigs:
            for lap in rig.laps:
                driven[_address(rig.number), lap.lap_time_ms].append(lap)
        names = {driver: name for name, driver in self._drivers.items()} | {None: None}
        faults = [
            fault
            for row in rows
            if (fault := self._fault_of_row(row, driven, names[row.driver_id])) is not None
        ]
        return faults + self._doubled(rows, driven) + self._missing(rows, driven, names)

    def laps_of_one_driver(self) -> list[TrueLap]:
        """The laps that must be in the database with their driver: seen, and driven by one person in calm."""
        laps = [lap for rig in self.rigs for lap in rig.laps]
        return [lap for lap in laps if self._is_seen(lap) and self._is_calm(lap)]

    def _fault_of_row(
        self, row: StoredRow, driven: dict[tuple[str, int], list[TrueLap]], name: str | None
    ) -> str | None:
        if not row.is_own_car:
            return f"a lap of another car has a driver: {row}" if name else None
        if row.lap_time_ms is None:
            return None
        true = driven.get(_key(row))
        if true is None:
            return f"nobody drove {row}"
        if name is None or any(name in self._who_sat(lap) for lap in true):
            return None
        return f"{name} did not sit there: {row}; {true}; {[self._who_sat(lap) for lap in true]}"

    def _doubled(self, rows: list[StoredRow], driven: dict[tuple[str, int], list[TrueLap]]) -> list[str]:
        times = Counter(_key(row) for row in rows if row.is_own_car and row.state == "completed")
        return [
            f"{count} laps for {len(driven[key])}: {[row for row in rows if _key(row) == key]}; {driven[key]}"
            for key, count in times.items()
            if key in driven and count > len(driven[key])
        ]

    def _missing(
        self,
        rows: list[StoredRow],
        driven: dict[tuple[str, int], list[TrueLap]],
        names: dict[str | None, str | None],
    ) -> list[str]:
        """Laps that the server saw from beginning to end, and that are not there or not their driver's."""
        faults = []
        for key, laps in driven.items():
            found = [row for row in rows if _key(row) == key and row.is_own_car]
            for lap in filter(self._is_seen, laps):
                kept = [row for row in found if row.state in self._states(lap)]
                if not kept:
                    faults.append(f"a seen lap is missing: {lap}; {found}")
                elif len(laps) == 1 and self._is_calm(lap):
                    expected = self._who_sat(lap)
                    if not any(names[row.driver_id] in expected for row in kept):
                        faults.append(f"a seen lap of {expected} is another's: {kept}; {lap}")
        return faults

    def _who_sat(self, lap: TrueLap) -> set[str | None]:
        """Who may have the lap: who sat there when it began, or when it was begun again.

        A lap whose line the server did not see may begin where it saw its number for the first time.
        """
        seats = self._seats[lap.rig]
        began = lap.began if self._is_seen(lap) else (lap.shown_at, *lap.began)
        moments = [at + shift for at in began for shift in (-_CLOSE_S, 0.0, _CLOSE_S)]
        return {seats[bisect_right(seats, at, key=lambda seat: seat[0]) - 1][1] for at in moments}

    def _states(self, lap: TrueLap) -> tuple[str, ...]:
        if lap.undone_at is None:
            return ("completed",)
        is_undoing_seen = not self._is_away(lap.rig, lap.undone_at - _CALM_S, lap.undone_at + _CALM_S)
        return ("superseded",) if is_undoing_seen else ("superseded", "completed")

    def _is_seen(self, lap: TrueLap) -> bool:
        begin, end = min(lap.began) - _CALM_S, lap.ended_at + _CALM_S
        return lap.driven_until > end and end < self._seconds and not self._is_away(lap.rig, begin, end)

    def _is_away(self, rig: int, begin: float, end: float) -> bool:
        """Whether the server did not run or did not hear the rig for some of the time."""
        gone = (*self._down, *self._cuts[rig])
        return any(since < end and begin < until for since, until in gone)

    def _is_calm(self, lap: TrueLap) -> bool:
        """Whether one person sat there all the time, and nobody set the clock."""
        begin, end = min(lap.began) - _CALM_S, lap.ended_at + _CALM_S
        changes = (*self._steps, *(at for at, _ in self._seats[lap.rig]))
        return not any(begin < at < end for at in changes)

    def __str__(self) -> str:
        lines = [*self._log, *(line for rig in self.rigs for line in rig.log)]
        lines += [f"{a:8.1f} cut {rig} until {b:.1f}" for rig, cuts in self._cuts.items() for a, b in cuts]
        return "\n".join(sorted(lines, key=lambda line: float(line.split()[0])))


def _key(row: StoredRow) -> tuple[str, int]:
    return row.rig, row.lap_time_ms or 0


def _address(rig: int) -> str:
    return f"192.168.1.{20 + rig}"


def _add(name: str, desk: Desk) -> str:
    return add(desk, name=name).id
