"""``/api/v1/backups``: list, make and download backups; ``/api/v1/backup-state``: whether all is well."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Path, Request
from fastapi.responses import FileResponse, Response

from f1timings.errors import BackupError
from f1timings.recovery.backups import files
from f1timings.recovery.backups.files import Backup
from f1timings.web.backups.bodies import (
    BACKUP,
    STATE,
    BackupBody,
    BackupListBody,
    BackupStateBody,
    MadeBackupBody,
)
from f1timings.web.http import acting, lists
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_file, json_response
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

#: The route for the command of the server's owner.
OWNER_PATH: Final = "/api/internal/backups"
_BINARY: Final = "application/octet-stream"
BackupName = Annotated[str, Path(max_length=60, examples=[BACKUP["name"]])]


def routes(services: Services) -> RouteList:
    """The routes for staff."""
    router = RouteList(tags=["health"], dependencies=[Depends(no_parameters)])
    _add_reading_routes(router, services)
    _add_making_route(router, services)
    return router


def owner_routes(services: Services) -> RouteList:
    """Making a backup for the command of the server's owner; not part of the public API."""
    router = RouteList(include_in_schema=False)

    @router.post(OWNER_PATH, operation_id="make_backup_for_owner")
    def make_backup() -> Response:
        return json_response(MadeBackupBody(name=_make(services).path.name))

    return router


def _add_reading_routes(router: RouteList, services: Services) -> None:
    @router.get(
        "/backups",
        operation_id="list_backups",
        summary="The backups on the server, the newest first",
        response_model=BackupListBody,
        responses=lists.described_list(
            BackupBody, {"items": [BACKUP], "next": None}, [BACKUP], 401, 403, 406, 422, 500, 503
        ),
    )
    def list_backups(request: Request) -> Response:
        now = services.clock.now()
        rows = [BackupBody.of(backup, now) for backup in reversed(_list(services))]
        return lists.answer(request, BackupBody, BackupListBody(items=rows, next=None))

    @router.get(
        "/backup-state",
        operation_id="get_backup_state",
        summary="The newest backup, and whether anything is wrong",
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described(STATE, 401, 403, 406, 422, 500, 503),
    )
    def get_backup_state() -> BackupStateBody:
        backups = services.backups
        return BackupStateBody.of(backups.state(), str(backups.folder.resolve()), services.clock.now())

    @router.get(
        "/backups/{name}/file",
        operation_id="download_backup",
        summary="The file of a backup",
        description="It contains everything: names, laps, and the hashes of passwords. Keep it safe.",
        response_class=Response,
        responses=described_file((_BINARY,), "The file.", 401, 403, 404, 422, 500, 503),
    )
    def download_backup(name: BackupName) -> Response:
        path = next((backup.path for backup in _list(services) if backup.path.name == name), None)
        if path is None:
            raise acting.no_such("backup", name, "/api/v1/backups")
        headers = {"Cache-Control": "no-store"}
        return FileResponse(path, media_type=_BINARY, filename=path.name, headers=headers)


def _add_making_route(router: RouteList, services: Services) -> None:
    @router.post(
        "/backups",
        operation_id="make_backup",
        summary="Make a backup now; returns when it is made and checked",
        status_code=201,
        dependencies=[Depends(lists.accepts_json)],
        responses=lists.described_creation(BACKUP, 401, 403, 406, 422, 500, 503),
    )
    def make_backup() -> BackupBody:
        return BackupBody.of(_make(services), services.clock.now())


def _make(services: Services) -> Backup:
    try:
        return services.backups.make("requested")
    except BackupError as error:
        raise ProblemError("unavailable", f"No backup was made: {error}.") from error


def _list(services: Services) -> list[Backup]:
    return files.list_backups(services.backups.folder)
