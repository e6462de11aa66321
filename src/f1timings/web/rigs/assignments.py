"""Who sits at which rig: said by a marshal, or by drivers themselves with their PIN or QR code."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.throttle import Throttle
from f1timings.errors import NotFound
from f1timings.meeting import people
from f1timings.store import ASSIGNMENT_FIELDS, Condition, Desk
from f1timings.store.acts import assignments
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.access.request_identity import ip_of
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import RequestKey
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.http.responses import described_no_content
from f1timings.web.rigs.bodies import RIG, RigBody
from f1timings.web.rigs.routes import RigPath, is_known, need_rig, shown_rig
from f1timings.web.rigs.seat_bodies import (
    ASSIGNMENT,
    AssignmentBody,
    AssignmentListBody,
    AssignRigBody,
    DefaultDriverBody,
    DriverCodeBody,
    SwapRigsBody,
)
from f1timings.web.services import Services

T = TypeVar("T")

_ask = listing(Filterable.of("AssignmentBody", ASSIGNMENT_FIELDS, ASSIGNMENT, {"version": "seq"}))
_PAGE = {"items": [ASSIGNMENT], "next": None}
_WRITE = (401, 403, 404, 406, 409, 422, 500, 503)
_JSON = [Depends(lists.accepts_json), Depends(no_parameters)]
# In the history, where no account acted.
_SELF_SERVICE = "driver's own code"


def routes(services: Services) -> APIRouter:
    """Assignments of rigs."""
    router = APIRouter(tags=["rigs"])
    _reading(router, services)
    _by_marshals(router, services)
    _by_drivers(router, services)
    return router


def _shown(services: Services, assignment_id: str) -> AssignmentBody:
    found = services.reads.get_record(people.Assignment, assignment_id)
    if found is None:
        raise NotFound("This assignment was taken back meanwhile; look at the rig.")
    return AssignmentBody.of(found, rigs_reads.drivers_of(services.reads, [found.driver_id]))


def _reading(router: APIRouter, services: Services) -> None:
    @router.get(
        "/rigs/{rig}/assignments",
        operation_id="list_assignments",
        summary="Who sat at a rig, and who usually did",
        description="Earliest first. Add `is_default=false` for who was assigned by hand or by code.",
        dependencies=[Depends(is_known(services))],
        response_model=AssignmentListBody,
        responses=lists.described_list(AssignmentBody, _PAGE, [ASSIGNMENT], 404, 406, 422, 500, 503),
    )
    def list_assignments(
        request: Request, rig: RigPath, asked: Annotated[ListRequest, Depends(_ask)]
    ) -> Response:
        found = services.reads.list_assignments(asked.page, (Condition("rig", "eq", rig), *asked.where))
        drivers = rigs_reads.drivers_of(services.reads, [one.driver_id for one in found.items])
        rows = [AssignmentBody.of(one, drivers) for one in found.items]
        return lists.answer(request, AssignmentBody, AssignmentListBody(items=rows, next=found.next))


def _by_marshals(router: APIRouter, services: Services) -> None:
    known = Depends(is_known(services))

    @router.post(
        "/rigs/{rig}/assign",
        operation_id="assign_rig",
        summary="Say who sits at a rig",
        description="From now on, so that the lap under way stays with who began it; or from a lap or a "
        "moment on, and then the laps since are renamed. The driver leaves any other rig now.",
        dependencies=[*_JSON, known],
        responses=lists.described(ASSIGNMENT, *_WRITE),
    )
    def assign_rig(
        request: Request, rig: RigPath, asked: AssignRigBody, key: RequestKey = None
    ) -> AssignmentBody:
        def deed(desk: Desk) -> str:
            return assignments.assign(
                desk, rig, asked.driver_id, since=asked.since, from_lap=asked.from_lap
            ).id

        return _shown(services, acting.act(request, services, deed, key, again=lambda subject: subject))

    @router.post(
        "/rigs/swap",
        operation_id="swap_rigs",
        summary="Let the drivers of two rigs change places, from now on",
        dependencies=_JSON,
        response_model=AssignmentListBody,
        responses=lists.described(_PAGE, *_WRITE),
    )
    def swap_rigs(request: Request, asked: SwapRigsBody, key: RequestKey = None) -> AssignmentListBody:
        one, other = asked.rigs
        need_rig(services, one)
        need_rig(services, other)
        acting.act(
            request, services, lambda desk: assignments.swap(desk, one, other), key, again=lambda _: None
        )
        sitting = services.reads.list_records(people.Assignment, until=None, is_default=False)
        by_rig = {each.rig: each for each in sitting}
        found = [by_rig[rig] for rig in asked.rigs if rig in by_rig]
        drivers = rigs_reads.drivers_of(services.reads, [each.driver_id for each in found])
        return AssignmentListBody(items=[AssignmentBody.of(each, drivers) for each in found], next=None)

    @router.put(
        "/rigs/{rig}/default-driver",
        operation_id="set_default_driver",
        summary="Say who usually drives at a rig",
        description="From now on; the first one of a rig where nobody was ever assigned, since its first "
        "datagram: who says their name once has all their laps.",
        dependencies=[*_JSON, known],
        responses=lists.described(RIG, *_WRITE),
    )
    def set_default_driver(request: Request, rig: RigPath, asked: DefaultDriverBody) -> RigBody:
        acting.act(request, services, lambda desk: assignments.set_default(desk, rig, asked.driver_id))
        return shown_rig(services, rig)


def _by_drivers(router: APIRouter, services: Services) -> None:
    known = Depends(is_known(services))
    throttle = Throttle(time.monotonic)

    async def act(request: Request, rig: str, deed: Callable[[Desk], T]) -> T:
        """Do what somebody asks for who shows a PIN or a code, unless they guess."""
        _refuse_guessing(throttle, rig, ip_of(request))
        by = request.state.actor.name or _SELF_SERVICE
        done = await run_in_threadpool(services.act, by, deed)
        throttle.count_success(rig, ip_of(request))
        return done

    @router.post(
        "/rigs/{rig}/take",
        operation_id="take_rig",
        summary="Sit down at a rig, with the own PIN or code",
        description="From now on; the driver leaves any other rig.",
        dependencies=[*_JSON, known],
        responses=lists.described(ASSIGNMENT, 404, 406, 422, 429, 500, 503),
    )
    async def take_rig(request: Request, rig: RigPath, code: DriverCodeBody) -> AssignmentBody:
        taken = await act(
            request, rig, lambda desk: assignments.take(desk, rig, pin=code.pin, token=code.token).id
        )
        return await run_in_threadpool(_shown, services, taken)

    @router.post(
        "/rigs/{rig}/leave",
        operation_id="leave_rig",
        summary="Stand up from a rig, with the own PIN or code",
        status_code=204,
        dependencies=[*_JSON, known],
        responses=described_no_content(404, 406, 422, 429, 500, 503),
    )
    async def leave_rig(request: Request, rig: RigPath, code: DriverCodeBody) -> Response:
        await act(request, rig, lambda desk: assignments.leave(desk, rig, pin=code.pin, token=code.token))
        return Response(status_code=204)


def _refuse_guessing(throttle: Throttle, rig: str, ip: str) -> None:
    """Count a try.

    Raises:
        ProblemError: too many wrong ones came from there.
    """
    wait_s = throttle.count_attempt(rig, ip)
    if wait_s is None:
        return
    seconds = max(1, round(wait_s))
    raise ProblemError(
        "too-many-attempts",
        f"Too many wrong tries from here; try again in {seconds} s, or ask a marshal.",
        headers={"Retry-After": str(seconds)},
    )
