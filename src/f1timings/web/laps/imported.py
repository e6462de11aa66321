"""``/api/v1/imported-laps``: laps of other servers, which are compared and count nowhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Path, Request
from fastapi import Body as RequestBody
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from f1timings.meeting.room.imported_laps import MOST_IMPORTED_LAPS, ImportedFile, ImportedLap
from f1timings.store.acts.room import imported_laps as acts
from f1timings.traces.lap_files import MEDIA_TYPE, MOST_FILE_BYTES, read_lap_file
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, VISIBLE_ASCII
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_file, described_no_content
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.files import lap_file_response
from f1timings.web.services import Services

_PATH: Final = "/imported-laps"
_LISTED_AT: Final = f"/api/v1{_PATH}"
IMPORTED_LAP: Final[dict[str, Any]] = {
    "id": "imported~7cc4d821a0f34d9d517cce9b",
    "name": "Anna",
    "circuit": "Monza",
    "track_length_m": 5793,
    "lap_time_ms": 83456,
    "sector1_ms": 27801,
    "sector2_ms": 28502,
    "sector3_ms": 27153,
    "is_valid": True,
    "compound": "soft",
    "assists": "none",
    "weather": "clear",
    "start": "flying",
    "packet_format": 2025,
    "session_type": "time_trial",
    "formula": "f1_modern",
    "meeting": "Club night",
    "venue": "Sim centre",
    "driven_at": "2026-11-22T16:12:00.068345Z",
    "imported_at": "2026-11-29T18:02:11.501220Z",
}
_MOMENTS: Final = ("driven_at", "imported_at")
_IMPORT_TEXT: Final = (
    f"The body is the file, as `format=f1lap` of the trace of a lap on another server gives it; at most "
    f"{MOST_FILE_BYTES >> 20} MB. The same file twice is imported once. At most {MOST_IMPORTED_LAPS} laps. "
    "They are compared with other laps, and never count on a board, in a result or for a person."
)

_ImportedId = Annotated[str, Path(max_length=60, pattern=VISIBLE_ASCII, examples=[IMPORTED_LAP["id"]])]
_LapFileBytes = Annotated[bytes, RequestBody(media_type=MEDIA_TYPE)]


class ImportedLapBody(Body):
    """A lap of another server; a value that is not known is null, never 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [IMPORTED_LAP]})

    id: str = Field(description="Of comparisons too; the same file has the same id on every server.")
    name: str | None = Field(description="The driver's name, as the other server showed it.")
    circuit: str | None
    track_length_m: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    compound: str | None
    assists: str | None
    weather: str | None
    start: str | None
    packet_format: int
    session_type: str | None
    formula: str | None
    meeting: str | None = Field(description="The event of the other server.")
    venue: str | None
    driven_at: Timestamp
    imported_at: Timestamp

    @classmethod
    def of(cls, lap: ImportedLap) -> Self:
        """The body of an imported lap."""
        facts = asdict(lap)
        del facts["seq"]
        return cls(**facts | {name: moment_text(facts[name]) for name in _MOMENTS})


class ImportedLapListBody(ListBody[ImportedLapBody]):
    """All imported laps."""


def routes(services: Services) -> RouteList:
    """The routes of imported laps."""
    router = RouteList(tags=["laps"])
    _add_list_routes(router, services)
    _add_lap_routes(router, services)
    return router


def need_imported_lap(services: Services, lap_id: str) -> ImportedLap:
    """An imported lap.

    Raises:
        NotFound: there is no such lap.
    """
    lap = services.reads.get_record(ImportedLap, lap_id)
    if lap is None:
        raise acting.no_such("imported lap", lap_id, _LISTED_AT)
    return lap


def need_imported_file(services: Services, lap_id: str) -> bytes:
    """The bytes of the file of an imported lap.

    Raises:
        NotFound: there is no such lap.
    """
    file = services.reads.get_record(ImportedFile, lap_id)
    if file is None:
        raise acting.no_such("imported lap", lap_id, _LISTED_AT)
    return file.data


def _add_list_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        _PATH,
        operation_id="list_imported_laps",
        summary="Laps of other servers, for comparisons",
        dependencies=[Depends(no_parameters)],
        response_model=ImportedLapListBody,
        responses=lists.described_list(
            ImportedLapBody, {"items": [IMPORTED_LAP], "next": None}, [IMPORTED_LAP], 406, 422, 500, 503
        ),
    )
    def list_imported_laps(request: Request) -> Response:
        items = [ImportedLapBody.of(lap) for lap in services.reads.list_records(ImportedLap)]
        return lists.answer(request, ImportedLapBody, ImportedLapListBody(items=items, next=None))

    @router.post(
        _PATH,
        operation_id="import_lap",
        summary="Import a lap from a lap file of another server",
        description=_IMPORT_TEXT,
        status_code=201,
        max_body_size=MOST_FILE_BYTES,
        dependencies=JSON_ONLY,
        responses=lists.described_creation(IMPORTED_LAP, *PROBLEMS),
    )
    def import_lap(request: Request, data: _LapFileBytes) -> ImportedLapBody:
        file = read_lap_file(data)
        return ImportedLapBody.of(
            acting.act(request, services, lambda desk: acts.import_lap(desk, file, data))
        )


def _add_lap_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        _PATH + "/{lap_id}",
        operation_id="get_imported_lap",
        summary="One imported lap",
        dependencies=JSON_ONLY,
        responses=lists.described(IMPORTED_LAP, 404, 406, 422, 500, 503),
    )
    def get_imported_lap(lap_id: _ImportedId) -> ImportedLapBody:
        return ImportedLapBody.of(need_imported_lap(services, lap_id))

    @router.get(
        _PATH + "/{lap_id}/file",
        operation_id="get_imported_file",
        summary="The file from which a lap was imported",
        dependencies=[Depends(no_parameters)],
        response_class=Response,
        responses=described_file((MEDIA_TYPE,), "The lap file.", 404, 422, 500, 503),
    )
    def get_imported_file(lap_id: _ImportedId) -> Response:
        lap = need_imported_lap(services, lap_id)
        return lap_file_response(need_imported_file(services, lap_id), lap.circuit, lap.lap_time_ms)

    @router.delete(
        _PATH + "/{lap_id}",
        operation_id="delete_imported_lap",
        summary="Delete an imported lap",
        status_code=204,
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        responses=described_no_content(*PROBLEMS),
    )
    def delete_imported_lap(request: Request, lap_id: _ImportedId) -> Response:
        acting.act(request, services, lambda desk: acts.delete_imported_lap(desk, lap_id))
        return Response(status_code=204)
