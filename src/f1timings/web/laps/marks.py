"""Acts on laps at ``/api/v1/laps``: enter a lap by hand, delete it, overrule the game, change the driver."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from f1timings.errors import ActInvalid
from f1timings.meeting import people
from f1timings.store import Desk, StoredLap
from f1timings.store.acts.drivers import need_present, upsert_driver
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.acts.marks import SeenRevision, mark_laps
from f1timings.store.acts.meetings import get_open_meeting
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.bodies import LAP, LapBody, LapListBody
from f1timings.web.laps.mark_bodies import (
    MANUAL_LAP,
    MARKED_LAP,
    LapRulingBody,
    LapRulingsBody,
    NewLapBody,
)
from f1timings.web.services import Services

LapId = Annotated[str, Path(max_length=400, examples=[LAP["id"]])]


def routes(services: Services) -> RouteList:
    """The routes by which marshals act on laps."""
    router = RouteList(tags=["laps"], dependencies=JSON_ONLY)
    _add_create_route(router, services)
    _add_mark_routes(router, services)
    return router


def current_lap_body(services: Services, stored: StoredLap) -> LapBody:
    """Return the body of a lap that has changed since the client read it, as it is now, with its driver."""
    return (_list_bodies(services, stored.lap.id) or [LapBody.of(stored)])[0]


def _add_create_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/laps",
        operation_id="make_lap",
        summary="Enter a lap that was timed by hand",
        status_code=201,
        responses=lists.described_creation(MANUAL_LAP, *PROBLEMS),
    )
    def make_lap(request: Request, new: NewLapBody, key: RequestKey = None) -> LapBody:
        lap_id = acting.act_once(request, services, lambda desk: _record(desk, new).lap.id, request_key=key)
        return _need_body(services, lap_id)


def _add_mark_routes(router: APIRouter, services: Services) -> None:
    @router.patch(
        "/laps/{lap_id}",
        operation_id="mark_lap",
        summary="Decide about a lap: delete it, overrule the game, change its driver; or take that back",
        description="Creates a new revision. What the game reported stays in the earlier revisions, and in "
        "`game_state` and `game_is_valid`.",
        responses=lists.described(MARKED_LAP, *PROBLEMS),
    )
    def mark_lap(request: Request, lap_id: LapId, body: LapRulingBody) -> LapBody:
        seen = [SeenRevision(lap_id, body.revision)]
        (marked,) = acting.act(request, services, lambda desk: mark_laps(desk, seen, body.ruling()))
        return _need_body(services, marked)

    @router.post(
        "/laps/mark",
        operation_id="mark_laps",
        summary="Decide the same about several laps: all of them or none",
        responses=lists.described({"items": [MARKED_LAP], "next": None}, *PROBLEMS),
    )
    def mark_several(request: Request, body: LapRulingsBody) -> LapListBody:
        seen = [SeenRevision(lap.id, lap.revision) for lap in body.laps]
        marked = acting.act(request, services, lambda desk: mark_laps(desk, seen, body.ruling()))
        return LapListBody(items=_list_bodies(services, *marked), next=None)


def _list_bodies(services: Services, *lap_ids: str) -> list[LapBody]:
    return [LapBody.of(stored) for stored in services.reads.list_laps_by_id(lap_ids)]


def _need_body(services: Services, lap_id: str) -> LapBody:
    bodies = _list_bodies(services, lap_id)
    if not bodies:
        raise acting.no_such("lap", lap_id, "/api/v1/laps")
    return bodies[0]


def _record(desk: Desk, new: NewLapBody) -> StoredLap:
    driver = _driver(desk, new)
    return record_manual_lap(
        desk,
        get_open_meeting(desk),
        driver,
        typed=new.time,
        circuit=new.circuit,
        reason=new.reason,
    )


def _driver(desk: Desk, new: NewLapBody) -> people.Driver:
    if (new.driver_id is None) == (new.driver is None):
        raise ActInvalid("driver-named-twice", "driver")
    if new.driver_id is not None:
        return need_present(desk, new.driver_id)
    assert new.driver is not None
    return upsert_driver(desk, new.driver, new.team or "")
