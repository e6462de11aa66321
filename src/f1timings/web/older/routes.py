"""The older program's routes below ``/api``, served from today's meetings, drivers and laps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import TypeAdapter

from f1timings.errors import ActInvalid
from f1timings.meeting.people import Driver
from f1timings.store import BoardEntry, LeaderboardQuery
from f1timings.store.acts import older
from f1timings.store.room.open_meeting import read_open_meeting
from f1timings.units import lap_text
from f1timings.web.http import acting, lists
from f1timings.web.http.negotiation import JSON
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.older import bodies
from f1timings.web.services import Services

_DRIVERS: Final = TypeAdapter(dict[str, bodies.DriverLapsBody])
_READ = (406, 422, 500, 503)
_WRITE = (401, 403, 406, 409, 422, 500, 503)


def routes(services: Services) -> RouteList:
    """The routes that clients of the older program use, without the export."""
    router = RouteList(
        prefix="/api",
        tags=["older program"],
        dependencies=[Depends(no_parameters), Depends(lists.accepts_json)],
    )
    _add_user_routes(router, services)
    _add_lap_routes(router, services)
    _add_track_routes(router, services)
    return router


def _add_user_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/users",
        operation_id="older_list_users",
        summary="All drivers",
        responses=lists.described(bodies.USERS, *_READ),
    )
    def older_list_users() -> bodies.UsersBody:
        drivers = services.reads.list_records(Driver, is_deleted=False)
        return bodies.UsersBody(
            users={
                driver.shown_name: bodies.UserBody(name=driver.shown_name, team=driver.team or "-")
                for driver in drivers
            }
        )

    @router.post(
        "/users",
        operation_id="older_save_user",
        summary="Add a driver, or change the team of one",
        status_code=201,
        responses=lists.described_creation(bodies.USERS["users"]["Ann"], *_WRITE),
    )
    def older_save_user(request: Request, user: bodies.UserBody) -> bodies.UserBody:
        saved = acting.act(request, services, lambda desk: older.save_user(desk, user.name, user.team))
        return bodies.UserBody(name=saved.name, team=saved.team)

    @router.delete(
        "/users/{name:path}",
        operation_id="older_remove_user",
        summary="Delete a driver; the laps remain under a neutral name",
        responses=lists.described(
            bodies.MESSAGE | {"message": "User 'Ann' deleted successfully"}, 404, *_WRITE
        ),
    )
    def older_remove_user(request: Request, name: str) -> bodies.MessageBody:
        acting.act(request, services, lambda desk: older.remove_user(desk, name))
        return bodies.MessageBody(message=f"User '{name}' deleted successfully")


def _add_lap_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/drivers",
        operation_id="older_list_drivers",
        summary="The drivers of the open meeting, with their best laps at its circuit",
        response_model=dict[str, bodies.DriverLapsBody],
        responses=lists.described(bodies.DRIVERS, *_READ),
    )
    def older_list_drivers() -> Response:
        # FastAPI would check in another thread again what it gets.
        return Response(_DRIVERS.dump_json(_drivers(services)), media_type=JSON)

    @router.post(
        "/laptime",
        operation_id="older_save_lap",
        summary="Enter a lap by hand; answers the same as GET /api/drivers",
        responses=lists.described(bodies.DRIVERS, *_WRITE),
    )
    def older_save_lap(request: Request, lap: bodies.TypedLapBody) -> dict[str, bodies.DriverLapsBody]:
        acting.act(
            request, services, lambda desk: older.save_lap(desk, name=lap.name, team=lap.team, time=lap.time)
        )
        return _drivers(services)

    @router.delete(
        "/laptime",
        operation_id="older_remove_lap",
        summary="Delete a lap by name and time",
        responses=lists.described(bodies.MESSAGE, 404, *_WRITE),
    )
    def older_remove_lap(request: Request, lap: bodies.GoneLapBody) -> bodies.MessageBody:
        acting.act(request, services, lambda desk: older.remove_lap(desk, lap.name, lap.time))
        return bodies.MessageBody(message="Lap time deleted successfully")


def _add_track_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/track",
        operation_id="older_get_track",
        summary="The circuit of the open meeting",
        responses=lists.described(bodies.TRACK, *_READ),
    )
    def older_get_track() -> bodies.TrackBody:
        return bodies.TrackBody(name=_circuit(services) or "")

    @router.post(
        "/track",
        operation_id="older_set_track",
        summary="Set the circuit of the open meeting; no lap is lost, each circuit has its own board",
        responses=lists.described(bodies.TRACK, 400, *_WRITE),
    )
    def older_set_track(request: Request, track: bodies.TrackBody) -> bodies.TrackBody:
        if not track.name.strip():
            raise ProblemError("bad-request", "Track name cannot be empty")
        try:
            meeting = acting.act(request, services, lambda desk: older.set_track(desk, track.name))
        except ActInvalid as error:
            raise error.at_field("name") from error
        return bodies.TrackBody(name=meeting.circuit or "")


def _circuit(services: Services) -> str | None:
    meeting = read_open_meeting(services.reads)
    return meeting.circuit or services.reads.get_circuit(meeting.id)


def _drivers(services: Services) -> dict[str, bodies.DriverLapsBody]:
    """The drivers of the open meeting by name, each with the best lap on the current board, if any."""
    board = services.reads.get_leaderboard(LeaderboardQuery())
    entries = {entry.standing.best.entrant: entry for entry in board.entries}
    lap_ids = [entry.standing.best.lap_id for entry in board.entries if entry.standing.best.lap_id]
    reads = services.reads.older
    typed = reads.list_typed(lap_ids)
    return {
        entrant.name: bodies.DriverLapsBody(
            name=entrant.name,
            team=entrant.team,
            lap_times=[_lap(entries[key], typed)] if key in entries else [],
        )
        for key, entrant in reads.list_entrants(board.meeting_id).items()
    }


def _lap(entry: BoardEntry, typed: Mapping[str, str]) -> bodies.DriverLapBody:
    """A best lap, with its time as it was typed, or in the usual form ``1:23.456``."""
    best = entry.standing.best
    return bodies.DriverLapBody(
        time=typed.get(best.lap_id or "") or lap_text(best.best_lap_ms),
        is_fastest=entry.standing.is_fastest,
        time_seconds=(best.best_lap_ms or 0) / 1000,
    )
