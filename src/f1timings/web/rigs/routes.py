"""``/api/v1/rigs``: what is stored of each rig, how the intake sees it now, and what people say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from f1timings.errors import NotFound
from f1timings.rigs.registry import RigSeen, RigStatus
from f1timings.store import RIG_FIELDS, Condition, Listing, Page, StoredRig
from f1timings.store.acts import assignments
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http import acting, lists
from f1timings.web.http.bodies import page_of
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.rigs.bodies import (
    ORDER,
    ORDER_ROW,
    RIG,
    OrderRowBody,
    RigBody,
    RigListBody,
    RunningOrderBody,
)
from f1timings.web.rigs.seat_bodies import RigEditBody
from f1timings.web.services import Services

_FIELDS = Filterable.of("RigBody", RIG_FIELDS, RIG, {"rig": "key"})
_ask = listing(_FIELDS)
_Row = tuple[RigSeen | RigStatus, RigStatus | None]
RigPath = Annotated[
    str,
    Path(
        max_length=200,
        description="The rig's key; percent-encode what is not a letter, a digit or a dot.",
        examples=["192.168.1.21"],
    ),
]


def routes(services: Services) -> APIRouter:
    """The list of rigs, their cards, and what each one drives now."""
    router = APIRouter(tags=["rigs"])
    known = Depends(is_known(services))

    @router.get(
        "/rigs",
        operation_id="list_rigs",
        summary="Rigs and how they are doing",
        description="Filters apply to what is stored; a rig not stored yet is last on the unfiltered list.",
        response_model=RigListBody,
        responses=lists.described_list(RigBody, page_of(RIG), [RIG], 406, 422, 500, 503),
    )
    def list_rigs(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        statuses = dict(services.rig_statuses())
        found = services.reads.list_rigs(asked.page, asked.where)
        rows: list[_Row] = [(one.rig, statuses.get(one.rig.key)) for one in found.items]
        if asked.page.cursor is None and not asked.where:
            rows += _unstored(found, statuses)
        return lists.answer(request, RigBody, RigListBody(items=_shown(services, rows), next=found.next))

    @router.patch(
        "/rigs/{rig}",
        operation_id="edit_rig",
        summary="Name a rig, or say where its card stands",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters), known],
        responses=lists.described(RIG, 401, 403, 404, 406, 409, 422, 500, 503),
    )
    def edit_rig(request: Request, rig: RigPath, edit: RigEditBody) -> RigBody:
        acting.act(
            request, services, lambda desk: assignments.edit_card(desk, rig, edit.version, **edit.facts())
        )
        return shown_rig(services, rig)

    @router.get(
        "/rigs/{rig}/order",
        operation_id="get_order",
        summary="The running order of the session that a rig drives, at this moment",
        description=(
            "Gaps are measured: when two cars passed the same point of the same lap. All cars that take part "
            "are in it, so there is no next page; none before the rig's first session since our start."
        ),
        dependencies=[Depends(no_parameters), known],
        response_model=RunningOrderBody,
        responses=lists.described_list(OrderRowBody, ORDER, [ORDER_ROW], 404, 406, 422, 500, 503),
    )
    async def get_order(request: Request, rig: RigPath) -> Response:
        # Not in a worker thread: the datagrams come in on this one, so that nothing changes meanwhile.
        return lists.answer(request, OrderRowBody, RunningOrderBody.of(services.order(rig)))

    return router


def is_known(services: Services) -> Callable[[str], None]:
    """A dependency of routes of one rig: it sent something once.

    The dependency raises NotFound for a rig that nobody ever heard.
    """

    def known(rig: RigPath) -> None:
        need_rig(services, rig)

    return known


def need_rig(services: Services, rig: str) -> None:
    """Check that a rig sent something once.

    Raises:
        NotFound: nobody ever heard it.
    """
    if rig not in services.rig_statuses() and _stored(services, rig) is None:
        raise NotFound(f"There is no rig {rig!r}. GET /api/v1/rigs lists those there are.")


def shown_rig(services: Services, rig: str) -> RigBody:
    """One rig as its list shows it.

    Raises:
        NotFound: nobody ever heard it.
    """
    status = services.rig_statuses().get(rig)
    seen = _stored(services, rig) or status
    if seen is None:
        raise NotFound(f"There is no rig {rig!r}. GET /api/v1/rigs lists those there are.")
    return _shown(services, [(seen, status)])[0]


def _stored(services: Services, rig: str) -> RigSeen | None:
    found = services.reads.list_rigs(Page(limit=1), [Condition("key", "eq", rig)]).items
    return found[0].rig if found else None


def _shown(services: Services, rows: Sequence[_Row]) -> list[RigBody]:
    cards = rigs_reads.cards(services.reads, [seen.key for seen, _ in rows])
    hiding = services.reads.list_rigs_hiding_names([seen.key for seen, status in rows if status is not None])
    return [
        RigBody.of(seen, status, card=cards[seen.key], hides_names=seen.key in hiding)
        for seen, status in rows
    ]


def _unstored(found: Listing[StoredRig], statuses: Mapping[str, RigStatus]) -> list[_Row]:
    """Rigs that send, but nothing that we recognise: somebody who misses a rig looks for just these."""
    if found.next is not None:
        return []
    stored = {one.rig.key for one in found.items}
    return [(status, status) for key, status in sorted(statuses.items()) if key not in stored]
