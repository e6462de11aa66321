"""The JSON of the API: each model's fields, how it is made from a record, and an example of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from f1timings.live.messages import utc_text
from f1timings.meeting.rigs import SILENT_S, RigSeen, RigStatus
from f1timings.store import StoredClassification, StoredFact, StoredLap, StoredSession
from f1timings.timing import records, running_order
from f1timings.timing.records import ClassificationEntry, DetailValue, IncidentKind, LapState, Participant
from f1timings.web import examples

Row = TypeVar("Row", bound=BaseModel)
Timestamp = Annotated[
    str,
    Field(
        description="RFC 3339, UTC.",
        examples=["2026-11-22T16:12:00.123456Z"],
        json_schema_extra={"format": "date-time"},
    ),
]


def moment_text(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, always to the microsecond so that the texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Body(BaseModel):
    """What all bodies share: nothing converted, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class List(Body, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next: str | None = Field(description="Give it as `cursor` to get the next page; null after the last row.")


class Lap(Body):
    """One lap of one car; what is not known is null, never 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LAP]})

    id: str
    session_id: str
    session_uid: str = Field(description="The game's session UID, decimal text.")
    rig: str
    car_index: int
    participant: str | None = Field(description="The name in the game.")
    driver: str | None = Field(description="The person, where somebody is assigned.")
    lap_number: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    compound: str | None
    state: LapState
    recovered: bool = Field(description="A lost datagram hid part of it; a later one supplied it.")
    official_at: Timestamp
    branch: int = Field(description="0 for the first drive of this lap, one more after each flashback.")
    revision: int = Field(description="1 for the original, one more for each correction.")

    @classmethod
    def of(cls, stored: StoredLap) -> Self:
        """From a lap as stored."""
        return cls(
            **lap_facts(stored.lap),
            driver=stored.driver,
            official_at=moment_text(stored.official_at),
            revision=stored.revision,
        )


def lap_facts(lap: records.Lap) -> dict[str, Any]:
    """What the JSON of a lap says of the lap itself, wherever it is from."""
    return {
        "id": lap.id,
        "session_id": lap.session_id,
        "session_uid": str(lap.session_uid),
        "rig": lap.rig,
        "car_index": lap.car_index,
        "participant": lap.participant,
        "lap_number": lap.lap_number,
        "lap_time_ms": lap.lap_time_ms,
        "sector1_ms": lap.sector1_ms,
        "sector2_ms": lap.sector2_ms,
        "sector3_ms": lap.sector3_ms,
        "is_valid": lap.is_valid,
        "compound": lap.compound,
        "state": lap.state,
        "recovered": lap.recovered,
        "branch": lap.branch,
    }


class Session(Body):
    """One run of the game on one rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SESSION]})

    id: str
    rig: str
    session_uid: str = Field(description="The game's session UID, decimal text.")
    epoch: int = Field(description="0 for the first run under this UID on this rig.")
    format: int = Field(description="Packet format, 2020 to 2026.")
    game_year: int | None
    track_id: int | None
    track: str | None
    track_length_m: int | None
    session_type: str | None
    is_race: bool
    formula: str | None
    total_laps: int | None
    is_online: bool | None
    player_car_index: int | None
    weather: str | None
    is_ended: bool
    opened_at: Timestamp
    ended_at: Timestamp | None
    lap_count: int = Field(description="Laps of every state.")

    @classmethod
    def of(cls, stored: StoredSession) -> Self:
        """From a session as stored."""
        return cls(**_session_facts(stored))


class SessionParticipant(Body):
    """Who occupies a car, as the game names it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PARTICIPANT]})

    car_index: int
    name: str | None
    team: str | None
    race_number: int | None
    is_ai: bool
    is_player: bool
    nationality: str | None
    driver: str | None = Field(description="The person, where somebody is assigned.")

    @classmethod
    def of(cls, participant: Participant) -> Self:
        """From a participant's record."""
        return cls(
            car_index=participant.car_index,
            name=participant.name,
            team=participant.team,
            race_number=participant.race_number,
            is_ai=participant.is_ai,
            is_player=participant.is_player,
            nationality=participant.nationality,
            driver=None,
        )


