"""Requests of drivers with their own PIN or code: take and leave a rig, and sign a phone in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from f1timings.access.throttle import Throttle
from f1timings.errors import NotFound
from f1timings.meeting.people import Driver
from f1timings.store import Desk
from f1timings.store.acts import assignments
from f1timings.web.access.request_identity import ip_of
from f1timings.web.http import lists
from f1timings.web.http.acting import JSON_ONLY
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.responses import described_no_content, json_response
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.assignments import need_assignment
from f1timings.web.rigs.routes import RigPath, need_known_rig
from f1timings.web.rigs.seat_bodies import (
    ASSIGNMENT,
    OWN_CODE,
    AssignmentBody,
    DriverCodeBody,
    DriverPinBody,
    OwnCodeBody,
)
from f1timings.web.services import Services

P = ParamSpec("P")
T = TypeVar("T")

# The name in the list of acts if no account acted.
_SELF_SERVICE: Final = "driver's own code"
# Attempts to sign in count under this name. No rig has it: a rig's key is an address.
_SIGN_IN: Final = "sign-in"


def routes(services: Services) -> RouteList:
    """The routes for drivers who have a PIN or code instead of an account."""
    router = RouteList()
    guard = _CodeGuard(services)
    _add_seat_routes(router, services, guard)
    _add_sign_in_route(router, services, guard)
    return router


def _add_seat_routes(router: APIRouter, services: Services, guard: _CodeGuard) -> None:
    dependencies = [*JSON_ONLY, Depends(need_known_rig(services))]

    @router.post(
        "/rigs/{rig}/take",
        operation_id="take_rig",
        summary="Take a seat with your PIN or code",
        tags=["rigs"],
        description="From now on; you leave any other rig.",
        dependencies=dependencies,
        responses=lists.described(ASSIGNMENT, 404, 406, 422, 429, 500, 503),
    )
    async def take_rig(request: Request, rig: RigPath, code: DriverCodeBody) -> AssignmentBody:
        def action(desk: Desk) -> str:
            return assignments.take(desk, rig, pin=code.pin, token=code.token).id

        assignment_id = await guard.run(request, rig, services.act, _person(request), action)
        return await run_in_threadpool(need_assignment, services, assignment_id)

    @router.post(
        "/rigs/{rig}/leave",
        operation_id="leave_rig",
        summary="Leave a rig with your PIN or code",
        tags=["rigs"],
        status_code=204,
        dependencies=dependencies,
        responses=described_no_content(404, 406, 422, 429, 500, 503),
    )
    async def leave_rig(request: Request, rig: RigPath, code: DriverCodeBody) -> Response:
        def action(desk: Desk) -> None:
            assignments.leave(desk, rig, pin=code.pin, token=code.token)

        await guard.run(request, rig, services.act, _person(request), action)
        return Response(status_code=204)


def _add_sign_in_route(router: APIRouter, services: Services, guard: _CodeGuard) -> None:
    def find_driver(pin: str) -> Driver:
        driver = services.reads.people.get_driver_with_pin(pin)
        if driver is None:
            raise NotFound("code-unknown")
        return driver

    @router.post(
        "/me-as-driver",
        operation_id="sign_in_as_driver",
        summary="Sign a phone in with your PIN; returns the token of your own page",
        description="The token is the one in your QR code: it remains when the PIN is changed.",
        tags=["drivers"],
        dependencies=JSON_ONLY,
        response_model=OwnCodeBody,
        responses=lists.described(OWN_CODE, 404, 406, 422, 429, 500, 503),
    )
    async def sign_in_as_driver(request: Request, code: DriverPinBody) -> Response:
        driver = await guard.run(request, _SIGN_IN, find_driver, code.pin)
        return json_response(OwnCodeBody(token=driver.token))


def _person(request: Request) -> str:
    return request.state.actor.name or _SELF_SERVICE


class _CodeGuard:
    """Runs what needs a PIN or code; guessing is slowed down."""

    def __init__(self, services: Services) -> None:
        self._throttle = Throttle(services.clock.steady)

    async def run(
        self, request: Request, subject: str, action: Callable[P, T], *args: P.args, **options: P.kwargs
    ) -> T:
        """Run an action in a thread; a wrong code raises NotFound and counts as an attempt.

        Args:
            subject: what the code is for: a rig, or signing in. Attempts are counted for each subject.

        Raises:
            ProblemError: there were too many wrong attempts from this address.
        """
        self._refuse_guessing(subject, ip_of(request))
        result = await run_in_threadpool(action, *args, **options)
        self._throttle.count_success(subject, ip_of(request))
        return result

    def _refuse_guessing(self, subject: str, ip: str) -> None:
        wait_s = self._throttle.count_attempt(subject, ip)
        if wait_s is None:
            return
        seconds = max(1, round(wait_s))
        raise ProblemError(
            "too-many-attempts",
            f"Too many wrong tries from here; try again in {seconds} s, or ask a marshal.",
            headers={"Retry-After": str(seconds)},
        )
