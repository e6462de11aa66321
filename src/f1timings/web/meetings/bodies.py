"""The JSON of meetings, circuits and acts."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from f1timings.meeting import meetings, people
from f1timings.meeting.people import MeetingState
from f1timings.packets import FIRST_FORMAT
from f1timings.web.http.acting import Version
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

_RULES: dict[str, Any] = {
    "session_types": None,
    "formats": None,
    "assists_allowed": True,
    "manual_laps": True,
}
MEETING: dict[str, Any] = {
    "id": "3f9a1c52b7d0",
    "version": 12,
    "name": "Thursday night",
    "date": "2026-11-22",
    "venue": "Club house",
    "circuit": None,
    "current_circuit": "Monza",
    "rules": _RULES,
    "points": [25, 18, 15],
    "state": "open",
    "created_at": "2026-11-22T18:00:00.000000Z",
    "opened_at": "2026-11-22T18:00:00.000000Z",
}
CIRCUIT: dict[str, Any] = {"circuit": "Monza", "is_known": True}
ACT: dict[str, Any] = {
    "id": "9b1d0a7c55e2",
    "at": "2026-11-22T20:04:11.512000Z",
    "by": "Marta",
    "kind": "meeting_changed",
    "subject": "3f9a1c52b7d0",
    "summary": "Meeting Thursday night was changed.",
    "can_undo": True,
    "undone_by": None,
    "undoes": None,
}

Name = Annotated[str, Field(max_length=400, description="1 to 80 characters.", examples=["Thursday night"])]
Day = Annotated[str, Field(max_length=40, examples=["2026-11-22"])]
Venue = Annotated[str, Field(max_length=400, description="Up to 80 characters.", examples=["Club house"])]
Circuit = Annotated[
    str | None, Field(max_length=400, description="null follows the circuit that most rigs drive.")
]
Scale = Annotated[
    list[int] | Literal["club", "f1_race", "f1_sprint", "top_three"],
    Field(description="Points for P1, P2 and so on, or the name of a common scale.", examples=[[25, 18, 15]]),
]
KeepSeats = Annotated[
    bool,
    Field(
        description="When the meeting opens, drivers stay at their rigs. If false, they leave them; usual "
        "drivers always stay."
    ),
]


class RulesBody(Body):
    """Which laps count on the boards of a meeting; null is all of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RULES]})

    session_types: list[Annotated[str, Field(max_length=80)]] | None = Field(None, max_length=50)
    formats: list[Annotated[int, Field(ge=FIRST_FORMAT, le=2099)]] | None = Field(None, max_length=20)
    assists_allowed: bool = Field(
        True, description="If false, only laps count that are known to be driven without any assist."
    )
    manual_laps: bool = Field(True, description="Laps typed by hand count.")

    @classmethod
    def of(cls, rules: people.Rules) -> Self:
        """Build the body of rules."""
        return cls(
            session_types=None if rules.session_types is None else list(rules.session_types),
            formats=None if rules.formats is None else list(rules.formats),
            assists_allowed=rules.assists_allowed,
            manual_laps=rules.manual_laps,
        )

    @property
    def record(self) -> people.Rules:
        """The rules as a record."""
        return people.Rules(
            session_types=None if self.session_types is None else tuple(self.session_types),
            formats=None if self.formats is None else tuple(self.formats),
            assists_allowed=self.assists_allowed,
            manual_laps=self.manual_laps,
        )


