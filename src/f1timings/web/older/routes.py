"""The older program's routes at ``/api``: its shapes, said in today's meetings, drivers and laps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from f1timings.errors import ActInvalid
from f1timings.meeting import people
from f1timings.meeting.people import MeetingState
from f1timings.store import BoardEntry, LeaderboardQuery
from f1timings.store.acts import older
from f1timings.web.boards.exports import NothingToExport, export_board, time_text
from f1timings.web.http import acting, lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.older.bodies import (
    DRIVERS,
    EXPORT,
    MESSAGE,
    NO_EXPORT,
    TRACK,
    USERS,
    DriverLap,
    DriverLaps,
    Export,
    GoneLap,
    Message,
    Track,
    TypedLap,
    User,
    Users,
)
from f1timings.web.services import Services

_READ = (406, 422, 500, 503)
_WRITE = (401, 403, 406, 409, 422, 500, 503)


def routes(services: Services) -> APIRouter:
    """All routes that clients of the older program use."""
    router = APIRouter(
        prefix="/api",
        tags=["older program"],
        dependencies=[Depends(no_parameters), Depends(lists.accepts_json)],
    )
    _users(router, services)
    _laps(router, services)
    _track(router, services)
    _export(router, services)
    return router


def _users(router: APIRouter, services: Services) -> None:
    @router.get(
        "/users",
        operation_id="older_list_users",
        summary="Every driver",
        responses=lists.described(USERS, *_READ),
    )
    def older_list_users() -> Users:
        found = services.reads.list_records(people.Driver, is_deleted=False)
        return Users(users={one.shown_name: User(name=one.shown_name, team=one.team or "-") for one in found})

    @router.post(
        "/users",
        operation_id="older_save_user",
        summary="Add a driver, or change the team",
        status_code=201,
        responses=lists.made(USERS["users"]["Ann"], *_WRITE),
    )
    def older_save_user(request: Request, user: User) -> User:
        saved = acting.act(request, services, lambda desk: older.save_user(desk, user.name, user.team))
        return User(name=saved.name, team=saved.team)

    @router.delete(
        "/users/{name:path}",
        operation_id="older_remove_user",
        summary="Delete a driver; the laps stay under a neutral name",
        responses=lists.described(MESSAGE | {"message": "User 'Ann' deleted successfully"}, 404, *_WRITE),
    )
    def older_remove_user(request: Request, name: str) -> Message:
        acting.act(request, services, lambda desk: older.remove_user(desk, name))
        return Message(message=f"User '{name}' deleted successfully")


def _laps(router: APIRouter, services: Services) -> None:
    @router.get(
        "/drivers",
        operation_id="older_list_drivers",
        summary="Whoever drove in the meeting, with the best lap at its circuit",
        responses=lists.described(DRIVERS, *_READ),
    )
    def older_list_drivers() -> dict[str, DriverLaps]:
        return _drivers(services)

    @router.post(
        "/laptime",
        operation_id="older_save_lap",
        summary="Type a lap in; answers what GET /api/drivers does",
        responses=lists.described(DRIVERS, *_WRITE),
    )
    def older_save_lap(request: Request, lap: TypedLap) -> dict[str, DriverLaps]:
        acting.act(request, services, lambda desk: older.save_lap(desk, lap.name, lap.team, lap.time))
        return _drivers(services)

    @router.delete(
        "/laptime",
        operation_id="older_remove_lap",
        summary="Delete a lap by name and time",
        responses=lists.described(MESSAGE, 404, *_WRITE),
    )
    def older_remove_lap(request: Request, lap: GoneLap) -> Message:
        acting.act(request, services, lambda desk: older.remove_lap(desk, lap.name, lap.time))
        return Message(message="Lap time deleted successfully")


def _track(router: APIRouter, services: Services) -> None:
    @router.get(
        "/track",
        operation_id="older_get_track",
        summary="The circuit",
        responses=lists.described(TRACK, *_READ),
    )
    def older_get_track() -> Track:
        return Track(name=_circuit(services) or "")

    @router.post(
        "/track",
        operation_id="older_set_track",
        summary="Set the circuit; no lap is lost, those of another one are on its own board",
        responses=lists.described(TRACK, 400, *_WRITE),
    )
    def older_set_track(request: Request, track: Track) -> Track:
        if not track.name.strip():
            raise ProblemError("bad-request", "Track name cannot be empty")
        try:
            meeting = acting.act(request, services, lambda desk: older.set_track(desk, track.name))
        except ActInvalid as error:
            raise ActInvalid(str(error), "name") from error
        return Track(name=meeting.circuit or "")


def _export(router: APIRouter, services: Services) -> None:
    @router.get(
        "/export",
        operation_id="older_export",
        summary="Write the board to a CSV file in the data folder",
        response_model=Export,
        responses=lists.described(EXPORT, 401, 403, *_READ)
        | {400: {"description": "No track or no lap", "model": Export, "content": _as_json(NO_EXPORT)}},
    )
    def older_export() -> Response:
        now = datetime.now().astimezone()
        try:
            filename = export_board(services.reads, services.data_dir, now)
        except NothingToExport as error:
            return JSONResponse(NO_EXPORT | {"message": str(error)}, 400)
        return JSONResponse(EXPORT | {"filename": filename})


def _as_json(example: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"example": example}}


def _circuit(services: Services) -> str | None:
    meeting = services.reads.list_records(people.Meeting, state=MeetingState.OPEN.value)[-1]
    return meeting.circuit or services.reads.get_circuit(meeting.id)


def _drivers(services: Services) -> dict[str, DriverLaps]:
    board = services.reads.get_leaderboard(LeaderboardQuery())
    entries = {entry.standing.best.entrant: entry for entry in board.entries}
    return {
        one.name: DriverLaps(
            name=one.name,
            team=one.team,
            lap_times=[_lap(services, entries[key])] if key in entries else [],
        )
        for key, one in services.reads.older.list_entrants(board.meeting_id).items()
    }


def _lap(services: Services, entry: BoardEntry) -> DriverLap:
    return DriverLap(
        time=time_text(services.reads, entry),
        is_fastest=entry.standing.is_fastest,
        time_seconds=(entry.standing.best.best_lap_ms or 0) / 1000,
    )
