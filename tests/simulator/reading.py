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


class Received(NamedTuple):
    """One datagram, decoded."""

    at: float
    rig: int
    packet: Packet

    @property
    def kind(self) -> str:
        return self.packet.layout.kind


@lru_cache(maxsize=12)
def run_scenario(scenario: Scenario) -> tuple[tuple[Emission, ...], dict[str, Any]]:
    """All datagrams of a scenario, and the truth."""
    simulation = simulate(scenario)
    return tuple(simulation), simulation.truth


def decode_all(emissions: Scenario | Iterable[Emission], *kinds: str) -> Iterator[Received]:
    """The datagrams of the given kinds, decoded; all datagrams without kinds."""
    for emission in run_scenario(emissions)[0] if isinstance(emissions, Scenario) else emissions:
        if not kinds or identify(emission.data).kind in kinds:
            yield Received(emission.at, emission.rig, decode(emission.data))


def counts(emissions: Iterable[Emission]) -> Counter[str]:
    """The number of datagrams by kind."""
    return Counter(identify(emission.data).kind for emission in emissions)


def event_codes(scenario: Scenario) -> list[str]:
    """The codes of the game events in order, without the buttons."""
    codes = [datagram.packet.body.code.decode() for datagram in decode_all(scenario, "event")]
    return [code for code in codes if code != "BUTN"]


def last_lap_ms(car: Any) -> int:
    """The time of the last lap, from seconds or milliseconds."""
    return round(car.last_lap_time * 1000.0) if hasattr(car, "last_lap_time") else int(car.last_lap_time_ms)


@dataclass(slots=True)
class LapReader:
    """Reads lap times by a single rule: the time of the last lap changes when a lap is complete."""

    laps: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    _numbers: dict[int, int] = field(default_factory=dict)
    _last: dict[int, int] = field(default_factory=dict)

    def handle_lap_data(self, body: Any) -> None:
        for index, car in enumerate(body.cars):
            last = last_lap_ms(car)
            if last and last != self._last.get(index, 0):
                self.laps[index, self._numbers[index]].append(last)
            self._last[index] = last
            self._numbers[index] = car.current_lap_num


def laps_by_reader(scenario: Scenario) -> tuple[dict[tuple[int, int], list[int]], dict[str, Any]]:
    """Lap times by car and lap number, read from lap data only, and the truth."""
    reader = LapReader()
    for datagram in decode_all(scenario, "lap_data"):
        reader.handle_lap_data(datagram.packet.body)
    return dict(reader.laps), run_scenario(scenario)[1]


def true_laps(session: dict[str, Any], *states: str) -> dict[tuple[int, int], list[int]]:
    """Lap times of the truth by car and lap number."""
    laps: dict[tuple[int, int], list[int]] = defaultdict(list)
    for lap in session["laps"]:
        if lap["state"] in states:
            laps[lap["car_index"], lap["lap_number"]].append(lap["lap_time_ms"])
    return dict(laps)
