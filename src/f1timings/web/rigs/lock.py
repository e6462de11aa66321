"""``/api/v1/rig-lock``: which addresses may send telemetry, and which others try to."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting.room.rig_lock import MOST_ADDRESSES, THE_LOCK, RigLock
from f1timings.rigs.lock import RECENT_S
from f1timings.store.acts.room.rig_lock import admit_address, remove_address, set_lock
from f1timings.store.reads.recall import recall_addresses
from f1timings.store.tables.column_types import instant
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content, no_content
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.lock_bodies import (
    ADDRESS,
    LOCK,
    AdmittedAddressBody,
    RigLockBody,
    RigLockEditBody,
    StrangerBody,
)
from f1timings.web.rigs.routes import rig_body
from f1timings.web.services import Services

_ADDRESSES: Final = "/rig-lock/addresses"
AddressPath = Annotated[
    str,
    Path(
        max_length=64,
        description="Percent-encode every character but letters, digits and dots.",
        examples=[ADDRESS["address"]],
    ),
]


def routes(services: Services) -> RouteList:
    """The routes of the lock."""
    router = RouteList(tags=["telemetry"])
    _add_reading_route(router, services)
    _add_setting_route(router, services)
    _add_address_routes(router, services)
    return router


def lock_body(services: Services, lock: RigLock | None = None) -> RigLockBody:
    """The body of the lock with the strangers.

    Args:
        lock: as stored; None reads it.
    """
    stored = lock or services.reads.get_record(RigLock, THE_LOCK) or RigLock()
    strangers = services.lock.strangers()
    claimed = {stranger.claims for stranger in strangers if stranger.claims is not None}
    labels = {rig: rig_body(services, rig).label for rig in claimed}
    return RigLockBody.of(stored, [StrangerBody.of(one, labels.get(one.claims or "")) for one in strangers])


def _add_reading_route(router: RouteList, services: Services) -> None:
    @router.get(
        "/rig-lock",
        operation_id="get_rig_lock",
        summary="Which addresses may send telemetry, and which others try to",
        dependencies=[*JSON_ONLY],
        responses=lists.described(LOCK, 401, 403, 406, 422, 500, 503),
    )
    def get_rig_lock() -> RigLockBody:
        return lock_body(services)


def _add_setting_route(router: RouteList, services: Services) -> None:
    @router.put(
        "/rig-lock",
        operation_id="set_rig_lock",
        summary="Lock the rigs, so that only their addresses may send, or unlock them",
        description="What comes from another address is refused before anything else is done for it: it is "
        "no rig, and is neither recorded nor sent on. UDP has no sign of who sent a datagram but its "
        "address, so a sender that forges the address of a rig is not recognised.",
        dependencies=[*JSON_ONLY],
        responses=lists.described(LOCK, *PROBLEMS),
    )
    def set_rig_lock(request: Request, edit: RigLockEditBody) -> RigLockBody:
        addresses = edit.addresses
        if addresses is None:
            addresses = _recent_addresses(services) if edit.is_locked else []
        acting.act(
            request,
            services,
            lambda desk: set_lock(desk, version=edit.version, is_locked=edit.is_locked, addresses=addresses),
        )
        return lock_body(services)


def _add_address_routes(router: RouteList, services: Services) -> None:
    @router.post(
        _ADDRESSES,
        operation_id="admit_address",
        summary="Let one more address send",
        dependencies=[*JSON_ONLY],
        responses=lists.described(LOCK, *PROBLEMS),
    )
    def admit(request: Request, body: AdmittedAddressBody, *, key: RequestKey = None) -> RigLockBody:
        acting.act_once(request, services, lambda desk: admit_address(desk, body.address).id, request_key=key)
        return lock_body(services)

    @router.delete(
        f"{_ADDRESSES}/{{address}}",
        operation_id="remove_address",
        summary="Let an address send no more",
        status_code=204,
        dependencies=[Depends(no_parameters)],
        responses=described_no_content(401, 403, 404, 409, 422, 500, 503),
    )
    def remove(request: Request, address: AddressPath) -> Response:
        acting.act(request, services, lambda desk: remove_address(desk, address))
        return no_content()


def _recent_addresses(services: Services) -> list[str]:
    """The addresses of the rigs that were heard recently, by this process or an earlier one."""
    now = services.clock.now()
    recorded = recall_addresses(services.reads, instant(now - RECENT_S))
    return services.lock.recent_addresses(recorded, now)[:MOST_ADDRESSES]
