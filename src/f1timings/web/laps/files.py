"""A stored lap with its trace as a lap file, which another server imports."""

from __future__ import annotations

from fastapi.responses import Response

from f1timings.meeting.people import Meeting
from f1timings.store import StoredLap
from f1timings.timing.records import Session
from f1timings.traces.lap_files import EXTENSION, MEDIA_TYPE, LapFileHead, write_lap_file
from f1timings.units import lap_text
from f1timings.web.http.problems import ProblemError
from f1timings.web.services import Services
from f1timings.web.sessions.routes import need_session
from f1timings.web.tables.answers import file_header, file_word


def lap_file_answer(services: Services, stored: StoredLap, blob: bytes) -> Response:
    """Return the lap file of a lap.

    Args:
        blob: its trace, as it is stored.

    Raises:
        ProblemError: the game did not say how long the circuit is.
    """
    session = need_session(services, stored.lap.session_id).session
    meeting = services.reads.get_record(Meeting, stored.meeting_id) if stored.meeting_id else None
    data = write_lap_file(_facts(stored, session, meeting), blob)
    return lap_file_response(data, session.track, stored.lap.lap_time_ms)


def lap_file_response(data: bytes, circuit: str | None, lap_time_ms: int | None) -> Response:
    """Answer with a lap file, which a browser saves under a name of its circuit and its time."""
    time = "lap" if lap_time_ms is None else lap_text(lap_time_ms).replace(":", ".")
    header = file_header(f"{file_word(circuit or '', 'lap')}-{time}.{EXTENSION}")
    return Response(data, media_type=MEDIA_TYPE, headers={"Vary": "Accept"} | header)


def _facts(stored: StoredLap, session: Session, meeting: Meeting | None) -> LapFileHead:
    lap = stored.lap
    if not session.track_length_m:
        raise ProblemError("not-acceptable", "The game did not say how long the circuit of this lap is.")
    return LapFileHead(
        name=stored.driver or lap.participant or None,
        circuit=session.track,
        track_length_m=session.track_length_m,
        lap_time_ms=lap.lap_time_ms,
        sector1_ms=lap.sector1_ms,
        sector2_ms=lap.sector2_ms,
        sector3_ms=lap.sector3_ms,
        is_valid=lap.is_valid,
        compound=lap.compound,
        assists=lap.assists,
        weather=lap.weather,
        start=lap.start,
        packet_format=session.packet_format,
        session_type=session.session_type,
        formula=session.formula,
        driven_at=stored.recorded_at,
        meeting=(meeting.name or None) if meeting else None,
        venue=(meeting.venue or None) if meeting else None,
    )
