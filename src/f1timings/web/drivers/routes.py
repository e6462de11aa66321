"""``/api/v1/drivers``: the people we know, and what may be done with what we know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from f1timings.access.roles import Role
from f1timings.errors import NotFound
from f1timings.meeting import people
from f1timings.store import Condition
from f1timings.store.acts import drivers
from f1timings.store.acts import erasure as drivers_erasure
from f1timings.store.reads.drivers import DRIVER_FIELDS
from f1timings.web.access.request_identity import identity_of
from f1timings.web.drivers.bodies import (
    DRIVER,
    OWN_PAGE,
    DriverBody,
    DriverEditBody,
    DriverListBody,
    ErasureBody,
    MergeBody,
    NewDriverBody,
    OwnBestBody,
    OwnPageBody,
)
from f1timings.web.drivers.data_bodies import DRIVER_DATA, DriverDataBody
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import RequestKey, Version
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.services import Services

DriverId = Annotated[str, Path(max_length=40, pattern=r"^[^\x00]+$", examples=[DRIVER["id"]])]
# Not `token`: that is a display's, wherever it stands in an address.
Token = Annotated[
    str, Query(max_length=100, description="The one in the driver's QR code.", examples=[DRIVER["token"]])
]
_FIELDS = Filterable.of("DriverBody", DRIVER_FIELDS, DRIVER, {"version": "seq"})
_ask = listing(_FIELDS)
_READ = (406, 422, 500, 503)
_WRITE = (401, 403, 404, 406, 409, 422, 500, 503)
_ONLY_JSON = [Depends(lists.accepts_json)]
_JSON = [*_ONLY_JSON, Depends(no_parameters)]


def routes(services: Services) -> APIRouter:
    """The routes of drivers."""
    router = APIRouter(tags=["drivers"])
    _reading(router, services)
    _changing(router, services)
    _leaving(router, services)
    return router


def _reading(router: APIRouter, services: Services) -> None:
    reads = services.reads.people

    @router.get(
        "/drivers",
        operation_id="list_drivers",
        summary="Drivers",
        description=(
            "Without `is_deleted` those who are not deleted. Who is no marshal sees people who do not agree "
            "to be shown under a nickname or a neutral name, also in filters and orders by `name`."
        ),
        response_model=DriverListBody,
        responses=lists.described_list(DriverBody, {"items": [DRIVER], "next": None}, [DRIVER], 401, *_READ),
    )
    def list_drivers(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        is_marshal = _is_marshal(request)
        visible = asked if is_marshal else _of_shown_names(asked)
        found = reads.list_drivers(visible.page, _present(visible.where))
        shown = [DriverBody.shown(one, is_marshal) for one in found.items]
        return lists.answer(request, DriverBody, DriverListBody(items=shown, next=found.next))

    @router.get(
        "/drivers/{driver_id}",
        operation_id="get_driver",
        summary="One driver",
        dependencies=_JSON,
        responses=lists.described(DRIVER, 401, 404, *_READ),
    )
    def get_driver(request: Request, driver_id: DriverId) -> DriverBody:
        return DriverBody.shown(_needed(services, driver_id), _is_marshal(request))

    @router.get(
        "/me-as-driver",
        operation_id="get_own_page",
        summary="A driver's own page, for who has the token in the QR code",
        dependencies=_ONLY_JSON,
        responses=lists.described(OWN_PAGE, 404, *_READ),
    )
    def get_own_page(driver_token: Token) -> OwnPageBody:
        driver = reads.get_driver_with_token(driver_token)
        if driver is None:
            raise ProblemError("not-found", "This code is of no driver; ask a marshal for a new one.")
        best = [OwnBestBody.of(one) for one in reads.list_best_laps(driver.id)]
        return OwnPageBody(driver=DriverBody.shown(driver), rig=reads.get_rig_of(driver.id), best_laps=best)


def _changing(router: APIRouter, services: Services) -> None:
    @router.post(
        "/drivers",
        operation_id="make_driver",
        summary="Add a driver",
        status_code=201,
        dependencies=_JSON,
        responses=lists.made(DRIVER, *_WRITE),
    )
    def make_driver(request: Request, new: NewDriverBody, key: RequestKey = None) -> DriverBody:
        made = acting.act(
            request,
            services,
            lambda desk: drivers.add(desk, **new.facts()),
            key,
            again=lambda subject: _needed(services, subject),
        )
        return DriverBody.of(made)

    @router.patch(
        "/drivers/{driver_id}",
        operation_id="edit_driver",
        summary="Change what is known of a driver, everywhere at once",
        dependencies=_JSON,
        responses=lists.described(DRIVER, *_WRITE),
    )
    def edit_driver(request: Request, driver_id: DriverId, edit: DriverEditBody) -> DriverBody:
        facts = edit.facts()
        return DriverBody.of(
            acting.act(request, services, lambda desk: drivers.edit(desk, driver_id, edit.version, **facts))
        )

    @router.post(
        "/drivers/{driver_id}/merge",
        operation_id="merge_driver",
        summary="Say that a driver is another one; answers the one that stays",
        description="Seats, laps, names in the games and places in the queue become the other's.",
        dependencies=_JSON,
        responses=lists.described(DRIVER, *_WRITE),
    )
    def merge_driver(request: Request, driver_id: DriverId, merge: MergeBody) -> DriverBody:
        return DriverBody.of(
            acting.act(
                request, services, lambda desk: drivers.merge(desk, driver_id, merge.into, merge.version)
            )
        )


def _leaving(router: APIRouter, services: Services) -> None:
    @router.delete(
        "/drivers/{driver_id}",
        operation_id="delete_driver",
        summary="Delete a driver; the laps stay under a neutral name, and it can be undone",
        dependencies=_ONLY_JSON,
        responses=lists.described(_deleted_example(), *_WRITE),
    )
    def delete_driver(
        request: Request, driver_id: DriverId, version: Annotated[Version, Query()]
    ) -> DriverBody:
        return DriverBody.of(
            acting.act(request, services, lambda desk: drivers.remove(desk, driver_id, version))
        )

    @router.post(
        "/drivers/{driver_id}/erase",
        operation_id="erase_driver",
        summary="Remove what is personal of a driver for good; the laps stay under a neutral name",
        description="It cannot be undone. Captures keep the names that the games sent.",
        dependencies=_JSON,
        responses=lists.described(_deleted_example(), *_WRITE),
    )
    def erase_driver(request: Request, driver_id: DriverId, erasure: ErasureBody) -> DriverBody:
        return DriverBody.of(
            acting.act(
                request,
                services,
                lambda desk: drivers_erasure.erase(desk, driver_id, erasure.version, erasure.confirm),
            )
        )

    @router.get(
        "/drivers/{driver_id}/data",
        operation_id="get_driver_data",
        summary="Everything that is held of one person",
        dependencies=_JSON,
        responses=lists.described(DRIVER_DATA, 401, 403, 404, *_READ),
    )
    def get_driver_data(driver_id: DriverId) -> DriverDataBody:
        held = services.reads.people.get_personal_data(driver_id)
        if held is None:
            raise _unknown(driver_id)
        return DriverDataBody.of(held)


def _is_marshal(request: Request) -> bool:
    is_marshal = identity_of(request).actor.has_role(Role.MARSHAL)
    return is_marshal


def _of_shown_names(asked: ListRequest) -> ListRequest:
    """What was asked, about the names that everybody may see: a filter must not tell the others."""
    where = tuple(replace(one, field="shown_name") if one.field == "name" else one for one in asked.where)
    sort = asked.page.sort
    shown = {"name": "shown_name", "-name": "-shown_name"}
    page = asked.page if sort is None else replace(asked.page, sort=shown.get(sort, sort))
    return replace(asked, page=page, where=where)


def _present(where: Sequence[Condition]) -> tuple[Condition, ...]:
    if any(one.field == "is_deleted" for one in where):
        return tuple(where)
    return (*where, Condition("is_deleted", "eq", False))


def _needed(services: Services, driver_id: str) -> people.Driver:
    found = services.reads.people.get_driver(driver_id)
    if found is None:
        raise _unknown(driver_id)
    return found


def _unknown(driver_id: str) -> NotFound:
    return NotFound(f"There is no driver {driver_id!r}. GET /api/v1/drivers lists those there are.")


def _deleted_example() -> dict[str, object]:
    neutral = {"name": "Former driver 7", "shown_name": "Former driver 7", "pin": None, "is_deleted": True}
    return DRIVER | neutral
