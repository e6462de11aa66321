"""``/api/health``: whether the process is alive, and whether it can do its work."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from f1timings.web import examples
from f1timings.web.bodies import Health, Ready
from f1timings.web.lists import described
from f1timings.web.negotiation import JSON
from f1timings.web.services import Services

_NO_STORE = {"Cache-Control": "no-store"}


def routes(services: Services) -> APIRouter:
    """The two health routes; they answer JSON to anybody, since probes seldom say what they accept."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/api/health",
        operation_id="get_health",
        summary="Is the process alive?",
        response_model=Health,
        responses=described(examples.HEALTH),
    )
    async def health() -> Response:
        return _answer(Health(status="ok", version=services.version), 200)

    @router.get(
        "/api/health/ready",
        operation_id="get_readiness",
        summary="Can the server do its work?",
        description="The database takes records and the UDP port listens; 503 with the same body if not.",
        response_model=Ready,
        responses={
            **described(examples.READY),
            503: {"model": Ready, "content": {JSON: {"example": examples.NOT_READY}}},
        },
    )
    def ready() -> Response:
        found = services.readiness()
        body = Ready(status="ready" if found.ready else "not ready", checks=dict(found.checks))
        return _answer(body, 200 if found.ready else 503)

    return router


def _answer(body: Health | Ready, status: int) -> Response:
    return Response(body.model_dump_json(), status_code=status, media_type=JSON, headers=_NO_STORE)
