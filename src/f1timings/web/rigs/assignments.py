"""Assignments to rigs by marshals, under ``/api/v1/rigs``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.errors import NotFound
from f1timings.meeting import people
from f1timings.store import ASSIGNMENT_FIELDS, Condition, Desk, Page
from f1timings.store.acts import assignments
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.bodies import RIG, RigBody
from f1timings.web.rigs.routes import RigPath, need_known_rig, need_rig, rig_body
from f1timings.web.rigs.seat_bodies import (
    ASSIGNMENT,
    AssignmentBody,
    AssignmentListBody,
    AssignRigBody,
    DefaultDriverBody,
    SwapRigsBody,
)
from f1timings.web.services import Services

_list_request = listing(
    Filterable.of("AssignmentBody", ASSIGNMENT_FIELDS, ASSIGNMENT, stored_names={"version": "seq"})
)
_PAGE = {"items": [ASSIGNMENT], "next": None}


def routes(services: Services) -> RouteList:
    """The routes of assignments."""
    router = RouteList(tags=["rigs"])
    _add_list_route(router, services)
    _add_assign_route(router, services)
    _add_swap_route(router, services)
    _add_default_route(router, services)
    return router


def _add_list_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/rigs/{rig}/assignments",
        operation_id="list_assignments",
        summary="The assignments of a rig, default drivers included",
        description="Earliest first. Add `is_default=false` to leave out default drivers.",
        dependencies=[Depends(need_known_rig(services))],
        response_model=AssignmentListBody,
        responses=lists.described_list(AssignmentBody, _PAGE, [ASSIGNMENT], 404, 406, 422, 500, 503),
    )
    def list_assignments(
        request: Request, rig: RigPath, query: Annotated[ListRequest, Depends(_list_request)]
    ) -> Response:
        where = (Condition("rig", "eq", rig), *query.where)

        def read(page: Page) -> AssignmentListBody:
            found = services.reads.list_assignments(page, where)
            return AssignmentListBody(items=_bodies(services, found.items), next=found.next)

        return lists.answer_pages(request, AssignmentBody, query, read=read)


def _add_assign_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/rigs/{rig}/assign",
        operation_id="assign_rig",
        summary="Assign a driver to a rig",
        description="From now on: the current lap stays with the driver who began it. With `from_lap` or "
        "`since` the laps since then become the driver's too. The driver leaves any other rig now.",
        dependencies=[*JSON_ONLY, Depends(need_known_rig(services))],
        responses=lists.described(ASSIGNMENT, *PROBLEMS),
    )
    def assign_rig(
        request: Request, rig: RigPath, body: AssignRigBody, *, key: RequestKey = None
    ) -> AssignmentBody:
        def action(desk: Desk) -> str:
            assigned = assignments.assign(desk, rig, body.driver_id, since=body.since, from_lap=body.from_lap)
            return assigned.id

        return need_assignment(services, acting.act_once(request, services, action, request_key=key))


def _add_swap_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/rigs/swap",
        operation_id="swap_rigs",
        summary="Swap the drivers of two rigs from now on",
        dependencies=JSON_ONLY,
        response_model=AssignmentListBody,
        responses=lists.described(_PAGE, *PROBLEMS),
    )
    def swap_rigs(request: Request, body: SwapRigsBody, key: RequestKey = None) -> AssignmentListBody:
        rig, other_rig = body.rigs
        need_rig(services, rig)
        need_rig(services, other_rig)

        def action(desk: Desk) -> str:
            assignments.swap(desk, rig, other_rig)
            return rig

        acting.act_once(request, services, action, request_key=key)
        current = services.reads.list_records(people.Assignment, until=None, is_default=False)
        by_rig = {assignment.rig: assignment for assignment in current}
        rigs = [services.rigs.remaining(key) for key in body.rigs]
        swapped = [by_rig[key] for key in rigs if key in by_rig]
        return AssignmentListBody(items=_bodies(services, swapped), next=None)


def _add_default_route(router: APIRouter, services: Services) -> None:
    @router.put(
        "/rigs/{rig}/default-driver",
        operation_id="set_default_driver",
        summary="Set the driver who usually drives at a rig",
        description="From now on. The first default driver of a rig that never had an assignment counts from "
        "the rig's first datagram, so a person who enters a name once gets all laps of the evening.",
        dependencies=[*JSON_ONLY, Depends(need_known_rig(services))],
        responses=lists.described(RIG, *PROBLEMS),
    )
    def set_default_driver(request: Request, rig: RigPath, body: DefaultDriverBody) -> RigBody:
        acting.act(request, services, lambda desk: assignments.set_default(desk, rig, body.driver_id))
        return rig_body(services, rig)


def need_assignment(services: Services, assignment_id: str) -> AssignmentBody:
    """Return an assignment.

    Raises:
        NotFound: it was undone since.
    """
    assignment = services.reads.get_record(people.Assignment, assignment_id)
    if assignment is None:
        raise NotFound("seat-undone")
    return _bodies(services, [assignment])[0]


def _bodies(services: Services, of_rig: Iterable[people.Assignment]) -> list[AssignmentBody]:
    listed = list(of_rig)
    drivers = rigs_reads.list_drivers_by_id(services.reads, [assignment.driver_id for assignment in listed])
    return [AssignmentBody.of(assignment, drivers) for assignment in listed]