class SessionDetail(Session):
    """A session with its participants."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SESSION_DETAIL]})

    participants: list[SessionParticipant]

    @classmethod
    def with_participants(cls, stored: StoredSession, participants: tuple[Participant, ...]) -> Self:
        """From a session as stored and those who take part."""
        return cls(
            **_session_facts(stored), participants=[SessionParticipant.of(one) for one in participants]
        )


class ClassificationRow(Body):
    """One car's row in the result of a session."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLASSIFICATION_ROW]})

    position: int
    car_index: int
    name: str | None
    laps: int
    best_lap_ms: int | None
    total_time_ms: int | None = Field(description="Without penalties, as the game sends it.")
    penalties_s: int
    status: str
    points: int | None = Field(description="0 outside races.")
    grid_position: int | None
    pit_stops: int

    @classmethod
    def of(cls, entry: ClassificationEntry) -> Self:
        """From an entry's record."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class Classification(List[ClassificationRow]):
    """The game's result of a session, in order of position."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CLASSIFICATION]})

    session_id: str
    official_at: Timestamp

    @classmethod
    def of(cls, stored: StoredClassification) -> Self:
        """From a classification as stored."""
        return cls(
            items=[ClassificationRow.of(entry) for entry in stored.entries],
            next=None,
            session_id=stored.session_id,
            official_at=moment_text(stored.official_at),
        )


class Incident(Body):
    """Something that happened in a session beside the laps, as the game says it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.INCIDENT]})

    id: str
    session_id: str
    kind: IncidentKind
    car_index: int | None = Field(description="null where it concerns no car.")
    other_car_index: int | None
    lap_number: int | None = Field(description="The lap that the car was on.")
    session_time_ms: int = Field(description="The game's clock.")
    detail: dict[str, DetailValue] = Field(description="What else the game says; differs from kind to kind.")
    is_superseded: bool = Field(description="The game was rewound to a moment before it.")
    recorded_at: Timestamp = Field(description="When it was first seen.")

    @classmethod
    def of(cls, stored: StoredFact[records.Incident]) -> Self:
        """From an incident as stored."""
        return cls(**_fact(stored) | {"detail": dict(stored.record.detail)})


class Stint(Body):
    """A run of one car on one set of tyres."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STINT]})

    id: str
    session_id: str
    car_index: int
    number: int = Field(description="1 for the first.")
    first_lap: int | None
    last_lap: int | None = Field(description="null while it lasts.")
    compound: str | None = Field(description="Visual compound.")
    actual_compound: str | None
    is_superseded: bool = Field(description="The game was rewound to a moment before it.")
    recorded_at: Timestamp = Field(description="When it was first seen.")

    @classmethod
    def of(cls, stored: StoredFact[records.Stint]) -> Self:
        """From a stint as stored."""
        return cls(**_fact(stored))


class PitVisit(Body):
    """One drive of one car into the pit lane and out of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PIT_VISIT]})

    id: str
    session_id: str
    car_index: int
    lap_number: int = Field(description="The lap in which it began.")
    entered_ms: int = Field(description="The game's clock.")
    left_ms: int | None = Field(description="The game's clock; null while the car is in there.")
    lane_ms: int | None = Field(description="The game's timer from entry to exit.")
    stop_ms: int | None = Field(description="The game's timer of the stationary part.")
    compound_before: str | None
    compound_after: str | None
    is_superseded: bool = Field(description="The game was rewound to a moment before it.")
    recorded_at: Timestamp = Field(description="When it was first seen.")

    @classmethod
    def of(cls, stored: StoredFact[records.PitVisit]) -> Self:
        """From a pit visit as stored."""
        return cls(**_fact(stored))


class OrderRow(Body):
    """One car in the running order."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORDER_ROW]})

    position: int
    car_index: int
    participant: str | None = Field(description="The name in the game.")
    lap_number: int
    gap_ms: int | None = Field(
        description="To the first car: in a race on the road, otherwise between best laps; null if not known."
    )
    interval_ms: int | None = Field(description="The same to the car ahead; null for the first.")
    laps_down: int | None = Field(description="Whole laps behind the first car; null outside races.")
    last_lap_ms: int | None
    best_lap_ms: int | None
    pit_status: str | None
    result_status: str | None

    @classmethod
    def of(cls, row: running_order.OrderRow) -> Self:
        """From a row of the engine's."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class RunningOrder(List[OrderRow]):
    """The order of a rig's session at this moment, all cars that take part."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ORDER]})

    session_id: str | None = Field(description="null before the rig's first session since our start.")
    session_time_ms: int | None = Field(description="The game's clock.")

    @classmethod
    def of(cls, order: running_order.Order | None) -> Self:
        """From the engine's, None if it has none."""
        if order is None:
            return cls(items=[], next=None, session_id=None, session_time_ms=None)
        return cls(
            items=[OrderRow.of(row) for row in order.rows],
            next=None,
            session_id=order.session_id,
            session_time_ms=order.session_time_ms,
        )


