"""``/api/v1/leaderboard`` and ``/api/v1/boards``: the best laps at one circuit, and the list of boards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import AfterValidator, BaseModel, Field

from f1timings.errors import NotFound
from f1timings.meeting.circuits import circuit_key, known_circuits
from f1timings.meeting.lap_class import LAP_CLASSES, ClassValue, LapClass
from f1timings.meeting.people import Meeting
from f1timings.store import LeaderboardQuery
from f1timings.web.boards.bodies import (
    BOARD,
    LEADERBOARD,
    LEADERBOARD_ROW,
    BoardListBody,
    BoardRowBody,
    LeaderboardBody,
    LeaderboardRowBody,
)
from f1timings.web.http import lists
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.http.queries import MAX_LIMIT, only, reading
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services
from f1timings.web.tables.formats import number_or_format

_Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


def _filter_type(entry: LapClass) -> Any:
    """The type of a query parameter that filters by a lap class."""
    least, greatest = entry.bounds or (None, None)
    number = Annotated[int, Field(ge=least, le=greatest)]
    accepted: Any = {str: _Text, int: number, bool: bool}[entry.kind]
    meaning = entry.meaning
    if entry.vocabulary:
        accepted = Annotated[_Text, AfterValidator(_checked_by(entry))]
    if entry.words:
        accepted = Literal.__getitem__(tuple(entry.words))
    if entry.api_name == "format":
        assert entry.bounds
        accepted = number_or_format(*entry.bounds)
        meaning += " A word: the format of the answer, as in every list."
    examples = [] if entry.example is None else [entry.example]
    return Annotated[accepted | None, Field(default=None, description=meaning, examples=examples)]


def _checked_by(entry: LapClass) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not entry.is_possible(text):
            raise ValueError(f"no lap can have it; possible are: {', '.join(sorted(entry.vocabulary))}")
        return text

    return check


class LeaderboardFilters(BaseModel):
    """The query of a leaderboard; it does not filter by a class that is left out."""

    meeting: _Text | None = Field(None, description="Id of a meeting; the open meeting if absent.")
    circuit: _Text | None = Field(
        None, description="Any usual name of it; the meeting's circuit if absent.", examples=["Monza"]
    )
    # A parameter for each lap class.
    __annotations__ |= {entry.api_name: _filter_type(entry) for entry in LAP_CLASSES}
    limit: int = Field(MAX_LIMIT, ge=1, le=MAX_LIMIT, description="The most places to return.", examples=[20])

    @property
    def query(self) -> LeaderboardQuery:
        """The query for the store."""
        filters = {entry.name: _filter_value(entry, getattr(self, entry.api_name)) for entry in LAP_CLASSES}
        return LeaderboardQuery.of(self.meeting, self.circuit, **filters)


def _filter_value(entry: LapClass, given: Any) -> ClassValue:
    return entry.words[given] if entry.words and given is not None else given


_read_filters = reading(LeaderboardFilters)


def routes(services: Services) -> RouteList:
    """The routes of boards."""
    router = RouteList(tags=["leaderboard"])

    @router.get(
        "/leaderboard",
        operation_id="get_leaderboard",
        summary="The best laps of one circuit at one meeting",
        description=(
            "The best valid lap of each driver over all rigs and sessions that the meeting's rules allow. "
            "Unclaimed laps appear under the name of their rig. The answer is the whole board."
        ),
        response_model=LeaderboardBody,
        responses=lists.described_list(
            LeaderboardRowBody, LEADERBOARD, [LEADERBOARD_ROW], 404, 406, 422, 500, 503
        ),
    )
    def get_leaderboard(
        request: Request, filters: Annotated[LeaderboardFilters, Depends(_read_filters)]
    ) -> Response:
        try:
            board = services.reads.get_leaderboard(filters.query)
        except NotFound:
            raise _no_meeting(filters.meeting) from None
        if filters.circuit and not board.entries and not _is_known_circuit(services, filters.circuit):
            raise _unknown("circuit", f"No game has the circuit {filters.circuit!r}, and no lap.")
        rows = LeaderboardBody.of(board, filters.limit)
        return lists.answer(request, LeaderboardRowBody, rows, has_format_filter=True)

    @router.get(
        "/boards",
        operation_id="list_boards",
        summary="The boards that have laps, the board with the newest lap first",
        dependencies=[Depends(only("meeting"))],
        response_model=BoardListBody,
        responses=lists.described_list(
            BoardRowBody, {"items": [BOARD], "next": None}, [BOARD], 404, 406, 422, 500, 503
        ),
    )
    def list_boards(
        request: Request,
        meeting: Annotated[_Text | None, Query(description="Id of a meeting; all if absent.")] = None,
    ) -> Response:
        if meeting is not None and services.reads.get_record(Meeting, meeting) is None:
            raise _no_meeting(meeting)
        rows = [BoardRowBody.of(board) for board in services.reads.list_boards(meeting)]
        return lists.answer(request, BoardRowBody, BoardListBody(items=rows, next=None))

    return router


def _is_known_circuit(services: Services, name: str) -> bool:
    """Whether the games, a meeting or a board have a circuit."""
    circuits = [record.circuit for record in services.reads.list_records(Meeting)]
    circuits += [board.circuit for board in services.reads.list_boards()]
    return circuit_key(name) in map(circuit_key, (*known_circuits(), *circuits))


def _no_meeting(meeting_id: str | None) -> ProblemError:
    return _unknown(
        "meeting", f"There is no meeting {meeting_id!r}. GET /api/v1/meetings lists those that exist."
    )


def _unknown(parameter: str, detail: str) -> ProblemError:
    """The error for a value of a parameter that nothing has."""
    return ProblemError("not-found", detail, [FieldErrorBody(where=f"query.{parameter}", message=detail)])
