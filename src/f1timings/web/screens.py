"""``/api/v1/screens``: lists the connected screens, and lets one reload its page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from fastapi import Depends, Path, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from f1timings.live.fanout.client import ScreenState
from f1timings.web.http import lists
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

SCREEN: dict[str, Any] = {
    "id": "9c0f1e72",
    "name": "TV at the bar",
    "page": "/display",
    "code": "KXQT",
    "address": "192.168.1.40",
    "since": "2026-11-22T18:02:11.250000Z",
    "views": ["board", "rigs"],
    "skipped": 12,
    "is_behind": False,
}
RELOAD = {"id": SCREEN["id"], "command": "reload"}


class ConnectedScreenBody(Body):
    """One connection that has subscribed; what it does not report about itself is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCREEN]})

    id: str = Field(description="Of this connection; a screen that reconnects gets a new one.")
    name: str | None
    page: str | None = Field(description="Path of the page that it shows.")
    code: str | None = Field(description="The code drawn on the screen, to identify it.")
    address: str | None
    since: Timestamp
    views: list[str]
    skipped: int = Field(
        description="Updates that it got only joined with later ones, because it was too slow."
    )
    is_behind: bool = Field(description="It has not received the newest update yet.")

    @classmethod
    def of(cls, state: ScreenState) -> Self:
        """From the hub's record."""
        return cls(
            id=state.id,
            name=state.screen.name,
            page=state.screen.page,
            code=state.screen.code,
            address=state.address,
            since=moment_text(datetime.fromtimestamp(state.since, UTC)),
            views=list(state.views),
            skipped=state.skipped,
            is_behind=state.is_behind,
        )


class ScreenListBody(ListBody[ConnectedScreenBody]):
    """All connected screens; there is no next page."""


class ScreenCommandBody(Body):
    """The command that was sent to a screen."""

    model_config = ConfigDict(json_schema_extra={"examples": [RELOAD]})

    id: str
    command: str


ScreenId = Annotated[str, Path(max_length=40, examples=[SCREEN["id"]])]


def routes(services: Services) -> RouteList:
    """The routes; they run in the event loop's thread, to which the hub belongs."""
    router = RouteList(tags=["screens"], dependencies=[Depends(no_parameters)])

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

    return router
