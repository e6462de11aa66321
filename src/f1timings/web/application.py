"""The web application: every route, and what goes around them all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, Depends, FastAPI

from f1timings.meeting import people
from f1timings.store import StoredLap
from f1timings.web import (
    acting,
    acts,
    assignments,
    beside_laps,
    docs_page,
    drivers,
    entries,
    game_names,
    headers,
    health,
    lap_marks,
    laps,
    leaderboard,
    meetings,
    older_contract,
    openapi,
    pages,
    problems,
    qr,
    queue,
    rigs,
    screens,
    sessions,
    socket,
)
from f1timings.web.access import described, gate, guard, policy
from f1timings.web.access import routes as access_routes
from f1timings.web.driver_bodies import Driver
from f1timings.web.meeting_bodies import Act, Meeting
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
        openapi_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(services),
        dependencies=[Depends(guard.Guard(services.access.keeper))],
    )
    for router in _routers(services, app):
        app.include_router(router)
    policy.refuse_gaps(app.routes)
    problems.install(app)
    acting.install(app, _as_current(services))
    openapi.install(app, described.describe)
    # The last one added is the outermost: even a 500 carries the security headers.
    app.add_middleware(gate.Gate, access=services.access)
    app.add_middleware(problems.LastResort)
    app.add_middleware(headers.HeadAsGet)
    app.add_middleware(headers.SecurityHeaders)
    return app


def _as_current(services: Services) -> acting.Bodies:
    """How a record is shown to whoever changed what is no more as they saw it."""
    return {
        **access_routes.CURRENT,
        people.Meeting: Meeting.of,
        people.Act: Act.of,
        people.Driver: Driver.of,
        people.RigCard: lambda card: rigs.shown_rig(services, card.rig),
        people.QueueEntry: lambda entry: queue.shown_entry(services, entry.id),
        StoredLap: partial(lap_marks.current_lap, services),
    }


def _routers(services: Services, app: FastAPI) -> list[APIRouter]:
    api = APIRouter(prefix="/api/v1")
    for room in (
        rigs,
        assignments,
        qr,
        queue,
        sessions,
        beside_laps,
        laps,
        lap_marks,
        leaderboard,
        meetings,
        acts,
        drivers,
        game_names,
        screens,
    ):
        api.include_router(room.routes(services))
    api.include_router(access_routes.routes(services))
    return [
        health.routes(services),
        entries.routes(services),
        access_routes.owner_routes(services),
        older_contract.routes(services),
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
                async with services.access.running():
                    yield
            else:
                async with services.lifespan(app), services.access.running():
                    yield

    return lifespan
