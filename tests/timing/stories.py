"""A game that sends the packets of a test to an engine, and simulated sessions with the engine's events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from f1timings.packets import Header, build, decode, encode, identify, layout_of, read_header
from f1timings.packets.structs import StructCodec
from f1timings.simulator import TIMING_KINDS, Scenario, ScenarioKind, simulate
from f1timings.timing.engine import Engine
from f1timings.timing.events import (
    EngineEvent,
    LapRecorded,
    OccurrenceRecorded,
    SessionClassified,
)
from f1timings.timing.occurrences import (
    Incident,
    IncidentKind,
    OccurrenceT,
    PitVisit,
    Stint,
)
from f1timings.timing.records import (
    Lap,
)
from f1timings.timing.running_order import RunningOrder
from tests.network.faults import add_faults

UID = 14061966829349171242
HZ = 60
KINDS = TIMING_KINDS | {"car_status"}


@dataclass
class Game:
    """One rig's game: it builds packets for its moment, and sends them to its engine."""

    year: int = 2025
    engine: Engine = field(default_factory=lambda: Engine("rig"))
    uid: int = UID
    at_s: float = 10.0
    rewound_frames: int = 0

    def header(self, at_s: float | None = None, frame: int | None = None) -> Header:
        time_s = self.at_s if at_s is None else at_s
        frame = round(time_s * HZ) if frame is None else frame
        has_overall = self.year >= 2023 and frame
        overall = frame + self.rewound_frames if has_overall else 0
        return Header(
            self.year,
            game_year=self.year - 2000,
            session_uid=self.uid,
            session_time=time_s,
            frame_identifier=frame,
            overall_frame_identifier=overall,
        )

    def packet(self, kind: str, header: Header | None = None, **fields: Any) -> bytes:
        return encode(build(self.year, kind, header or self.header(), **fields))

    def event(self, code: str, header: Header | None = None, **details: Any) -> bytes:
        record = layout_of(self.year, "event").details.get(code)
        raw = b""
        if record is not None:
            flat: list[Any] = []
            record.write(record.fill(details), flat)
            raw = StructCodec(record).pack(flat)
        room = layout_of(self.year, "event").body.nodes["details"].size
        return self.packet("event", header, code=code.encode(), details=raw.ljust(room, b"\x5a"))

    def session(self, header: Header | None = None, **fields: Any) -> bytes:
        defaults = {"session_type": 10 if self.year < 2024 else 15, "track_length": 5000, "track_id": 11}
        return self.packet("session", header, **(defaults | fields))

    def laps(self, header: Header | None = None, cars: dict[int, dict[str, Any]] | None = None) -> bytes:
        """Lap data; by default each car is active and in its first lap."""
        defaults = {"current_lap_num": 1, "result_status": 2, "driver_status": 4, "lap_distance": 500.0}
        rows = {slot: defaults | {"car_position": slot + 1} | car for slot, car in (cars or {0: {}}).items()}
        return self.packet("lap_data", header, cars=rows)

    def feed(self, *datagrams: bytes) -> list[EngineEvent]:
        events: list[EngineEvent] = []
        for data in datagrams:
            layout = identify(data)
            events += self.engine.feed(data, layout, read_header(data, layout))
        return events

    def opened(self) -> Game:
        """The same game with its session opened and cars on the track."""
        self.feed(self.session(), self.laps())
        return self

    def run(self, to_s: float, step_s: float = 1 / HZ) -> list[EngineEvent]:
        """Lap data of one car on the track up to a session time."""
        events: list[EngineEvent] = []
        while self.at_s + step_s <= to_s:
            self.at_s += step_s
            events += self.feed(self.laps())
        return events

    def rewind(self, to_s: float) -> list[EngineEvent]:
        """A flashback without its event: the next lap data have an earlier time."""
        left = round(self.at_s * HZ)
        self.at_s = to_s
        self.rewound_frames += left - round(to_s * HZ) + 1
        return [event for _ in range(4) for event in self._step()]

    def _step(self) -> list[EngineEvent]:
        events = self.feed(self.laps())
        self.at_s += 1 / HZ
        return events


