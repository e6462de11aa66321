"""``access``: whether reading is open, and the log of who did what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store import ACCESS_LOG_FIELDS
from f1timings.web.access import bodies, examples
from f1timings.web.access.accounts.access import Access
from f1timings.web.access.answers import answer, by
from f1timings.web.http import lists
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.services import Services

_FIELDS = Filterable.of("AccessLog", ACCESS_LOG_FIELDS, examples.LOG_LINE)
_ask = listing(_FIELDS)
_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]


def routes(services: Services) -> APIRouter:
    """The routes of what holds for the whole server."""
    router = APIRouter(tags=["access"], prefix="/access")
    access: Access = services.access

    @router.get(
        "",
        operation_id="get_access",
        summary="May everybody read?",
        dependencies=_JSON_ONLY,
        response_model=bodies.AccessBody,
        responses=lists.described(examples.ACCESS, 406, 422),
    )
    async def get_access() -> Response:
        return answer(bodies.AccessBody(reading=access.keeper.known.reading))

    @router.patch(
        "",
        operation_id="update_access",
        summary="Open or close reading to those who are not logged in",
        description="Closed: the API and /ws need a login or a token; pages without content stay open.",
        dependencies=_JSON_ONLY,
        response_model=bodies.AccessBody,
        responses=lists.described(examples.ACCESS, 406, 413, 415, 422, 500, 503),
    )
    def update_access(request: Request, asked: bodies.AccessEditBody) -> Response:
        access.keeper.set_reading(asked.reading, by(request))
        return answer(bodies.AccessBody(reading=asked.reading))

    @router.get(
        "/log",
        operation_id="list_access_log",
        summary="The security log, the newest first",
        description="Set-up, logins, what was refused, and every change of access; it holds no secrets.",
        response_model=bodies.LogLineListBody,
        responses=lists.described_list(
            bodies.LogLineBody,
            examples.whole_list(examples.LOG_LINE),
            [examples.LOG_LINE],
            406,
            422,
            500,
            503,
        ),
    )
    def list_access_log(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        access.keeper.register.write_denials()
        found = services.reads.list_access_log(asked.page, asked.where)
        rows = [bodies.LogLineBody.of(one) for one in found.items]
        return lists.answer(request, bodies.LogLineBody, bodies.LogLineListBody(items=rows, next=found.next))

    return router
