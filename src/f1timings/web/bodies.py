"""The JSON of the API: each model's fields, how it is made from a record, and an example of it."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from f1timings.live.messages import utc_text
from f1timings.meeting.people import Driver, RigCard
from f1timings.meeting.rig_health import Hint, RigFacts, hints
from f1timings.meeting.rigs import SILENT_S, RigSeen, RigStatus
from f1timings.store import StoredClassification, StoredFact, StoredLap, StoredSession
from f1timings.store.rigs_reads import Seated, StoredCard
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
    driver: str | None = Field(description="The person as screens name them; null if it is nobody's.")
    driver_id: str | None
    basis: str | None = Field(
        description="How that is known: `claim` (a marshal says so), `assignment`, `default`, `game_name`, "
        "`manual` (typed for this driver)."
    )
    meeting_id: str | None = Field(description="On whose boards it stands.")
    circuit: str | None
    source: Literal["telemetry", "manual"] = Field(description="From a game, or typed by hand.")
    typed: str | None = Field(description="Of a manual lap: the time as it was typed.")
    lap_number: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None = Field(description="The game's word on track limits, or a marshal's over it.")
    compound: str | None
    assists: str | None = Field(
        description="Those that were on at any moment of the lap, sorted words joined by commas; `none` if "
        "all were off; null where the game does not say (other cars than the rig's own, 2020)."
    )
    weather: str | None = Field(description="At the lap's start; `mixed` if it changed during the lap.")
    state: LapState
    game_state: LapState | None = Field(
        description="What the game said, where a marshal decided something about the lap; null elsewhere."
    )
    game_is_valid: bool | None = Field(description="The same for `is_valid`.")
    marked_by: str | None = Field(description="Who decided about it last, or typed it.")
    reason: str | None = Field(description="Why, where they said so.")
    recovered: bool = Field(description="A lost datagram hid part of it; a later one supplied it.")
    began_at: Timestamp | None = Field(
        description="By our clock; after a flashback over the line the moment of the flashback. null if "
        "nobody saw it begin. The lap belongs to whoever was assigned then."
    )
    official_at: Timestamp
    branch: int = Field(description="0 for the first drive of this lap, one more after each flashback.")
    revision: int = Field(description="1 for the original, one more for each correction.")

    @classmethod
    def of(cls, stored: StoredLap) -> Self:
        """From a lap as stored."""
        return cls(
            **lap_facts(stored.lap),
            **{name: getattr(stored, name) for name in _BESIDE_LAP},
            began_at=None if stored.began_at is None else moment_text(stored.began_at),
            official_at=moment_text(stored.official_at),
            revision=stored.revision,
        )


_BESIDE_LAP = (
    "driver",
    "driver_id",
    "basis",
    "meeting_id",
    "circuit",
    "source",
    "typed",
    "game_state",
    "game_is_valid",
    "marked_by",
    "reason",
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
        "assists": lap.assists,
        "weather": lap.weather,
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
    format: int | None = Field(
        description="Packet format, 2020 to 2026; null for a session that holds laps typed by hand."
    )
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
    equal_performance: bool | None = Field(description="null where the game does not say (up to 2023).")
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


class RigDriver(Body):
    """A driver, by id and name as shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RIG_DRIVER]})

    driver_id: str
    name: str

    @classmethod
    def of(cls, driver: Driver | None) -> Self | None:
        """From the record."""
        return None if driver is None else cls(driver_id=driver.id, name=driver.shown_name)


class SeatedDriver(Body):
    """Whose the laps are that begin at a rig now."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SEATED_DRIVER]})

    driver_id: str
    name: str
    since: Timestamp
    assignment_id: str
    is_default: bool = Field(description="Nobody else is assigned, so it is who usually drives there.")

    @classmethod
    def of(cls, seated: Seated | None) -> Self | None:
        """From what the store knows."""
        if seated is None:
            return None
        return cls(
            driver_id=seated.driver.id,
            name=seated.driver.shown_name,
            since=moment_text(seated.assignment.since),
            assignment_id=seated.assignment.id,
            is_default=seated.assignment.is_default,
        )


class Rig(Body):
    """A simulator that sends to this server; counters since the start of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RIG]})

    rig: str
    version: int = Field(description="Of name and place; 0 before their first edit.")
    name: str | None = Field(description="What people call it; null until somebody names it.")
    place: int | None = Field(description="Where its card stands among the others.")
    driver: SeatedDriver | None = Field(
        description="Whose the laps are that begin now; null: nobody known drives."
    )
    default_driver: RigDriver | None = Field(description="Who usually drives there.")
    address: str
    port: int
    listen_port: int = Field(description="Our port that it sends to.")
    packet_format: int | None
    game_year: int | None
    is_live: bool = Field(description=f"It sent something within the last {SILENT_S:g} s.")
    last_received_at: Timestamp | None = Field(description="null before the first datagram since our start.")
    datagrams: int
    datagrams_per_s: float | None = Field(description="Over the last 5 s; null before that is known.")
    updates_per_s: float | None = Field(description="The send rate as it arrives, about 20, 30 or 60.")
    lost_pct: float | None = Field(description="Lost of the updates of the last 5 s; null if too few came.")
    hints: list[Hint] = Field(description="What to look at when something is missing; empty if all is well.")
    packets: dict[str, int] = Field(description="Recognised, by kind.")
    rejected: dict[str, int] = Field(description="Not recognised, by reason.")

    @classmethod
    def of(
        cls,
        seen: RigSeen | RigStatus,
        status: RigStatus | None,
        now: float | None = None,
        *,
        card: StoredCard | None = None,
        hides_names: bool = False,
    ) -> Self:
        """From what the store knows of a rig and how the intake sees it now.

        Args:
            seen: as stored, or the status itself for one that is not stored yet.
            status: None if it has sent nothing since our start.
            now: seconds since 1970; the clock if None.
            card: what people say of it.
            hides_names: somebody drives in its session whose name the game does not tell.
        """
        newest = status or seen
        facts = RigFacts.of(seen, status, time.time() if now is None else now, hides_names=hides_names)
        said = RigCard(seen.key, None, None) if card is None else card.card
        return cls(
            rig=seen.key,
            version=said.seq,
            name=said.name,
            place=said.place,
            driver=None if card is None else SeatedDriver.of(card.seated),
            default_driver=None if card is None else RigDriver.of(card.default),
            address=newest.address,
            port=newest.port,
            listen_port=newest.listen_port,
            packet_format=facts.packet_format,
            game_year=facts.game_year,
            is_live=facts.is_live,
            last_received_at=None if status is None else utc_text(status.last_received_at),
            datagrams=sum(facts.packets.values()) + sum(facts.rejected.values()),
            datagrams_per_s=_tenths(facts.datagrams_per_s),
            updates_per_s=_tenths(facts.updates_per_s),
            lost_pct=_tenths(facts.lost_pct),
            hints=list(hints(facts)),
            packets=dict(facts.packets),
            rejected=dict(facts.rejected),
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
        "is_online player_car_index weather equal_performance is_ended"
    )
    return {name: getattr(session, name) for name in same.split()} | {
        "session_uid": str(session.uid),
        "format": session.packet_format or None,
        "opened_at": moment_text(stored.opened_at),
        "ended_at": None if stored.ended_at is None else moment_text(stored.ended_at),
        "lap_count": stored.lap_count,
    }


def _fact(stored: StoredFact[Any]) -> dict[str, Any]:
    facts = {field.name: getattr(stored.record, field.name) for field in fields(stored.record)}
    return facts | {"recorded_at": moment_text(stored.recorded_at)}


def _tenths(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 1)