def incidents(events: Iterable[EngineEvent], *kinds: IncidentKind) -> list[Incident]:
    """The incidents in events: of these kinds, or of all kinds but the weather."""
    return [
        incident
        for incident in occurrences(events, Incident)
        if (incident.kind in kinds if kinds else incident.kind is not IncidentKind.WEATHER)
    ]


def occurrences(events: Iterable[EngineEvent], kind: type[OccurrenceT]) -> list[OccurrenceT]:
    """The occurrences of one kind that events report."""
    records = (event.record for event in events if isinstance(event, OccurrenceRecorded))
    return [record for record in records if isinstance(record, kind)]


@dataclass
class Story:
    """A simulated session as an engine timed it, with the newest version of each record.

    Attributes:
        orders: each completed lap, and the running order at its end.
        raw_result: the car's row in the final classification, by car; empty if the game sent none.
        truth: what the simulator drove.
        order: the running order at the end.
    """

    events: list[EngineEvent] = field(default_factory=list)
    orders: list[tuple[Lap, RunningOrder]] = field(default_factory=list)
    raw_result: dict[int, Any] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)
    order: RunningOrder | None = None

    @property
    def incidents(self) -> list[Incident]:
        return self._newest(Incident)

    @property
    def stints(self) -> list[Stint]:
        return self._newest(Stint)

    @property
    def visits(self) -> list[PitVisit]:
        return self._newest(PitVisit)

    @property
    def laps(self) -> dict[str, Lap]:
        return {event.lap.id: event.lap for event in self.events if isinstance(event, LapRecorded)}

    @property
    def result(self) -> SessionClassified:
        return next(event for event in reversed(self.events) if isinstance(event, SessionClassified))

    def _newest(self, kind: type[OccurrenceT]) -> list[OccurrenceT]:
        return list({record.id: record for record in occurrences(self.events, kind)}.values())


def counting(records: Iterable[OccurrenceT]) -> list[OccurrenceT]:
    """The occurrences that no flashback undid."""
    return [record for record in records if not record.is_superseded]


def scenario(kind: ScenarioKind, year: int, seed: int = 1, **facts: Any) -> Scenario:
    """A short session with penalties, pit stops and flashbacks, cheap to play."""
    race_facts: dict[str, Any] = {"penalties": 6, "pit_stops": 1, "flashbacks": 2}
    defaults: dict[str, Any] = {"laps": 4, "cars": 6, "rate_hz": 20, "track_id": 3, "kinds": KINDS}
    return Scenario(kind, year, seed=seed, **(defaults | (race_facts if kind == "race" else {}) | facts))


@lru_cache(maxsize=16)
def play(played: Scenario, bad_network: int = 0) -> Story:
    """Time a scenario with an engine; with a seed, over a network that duplicates and reorders datagrams."""
    story, engine, simulation = Story(), Engine("rig"), simulate(played)
    share = 0.05 if bad_network else 0.0
    for emission in add_faults(simulation, reorder=share, duplicate=share, seed=bad_network):
        layout = identify(emission.data)
        events = engine.feed(emission.data, layout, read_header(emission.data, layout))
        story.events += events
        for event in events:
            if isinstance(event, LapRecorded) and event.lap.lap_time_ms and layout.kind == "lap_data":
                order = engine.order()
                assert order is not None
                story.orders.append((event.lap, order))
        if layout.kind == "final_classification":
            story.raw_result = _raw_result(emission.data)
    story.order, story.truth = engine.order(), simulation.truth["sessions"][-1]
    return story


def _raw_result(data: bytes) -> dict[int, Any]:
    return {slot: car for slot, car in enumerate(decode(data).body.cars) if car.position}
