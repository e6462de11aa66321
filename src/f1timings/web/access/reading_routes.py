"""``/access``: whether anonymous visitors may read."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.web.access import bodies, examples
from f1timings.web.access.control import AccessControl
from f1timings.web.access.request_identity import requester_of
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import json_response
from f1timings.web.http.route_list import RouteList

_JSON_ONLY = [Depends(lists.accepts_json), Depends(no_parameters)]


def routes(access: AccessControl) -> RouteList:
    """The routes of opening and closing reading."""
    router = RouteList(tags=["access"], prefix="/access")

    @router.get(
        "",
        operation_id="get_access",
        summary="Whether anyone may read without logging in",
        dependencies=_JSON_ONLY,
        response_model=bodies.AccessBody,
        responses=lists.described(examples.ACCESS, 406, 422),
    )
    async def get_access() -> Response:
        return json_response(bodies.AccessBody(reading=access.directory.reading))

    @router.patch(
        "",
        operation_id="update_access",
        summary="Open or close reading without logging in",
        description=(
            "While reading is closed, the API and /ws need a login or a token. "
            "The pages themselves, which have no content of their own, stay open."
        ),
        dependencies=_JSON_ONLY,
        response_model=bodies.AccessBody,
        responses=lists.described(examples.ACCESS, 406, 415, 422, 500, 503),
    )
    def update_access(request: Request, edit: bodies.AccessEditBody) -> Response:
        access.changes.set_reading(edit.reading, requester_of(request))
        return json_response(bodies.AccessBody(reading=edit.reading))

    return router
