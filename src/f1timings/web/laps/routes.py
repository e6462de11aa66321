"""``/api/v1/laps``: list laps, and get one lap with its revisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.packets.ids.sessions import SESSION_KINDS
from f1timings.store import LAP_FIELDS, Page
from f1timings.timing.records import LapState
from f1timings.timing.start_kinds import START_KINDS
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY
from f1timings.web.http.bodies import PlainPage, page_of
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.bodies import LAP, LapBody, LapListBody, lap_row
from f1timings.web.services import Services

_STATES = tuple(state.value for state in LapState)
_FIELDS = Filterable.of(
    "LapBody",
    LAP_FIELDS,
    # These are no fields of a lap: the list only filters by them.
    LAP | {"has_trace": True, "session_type": "Time Trial", "session_kind": SESSION_KINDS[0]},
    words={
        "state": _STATES,
        "game_state": _STATES,
        "basis": ("claim", "assignment", "default", "game_name", "manual"),
        "source": ("telemetry", "manual"),
        "start": START_KINDS,
        "session_kind": SESSION_KINDS,
    },
)
_list_request = listing(_FIELDS)


def routes(services: Services) -> RouteList:
    """The routes that read laps."""
    router = RouteList(tags=["laps"])
    _add_list_route(router, services)
    _add_lap_routes(router, services)
    return router


def _add_list_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/laps",
        operation_id="list_laps",
        summary="Official laps",
        description="Laps of every state. Add `state=completed` for the laps that count.",
        response_model=LapListBody,
        responses=lists.described_list(LapBody, page_of(LAP), [LAP], 406, 422, 500, 503),
    )
    def list_laps(request: Request, query: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        def read(page: Page) -> PlainPage:
            found = services.reads.list_lap_rows(page, query.where)
            return PlainPage([lap_row(lap) for lap in found.items], found.next)

        return lists.answer_pages(request, LapBody, query, read=read)


def _add_lap_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/laps/{lap_id}",
        operation_id="get_lap",
        summary="One lap",
        dependencies=JSON_ONLY,
        responses=lists.described(LAP, 404, 406, 422, 500, 503),
    )
    def get_lap(lap_id: str) -> LapBody:
        stored = services.reads.get_lap(lap_id)
        if stored is None:
            raise acting.no_such("lap", lap_id, "/api/v1/laps")
        return LapBody.of(stored)

    @router.get(
        "/laps/{lap_id}/revisions",
        operation_id="list_lap_revisions",
        summary="Every revision of one lap, the original first",
        dependencies=[Depends(no_parameters)],
        response_model=LapListBody,
        responses=lists.described_list(
            LapBody, {"items": [LAP], "next": None}, [LAP], 404, 406, 422, 500, 503
        ),
    )
    def list_lap_revisions(request: Request, lap_id: str) -> Response:
        revisions = services.reads.list_lap_revisions(lap_id)
        if not revisions:
            raise acting.no_such("lap", lap_id, "/api/v1/laps")
        rows = LapListBody(items=[LapBody.of(revision) for revision in revisions], next=None)
        return lists.answer(request, LapBody, rows)
