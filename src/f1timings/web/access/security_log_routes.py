"""``/access/log``: the security log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.store import ACCESS_LOG_FIELDS, Page
from f1timings.web.access import bodies, examples
from f1timings.web.http import lists
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

_FIELDS = Filterable.of("AccessLog", ACCESS_LOG_FIELDS, examples.LOG_LINE)
_list_request = listing(_FIELDS)


def routes(services: Services) -> RouteList:
    """The route of the security log, for admins."""
    router = RouteList(tags=["access"], prefix="/access")

    @router.get(
        "/log",
        operation_id="list_access_log",
        summary="The security log, newest first",
        description=(
            "Set-up, logins, refused requests, and every change of access. The log contains no secrets."
        ),
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
    def list_access_log(request: Request, wanted: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        services.access.changes.write_refusals()

        def read(page: Page) -> bodies.LogLineListBody:
            found = services.reads.list_access_log(page, wanted.where)
            rows = [bodies.LogLineBody.of(entry) for entry in found.items]
            return bodies.LogLineListBody(items=rows, next=found.next)

        return lists.answer_pages(request, bodies.LogLineBody, wanted, read=read)

    return router