class MeetingBody(Body):
    """A meeting: a gathering that is timed."""

    model_config = ConfigDict(json_schema_extra={"examples": [MEETING]})

    id: str
    version: int
    name: str
    date: str
    venue: str
    circuit: str | None = Field(
        description="As a person set it; null follows the circuit that most rigs drive."
    )
    current_circuit: str | None = Field(
        description="The circuit of the board that is shown now; null if none is known."
    )
    rules: RulesBody
    points: list[int] = Field(description="For P1, P2 and so on.")
    state: MeetingState
    created_at: Timestamp
    opened_at: Timestamp

    @classmethod
    def of(cls, meeting: people.Meeting, current_circuit: str | None = None) -> Self:
        """Build the body of a meeting, given the circuit that the rigs drive."""
        return cls(
            id=meeting.id,
            version=meeting.seq,
            name=meeting.name,
            date=meeting.date,
            venue=meeting.venue,
            circuit=meeting.circuit,
            current_circuit=meeting.circuit or current_circuit,
            rules=RulesBody.of(meeting.rules),
            points=list(meeting.points),
            state=meeting.state,
            created_at=moment_text(meeting.created_at),
            opened_at=moment_text(meeting.opened_at),
        )


_FACTS = {"name", "date", "venue", "circuit", "rules", "points"}


class _FactsBody(Body):
    date: Day | None = None
    venue: Venue | None = None
    circuit: Circuit = None
    rules: RulesBody | None = None
    points: Scale | None = None

    def facts(self) -> dict[str, Any]:
        """Return the facts that are given, by name; only the circuit can be given as null."""
        given = {
            name: getattr(self, name)
            for name in self.model_fields_set & _FACTS
            if getattr(self, name) is not None or name == "circuit"
        }
        if "rules" in given:
            given["rules"] = given["rules"].record
        if "points" in given:
            points = given["points"]
            given["points"] = meetings.POINTS[points] if isinstance(points, str) else tuple(points)
        return given


class NewMeetingBody(_FactsBody):
    """A meeting to create; a fact that is not given is copied from `copy_of`, or gets its default."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Thursday night", "circuit": "Monza"}]}
    )

    name: Name
    copy_of: str | None = Field(
        None, max_length=40, description="Id of a meeting to copy venue, circuit, rules and points from."
    )
    open: bool = Field(True, description="Open it at once; the meeting that was open is archived.")
    keep_seats: KeepSeats = False


class MeetingEditBody(_FactsBody):
    """Facts to change; a fact that is not given stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 12, "circuit": "Spa"}]})

    version: Version
    name: Name | None = None


class OpeningBody(Body):
    """Opens a meeting again; the meeting that is open already stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 12}]})

    version: Version
    keep_seats: KeepSeats = False


class ClearBoardBody(Body):
    """Clears one board; no lap is deleted, and the act can be undone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"circuit": "Monza", "confirm": "Monza"}]})

    circuit: str = Field(max_length=400, description="Empty for laps of no known circuit.")
    confirm: str = Field(max_length=400, description="The circuit, typed again.")


class CircuitNameBody(Body):
    """A circuit that a meeting can have."""

    model_config = ConfigDict(json_schema_extra={"examples": [CIRCUIT]})

    circuit: str
    is_known: bool = Field(description="The games have this circuit; if false, a person entered it.")


class ActBody(Body):
    """Something that a person did."""

    model_config = ConfigDict(json_schema_extra={"examples": [ACT]})

    id: str
    at: Timestamp
    by: str
    kind: str
    subject: str = Field(description="Id of what it is about.")
    summary: str
    can_undo: bool
    undone_by: str | None = Field(
        description="Id of the act that undid this one; null again once that act was undone."
    )
    undoes: str | None = Field(description="Id of the act that this one undid.")

    @classmethod
    def of(cls, act: people.Act) -> Self:
        """Build the body of an act."""
        return cls(
            id=act.id,
            at=moment_text(act.at),
            by=act.by,
            kind=act.kind,
            subject=act.subject,
            summary=act.summary,
            can_undo=act.can_undo and act.undone_by is None,
            undone_by=act.undone_by,
            undoes=act.undoes,
        )


class MeetingListBody(ListBody[MeetingBody]):
    """All meetings, the open one first, then by the time they were last opened, newest first."""


class CircuitListBody(ListBody[CircuitNameBody]):
    """The circuits of all games and the circuits that people entered, by name."""


class ActListBody(ListBody[ActBody]):
    """A page of acts, newest first."""
