"""``/api/v1/forward-targets``: the programs to which telemetry is sent on."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from f1timings.errors import ActInvalid
from f1timings.intake.forwarding.outlet import TargetState
from f1timings.meeting.room.forwarding import ForwardTarget, clean_host
from f1timings.store.acts.room.forwarding import add_target, change_target, remove_target
from f1timings.web.forwarding.bodies import (
    TARGET,
    ForwardTargetBody,
    ForwardTargetEditBody,
    ForwardTargetListBody,
    NewForwardTargetBody,
)
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, no_content
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.routes import need_rig
from f1timings.web.services import Services

_LISTED_AT: Final = "/api/v1/forward-targets"
TargetId = Annotated[str, Path(max_length=64, examples=[TARGET["id"]])]


def routes(services: Services) -> RouteList:
    """The routes; in worker threads, because a name server may be slow."""
    router = RouteList(prefix="/forward-targets", tags=["telemetry"])
    _add_list_route(router, services)
    _add_creation_route(router, services)
    _add_edit_route(router, services)
    _add_deletion_route(router, services)
    return router


def target_body(services: Services, target: ForwardTarget) -> ForwardTargetBody:
    """The body of a target with its state."""
    unknown = TargetState(state="looking" if target.is_on else "off")
    return ForwardTargetBody.of(target, services.forwarding.states().get(target.id, unknown))


def _add_list_route(router: RouteList, services: Services) -> None:
    @router.get(
        "",
        operation_id="list_forward_targets",
        summary="The programs to which telemetry is sent on",
        dependencies=[Depends(no_parameters)],
        response_model=ForwardTargetListBody,
        responses=lists.described_list(
            ForwardTargetBody, {"items": [TARGET], "next": None}, [TARGET], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_forward_targets(request: Request) -> Response:
        targets = services.reads.list_records(ForwardTarget)
        rows = [target_body(services, target) for target in targets]
        return lists.answer(request, ForwardTargetBody, ForwardTargetListBody(items=rows, next=None))


def _add_creation_route(router: RouteList, services: Services) -> None:
    @router.post(
        "",
        operation_id="add_forward_target",
        summary="Send telemetry on to one more program",
        description="Each received datagram is sent unchanged, in the order of arrival, those of all rigs or "
        "of one. An address outside of private networks needs `allows_internet`; broadcast and multicast "
        "addresses, and our own UDP port, are refused.",
        status_code=201,
        dependencies=[*JSON_ONLY],
        responses=lists.described_creation(TARGET, *PROBLEMS),
    )
    def add_forward_target(
        request: Request, body: NewForwardTargetBody, *, key: RequestKey = None
    ) -> ForwardTargetBody:
        _need_rig(services, body.rig)
        _refuse_place(services, body.host, body.port, allows_internet=body.allows_internet)
        facts = body.model_dump()
        target_id = acting.act_once(
            request, services, lambda desk: add_target(desk, **facts).id, request_key=key
        )
        return _read_body(services, target_id)


def _add_edit_route(router: RouteList, services: Services) -> None:
    @router.patch(
        "/{target_id}",
        operation_id="edit_forward_target",
        summary="Change a target, or switch it on or off",
        description="To try again after it sent datagrams back, switch it off and on.",
        dependencies=[*JSON_ONLY],
        responses=lists.described(TARGET, *PROBLEMS),
    )
    def edit_forward_target(
        request: Request, target_id: TargetId, edit: ForwardTargetEditBody
    ) -> ForwardTargetBody:
        facts = edit.facts()
        current = _read(services, target_id)
        _need_rig(services, facts.get("rig"))
        if facts.keys() & {"host", "port", "allows_internet"}:
            _refuse_place(
                services,
                facts.get("host", current.host),
                facts.get("port", current.port),
                allows_internet=facts.get("allows_internet", current.allows_internet),
            )
        acting.act(request, services, lambda desk: change_target(desk, target_id, edit.version, **facts))
        return _read_body(services, target_id)


def _add_deletion_route(router: RouteList, services: Services) -> None:
    @router.delete(
        "/{target_id}",
        operation_id="remove_forward_target",
        summary="Send nothing more to a program",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(401, 403, 404, 422, 500, 503),
    )
    def remove_forward_target(request: Request, target_id: TargetId) -> Response:
        _read(services, target_id)
        acting.act(request, services, lambda desk: remove_target(desk, target_id))
        return no_content()


def _need_rig(services: Services, rig: str | None) -> None:
    if rig is not None:
        need_rig(services, rig)


def _refuse_place(services: Services, host: str, port: int, *, allows_internet: bool) -> None:
    """Check the addresses that a host has now; a name without an address may get one later.

    Raises:
        ActInvalid: nothing may be sent there.
    """
    found = services.forwarding.find(clean_host(host), port, allows_internet=allows_internet)
    if isinstance(found, str) and found != "unknown-name":
        raise ActInvalid(f"forward-{found}", "port" if found == "own-port" else "host")


def _read(services: Services, target_id: str) -> ForwardTarget:
    target = services.reads.get_record(ForwardTarget, target_id)
    if target is None:
        raise acting.no_such("target", target_id, _LISTED_AT)
    return target


def _read_body(services: Services, target_id: str) -> ForwardTargetBody:
    return target_body(services, _read(services, target_id))
