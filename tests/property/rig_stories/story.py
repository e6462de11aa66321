"""A random story of rigs that a server has to tell apart, and what must then be true about each lap."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from f1timings.errors import ActConflict
from f1timings.meeting.people import RigCard
from f1timings.store import Desk
from f1timings.store.acts.assignments import assign
from f1timings.store.acts.drivers import add
from f1timings.store.acts.joined_rigs import join
from f1timings.store.acts.undo import undo_act
from tests.property.lap_stories.driving import TrueLap
from tests.property.lap_stories.machine import Machine, StoredRow
from tests.property.rig_stories.driving import Datagram, Endpoint, Rig

NAMES = ("Ann", "Bo", "Cleo", "Dov")
HOUR_S, DAY_S = 3_600.0, 86_400.0
_TICK_S = 0.5
# Two streams of one address show that it is shared once both were live for this time.
_PROOF_S = 5.0
# In the end all rigs drive for this time, and nothing else happens after people sat down.
_FINALE_S = 120.0
_TIME_TO_SIT_S = 15.0
_LIVE_S = 0.5
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


class SeatChange(NamedTuple):
    """A person sat down at a rig, None if it became free; with where the rig sent from."""

    at: float
    name: str | None
    endpoint: Endpoint | None = None


class Address:
    """What the datagrams that reached the server from one address can prove.

    Attributes:
        rigs: which sent from it, with the newest moment of each.
        several_since: when a second rig sent from it; None before.
        shared_since: when it was proven that it is shared; None before.
    """

    def __init__(self) -> None:
        self.rigs: dict[int, float] = {}
        self.several_since: float | None = None
        self.shared_since: float | None = None
        self._together_since: float | None = None

    def handle(self, rig: int, at: float) -> None:
        """Handle a datagram."""
        self.rigs[rig] = at
        if len(self.rigs) == 1:
            return
        self.several_since = self.several_since or at
        if all(at - heard > _LIVE_S for other, heard in self.rigs.items() if other != rig):
            self._together_since = None
        elif self._together_since is None:
            self._together_since = at
        elif self.shared_since is None and at - self._together_since >= _PROOF_S:
            self.shared_since = at

    def handle_stop(self) -> None:
        """Handle that the server ended."""
        self._together_since = None


class Story:
    """One evening.

    Args:
        seed: decides everything.
        seconds: the length of the evening without the hour of lunch.
    """

    def __init__(self, seed: int, seconds: float) -> None:
        self._rng = rng = Random(f"which rig {seed}")
        begins = rng.uniform(0.4, 0.6) * seconds
        self._lunch = (begins, begins + (HOUR_S if rng.random() < 0.5 else 0.0))
        self._until = seconds + self._lunch[1] - begins
        self._finale = self._until - _FINALE_S
        self._steps = sorted(rng.uniform(0, self._finale) for _ in range(rng.randint(0, 2)))
        self._down = self._intervals(rng.choice((0, 1, 1, 2)))
        count = rng.choice((2, 2, 3))
        translated = rng.choice((0, 2, 2, count))
        self.rigs = [self._rig(number, is_translated=number < translated) for number in range(count)]
        self.addresses: defaultdict[str, Address] = defaultdict(Address)
        self._endpoints: dict[int, list[tuple[float, Endpoint]]] = {rig.number: [] for rig in self.rigs}
        self._seats: defaultdict[int, list[SeatChange]] = defaultdict(lambda: [SeatChange(-1.0, None)])
        self._cards: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._mistakes: list[str] = []
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
            if not isinstance(event, Datagram):
                self._handle(machine, event)
            elif machine.is_up:
                self._deliver(machine, event)
        if not machine.is_up:
            machine.start()
        machine.now = self._until + 60.0
        machine.tick()
        self._undo_mistake(machine)
        rows = machine.rows()
        machine.stop(loses_pending=False)
        return rows

    def _deliver(self, machine: Machine, event: Datagram) -> None:
        endpoints = self._endpoints[event.rig]
        if not endpoints or endpoints[-1][1] != event.endpoint:
            endpoints.append((event.at, event.endpoint))
        self.addresses[event.endpoint.address].handle(event.rig, event.at)
        machine.receive(event.data, *event.endpoint)

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
            for address in self.addresses.values():
                address.handle_stop()
        elif machine.is_up:
            self._act(machine, event)

    def _act(self, machine: Machine, event: Happening) -> None:
        """What the staff does; as long as rigs are joined by mistake, it only undoes that."""
        if self._mistakes:
            self._undo_mistake(machine)
        elif event.kind == "seat":
            assert not isinstance(event.value, float)
            self._seat(machine, event.rig, event.value, event.at)
        elif event.kind == "join":
            self._join_own(machine, event.rig)
        elif event.kind == "mistake":
            self._join_others(machine, event.rig)

    def _seat(self, machine: Machine, rig: int, name: str | None, at: float) -> None:
        card = self._card(machine, rig)
        if card is None:
            return
        driver = None if name is None else self._drivers[name]
        machine.act(lambda desk: assign(desk, card, driver))
        if name is not None:
            for other, seats in self._seats.items():
                if other != rig and seats[-1].name == name:
                    seats.append(SeatChange(at, None))
        self._seats[rig].append(SeatChange(at, name, self._endpoints[rig][-1][1]))
        self._log.append(f"{at:8.1f}   {name} sits at {card}")

    def _card(self, machine: Machine, rig: int) -> str | None:
        """The card of a rig on the screens; None where nobody can know which one it is."""
        if not self._endpoints[rig]:
            return None
        endpoint = self._endpoints[rig][-1][1]
        address = self.addresses[endpoint.address]
        if len(address.rigs) > 1 and address.shared_since is None:
            return None
        card = machine.card_of(*endpoint)
        if card is not None:
            self._cards[rig][card] = None
        return card

    def _join_own(self, machine: Machine, rig: int) -> None:
        """Join the cards of a rig into its first one; a seat on one that is left out would last for ever."""
        if self._card(machine, rig) is not None:
            first, *others = self._cards[rig]
            for card in others:
                self._join(machine, card, first)

    def _join_others(self, machine: Machine, rig: int) -> None:
        """Join two rigs that are not one."""
        other = (rig + 1) % len(self.rigs)
        if self._card(machine, rig) is None or self._card(machine, other) is None:
            return
        cards, others = (list(self._cards[each]) for each in (rig, other))
        act = self._join(machine, cards[0], others[0])
        if act is not None:
            self._mistakes.append(act)

    def _join(self, machine: Machine, card: str, into: str) -> str | None:
        """Join two cards; return the id of the act, None if it was refused or changed nothing."""
        try:
            before = machine.newest_act()
            machine.act(lambda desk: _join(desk, card, into, machine))
            act = machine.newest_act()
        except ActConflict as refusal:
            self._log.append(f"{machine.now:8.1f}   refused to join {card} into {into}: {refusal}")
            return None
        self._log.append(f"{machine.now:8.1f}   {card} joined into {into}")
        return act if act != before else None

    def _undo_mistake(self, machine: Machine) -> None:
        for act in self._mistakes:
            machine.act(lambda desk, act=act: undo_act(desk, act))  # type: ignore[misc]
            self._log.append(f"{machine.now:8.1f}   undone")
        self._mistakes.clear()

    def _ticks(self) -> Iterator[Happening]:
        count = int(self._until / _TICK_S)
        return (Happening(number * _TICK_S + 0.01, "tick") for number in range(1, count))

    def _happenings(self) -> Iterator[Happening]:
        rng = self._rng
        happenings = [
            Happening(at, "step", 0, rng.choice((-DAY_S, -HOUR_S, HOUR_S, DAY_S))) for at in self._steps
        ]
        for down, up in self._down:
            happenings += [Happening(down, rng.choice(("stop", "kill"))), Happening(up, "up")]
        for rig in range(len(self.rigs)):
            at = rng.uniform(0.0, 30.0)
            while at < self._finale:
                if self._lunch[0] + 60.0 < at < self._lunch[1] - 60.0:
                    at = self._lunch[1] - 60.0
                kind = rng.choice(("seat", "seat", "seat", "join", "mistake"))
                name = rng.choice((*NAMES, None)) if kind == "seat" else None
                happenings.append(Happening(at, kind, rig, name))
                at += rng.uniform(5.0, 100.0)
        happenings.append(Happening(self._finale, "undo"))
        happenings += [
            Happening(self._finale + _TIME_TO_SIT_S, "seat", rig.number, NAMES[rig.number])
            for rig in self.rigs
        ]
        return iter(sorted(happenings, key=lambda happening: happening.at))

    def _intervals(self, count: int) -> list[tuple[float, float]]:
        """Intervals of the story that do not overlap."""
        found: list[tuple[float, float]] = []
        for begin in sorted(self._rng.uniform(20.0, self._finale - 40.0) for _ in range(count)):
            if not found or begin > found[-1][1] + 5.0:
                found.append((begin, begin + self._rng.uniform(1.0, 30.0)))
        return found

    def _rig(self, number: int, *, is_translated: bool) -> Rig:
        address = "192.168.1.20" if is_translated else f"192.168.1.{30 + number}"
        return Rig(
            number=number,
            rng=Random(self._rng.getrandbits(64)),
            endpoint=Endpoint(address, 50_000 + number),
            is_translated=is_translated,
            finale=self._finale,
            until=self._until,
            lunch=self._lunch,
        )

    # What must be true -------------------------------------------------------------------------------

    def faults(self, rows: list[StoredRow]) -> list[str]:
        """Everything that is wrong in the database."""
        names = {driver: name for name, driver in self._drivers.items()} | {None: None}
        driven = {uid: (rig, laps) for rig in self.rigs for uid, laps in rig.laps.items()}
        faults = []
        for row in rows:
            rig, laps = driven[int(row.session_id.split("~")[1])]
            true = [lap for lap in laps if lap.lap_time_ms == row.lap_time_ms]
            name = names[row.driver_id]
            if row.is_own_car and row.lap_time_ms is not None and not true:
                faults.append(f"nobody drove {row}")
            elif name is not None and not row.is_own_car:
                faults.append(f"a lap of another car has a driver: {row}")
            elif name is not None and true and not any(self._may_have(lap, name) for lap in true):
                faults.append(f"{name} did not sit at rig {rig.number}: {row}; {true}; {self._seats}")
        return faults + self._missing(rows, names)

    def laps_of_one_driver(self) -> list[TrueLap]:
        """The laps that must have their driver: seen in calm at a rig that is no riddle."""
        laps = [lap for rig in self.rigs for of_run in rig.laps.values() for lap in of_run]
        return [lap for lap in laps if self._is_certain(lap)]

    def _missing(self, rows: list[StoredRow], names: dict[str | None, str | None]) -> list[str]:
        faults = []
        found: defaultdict[tuple[int, int | None], list[StoredRow]] = defaultdict(list)
        for row in rows:
            if row.is_own_car:
                found[int(row.session_id.split("~")[1]), row.lap_time_ms].append(row)
        for rig in self.rigs:
            for uid, laps in rig.laps.items():
                for lap in filter(self._is_certain, laps):
                    stored = found[uid, lap.lap_time_ms]
                    drivers = {names[row.driver_id] for row in stored}
                    # A rig that got a new address recorded its laps of that run under both.
                    if not drivers & self._seats_of(lap):
                        faults.append(f"a certain lap of {self._seats_of(lap)} is {stored}: {lap}")
        return faults

    def _may_have(self, lap: TrueLap, name: str) -> bool:
        return name in self._seats_of(lap) or self._is_ambiguous(lap)

    def _seats_of(self, lap: TrueLap) -> set[str | None]:
        """Who sat there when the lap began, or was begun again, or was shown first."""
        seats = self._seats[lap.rig]
        began = lap.began if self._is_seen(lap) else (lap.shown_at, *lap.began)
        moments = [at + shift for at in began for shift in (-_CLOSE_S, 0.0, _CLOSE_S)]
        return {seats[bisect_right(seats, at, key=lambda seat: seat.at) - 1].name for at in moments}

    def _is_ambiguous(self, lap: TrueLap) -> bool:
        """Whether no server could know which rig behind an address drove the lap.

        That is so if the rigs of that address never sent together, or if the server was restarted between.
        """
        for _, endpoint in self._endpoints[lap.rig]:
            address = self.addresses[endpoint.address]
            since, until = address.several_since, address.shared_since
            if since is None:
                continue
            if until is None or any(since < down < until for down, _ in self._down):
                return True
        return False

    def _is_certain(self, lap: TrueLap) -> bool:
        seats = self._seats[lap.rig]
        begin, end = min(lap.began) - _CALM_S, lap.ended_at + _CALM_S
        seat = seats[bisect_right(seats, begin, key=lambda seat: seat.at) - 1]
        if lap.undone_at is not None or seat.endpoint is None or not self._is_seen(lap):
            return False
        changes = (*self._steps, *(change.at for change in seats))
        if any(begin < at < end for at in changes):
            return False
        if any(since < end and begin < until for since, until in self.rigs[lap.rig].rests):
            return False
        return self._stays(lap.rig, seat, end)

    def _stays(self, rig: int, seat: SeatChange, end: float) -> bool:
        """Whether a rig sends from where it was when somebody sat down, and its address is no riddle."""
        endpoints = self._endpoints[rig]
        first = endpoints[0][1]
        later = [endpoint for at, endpoint in endpoints if seat.at < at < end]
        assert seat.endpoint is not None
        address = self.addresses[seat.endpoint.address]
        if address.several_since is not None:
            is_shared = address.shared_since is not None and address.shared_since < seat.at
            return is_shared and not later
        if any(endpoint.address != seat.endpoint.address for endpoint in later):
            return False
        # The rig may go on under its first address, if it got a new one without a rest; until a restart.
        is_first = seat.endpoint.address == first.address
        return is_first or not (later or any(seat.at < down < end for down, _ in self._down))

    def _is_seen(self, lap: TrueLap) -> bool:
        begin, end = min(lap.began) - _CALM_S, lap.ended_at + _CALM_S
        is_away = any(since < end and begin < until for since, until in self._down)
        return lap.driven_until > end and end < self._until and not is_away

    def __str__(self) -> str:
        lines = [*self._log, *(line for rig in self.rigs for line in rig.log)]
        lines += [
            f"{address.shared_since:8.1f} {name} is shared"
            for name, address in self.addresses.items()
            if address.shared_since is not None
        ]
        return "\n".join(sorted(lines, key=lambda line: float(line.split()[0])))


def _add(name: str, desk: Desk) -> str:
    return add(desk, name=name).id


def _join(desk: Desk, card: str, into: str, machine: Machine) -> None:
    before = desk.get_record(RigCard, card)
    version = 0 if before is None else before.seq
    join(desk, card, into=into, version=version, is_live=machine.is_live)
