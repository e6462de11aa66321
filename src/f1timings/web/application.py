"""The web application: every route, and what goes around them all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from f1timings.web import (
    beside_laps,
    docs_page,
    entries,
    headers,
    health,
    laps,
    openapi,
    pages,
    problems,
    rigs,
    sessions,
    socket,
)
from f1timings.web.services import Lifespan, Readiness, Services

__all__ = ["Readiness", "Services", "create_web"]

_DESCRIPTION = (
    "Laps of the F1 games, timed from UDP telemetry. Times are integer milliseconds; "
    "what is not known is null. Lists take limit, cursor, sort and a filter for each field, "
    "and are CSV too (Accept: text/csv)."
)


def create_web(services: Services) -> FastAPI:
    """The ASGI application.

    Its lifespan runs the hub and, inside that, ``services.lifespan``.
    """
    app = FastAPI(
        title="F1Timings",
        version=services.version,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(services),
    )
    for router in _routers(services, app):
        app.include_router(router)
    problems.install(app)
    openapi.install(app)
    # The last one added is the outermost: even a 500 carries the security headers.
    app.add_middleware(problems.LastResort)
    app.add_middleware(headers.HeadAsGet)
    app.add_middleware(headers.SecurityHeaders)
    return app


def _routers(services: Services, app: FastAPI) -> list[APIRouter]:
    api = APIRouter(prefix="/api/v1")
    for room in (rigs, sessions, beside_laps, laps):
        api.include_router(room.routes(services))
    return [
        health.routes(services),
        entries.routes(services),
        api,
        pages.routes(),
        docs_page.routes(app),
        socket.routes(services.hub),
    ]


def _lifespan(services: Services) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with services.hub.running():
            if services.lifespan is None:
                yield
            else:
                async with services.lifespan(app):
                    yield

    return lifespan
