"""Sessions of the simulator that are recorded once, and can be sent many times as different sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from f1timings.packets.layouts import layout_of
from f1timings.simulator import Scenario, simulate

#: (session UID, rig, car, lap number, branch) and (time, sectors 1 to 3, is it valid, state)
LapKey = tuple[str, str, int, int, int]
LapFacts = tuple[Any, ...]
Laps = dict[LapKey, LapFacts]

_FACTS: Final = ("lap_time_ms", "sector1_ms", "sector2_ms", "sector3_ms", "is_valid", "state")
_UIDS: Final = 2**64
# The shortest circuit: most laps.
_TRACK: Final = 17


class RecordedDatagram(NamedTuple):
    """A datagram, cut where the session UID is; ``after`` is None if it has no UID."""

    at_s: float
    before: bytes
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Recording:
    """One session from its first datagram to its last one, and the laps that were driven in it."""

    datagrams: list[RecordedDatagram]
    session: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        """How long the session is at the pace of the game."""
        return self.datagrams[-1].at_s

    def uid(self, number: int) -> int:
        """The session UID of a repetition."""
        return (int(self.session["session_uid"]) + number) % _UIDS or _UIDS // 2

    def laps(self, number: int, rig: str) -> Laps:
        """The laps with a time that a rig drives in a repetition."""
        uid = str(self.uid(number))
        return timed_laps(lap | {"session_uid": uid, "rig": rig} for lap in self.session["laps"])


def timed_laps(laps: Iterable[Mapping[str, Any]]) -> Laps:
    """The laps that have a time, of the simulator or of the API.

    Raises:
        ValueError: a lap is there twice.
    """
    found: Laps = {}
    for lap in laps:
        if lap["lap_time_ms"] is None:
            continue
        key = lap["session_uid"], lap["rig"], lap["car_index"], lap["lap_number"], lap["branch"]
        if key in found:
            raise ValueError(f"lap {key} is there twice")
        found[key] = tuple(lap[name] for name in _FACTS)
    return found


def scenarios(laps: int, rate_hz: int) -> list[Scenario]:
    """What the rigs drive, in turn: races with flashbacks and stops, and time trials, of three games."""
    session = partial(Scenario, laps=laps, rate_hz=rate_hz, track_id=_TRACK)
    return [
        session("race", 2025, seed=1, flashbacks=1, pit_stops=1),
        session("time_trial", 2025, seed=2, cars=4, invalid_laps=1),
        session("race", 2026, seed=3, retirements=1, pauses=1),
        session("time_trial", 2024, seed=4, cars=4),
    ]


def record(scenario: Scenario) -> Recording:
    """Simulate a session; takes some seconds."""
    simulation = simulate(scenario)
    datagrams = list(_cut(simulation, scenario.format))
    (session,) = simulation.truth["sessions"]
    return Recording(datagrams, session)


def _cut(emissions: Iterable[Any], packet_format: int) -> Iterator[RecordedDatagram]:
    begin = layout_of(packet_format, "lap_data").header.offsets["session_uid"]
    end = begin + 8
    for at_s, _rig, data in emissions:
        has_uid = any(data[begin:end])
        yield RecordedDatagram(at_s, data[:begin] if has_uid else data, data[end:] if has_uid else None)
