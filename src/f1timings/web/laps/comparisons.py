"""``/api/v1/laps/{id}/comparison``: where a lap lost time to any other lap of the circuit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from fastapi import Depends, Query
from fastapi.responses import Response

from f1timings.meeting.room.imported_laps import is_imported
from f1timings.traces.analysis.comparison import delta_ms, ideal_lap
from f1timings.traces.analysis.corners import Corner, find_corners, take_corner
from f1timings.traces.analysis.lap_line import LapLine, line_of
from f1timings.traces.analysis.words import Language, sentences
from f1timings.traces.lap_files import read_lap_file
from f1timings.traces.trace import Floats
from f1timings.web.http import lists
from f1timings.web.http.negotiation import JSON
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.http.queries import only
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.comparison_bodies import COMPARISON, ComparisonBody, CornerTakenBody, Remark
from f1timings.web.laps.imported import need_imported_file, need_imported_lap
from f1timings.web.laps.traces import need_trace
from f1timings.web.services import Services
from f1timings.web.sessions.routes import need_session

_CHANNELS: Final = ("time_ms", "speed_kmh", "throttle_pct", "brake_pct", "steer_pct", "gear", "x_m", "z_m")
_OTHER: Final = Query(
    description="The id of the lap to compare with; it may be an imported one.",
    examples=[COMPARISON["other_id"]],
    max_length=200,
    pattern=r"^[^\x00]*$",
)


def routes(services: Services) -> RouteList:
    """The route of comparisons."""
    router = RouteList(tags=["laps"])

    @router.get(
        "/laps/{lap_id}/comparison",
        operation_id="get_comparison",
        summary="Where a lap lost time to another one: by distance, by corner and in words",
        dependencies=[Depends(lists.accepts_json), Depends(only("other", "language"))],
        response_model=ComparisonBody,
        responses=lists.described(COMPARISON, 404, 406, 422, 500, 503),
    )
    def get_comparison(
        lap_id: str,
        other: Annotated[str, _OTHER],
        language: Annotated[Language, Query(description="Of the sentences.")] = "en",
    ) -> Response:
        laps = _read(services, lap_id), _read(services, other)
        return Response(_json(*laps, language=language), media_type=JSON)

    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadLap:
    """A lap, of this server or an imported one, with its trace by distance."""

    id: str
    circuit: str | None
    time_ms: int | None
    is_valid: bool | None
    weather: str | None
    packet_format: int
    formula: str | None
    line: LapLine


def _read(services: Services, lap_id: str) -> _ReadLap:
    return _read_imported(services, lap_id) if is_imported(lap_id) else _read_own(services, lap_id)


def _read_imported(services: Services, lap_id: str) -> _ReadLap:
    lap, data = need_imported_lap(services, lap_id), need_imported_file(services, lap_id)
    trace = read_lap_file(data).trace
    length_m, time_ms = float(lap.track_length_m), lap.lap_time_ms
    return _ReadLap(
        id=lap.id,
        circuit=lap.circuit,
        time_ms=time_ms,
        is_valid=lap.is_valid,
        weather=lap.weather,
        packet_format=lap.packet_format,
        formula=lap.formula,
        line=line_of(trace, length_m=length_m, lap_time_ms=time_ms, channels=_CHANNELS),
    )


def _read_own(services: Services, lap_id: str) -> _ReadLap:
    trace = need_trace(services, lap_id)
    stored = services.reads.get_lap(lap_id)
    assert stored is not None, "a trace is stored with its lap"
    session = need_session(services, stored.lap.session_id).session
    if not session.track_length_m:
        raise _refused(f"the game did not say how long the circuit of the lap {lap_id!r} is")
    length_m, time_ms = float(session.track_length_m), stored.lap.lap_time_ms
    return _ReadLap(
        id=stored.lap.id,
        circuit=session.track,
        time_ms=time_ms,
        is_valid=stored.lap.is_valid,
        weather=stored.lap.weather,
        packet_format=session.packet_format,
        formula=session.formula,
        line=line_of(trace, length_m=length_m, lap_time_ms=time_ms, channels=_CHANNELS),
    )


def _refused(message: str) -> ProblemError:
    return ProblemError("invalid-request", errors=[FieldErrorBody(where="query.other", message=message)])


def _json(lap: _ReadLap, other: _ReadLap, *, language: Language) -> bytes:
    """The body; pydantic would take several times as long for some 50,000 numbers. NaN becomes null."""
    circuits = [(each.circuit, each.line.length_m) for each in (lap, other)]
    if circuits[0] != circuits[1]:
        names = " and ".join(f"{track} ({length_m:g} m)" for track, length_m in circuits)
        raise _refused(f"the laps are of different circuits: {names}; choose a lap of the same circuit")
    corners = find_corners(other.line) or find_corners(lap.line)
    return msgspec.json.encode(
        {
            "lap_id": lap.id,
            "other_id": other.id,
            "track_length_m": lap.line.length_m,
            "lap_time_ms": lap.time_ms,
            "other_time_ms": other.time_ms,
            "ideal_time_ms": ideal_lap([lap.line, other.line]).time_ms,
            "remarks": list(_remarks(lap, other)),
            "sentences": sentences(lap.line, other.line, corners, language=language),
            "places_m": _column(lap.line.places_m),
            "delta_ms": _column(delta_ms(lap.line, other.line)),
            "lap": _channels(lap.line),
            "other": _channels(other.line),
            "corners": [_corner(corner, lap.line, other.line) for corner in corners],
        }
    )


def _remarks(lap: _ReadLap, other: _ReadLap) -> Iterator[Remark]:
    if lap.packet_format != other.packet_format:
        yield "another-format"
    if lap.weather != other.weather:
        yield "another-weather"
    if lap.formula != other.formula:
        yield "another-car-class"
    if lap.is_valid is False or other.is_valid is False:
        yield "invalid-lap"
    if lap.time_ms is None or other.time_ms is None:
        yield "no-time"


def _column(values: Floats) -> list[float]:
    rounded: list[float] = np.round(values, 1).tolist()
    return rounded


def _channels(line: LapLine) -> dict[str, list[float]]:
    read = {"time_ms": line.time_ms} | line.channels
    return {name: _column(read[name]) for name in _CHANNELS if name in read}


def _corner(corner: Corner, lap: LapLine, other: LapLine) -> dict[str, Any]:
    taken = {
        name: CornerTakenBody.of(take_corner(line, corner)).model_dump()
        for name, line in (("lap", lap), ("other", other))
    }
    place = {name: getattr(corner, name) for name in ("number", "begins_m", "apex_m", "ends_m")}
    return place | taken
