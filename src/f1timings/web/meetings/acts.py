"""``/api/v1/acts``: what people did, and taking it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting import people
from f1timings.store import ACT_FIELDS
from f1timings.store.acts import meetings
from f1timings.web.http import acting, lists
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.meetings.bodies import ACT, ActBody, ActListBody
from f1timings.web.services import Services

_ask = listing(Filterable.of("ActBody", ACT_FIELDS, ACT))


def routes(services: Services) -> APIRouter:
    """The routes of acts."""
    router = APIRouter(tags=["acts"])

    @router.get(
        "/acts",
        operation_id="list_acts",
        summary="What people did, newest first",
        response_model=ActListBody,
        responses=lists.described_list(
            ActBody, {"items": [ACT], "next": None}, [ACT], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_acts(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        found = services.reads.list_acts(asked.page, asked.where)
        rows = ActListBody(items=[ActBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, ActBody, rows)

    @router.post(
        "/acts/{act_id}/undo",
        operation_id="undo_act",
        summary="Take an act back, while nothing newer touched the same",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        responses=lists.described(
            ACT | {"kind": "undone", "undoes": ACT["id"]}, 401, 403, 404, 406, 409, 422, 500, 503
        ),
    )
    def undo_act(request: Request, act_id: Annotated[str, Path(max_length=40)]) -> ActBody:
        acting.act(request, services, lambda desk: meetings.undo(desk, act_id))
        return ActBody.of(services.reads.list_records(people.Act, undoes=act_id)[-1])

    return router
