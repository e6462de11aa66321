"""``/api/v1/laps/{id}/trace``: what the car did on a lap, as columns or as a file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Literal

import msgspec
from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from f1timings.errors import NotFound
from f1timings.store import StoredLap
from f1timings.traces.blobs import decode
from f1timings.traces.channels import BY_NAME
from f1timings.traces.lap_files import EXTENSION, MEDIA_TYPE
from f1timings.traces.trace import Trace
from f1timings.web.http import acting, lists
from f1timings.web.http.bodies import Body
from f1timings.web.http.negotiation import CSV, PARQUET
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.bodies import LAP, LapBody
from f1timings.web.laps.files import lap_file_answer
from f1timings.web.laps.motec import motec_csv
from f1timings.web.laps.parquet import parquet_bytes
from f1timings.web.services import Services
from f1timings.web.tables.answers import Table, csv_answer, file_header, workbook_answer
from f1timings.web.tables.columns import TableColumn
from f1timings.web.tables.csv_text import csv_text
from f1timings.web.tables.formats import MEDIA_TYPES, FormatChoice, format_parameters, requested_format

_CHANNELS: Final[dict[str, list[float | None]]] = {
    "time_ms": [16, 33],
    "distance_m": [1.38, 2.77],
    "speed_kmh": [298.1, 298.3],
    "throttle_pct": [100.0, None],
}
TRACE: Final[dict[str, Any]] = {
    "lap_id": LAP["id"],
    "packet_format": 2025,
    "samples": 2,
    "channels": _CHANNELS,
}
_COLUMNS: Final = tuple(TableColumn(name, name, is_time=False) for name in BY_NAME)
_NO_VALUES: Final[dict[str, Any]] = dict.fromkeys(BY_NAME)
_ROWS_OF_A_PAGE: Final = 1000
_VARY: Final = {"Vary": "Accept"}


class TraceFormatChoice(FormatChoice):
    """The query parameters about the format of a trace."""

    media_types: ClassVar[Mapping[str, str]] = {
        **MEDIA_TYPES,
        "parquet": PARQUET,
        "motec": CSV,
        EXTENSION: MEDIA_TYPE,
    }

    format: Literal["json", "csv", "xlsx", "parquet", "motec", "f1lap"] | None = Field(
        None,
        description="Format of the answer; the Accept header decides if absent. `motec` is CSV for MoTeC i2; "
        "`parquet` takes a server with f1timings[parquet]; `f1lap` is the lap as a file for another server.",
        examples=["csv"],
    )


class TraceBody(Body):
    """The trace of one lap; docs/traces.md lists the channels."""

    model_config = ConfigDict(json_schema_extra={"examples": [TRACE]})

    lap_id: str
    packet_format: int
    samples: int = Field(description="The length of every channel.")
    channels: dict[str, list[float | None]] = Field(
        description="By channel, with its unit as a suffix; null is a gap; without any value it is missing."
    )


def routes(services: Services) -> RouteList:
    """The route of traces."""
    router = RouteList(tags=["laps"])
    responses = lists.described(TRACE, 404, 406, 422, 500, 503)
    rows = [
        _NO_VALUES | dict(zip(_CHANNELS, row, strict=True)) for row in zip(*_CHANNELS.values(), strict=True)
    ]
    responses[200]["content"] |= lists.described_files(csv_text(_COLUMNS, rows))
    responses[200]["content"][PARQUET] = {**lists.BINARY, "example": "A Parquet file with the same columns."}
    responses[200]["content"][MEDIA_TYPE] = {**lists.BINARY, "example": "A lap file, see docs/traces.md."}

    @router.get(
        "/laps/{lap_id}/trace",
        operation_id="get_trace",
        summary="What the car did on one lap, at the rate of the game",
        dependencies=[Depends(no_parameters)],
        response_model=TraceBody,
        responses=responses,
        openapi_extra={"parameters": format_parameters(TraceFormatChoice)},
    )
    def get_trace(request: Request, lap_id: str) -> Response:
        wanted = requested_format(request, choices=TraceFormatChoice)
        blob = _need_blob(services, lap_id)
        if wanted.word == EXTENSION:
            return lap_file_answer(services, _need_lap(services, lap_id), blob)
        trace = decode(blob)
        if wanted.word == "json":
            return Response(_json(lap_id, trace), media_type=wanted.media_type, headers=_VARY)
        if wanted.word in _WITH_FACTS:
            return _WITH_FACTS[wanted.word](services, trace, _need_lap(services, lap_id))
        table = Table("trace", _COLUMNS, list(_pages(trace)))
        if wanted.word == "csv":
            return csv_answer(table, wanted.csv_form, _VARY)
        return workbook_answer(table, _VARY)

    return router


def need_trace(services: Services, lap_id: str) -> Trace:
    """The trace of a lap.

    Raises:
        NotFound: there is no such lap, or it has no trace.
    """
    return decode(_need_blob(services, lap_id))


def _need_blob(services: Services, lap_id: str) -> bytes:
    blob = services.reads.get_trace(lap_id)
    if blob is not None:
        return blob
    _need_lap(services, lap_id)
    raise NotFound(
        "no-such-record",
        detail=f"The lap {lap_id!r} has no trace: only laps of a rig's own car and laps in online sessions "
        "have one, if their telemetry was received.",
    )


def _need_lap(services: Services, lap_id: str) -> StoredLap:
    stored = services.reads.get_lap(lap_id)
    if stored is None:
        raise acting.no_such("lap", lap_id, "/api/v1/laps")
    return stored


def _motec_answer(services: Services, trace: Trace, stored: StoredLap) -> Response:
    found = services.reads.get_session(stored.lap.session_id)
    text = motec_csv(trace, stored, None if found is None else found.session)
    headers = _VARY | file_header("trace-motec.csv")
    return Response(text, media_type=f"{CSV}; charset=utf-8", headers=headers)


def _parquet_answer(_: Services, trace: Trace, stored: StoredLap) -> Response:
    content = parquet_bytes(trace, LapBody.of(stored))
    return Response(content, media_type=PARQUET, headers=_VARY | file_header("trace.parquet"))


# Formats with the values and the facts of the lap.
_WITH_FACTS: Final = {"motec": _motec_answer, "parquet": _parquet_answer}


def _columns(trace: Trace) -> dict[str, list[Any]]:
    """The values of each channel; whole numbers where its step is one, so that they are short."""
    columns = {}
    for name, numbers in trace.numbers.items():
        is_whole = BY_NAME[name].step == 1 and name not in trace.gaps
        columns[name] = numbers.tolist() if is_whole else trace.values(name).tolist()
    return columns


def _json(lap_id: str, trace: Trace) -> bytes:
    """The body; pydantic would take several times as long for some 100,000 numbers. NaN becomes null."""
    return msgspec.json.encode(
        {
            "lap_id": lap_id,
            "packet_format": trace.packet_format,
            "samples": len(trace),
            "channels": _columns(trace),
        }
    )


def _cell(value: float) -> float | None:
    return None if math.isnan(value) else value


def _pages(trace: Trace) -> Iterator[list[dict[str, Any]]]:
    columns = _columns(trace)
    names = list(columns)
    for begin in range(0, len(trace), _ROWS_OF_A_PAGE):
        part = [column[begin : begin + _ROWS_OF_A_PAGE] for column in columns.values()]
        yield [
            _NO_VALUES | {name: _cell(value) for name, value in zip(names, row, strict=True)}
            for row in zip(*part, strict=True)
        ]
