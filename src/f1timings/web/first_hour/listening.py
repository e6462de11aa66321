"""``/api/v1/telemetry``: where the games send to, and where other devices open the pages."""

from __future__ import annotations

from typing import Any

from fastapi import Depends
from pydantic import ConfigDict, Field

from f1timings.web.http import lists
from f1timings.web.http.bodies import Body
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

TELEMETRY: dict[str, Any] = {"addresses": ["192.168.1.10"], "port": 20777, "pages": ["192.168.1.10"]}


class TelemetryBody(Body):
    """Where the games send to."""

    model_config = ConfigDict(json_schema_extra={"examples": [TELEMETRY]})

    addresses: list[str] = Field(
        description="Addresses of this server, the most likely first; empty if its machine is in no network."
    )
    port: int = Field(description="The UDP port that is open.")
    pages: list[str] = Field(
        description="Addresses at which other devices open the pages, the most likely first; empty if only "
        "the machine of the server can."
    )


def routes(services: Services) -> RouteList:
    """The routes."""
    router = RouteList(tags=["telemetry"])

    @router.get(
        "/telemetry",
        operation_id="get_listening",
        summary="Where the games send to",
        description="For the menu of the game: UDP IP Address and UDP Port.",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        responses=lists.described(TELEMETRY, 406, 422, 500),
    )
    def get_listening() -> TelemetryBody:
        listening = services.listening()
        return TelemetryBody(
            addresses=list(listening.addresses), port=listening.port, pages=list(services.page_addresses())
        )

    return router
