"""``/api/v1/rigs``: the rigs with their cards and the health of their telemetry, and their running orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.rigs.registry import RigSeen, RigStatus
from f1timings.store import RIG_FIELDS, Condition, Desk, Listing, Page, StoredRig
from f1timings.store.acts import assignments, joined_rigs
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.bodies import page_of
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.bodies import (
    ORDER,
    ORDER_ROW,
    RIG,
    OrderRowBody,
    RigBody,
    RigListBody,
    RunningOrderBody,
)
from f1timings.web.rigs.seat_bodies import JoinRigBody, RigEditBody
from f1timings.web.services import Services

_FIELDS = Filterable.of("RigBody", RIG_FIELDS, RIG, stored_names={"rig": "key"})
_list_request = listing(_FIELDS)


class _Row(NamedTuple):
    """What is stored of a rig (its status if nothing is), and its status if it was heard since the start."""

    key: str
    seen: RigSeen | RigStatus
    status: RigStatus | None


RigPath = Annotated[
    str,
    Path(
        max_length=200,
        description="The rig's key; percent-encode every character but letters, digits and dots.",
        examples=["192.168.1.21"],
    ),
]


def routes(services: Services) -> RouteList:
    """The routes of rigs."""
    router = RouteList(tags=["rigs"])
    _add_list_route(router, services)
    _add_edit_route(router, services)
    _add_join_route(router, services)
    _add_order_route(router, services)
    return router


def need_known_rig(services: Services) -> Callable[[str], None]:
    """Return a dependency for the routes of one rig; it raises NotFound if the rig never sent anything."""

    def dependency(rig: RigPath) -> None:
        need_rig(services, rig)

    return dependency


def need_rig(services: Services, rig: str) -> None:
    """Check that a rig exists.

    Raises:
        NotFound: it never sent anything.
    """
    if services.rigs.remaining(rig) not in services.rigs.statuses() and _get_stored(services, rig) is None:
        raise acting.no_such("rig", rig, "/api/v1/rigs")


def rig_body(services: Services, rig: str) -> RigBody:
    """Return the body of one rig, as the list has it; of a rig that was joined, the one that remains.

    Raises:
        NotFound: it never sent anything.
    """
    rig = services.rigs.remaining(rig)
    status = services.rigs.statuses().get(rig)
    stored = _get_stored(services, rig)
    seen = stored.rig if stored else status
    if seen is None:
        raise acting.no_such("rig", rig, "/api/v1/rigs")
    return _bodies(services, [_Row(rig, seen, status)], {} if stored is None else {rig: stored.number})[0]


def list_heard(services: Services) -> list[RigBody]:
    """The bodies of the rigs that were heard since the start of the server."""
    return [rig_body(services, rig) for rig in sorted(services.rigs.statuses())]


def _add_list_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/rigs",
        operation_id="list_rigs",
        summary="Rigs and the health of their telemetry",
        description="Filters apply to stored rigs. A rig that is not stored yet is at the end of the "
        "unfiltered list.",
        response_model=RigListBody,
        responses=lists.described_list(RigBody, page_of(RIG), [RIG], 406, 422, 500, 503),
    )
    def list_rigs(request: Request, query: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        statuses = dict(services.rigs.statuses())

        def read(page: Page) -> RigListBody:
            found = services.reads.list_rigs(page, query.where)
            rows = [_Row(stored.rig.key, stored.rig, statuses.get(stored.rig.key)) for stored in found.items]
            if page.cursor is None and not query.where:
                rows += _list_unstored(found, statuses)
            numbers = {stored.rig.key: stored.number for stored in found.items}
            return RigListBody(items=_bodies(services, rows, numbers), next=found.next)

        return lists.answer_pages(request, RigBody, query, read=read)


def _add_edit_route(router: APIRouter, services: Services) -> None:
    @router.patch(
        "/rigs/{rig}",
        operation_id="edit_rig",
        summary="Set the name of a rig or the place of its card",
        dependencies=[*JSON_ONLY, Depends(need_known_rig(services))],
        responses=lists.described(RIG, *PROBLEMS),
    )
    def edit_rig(request: Request, rig: RigPath, edit: RigEditBody) -> RigBody:
        acting.act(
            request, services, lambda desk: assignments.edit_card(desk, rig, edit.version, **edit.facts())
        )
        return rig_body(services, rig)


def _add_join_route(router: APIRouter, services: Services) -> None:
    def is_live(rig: str) -> bool:
        status = services.rigs.statuses().get(rig)
        return status is not None and status.is_live(services.clock.now())

    @router.post(
        "/rigs/{rig}/join",
        operation_id="join_rig",
        summary="Join a rig into another one that is the same simulator",
        description="For a rig that got a new address. Its laps, sessions, seats and live data are those of "
        "the rig that remains from now on, and its card disappears. Where both have a seat at one time, the "
        "seat that began later ends the other one. Answers the rig that remains. Undo the act to separate "
        "them: each then has what it recorded, later laps included.",
        dependencies=[*JSON_ONLY, Depends(need_known_rig(services))],
        responses=lists.described(RIG, *PROBLEMS),
    )
    def join_rig(request: Request, rig: RigPath, body: JoinRigBody, *, key: RequestKey = None) -> RigBody:
        need_rig(services, body.into)

        def action(desk: Desk) -> str:
            return joined_rigs.join(desk, rig, into=body.into, version=body.version, is_live=is_live).rig

        services.backups.make_before("change")
        acting.act_once(request, services, action, request_key=key)
        return rig_body(services, rig)


def _add_order_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/rigs/{rig}/order",
        operation_id="get_order",
        summary="The current running order of the session that a rig drives",
        description=(
            "A gap is the measured time between two cars at the same point of the same lap. The order has "
            "all cars that take part and is one page. It is empty before the rig's first session since the "
            "start of the server."
        ),
        dependencies=[Depends(no_parameters), Depends(need_known_rig(services))],
        response_model=RunningOrderBody,
        responses=lists.described_list(OrderRowBody, ORDER, [ORDER_ROW], 404, 406, 422, 500, 503),
    )
    async def get_order(request: Request, rig: RigPath) -> Response:
        # Not in a worker thread: datagrams arrive in this one, so the order cannot change while it is read.
        order = RunningOrderBody.of(services.order(rig))
        return await run_in_threadpool(lists.answer, request, OrderRowBody, order)


def _get_stored(services: Services, rig: str) -> StoredRig | None:
    stored = services.reads.list_rigs(Page(limit=1), [Condition("key", "eq", rig)]).items
    return stored[0] if stored else None


def _bodies(services: Services, rows: Sequence[_Row], numbers: Mapping[str, int]) -> list[RigBody]:
    cards = rigs_reads.list_cards(services.reads, [row.key for row in rows])
    joined = rigs_reads.list_joined(services.reads)
    hiding = services.reads.list_rigs_hiding_names([row.status.key for row in rows if row.status is not None])
    return [
        RigBody.of(
            row.seen,
            row.status,
            card=cards[row.key],
            number=numbers.get(row.key),
            now=services.clock.now(),
            hides_names=row.status is not None and row.status.key in hiding,
            joined=joined.get(row.key, ()),
            sends_twice=services.rigs.sends_twice(row.key),
        )
        for row in rows
    ]


def _list_unstored(page: Listing[StoredRig], statuses: Mapping[str, RigStatus]) -> list[_Row]:
    """List the rigs that send nothing we recognise: a person who misses a rig on the list needs these."""
    if page.next is not None:
        return []
    stored = {row.rig.key for row in page.items}
    return [_Row(key, status, status) for key, status in sorted(statuses.items()) if key not in stored]
