"""``/api/v1/drivers``: list, add, edit, merge, delete and erase drivers, and a driver's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from f1timings.meeting import people
from f1timings.store import Condition, Page
from f1timings.store.acts import drivers, erasure
from f1timings.store.reads.drivers import DRIVER_FIELDS
from f1timings.web.access.request_identity import is_marshal
from f1timings.web.boards.erased_names import ExportsOfErasure
from f1timings.web.drivers.bodies import (
    DRIVER,
    OWN_PAGE,
    DriverBody,
    DriverEditBody,
    DriverListBody,
    ErasedDriverBody,
    ErasureBody,
    MergeBody,
    NewDriverBody,
    OwnBestBody,
    OwnPageBody,
)
from f1timings.web.drivers.data_bodies import DRIVER_DATA, DriverDataBody
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey, Version
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

DriverId = Annotated[str, Path(max_length=40, pattern=r"^[^\x00]+$", examples=[DRIVER["id"]])]
# Not named `token`: in every address that is the token of a display.
Token = Annotated[
    str, Query(max_length=100, description="The token in the driver's QR code.", examples=[DRIVER["token"]])
]
_FIELDS = Filterable.of("DriverBody", DRIVER_FIELDS, DRIVER, stored_names={"version": "seq"})
_list_request = listing(_FIELDS)
_READ_PROBLEMS = (406, 422, 500, 503)
_DELETED: dict[str, Any] = DRIVER | {
    "name": "Former driver 7",
    "shown_name": "Former driver 7",
    "pin": None,
    "has_pin": False,
    "is_deleted": True,
    "deleted_at": "2026-11-22T21:30:00.000000Z",
}
_ERASED = _DELETED | {
    "exports_changed": ["exports/Monza_20261122_201500_laptimes.csv"],
    "exports_unchanged": [],
}


def routes(services: Services) -> RouteList:
    """The routes of drivers."""
    router = RouteList(tags=["drivers"])
    _add_list_route(router, services)
    _add_get_routes(router, services)
    _add_edit_routes(router, services)
    _add_merge_route(router, services)
    _add_delete_routes(router, services)
    return router


def _add_list_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/drivers",
        operation_id="list_drivers",
        summary="Drivers",
        description=(
            "Without the filter `is_deleted`, drivers that are not deleted. Without the role marshal, people "
            "who do not agree to be shown appear under a nickname or a neutral name. Filters and sorting by "
            "`name` then use that name."
        ),
        response_model=DriverListBody,
        responses=lists.described_list(
            DriverBody, {"items": [DRIVER], "next": None}, [DRIVER], 401, *_READ_PROBLEMS
        ),
    )
    def list_drivers(request: Request, query: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        if not is_marshal(request):
            query = _by_shown_name(query)
        where = _undeleted_by_default(query.where)

        def read(page: Page) -> DriverListBody:
            found = services.reads.people.list_drivers(page, where)
            return DriverListBody(items=[_body(request, driver) for driver in found.items], next=found.next)

        return lists.answer_pages(request, DriverBody, query, read=read)


def _add_get_routes(router: APIRouter, services: Services) -> None:
    reads = services.reads.people

    @router.get(
        "/drivers/{driver_id}",
        operation_id="get_driver",
        summary="One driver",
        dependencies=JSON_ONLY,
        responses=lists.described(DRIVER, 401, 404, *_READ_PROBLEMS),
    )
    def get_driver(request: Request, driver_id: DriverId) -> DriverBody:
        return _body(request, need_driver(services, driver_id))

    @router.get(
        "/drivers/{driver_id}/data",
        operation_id="get_driver_data",
        summary="Everything that is stored about one driver",
        dependencies=JSON_ONLY,
        responses=lists.described(DRIVER_DATA, 401, 403, 404, *_READ_PROBLEMS),
    )
    def get_driver_data(driver_id: DriverId) -> DriverDataBody:
        data = reads.get_personal_data(driver_id)
        if data is None:
            raise acting.no_such("driver", driver_id, "/api/v1/drivers")
        return DriverDataBody.of(data)

    @router.get(
        "/me-as-driver",
        operation_id="get_own_page",
        summary="A driver's own page, with the token in the driver's QR code",
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described(OWN_PAGE, 404, *_READ_PROBLEMS),
    )
    def get_own_page(driver_token: Token) -> OwnPageBody:
        driver = reads.get_driver_with_token(driver_token)
        if driver is None:
            raise ProblemError("not-found", "No driver has this code; ask a marshal for a new one.")
        best = [OwnBestBody.of(lap) for lap in reads.list_best_laps(driver.id)]
        return OwnPageBody(driver=DriverBody.public(driver), rig=reads.get_rig_of(driver.id), best_laps=best)


def _add_edit_routes(router: APIRouter, services: Services) -> None:
    @router.post(
        "/drivers",
        operation_id="make_driver",
        summary="Add a driver",
        status_code=201,
        dependencies=JSON_ONLY,
        responses=lists.described_creation(DRIVER, *PROBLEMS),
    )
    def make_driver(request: Request, new: NewDriverBody, key: RequestKey = None) -> DriverBody:
        driver_id = acting.act_once(
            request, services, lambda desk: drivers.add(desk, **new.facts()).id, request_key=key
        )
        return DriverBody.of(need_driver(services, driver_id))

    @router.patch(
        "/drivers/{driver_id}",
        operation_id="edit_driver",
        summary="Change facts about a driver, everywhere at once",
        dependencies=JSON_ONLY,
        responses=lists.described(DRIVER, *PROBLEMS),
    )
    def edit_driver(request: Request, driver_id: DriverId, edit: DriverEditBody) -> DriverBody:
        facts = edit.facts()
        return DriverBody.of(
            acting.act(request, services, lambda desk: drivers.edit(desk, driver_id, edit.version, **facts))
        )


def _add_merge_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/drivers/{driver_id}/merge",
        operation_id="merge_driver",
        summary="Merge a driver into another one of the same person; returns the driver that remains",
        description="The other driver gets the laps, assignments, names in the games and queue entries.",
        dependencies=JSON_ONLY,
        responses=lists.described(DRIVER, *PROBLEMS),
    )
    def merge_driver(request: Request, driver_id: DriverId, merge: MergeBody) -> DriverBody:
        services.backups.make_before("change")
        merged = acting.act(
            request,
            services,
            lambda desk: drivers.merge(desk, driver_id, into_id=merge.into, version=merge.version),
        )
        return DriverBody.of(merged)


def _add_delete_routes(router: APIRouter, services: Services) -> None:
    @router.delete(
        "/drivers/{driver_id}",
        operation_id="delete_driver",
        summary="Delete a driver; the laps stay under a neutral name, and it can be undone",
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described(_DELETED, *PROBLEMS),
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
        summary="Erase the personal data of a driver for good; the laps stay under a neutral name",
        description=(
            "It cannot be undone. The server removes the backups with this person, also in the second "
            "folder, as soon as a new one is made. Captures still contain the names that the games sent, and "
            "copies that people made still contain everything."
        ),
        dependencies=JSON_ONLY,
        responses=lists.described(_ERASED, *PROBLEMS),
    )
    def erase_driver(request: Request, driver_id: DriverId, erase: ErasureBody) -> ErasedDriverBody:
        services.backups.make_before("change")
        files = ExportsOfErasure(services.data_dir)
        erased = acting.act(
            request,
            services,
            lambda desk: erasure.erase(
                desk, driver_id, version=erase.version, confirm=erase.confirm, elsewhere=files.erase
            ),
        )
        services.backups.request("erasure")
        outcome = files.erase_again()
        return ErasedDriverBody(
            **DriverBody.of(erased).model_dump(),
            exports_changed=[*outcome.changed],
            exports_unchanged=[*outcome.unchanged],
        )


def _body(request: Request, driver: people.Driver) -> DriverBody:
    return DriverBody.of(driver) if is_marshal(request) else DriverBody.public(driver)


def _by_shown_name(query: ListRequest) -> ListRequest:
    """Filter and sort by the shown name instead of the name, so that the list does not give names away."""
    where = tuple(
        replace(condition, field="shown_name") if condition.field == "name" else condition
        for condition in query.where
    )
    sort = query.page.sort
    public_sort = {"name": "shown_name", "-name": "-shown_name"}
    page = query.page if sort is None else replace(query.page, sort=public_sort.get(sort, sort))
    return replace(query, page=page, where=where)


def _undeleted_by_default(where: Sequence[Condition]) -> tuple[Condition, ...]:
    if any(condition.field == "is_deleted" for condition in where):
        return tuple(where)
    return (*where, Condition("is_deleted", "eq", False))


def need_driver(services: Services, driver_id: str) -> people.Driver:
    """Return a driver.

    Raises:
        NotFound: there is none of this id.
    """
    driver = services.reads.people.get_driver(driver_id)
    if driver is None:
        raise acting.no_such("driver", driver_id, "/api/v1/drivers")
    return driver
