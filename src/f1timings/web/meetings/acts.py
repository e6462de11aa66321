"""``/api/v1/acts``: list what people did, and undo it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting import people
from f1timings.store import ACT_FIELDS, Page
from f1timings.store.acts import undo
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.meetings.bodies import ACT, ActBody, ActListBody
from f1timings.web.services import Services

_list_request = listing(Filterable.of("ActBody", ACT_FIELDS, ACT))


def routes(services: Services) -> RouteList:
    """The routes of acts."""
    router = RouteList(tags=["acts"])

    @router.get(
        "/acts",
        operation_id="list_acts",
        summary="What people did, newest first",
        response_model=ActListBody,
        responses=lists.described_list(
            ActBody, {"items": [ACT], "next": None}, [ACT], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_acts(request: Request, query: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        def read(page: Page) -> ActListBody:
            found = services.reads.list_acts(page, query.where)
            return ActListBody(items=[ActBody.of(act) for act in found.items], next=found.next)

        return lists.answer_pages(request, ActBody, query, read=read)

    @router.post(
        "/acts/{act_id}/undo",
        operation_id="undo_act",
        summary="Undo an act, as long as nothing newer has changed the same fields",
        dependencies=JSON_ONLY,
        responses=lists.described(ACT | {"kind": "undone", "undoes": ACT["id"]}, *PROBLEMS),
    )
    def undo_act(request: Request, act_id: Annotated[str, Path(max_length=40)]) -> ActBody:
        acting.act(request, services, lambda desk: undo.undo_act(desk, act_id))
        return ActBody.of(services.reads.list_records(people.Act, undoes=act_id)[-1])

    return router
