"""``/api/v1/leaderboard`` and ``/boards``: who was fastest, at which circuit of which meeting."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from f1timings.errors import NotFound
from f1timings.meeting.people import Meeting
from f1timings.packets import FIRST_FORMAT
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
from f1timings.web.http.queries import MAX_LIMIT, only
from f1timings.web.services import Services

_Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class LeaderboardFilters(BaseModel):
    """What a leaderboard can be asked for; what is left out is not filtered by."""

    meeting: _Text | None = Field(None, description="Id of a meeting; the open one if absent.")
    circuit: _Text | None = Field(
        None, description="Any usual name of it; the meeting's if absent.", examples=["Monza"]
    )
    format: int | None = Field(None, ge=FIRST_FORMAT, le=2099, description="Packet format.", examples=[2025])
    session_type: _Text | None = Field(None, description="Type of the session.", examples=["Time Trial"])
    formula: _Text | None = Field(None, description="Class of the cars.")
    assists: _Text | None = Field(
        None,
        description="`none`: laps known to be driven without; `any`: with at least one; else exactly these.",
        examples=["none"],
    )
    weather: _Text | None = Field(None, description="Weather of the lap.", examples=["clear"])
    compound: _Text | None = Field(None, description="Visual compound.", examples=["soft"])
    equal_performance: bool | None = Field(None, description="All cars are equal.")
    rig: _Text | None = Field(None, description="Driven at this rig.", examples=["192.168.1.21"])
    source: Literal["telemetry", "manual"] | None = Field(None, description="Timed by a game, or typed.")
    limit: int = Field(MAX_LIMIT, ge=1, le=MAX_LIMIT, description="Places at most.", examples=[20])

    @property
    def query(self) -> LeaderboardQuery:
        """As the store understands it."""
        same = {name: getattr(self, name) for name in self.__class__.model_fields if name not in _OTHERWISE}
        return LeaderboardQuery(meeting_id=self.meeting, packet_format=self.format, **same)


_OTHERWISE = {"meeting", "format", "limit"}
_only_known = Depends(only(*LeaderboardFilters.model_fields))


def routes(services: Services) -> APIRouter:
    """The routes of boards."""
    router = APIRouter(tags=["leaderboard"])

    @router.get(
        "/leaderboard",
        operation_id="get_leaderboard",
        summary="The best laps of one circuit at one meeting",
        description=(
            "The best valid lap of each driver over all rigs and sessions, as the meeting's rules let them "
            "count. Laps of nobody stand under their rig's name. The whole board comes at once."
        ),
        dependencies=[_only_known],
        response_model=LeaderboardBody,
        responses=lists.described_list(
            LeaderboardRowBody, LEADERBOARD, [LEADERBOARD_ROW], 404, 406, 422, 500, 503
        ),
    )
    def get_leaderboard(request: Request, asked: Annotated[LeaderboardFilters, Query()]) -> Response:
        board = services.reads.get_leaderboard(asked.query)
        return lists.answer(request, LeaderboardRowBody, LeaderboardBody.of(board, asked.limit))

    @router.get(
        "/boards",
        operation_id="list_boards",
        summary="The boards that have laps, the one with the newest lap first",
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
            raise NotFound(f"There is no meeting {meeting!r}. GET /api/v1/meetings lists those there are.")
        found = services.reads.list_boards(meeting)
        return lists.answer(
            request, BoardRowBody, BoardListBody(items=[BoardRowBody.of(one) for one in found], next=None)
        )

    return router
