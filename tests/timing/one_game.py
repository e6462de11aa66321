"""A game that sends the packets of one rig to an engine, as the real game does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from f1timings.packets import Header, build, encode, identify, read_header
from f1timings.timing.engine import TIMED_KINDS, Engine
from f1timings.timing.events import (
    EngineEvent,
    LapRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.records import ClassificationEntry, Lap, Participant, Session

ACTIVE, FINISHED = 2, 3
_UNION_BYTES = {2020: 7, 2021: 8}
# The bytes that real games send after the used member of an event's union.
_GARBAGE = bytes.fromhex("5a172d575a172d575a172d57")


class Game:
    """One game and the engine that times it.

    Attributes:
        now: session time in seconds; frames are sixtieths of it.
    """

    def __init__(self, packet_format: int = 2025, uid: int = 2**63 + 5, *, player: int = 0) -> None:
        self.format = packet_format
        self.uid = uid
        self.player = player
        self.now = 0.0
        self.engine = Engine("10.0.0.5")
        self.laps: dict[str, Lap] = {}
        self.sessions: dict[str, Session] = {}
        self.participants: dict[str, tuple[Participant, ...]] = {}
        self.results: list[tuple[ClassificationEntry, ...]] = []

    # Packets -------------------------------------------------------------------------------------------

    def send(self, kind: str, *, uid: int | None = None, frame: int | None = None, **fields: Any) -> None:
        """Send one packet of any kind, at this moment."""
        at = round(self.now * 60) if frame is None else frame
        overall = at if self.format >= 2023 else 0
        year = self.format % 100 if self.format >= 2023 else 0
        own_uid = self.uid if uid is None else uid
        header = Header(
            self.format,
            game_year=year,
            session_uid=own_uid,
            session_time=self.now,
            frame_identifier=at,
            overall_frame_identifier=overall,
            player_car_index=self.player,
        )
        self.feed(encode(build(self.format, kind, header, **fields)))

    def feed(self, data: bytes) -> None:
        """Feed one datagram to the engine, as the pipeline does."""
        layout = identify(data)
        if layout.kind in TIMED_KINDS:
            self.handle_events(self.engine.feed(data, layout, read_header(data, layout)))

    def session(self, session_type: int = 15, track: int = 0, **fields: Any) -> None:
        """Send a session packet; by default a race at Melbourne in the new numbering."""
        self.send("session", session_type=session_type, track_id=track, track_length=5278, **fields)

    def drive(
        self,
        lap: int,
        clock: int,
        *,
        last: int = 0,
        sectors: tuple[int, int] = (0, 0),
        status: int = ACTIVE,
        car: int = 0,
        others: dict[int, dict[str, Any]] | None = None,
        **more: Any,
    ) -> None:
        """Send lap data of a car on a lap; ``clock`` and ``last`` (the last lap time) are in ms."""
        row: dict[str, Any] = {"current_lap_num": lap, "result_status": status, "driver_status": 4}
        row |= self._times(clock, last, sectors)
        row |= {"lap_distance": 10.0, "sector": 2 if sectors[1] else 1 if sectors[0] else 0}
        self.send("lap_data", cars={car: {**row, **more}, **(others or {})})

    def whole_lap(self, lap: int, lap_time: int, *, last: int = 0, car: int = 0, **more: Any) -> None:
        """Drive a lap up to the packet before the line; sectors 1 and 2 take 30 s each."""
        start = self.now
        for clock, sectors in (
            (10, (0, 0)),
            (29_990, (0, 0)),
            (30_010, (30_000, 0)),
            (60_010, (30_000, 30_000)),
            (lap_time - 10, (30_000, 30_000)),
        ):
            self.now = start + clock / 1000
            self.drive(lap, clock, last=last, sectors=sectors, car=car, **more)
        self.now = start + (lap_time + 6) / 1000

    def history(
        self, car: int, *lap_times: int, uid: int | None = None, frame: int | None = None, **fields: Any
    ) -> None:
        """Send a session history; a time of 0 is a lap under way."""
        laps = [
            {"lap_time_ms": t, **self._history_sectors(t), "lap_valid_bit_flags": 15} if t else {}
            for t in lap_times
        ]
        body = {"car_idx": car, "num_laps": len(laps), "lap_history_data": laps, **fields}
        self.send("session_history", uid=uid, frame=frame, **body)

    def event(self, code: bytes, details: bytes = b"", *, frame: int | None = None) -> None:
        """Send an event; the union after its member is garbage, as in real events."""
        union = details + _GARBAGE[len(details) :]
        self.send("event", frame=frame, code=code, details=union[: _UNION_BYTES.get(self.format, 12)])

    def classify(self, *, uid: int | None = None, **cars: dict[str, Any]) -> None:
        """Send a final classification; cars as ``car0={...}``, and frame 0, as the games send it."""
        rows = {int(name.removeprefix("car")): row for name, row in cars.items()}
        self.send("final_classification", uid=uid, frame=0, num_cars=len(rows), cars=rows)

    def handle_events(self, events: Iterable[EngineEvent]) -> None:
        """Store the newest version of each record."""
        for event in events:
            match event:
                case SessionChanged(session):
                    self.sessions[session.id] = session
                case ParticipantsChanged(session_id, participants):
                    self.participants[session_id] = participants
                case LapRecorded(lap):
                    self.laps[lap.id] = lap
                case SessionClassified(_, entries):
                    self.results.append(entries)
                case _:
                    pass

    # Results ------------------------------------------------------------------------------------------

    def times(self, car: int = 0) -> list[tuple[int, int | None, str]]:
        """(lap number, time, state) of a car's laps."""
        laps = sorted(
            (lap for lap in self.laps.values() if lap.car_index == car),
            key=lambda lap: (lap.session_id, lap.lap_number, lap.branch),
        )
        return [(lap.lap_number, lap.lap_time_ms, lap.state.value) for lap in laps]

    def _times(self, clock: int, last: int, sectors: tuple[int, int]) -> dict[str, Any]:
        row: dict[str, Any] = self._parts("sector1_time", sectors[0]) | self._parts(
            "sector2_time", sectors[1]
        )
        if self.format == 2020:
            return row | {"current_lap_time": clock / 1000, "last_lap_time": last / 1000}
        return row | {"current_lap_time_ms": clock, "last_lap_time_ms": last}

    def _history_sectors(self, lap_time: int) -> dict[str, int]:
        row: dict[str, int] = {}
        for number, value in ((1, 30_000), (2, 30_000), (3, lap_time - 60_000)):
            row |= self._parts(f"sector{number}_time", value)
        return row

    def _parts(self, name: str, value: int) -> dict[str, int]:
        if self.format >= 2023:
            return {f"{name}_ms": value % 60_000, f"{name}_minutes": value // 60_000}
        return {f"{name}_ms": value % 65_536}
