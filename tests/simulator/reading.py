"""A trivial reader of simulated datagrams, independent of the timing engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from f1timings.packets.codec import Packet, decode
from f1timings.packets.layouts import identify
from f1timings.simulator import Emission, Scenario, simulate


class Heard(NamedTuple):
    """One datagram, decoded."""

    at: float
    rig: int
    packet: Packet

    @property
    def kind(self) -> str:
        return self.packet.layout.kind


@lru_cache(maxsize=12)
def played(scenario: Scenario) -> tuple[tuple[Emission, ...], dict[str, Any]]:
    """All of a scenario's datagrams, and the truth."""
    simulation = simulate(scenario)
    return tuple(simulation), simulation.truth


def heard(emissions: Scenario | Iterable[Emission], *kinds: str) -> Iterator[Heard]:
    """The datagrams of some kinds (all without any), decoded."""
    for emission in played(emissions)[0] if isinstance(emissions, Scenario) else emissions:
        if not kinds or identify(emission.data).kind in kinds:
            yield Heard(emission.at, emission.rig, decode(emission.data))


def counts(emissions: Iterable[Emission]) -> Counter[str]:
    """How many datagrams of each kind."""
    return Counter(identify(emission.data).kind for emission in emissions)


def event_codes(scenario: Scenario) -> list[str]:
    """Codes of the game's events in order, without the buttons."""
    codes = [each.packet.body.code.decode() for each in heard(scenario, "event")]
    return [code for code in codes if code != "BUTN"]


def last_lap_ms(car: Any) -> int:
    """The last lap's time in either of its forms."""
    return round(car.last_lap_time * 1000.0) if hasattr(car, "last_lap_time") else int(car.last_lap_time_ms)


@dataclass(slots=True)
class LapReader:
    """Reads lap times by the one rule that the last lap's time changes when a lap is complete."""

    laps: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    _numbers: dict[int, int] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)

    def take(self, body: Any) -> None:
        for index, car in enumerate(body.cars):
            last = last_lap_ms(car)
            if last and last != self._last.get(index, 0):
                self.laps[index, self._numbers[index]].append(last)
            self._last[index] = last
            self._numbers[index] = car.current_lap_num


def laps_by_reader(scenario: Scenario) -> tuple[dict[tuple[int, int], list[int]], dict[str, Any]]:
    """Lap times that a reader of nothing but lap data finds, by car and number, and the truth."""
    reader = LapReader()
    for each in heard(scenario, "lap_data"):
        reader.take(each.packet.body)
    return dict(reader.laps), played(scenario)[1]


def true_laps(session: dict[str, Any], *states: str) -> dict[tuple[int, int], list[int]]:
    """Lap times of the truth by car and number."""
    laps: dict[tuple[int, int], list[int]] = defaultdict(list)
    for lap in session["laps"]:
        if lap["state"] in states:
            laps[lap["car_index"], lap["lap_number"]].append(lap["lap_time_ms"])
    return dict(laps)
