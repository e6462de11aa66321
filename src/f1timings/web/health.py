"""``/api/health``: whether the process is alive, and whether it can do its work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict

from f1timings.web.http.bodies import Body
from f1timings.web.http.lists import described
from f1timings.web.http.negotiation import JSON
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


_NO_STORE = {"Cache-Control": "no-store"}


def routes(services: Services) -> APIRouter:
    """The two health routes; they answer JSON to anybody, since probes seldom say what they accept."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/api/health",
        operation_id="get_health",
        summary="Is the process alive?",
        response_model=HealthBody,
        responses=described(HEALTH),
    )
    async def health() -> Response:
        return _answer(HealthBody(status="ok", version=services.version), 200)

    @router.get(
        "/api/health/ready",
        operation_id="get_readiness",
        summary="Can the server do its work?",
        description="The database takes records and the UDP port listens; 503 with the same body if not.",
        response_model=ReadyBody,
        responses={
            **described(READY),
            503: {"model": ReadyBody, "content": {JSON: {"example": NOT_READY}}},
        },
    )
    def ready() -> Response:
        found = services.readiness()
        body = ReadyBody(status="ready" if found.ready else "not ready", checks=dict(found.checks))
        return _answer(body, 200 if found.ready else 503)

    return router


def _answer(body: HealthBody | ReadyBody, status: int) -> Response:
    return Response(body.model_dump_json(), status_code=status, media_type=JSON, headers=_NO_STORE)


class HealthBody(Body):
    """The process is alive."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEALTH]})

    status: str
    version: str


class ReadyBody(Body):
    """Whether the server can do its work, and how each part of it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [READY]})

    status: str
    checks: dict[str, str]
