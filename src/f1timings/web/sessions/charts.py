"""``/api/v1/sessions/{id}/chart``: everything that the charts of one session need, in one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from fastapi import Depends
from fastapi.responses import Response

from f1timings.store import Condition, Listing, Page, Reads, StoredLap
from f1timings.timing.occurrences import OccurrenceT, PitVisit, Stint
from f1timings.timing.records import LapState
from f1timings.web.http import lists
from f1timings.web.http.negotiation import JSON
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services
from f1timings.web.sessions.chart_bodies import CHART, ChartBody
from f1timings.web.sessions.routes import need_session

T = TypeVar("T")

_MOST_PER_PAGE: Final = 1000
_DESCRIPTION = (
    "Its cars; and its laps, stints and pit visits as columns, without those that a flashback undid."
)


def routes(services: Services) -> RouteList:
    """The route of charts."""
    router = RouteList(tags=["sessions"])

    @router.get(
        "/sessions/{session_id}/chart",
        operation_id="get_chart",
        summary="What the charts of one session are drawn from",
        description=_DESCRIPTION,
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        response_model=ChartBody,
        responses=lists.described(CHART, 404, 406, 422, 500, 503),
    )
    def get_chart(session_id: str) -> Response:
        return Response(_read(services, session_id).model_dump_json(), media_type=JSON)

    return router


def _read(services: Services, session_id: str) -> ChartBody:
    stored = need_session(services, session_id)
    reads = services.reads
    result = reads.get_classification(session_id)
    return ChartBody.of(
        stored,
        participants=reads.list_participants(session_id),
        entries=() if result is None else result.entries,
        laps=_laps(reads, session_id),
        stints=_occurrences(reads, Stint, session_id),
        visits=_occurrences(reads, PitVisit, session_id),
    )


def _laps(reads: Reads, session_id: str) -> Iterator[StoredLap]:
    where = (
        Condition("session_id", "eq", session_id),
        Condition("state", "ne", LapState.SUPERSEDED.value),
    )
    return _everything(lambda page: reads.list_laps(page, where))


def _occurrences(reads: Reads, kind: type[OccurrenceT], session_id: str) -> Iterator[OccurrenceT]:
    where = (Condition("session_id", "eq", session_id), Condition("is_superseded", "eq", value=False))
    stored = _everything(lambda page: reads.list_occurrences(kind, page, where))
    return (each.record for each in stored)


def _everything(read: Callable[[Page], Listing[T]]) -> Iterator[T]:
    cursor: str | None = None
    while True:
        found = read(Page(_MOST_PER_PAGE, cursor))
        yield from found.items
        cursor = found.next
        if cursor is None:
            return
