"""``/api/v1/rigs``: what the store knows of each rig, and how the intake sees it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.meeting.rigs import RigStatus
from f1timings.store import RIG_FIELDS, Condition, Listing, Page, StoredRig
from f1timings.web import examples, lists
from f1timings.web.bodies import OrderRow, Rig, RigList, RunningOrder
from f1timings.web.problems import ProblemError
from f1timings.web.queries import Asked, Filterable, listing, no_parameters
from f1timings.web.services import Services

_FIELDS = Filterable.of("Rig", RIG_FIELDS, examples.RIG, {"rig": "key"})
_ask = listing(_FIELDS)


def routes(services: Services) -> APIRouter:
    """The list of rigs, and what each one drives now."""
    router = APIRouter(tags=["rigs"])

    @router.get(
        "/rigs",
        operation_id="list_rigs",
        summary="Rigs and how they are doing",
        description="Filters apply to what is stored; a rig not stored yet is last on the unfiltered list.",
        response_model=RigList,
        responses=lists.described_list(
            Rig, examples.page_of(examples.RIG), [examples.RIG], 406, 422, 500, 503
        ),
    )
    def list_rigs(request: Request, asked: Annotated[Asked, Depends(_ask)]) -> Response:
        statuses = dict(services.rig_statuses())
        found = services.reads.rigs(asked.page, asked.where)
        rows = [Rig.of(one.rig, statuses.get(one.rig.key)) for one in found.items]
        if asked.page.cursor is None and not asked.where:
            rows += _unstored(found, statuses)
        return lists.answer(request, Rig, RigList(items=rows, next=found.next))

    def is_known(rig: str) -> None:
        if rig in services.rig_statuses():
            return
        if services.reads.rigs(Page(limit=1), [Condition("key", "eq", rig)]).items:
            return
        raise ProblemError("not-found", f"There is no rig {rig!r}. GET /api/v1/rigs lists those there are.")

    @router.get(
        "/rigs/{rig}/order",
        operation_id="get_order",
        summary="The running order of the session that a rig drives, at this moment",
        description=(
            "Gaps are measured: when two cars passed the same point of the same lap. All cars that take part "
            "are in it, so there is no next page; none before the rig's first session since our start."
        ),
        dependencies=[Depends(no_parameters), Depends(is_known)],
        response_model=RunningOrder,
        responses=lists.described_list(
            OrderRow, examples.ORDER, [examples.ORDER_ROW], 404, 406, 422, 500, 503
        ),
    )
    async def get_order(request: Request, rig: str) -> Response:
        # Not in a worker thread: the datagrams come in on this one, so that nothing changes meanwhile.
        return lists.answer(request, OrderRow, RunningOrder.of(services.order(rig)))

    return router


def _unstored(found: Listing[StoredRig], statuses: Mapping[str, RigStatus]) -> list[Rig]:
    """Rigs that send, but nothing that we recognise: somebody who misses a rig looks for just these."""
    if found.next is not None:
        return []
    stored = {one.rig.key for one in found.items}
    return [Rig.of(status, status) for key, status in sorted(statuses.items()) if key not in stored]
