"""``/api/v1/laps``: the list, one lap, and how it came to be what it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store import LAP_FIELDS
from f1timings.timing.records import LapState
from f1timings.web.http import lists
from f1timings.web.http.bodies import page_of
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.laps.bodies import LAP, LapBody, LapListBody
from f1timings.web.services import Services

_STATES = tuple(state.value for state in LapState)
_FIELDS = Filterable.of(
    "LapBody",
    LAP_FIELDS,
    LAP,
    words={
        "state": _STATES,
        "game_state": _STATES,
        "basis": ("claim", "assignment", "default", "game_name", "manual"),
        "source": ("telemetry", "manual"),
    },
)
_ask = listing(_FIELDS)


def routes(services: Services) -> APIRouter:
    """The routes of laps."""
    router = APIRouter(tags=["laps"])

    @router.get(
        "/laps",
        operation_id="list_laps",
        summary="Official laps",
        description="Every state unless filtered: add `state=completed` for those that count.",
        response_model=LapListBody,
        responses=lists.described_list(LapBody, page_of(LAP), [LAP], 406, 422, 500, 503),
    )
    def list_laps(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        found = services.reads.list_laps(asked.page, asked.where)
        rows = LapListBody(items=[LapBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, LapBody, rows)

    @router.get(
        "/laps/{lap_id}",
        operation_id="get_lap",
        summary="One lap",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        responses=lists.described(LAP, 404, 406, 422, 500, 503),
    )
    def get_lap(lap_id: str) -> LapBody:
        stored = services.reads.get_lap(lap_id)
        if stored is None:
            raise _unknown(lap_id)
        return LapBody.of(stored)

    @router.get(
        "/laps/{lap_id}/revisions",
        operation_id="list_lap_revisions",
        summary="Every version of one lap, the original first",
        dependencies=[Depends(no_parameters)],
        response_model=LapListBody,
        responses=lists.described_list(
            LapBody, {"items": [LAP], "next": None}, [LAP], 404, 406, 422, 500, 503
        ),
    )
    def list_lap_revisions(request: Request, lap_id: str) -> Response:
        found = services.reads.list_lap_revisions(lap_id)
        if not found:
            raise _unknown(lap_id)
        rows = LapListBody(items=[LapBody.of(one) for one in found], next=None)
        return lists.answer(request, LapBody, rows)

    return router


def _unknown(lap_id: str) -> ProblemError:
    return ProblemError("not-found", f"There is no lap {lap_id!r}. GET /api/v1/laps lists those there are.")
