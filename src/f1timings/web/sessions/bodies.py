"""JSON bodies of sessions, their participants and their classification."""

from __future__ import annotations

from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.store import StoredClassification, StoredSession
from f1timings.timing.records import ClassificationEntry, Participant
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

SESSION: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0",
    "rig": "192.168.1.21",
    "session_uid": "14061966829349171242",
    "epoch": 0,
    "format": 2025,
    "game_year": 25,
    "track_id": 11,
    "track": "Monza",
    "track_length_m": 5793,
    "session_type": "Race",
    "is_race": True,
    "formula": "Modern",
    "total_laps": 14,
    "is_online": False,
    "player_car_index": 19,
    "weather": "clear",
    "equal_performance": True,
    "is_ended": True,
    "continues": None,
    "opened_at": "2026-11-22T15:58:02.004100Z",
    "ended_at": "2026-11-22T16:19:40.310000Z",
    "lap_count": 280,
}


PARTICIPANT: dict[str, Any] = {
    "car_index": 19,
    "name": "VERSTAPPEN",
    "team": "Red Bull Racing",
    "race_number": 33,
    "is_ai": False,
    "is_player": True,
    "nationality": "Dutch",
    "driver": None,
}


SESSION_DETAIL: dict[str, Any] = SESSION | {"participants": [PARTICIPANT]}


CLASSIFICATION_ROW: dict[str, Any] = {
    "position": 1,
    "car_index": 19,
    "name": "VERSTAPPEN",
    "laps": 14,
    "best_lap_ms": 83456,
    "total_time_ms": 1184021,
    "penalties_s": 0,
    "status": "finished",
    "points": 25,
    "grid_position": 2,
    "pit_stops": 1,
}


CLASSIFICATION: dict[str, Any] = {
    "items": [CLASSIFICATION_ROW],
    "next": None,
    "session_id": SESSION["id"],
    "official_at": "2026-11-22T16:19:40.310000Z",
}


class SessionBody(Body):
    """One run of the game on one rig."""

    model_config = ConfigDict(json_schema_extra={"examples": [SESSION]})

    id: str
    rig: str
    session_uid: str = Field(description="The game's session UID, decimal text.")
    epoch: int = Field(description="0 for the first run under this UID on this rig.")
    format: int | None = Field(
        description="Packet format, a year from 2020 on; null for a session that holds laps typed by hand."
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
    equal_performance: bool | None = Field(description="null where the game does not give it (up to 2023).")
    is_ended: bool
    continues: str | None = Field(
        description="The session in which the game was saved, if this is the loaded save; null otherwise."
    )
    opened_at: Timestamp
    ended_at: Timestamp | None
    lap_count: int = Field(description="Laps in every state.")

    @classmethod
    def of(cls, stored: StoredSession) -> Self:
        """The body of a stored session."""
        return cls(**_session_facts(stored))


class SessionParticipantBody(Body):
    """The occupant of a car, as the game names it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PARTICIPANT]})

    car_index: int
    name: str | None
    team: str | None
    race_number: int | None
    is_ai: bool
    is_player: bool
    nationality: str | None
    driver: str | None = Field(description="The driver who is assigned.")

    @classmethod
    def of(cls, participant: Participant) -> Self:
        """The body of a participant."""
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


class SessionDetailBody(SessionBody):
    """A session with its participants."""

    model_config = ConfigDict(json_schema_extra={"examples": [SESSION_DETAIL]})

    participants: list[SessionParticipantBody]

    @classmethod
    def with_participants(cls, stored: StoredSession, participants: tuple[Participant, ...]) -> Self:
        """The body of a stored session and its participants."""
        bodies = [SessionParticipantBody.of(participant) for participant in participants]
        return cls(**_session_facts(stored), participants=bodies)


class ClassificationRowBody(Body):
    """One car's row in the result of a session."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLASSIFICATION_ROW]})

    position: int
    car_index: int
    name: str | None
    laps: int | None
    best_lap_ms: int | None
    total_time_ms: int | None = Field(description="Without penalties, as the game sends it.")
    penalties_s: int | None
    status: str
    points: int | None = Field(description="0 outside races.")
    grid_position: int | None
    pit_stops: int | None

    @classmethod
    def of(cls, entry: ClassificationEntry) -> Self:
        """The body of an entry."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class ClassificationBody(ListBody[ClassificationRowBody]):
    """The game's result of a session, in order of position."""

    model_config = ConfigDict(json_schema_extra={"examples": [CLASSIFICATION]})

    session_id: str
    official_at: Timestamp

    @classmethod
    def of(cls, stored: StoredClassification) -> Self:
        """The body of a stored classification."""
        return cls(
            items=[ClassificationRowBody.of(entry) for entry in stored.entries],
            next=None,
            session_id=stored.session_id,
            official_at=moment_text(stored.official_at),
        )


class SessionListBody(ListBody[SessionBody]):
    """Sessions of every rig."""


def _session_facts(stored: StoredSession) -> dict[str, Any]:
    session = stored.session
    equal_names = (
        "id rig epoch game_year track_id track track_length_m session_type is_race formula total_laps "
        "is_online player_car_index weather equal_performance is_ended continues"
    )
    return {name: getattr(session, name) for name in equal_names.split()} | {
        "session_uid": str(session.uid),
        "format": session.packet_format or None,
        "opened_at": moment_text(stored.opened_at),
        "ended_at": None if stored.ended_at is None else moment_text(stored.ended_at),
        "lap_count": stored.lap_count,
    }
