"""``/api/health``: whether the process is alive, and whether the server is ready."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict

from f1timings.web.access.request_identity import is_marshal
from f1timings.web.http.bodies import Body
from f1timings.web.http.lists import described
from f1timings.web.http.negotiation import JSON
from f1timings.web.http.responses import json_response
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

HEALTH: dict[str, Any] = {"status": "ok", "version": "0.1.0"}
READY: dict[str, Any] = {
    "status": "ready",
    "checks": {"database": "ok", "udp": "ok", "captures": "ok"},
}
NOT_READY: dict[str, Any] = {
    "status": "not ready",
    "checks": {"database": "cannot be written: the disk is full", "udp": "ok", "captures": "ok"},
}


class HealthBody(Body):
    """The process is alive."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEALTH]})

    status: str
    version: str


class ReadyBody(Body):
    """Whether the server is ready, and the state of each of its parts."""

    model_config = ConfigDict(json_schema_extra={"examples": [READY]})

    status: str
    checks: dict[str, str]


def routes(services: Services) -> RouteList:
    """The two health routes; they ignore the Accept header, since probes seldom send one."""
    router = RouteList(tags=["health"])

    @router.get(
        "/api/health",
        operation_id="get_health",
        summary="Whether the process is alive",
        response_model=HealthBody,
        responses=described(HEALTH),
    )
    async def get_health() -> Response:
        return json_response(HealthBody(status="ok", version=services.version))

    @router.get(
        "/api/health/ready",
        operation_id="get_readiness",
        summary="Whether the server is ready",
        description=(
            "Ready means that the database can be written and the UDP port is open. "
            "If the server is not ready, the status is 503, with the same body. Marshals also read why a "
            "check fails: for a damaged database, the state of the captures and the commands that bring the "
            "laps back. Everybody else reads a short text without paths, commands and stored values."
        ),
        response_model=ReadyBody,
        responses={
            **described(READY),
            503: {"model": ReadyBody, "content": {JSON: {"example": NOT_READY}}},
        },
    )
    async def get_readiness(request: Request) -> Response:
        # Not in a thread: a database that does not answer may have them all.
        readiness = services.readiness()
        status = "ready" if readiness.is_ready else "not ready"
        body = ReadyBody(status=status, checks=readiness.texts(has_detail=is_marshal(request)))
        return json_response(body, 200 if readiness.is_ready else 503)

    return router
