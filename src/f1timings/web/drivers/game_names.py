"""``/api/v1/game-names``: under which names people drive in the games, and whose these are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store.acts import drivers
from f1timings.store.reads.drivers import GAME_NAME_FIELDS
from f1timings.web.drivers.bodies import GAME_NAME, GameNameBody, GameNameListBody, GameNameMappingBody
from f1timings.web.http import acting, lists
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.services import Services

_ask = listing(Filterable.of("GameNameBody", GAME_NAME_FIELDS, GAME_NAME))


def routes(services: Services) -> APIRouter:
    """The routes of names in the games."""
    router = APIRouter(tags=["drivers"])
    reads = services.reads.people

    @router.get(
        "/game-names",
        operation_id="list_game_names",
        summary="Names of people in the games, first those of which nobody said whose they are",
        response_model=GameNameListBody,
        responses=lists.described_list(
            GameNameBody, {"items": [GAME_NAME], "next": None}, [GAME_NAME], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_game_names(request: Request, asked: Annotated[ListRequest, Depends(_ask)]) -> Response:
        found = reads.list_game_names(asked.page, asked.where)
        rows = GameNameListBody(items=[GameNameBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, GameNameBody, rows)

    @router.put(
        "/game-names",
        operation_id="map_game_name",
        summary="Say whose a name in the games is; it is remembered",
        description="Laps under this name are the driver's, but where somebody is assigned to the rig.",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
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
