"""``/api/v1/game-names``: the names under which people drive in the games, and the drivers they belong to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.store import Page
from f1timings.store.acts import drivers
from f1timings.store.reads.drivers import GAME_NAME_FIELDS
from f1timings.web.drivers.bodies import GAME_NAME, GameNameBody, GameNameListBody, GameNameMappingBody
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

_list_request = listing(Filterable.of("GameNameBody", GAME_NAME_FIELDS, GAME_NAME))


def routes(services: Services) -> RouteList:
    """The routes of names in the games."""
    router = RouteList(tags=["drivers"])
    reads = services.reads.people

    @router.get(
        "/game-names",
        operation_id="list_game_names",
        summary="Names of people in the games, unclaimed names first",
        response_model=GameNameListBody,
        responses=lists.described_list(
            GameNameBody, {"items": [GAME_NAME], "next": None}, [GAME_NAME], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_game_names(request: Request, query: Annotated[ListRequest, Depends(_list_request)]) -> Response:
        def read(page: Page) -> GameNameListBody:
            found = reads.list_game_names(page, query.where)
            return GameNameListBody(items=[GameNameBody.of(name) for name in found.items], next=found.next)

        return lists.answer_pages(request, GameNameBody, query, read=read)

    @router.put(
        "/game-names",
        operation_id="map_game_name",
        summary="Set which driver a name in the games belongs to",
        description="Past and future laps under this name are the driver's, except at a rig with an assigned "
        "driver.",
        dependencies=JSON_ONLY,
        responses=lists.described(GAME_NAME, 401, 403, 406, 422, 500, 503),
    )
    def map_game_name(request: Request, mapping: GameNameMappingBody) -> GameNameBody:
        mapped = acting.act(
            request, services, lambda desk: drivers.map_game_name(desk, mapping.name, mapping.driver_id)
        )
        seen = reads.get_game_name(mapped.name)
        assert seen is not None
        return GameNameBody.of(seen)

    return router