class Rig(Body):
    """A simulator that sends to this server; counters since the start of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RIG]})

    rig: str
    address: str
    port: int
    listen_port: int = Field(description="Our port that it sends to.")
    packet_format: int | None
    game_year: int | None
    is_live: bool = Field(description=f"It sent something within the last {SILENT_S:g} s.")
    last_received_at: Timestamp | None = Field(description="null before the first datagram since our start.")
    datagrams: int
    packets: dict[str, int] = Field(description="Recognised, by kind.")
    rejected: dict[str, int] = Field(description="Not recognised, by reason.")

    @classmethod
    def of(cls, seen: RigSeen | RigStatus, status: RigStatus | None, now: float | None = None) -> Self:
        """From what the store knows of a rig and how the intake sees it now.

        Args:
            seen: as stored, or the status itself for one that is not stored yet.
            status: None if it has sent nothing since our start.
            now: seconds since 1970; the clock if None.
        """
        newest = status or seen
        packets = {} if status is None else _counts(status.packets)
        rejected = {} if status is None else _counts(status.rejected)
        return cls(
            rig=seen.key,
            address=newest.address,
            port=newest.port,
            listen_port=newest.listen_port,
            packet_format=newest.packet_format if newest.packet_format is not None else seen.packet_format,
            game_year=newest.game_year if newest.game_year is not None else seen.game_year,
            is_live=status is not None and status.is_live(time.time() if now is None else now),
            last_received_at=None if status is None else utc_text(status.last_received_at),
            datagrams=sum(packets.values()) + sum(rejected.values()),
            packets=packets,
            rejected=rejected,
        )


class LapList(List[Lap]):
    """Laps of every state, unless filtered."""


class SessionList(List[Session]):
    """Sessions of every rig."""


class IncidentList(List[Incident]):
    """Incidents of one session, superseded ones too."""


class StintList(List[Stint]):
    """Stints of one session, superseded ones too."""


class PitVisitList(List[PitVisit]):
    """Pit visits of one session, superseded ones too."""


class RigList(List[Rig]):
    """Every rig that has ever sent to this server."""


class Health(Body):
    """The process is alive."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HEALTH]})

    status: str
    version: str


class Ready(Body):
    """Whether the server can do its work, and how each part of it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.READY]})

    status: str
    checks: dict[str, str]


def _session_facts(stored: StoredSession) -> dict[str, Any]:
    session = stored.session
    same = (
        "id rig epoch game_year track_id track track_length_m session_type is_race formula total_laps "
        "is_online player_car_index weather is_ended"
    )
    return {name: getattr(session, name) for name in same.split()} | {
        "session_uid": str(session.uid),
        "format": session.packet_format,
        "opened_at": moment_text(stored.opened_at),
        "ended_at": None if stored.ended_at is None else moment_text(stored.ended_at),
        "lap_count": stored.lap_count,
    }


def _fact(stored: StoredFact[Any]) -> dict[str, Any]:
    facts = {field.name: getattr(stored.record, field.name) for field in fields(stored.record)}
    return facts | {"recorded_at": moment_text(stored.recorded_at)}


def _counts(counter: Mapping[str, int]) -> dict[str, int]:
    # The intake counts on another thread: one copy that nobody changes, and all else from that.
    return dict(sorted(dict(counter).items()))
