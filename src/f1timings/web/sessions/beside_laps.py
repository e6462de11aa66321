"""``/api/v1/sessions/{id}/incidents``, ``/stints``, ``/pit_visits``: what a session has beside its laps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store import INCIDENT_FIELDS, PIT_VISIT_FIELDS, STINT_FIELDS, Condition
from f1timings.timing.records import IncidentKind
from f1timings.web.http import lists
from f1timings.web.http.bodies import page_of
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.services import Services
from f1timings.web.sessions.bodies import (
    INCIDENT,
    PIT_VISIT,
    STINT,
    IncidentBody,
    IncidentListBody,
    PitVisitBody,
    PitVisitListBody,
    StintBody,
    StintListBody,
)
from f1timings.web.sessions.routes import stored_session

_INCIDENTS = Filterable.of(
    "IncidentBody",
    INCIDENT_FIELDS,
    INCIDENT,
    words={"kind": tuple(kind.value for kind in IncidentKind)},
)
_ask_incidents = listing(_INCIDENTS)
_ask_stints = listing(Filterable.of("StintBody", STINT_FIELDS, STINT))
_ask_pit_visits = listing(Filterable.of("PitVisitBody", PIT_VISIT_FIELDS, PIT_VISIT))
_SUPERSEDED = "What a flashback undid is there, too: add `is_superseded=false` for what counts."


def routes(services: Services) -> APIRouter:
    """The three lists."""
    router = APIRouter(tags=["sessions"])
    reads = services.reads

    @router.get(
        "/sessions/{session_id}/incidents",
        operation_id="list_incidents",
        summary="What race control, the sky and the cars did in one session",
        description=f"In the order of the game's clock. {_SUPERSEDED}",
        response_model=IncidentListBody,
        responses=lists.described_list(IncidentBody, page_of(INCIDENT), [INCIDENT], 404, 406, 422, 500, 503),
    )
    def list_incidents(
        request: Request, session_id: str, asked: Annotated[ListRequest, Depends(_ask_incidents)]
    ) -> Response:
        found = reads.list_incidents(asked.page, _of_session(services, session_id, asked))
        rows = IncidentListBody(items=[IncidentBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, IncidentBody, rows)

    @router.get(
        "/sessions/{session_id}/stints",
        operation_id="list_stints",
        summary="The runs on one set of tyres in one session",
        description=f"By car. {_SUPERSEDED}",
        response_model=StintListBody,
        responses=lists.described_list(StintBody, page_of(STINT), [STINT], 404, 406, 422, 500, 503),
    )
    def list_stints(
        request: Request, session_id: str, asked: Annotated[ListRequest, Depends(_ask_stints)]
    ) -> Response:
        found = reads.list_stints(asked.page, _of_session(services, session_id, asked))
        rows = StintListBody(items=[StintBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, StintBody, rows)

    @router.get(
        "/sessions/{session_id}/pit_visits",
        operation_id="list_pit_visits",
        summary="The drives through the pit lane in one session",
        description=f"In the order of the game's clock. {_SUPERSEDED}",
        response_model=PitVisitListBody,
        responses=lists.described_list(
            PitVisitBody, page_of(PIT_VISIT), [PIT_VISIT], 404, 406, 422, 500, 503
        ),
    )
    def list_pit_visits(
        request: Request, session_id: str, asked: Annotated[ListRequest, Depends(_ask_pit_visits)]
    ) -> Response:
        found = reads.list_pit_visits(asked.page, _of_session(services, session_id, asked))
        rows = PitVisitListBody(items=[PitVisitBody.of(one) for one in found.items], next=found.next)
        return lists.answer(request, PitVisitBody, rows)

    return router


def _of_session(services: Services, session_id: str, asked: ListRequest) -> tuple[Condition, ...]:
    """What was asked, of one session alone.

    Raises:
        ProblemError: there is no such session.
    """
    stored_session(services, session_id)
    return (Condition("session_id", "eq", session_id), *asked.where)
