"""The web application: every route, and the middleware around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from f1timings.meeting import people
from f1timings.meeting.room.forwarding import ForwardTarget
from f1timings.meeting.room.rig_lock import RigLock
from f1timings.meeting.room.slides import Slide
from f1timings.store import StoredLap
from f1timings.web import docs_page, entries, health, pages, socket
from f1timings.web.access import openapi_security
from f1timings.web.access import routes as access_routes
from f1timings.web.access.checks.middleware import AccessMiddleware
from f1timings.web.access.checks.permission import PermissionCheck
from f1timings.web.access.checks.policy import refuse_gaps
from f1timings.web.access.checks.routes import guarded_by
from f1timings.web.backups import routes as backups
from f1timings.web.boards import routes as boards
from f1timings.web.caching.kept_answers import KeptAnswers, describe_kept
from f1timings.web.caching.middleware import KeptAnswersMiddleware
from f1timings.web.circuits import routes as circuits
from f1timings.web.drivers import game_names, lap_routes
from f1timings.web.drivers import routes as drivers
from f1timings.web.drivers.bodies import DriverBody
from f1timings.web.first_hour import checks, listening
from f1timings.web.forwarding import routes as forwarding
from f1timings.web.http import acting, error_handlers, openapi
from f1timings.web.http.error_handlers import UnexpectedErrorMiddleware
from f1timings.web.http.queries import list_parameters
from f1timings.web.laps import comparisons, imported, marks, traces
from f1timings.web.laps import routes as laps
from f1timings.web.meetings import acts
from f1timings.web.meetings import routes as meetings
from f1timings.web.meetings.bodies import ActBody, MeetingBody
from f1timings.web.middleware.head_requests import HeadMiddleware
from f1timings.web.middleware.security_headers import SecurityHeadersMiddleware
from f1timings.web.observed import routes as observed
from f1timings.web.older import exports as older_exports
from f1timings.web.older import routes as older
from f1timings.web.rigs import assignments, lock, own_codes, qr, queue
from f1timings.web.rigs import routes as rigs
from f1timings.web.screens import routes as screens
from f1timings.web.screens import slides
from f1timings.web.services import Lifespan, Services
from f1timings.web.sessions import charts, occurrences
from f1timings.web.sessions import routes as sessions
from f1timings.web.subjects import SUBJECTS
from f1timings.web.tables.formats import add_format_parameters

__all__ = ["Services", "create_web"]

_DESCRIPTION = (
    "Laps of the F1 games, timed from UDP telemetry. Times are integer milliseconds; "
    "unknown values are null. Lists take limit, cursor, sort and a filter for each field, "
    "and are also available as CSV and XLSX (format=csv, format=xlsx, or the Accept header)."
)


def create_web(services: Services) -> FastAPI:
    """Create the ASGI application.

    Its lifespan runs the hub and, inside it, ``services.lifespan``.
    """
    access = services.access
    permissions = PermissionCheck(access.directory, access.changes)
    app = FastAPI(
        title="F1Timings",
        version=services.version,
        description=_DESCRIPTION,
        docs_url=None,
        openapi_url=None,
        openapi_tags=[{"name": tag, "description": subject.description} for tag, subject in SUBJECTS.items()],
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(services),
    )
    app.router.route_class = guarded_by(permissions)
    _install_routes(services, app)
    refuse_gaps(app.routes)
    error_handlers.install(app, services.readiness, pages.missing_page())
    acting.install(app, _current_bodies(services))
    openapi.install(
        app,
        openapi_security.add_security,
        list_parameters(app.routes),
        add_format_parameters,
        describe_kept,
    )
    # The middleware that is added last is the outermost: even a 500 carries the security headers.
    app.add_middleware(
        KeptAnswersMiddleware, kept=KeptAnswers(services.newest_change), permissions=permissions
    )
    app.add_middleware(
        AccessMiddleware, directory=access.directory, hosts=access.hosts, sockets=access.sockets
    )
    app.add_middleware(UnexpectedErrorMiddleware)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(SecurityHeadersMiddleware)
    return app


def _current_bodies(services: Services) -> acting.Bodies:
    """The bodies of records that have changed since the client read them, by record type."""
    return {
        **access_routes.CURRENT,
        people.Meeting: MeetingBody.of,
        people.Act: ActBody.of,
        people.Driver: DriverBody.of,
        people.RigCard: lambda card: rigs.rig_body(services, card.rig),
        ForwardTarget: lambda target: forwarding.target_body(services, target),
        RigLock: lambda record: lock.lock_body(services, record),
        people.QueueEntry: lambda entry: queue.entry_body(services, entry.id),
        Slide: lambda slide: slides.slide_body(services, slide.id),
        StoredLap: partial(marks.current_lap_body, services),
    }


def _install_routes(services: Services, app: FastAPI) -> None:
    for subject in (health, entries):
        subject.routes(services).install(app.router)
    observed.metrics_routes(services).install(app.router)
    access_routes.owner_routes(services).install(app.router)
    checks.owner_routes(services).install(app.router)
    backups.owner_routes(services).install(app.router)
    older.routes(services).install(app.router)
    older_exports.routes(services).install(app.router)
    for subject in (
        listening,
        checks,
        rigs,
        lock,
        assignments,
        own_codes,
        qr,
        queue,
        sessions,
        occurrences,
        charts,
        laps,
        marks,
        traces,
        comparisons,
        imported,
        boards,
        circuits,
        meetings,
        acts,
        drivers,
        lap_routes,
        game_names,
        screens,
        forwarding,
        backups,
        observed,
        slides,
        access_routes,
    ):
        subject.routes(services).install(app.router, prefix="/api/v1")
    app.include_router(pages.routes())
    docs_page.routes(app).install(app.router)
    app.include_router(socket.routes(services.hub))


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
