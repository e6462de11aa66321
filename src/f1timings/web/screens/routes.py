"""``/api/v1/screens`` lists the connected screens; ``/api/v1/screen-cards`` sends scenes to them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting.room.records import ALL_SCREENS, ScreenCard
from f1timings.store import Desk
from f1timings.store.acts.room.screens import direct_all_screens, direct_screen
from f1timings.web.http import acting, lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.screens.bodies import (
    CARD,
    RELOAD,
    SCREEN,
    ConnectedScreenBody,
    ScreenCardBody,
    ScreenCardListBody,
    ScreenCommandBody,
    ScreenDirectionBody,
    ScreenListBody,
)
from f1timings.web.services import Services

ScreenId = Annotated[str, Path(max_length=40, examples=[SCREEN["id"]])]


def routes(services: Services) -> RouteList:
    """The routes; those of connections run in the event loop's thread, to which the hub belongs."""
    router = RouteList(tags=["screens"], dependencies=[Depends(no_parameters)])
    _add_connection_routes(router, services)
    _add_card_routes(router, services)
    return router


def _add_connection_routes(router: RouteList, services: Services) -> None:
    @router.get(
        "/screens",
        operation_id="list_screens",
        summary="The connected screens, the oldest connection first",
        response_model=ScreenListBody,
        responses=lists.described_list(
            ConnectedScreenBody, {"items": [SCREEN], "next": None}, [SCREEN], 401, 403, 406, 422, 500, 503
        ),
    )
    async def list_screens(request: Request) -> Response:
        rows = [ConnectedScreenBody.of(state) for state in services.hub.screens()]
        return lists.answer(request, ConnectedScreenBody, ScreenListBody(items=rows, next=None))

    @router.post(
        "/screens/{screen_id}/reload",
        operation_id="reload_screen",
        summary="Let a screen reload its page",
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described(RELOAD, 401, 403, 404, 406, 422, 500, 503),
    )
    async def reload_screen(screen_id: ScreenId) -> ScreenCommandBody:
        if not services.hub.command(screen_id, "reload"):
            raise ProblemError(
                "not-found",
                f"No screen {screen_id!r} is connected. GET /api/v1/screens lists the connected screens.",
            )
        return ScreenCommandBody(id=screen_id, command="reload")


def _add_card_routes(router: RouteList, services: Services) -> None:
    @router.get(
        "/screen-cards",
        operation_id="list_screen_cards",
        summary="What was sent to each screen",
        response_model=ScreenCardListBody,
        responses=lists.described_list(
            ScreenCardBody, {"items": [CARD], "next": None}, [CARD], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_screen_cards(request: Request) -> Response:
        return lists.answer(request, ScreenCardBody, _cards(services))

    @router.patch(
        "/screen-cards",
        operation_id="direct_screens",
        summary="Send a scene to one screen or to all, delay it, or blank it",
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described({"items": [CARD], "next": None}, 401, 403, 406, 422, 500, 503),
    )
    def direct_screens(request: Request, direction: ScreenDirectionBody) -> ScreenCardListBody:
        def direct(desk: Desk) -> None:
            if direction.screen == ALL_SCREENS:
                direct_all_screens(desk, **direction.facts())
            else:
                direct_screen(desk, direction.screen, **direction.facts())

        acting.act(request, services, direct)
        return _cards(services)


def _cards(services: Services) -> ScreenCardListBody:
    cards = services.reads.list_records(ScreenCard)
    return ScreenCardListBody(items=[ScreenCardBody.of(card) for card in cards], next=None)
