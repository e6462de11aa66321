"""``/api/v1/sessions/{id}/incidents``, ``/stints``, ``/pit_visits``: what a session has beside its laps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store import INCIDENT_FIELDS, PIT_VISIT_FIELDS, STINT_FIELDS, Condition
from f1timings.timing.records import IncidentKind
from f1timings.web import examples, lists
from f1timings.web.bodies import Incident, IncidentList, PitVisit, PitVisitList, Stint, StintList
from f1timings.web.queries import Asked, Filterable, listing
from f1timings.web.services import Services
from f1timings.web.sessions import stored_session

_INCIDENTS = Filterable.of(
    "Incident",
    INCIDENT_FIELDS,
    examples.INCIDENT,
    words={"kind": tuple(kind.value for kind in IncidentKind)},
)
_ask_incidents = listing(_INCIDENTS)
_ask_stints = listing(Filterable.of("Stint", STINT_FIELDS, examples.STINT))
_ask_pit_visits = listing(Filterable.of("PitVisit", PIT_VISIT_FIELDS, examples.PIT_VISIT))
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
        response_model=IncidentList,
        responses=lists.described_list(
            Incident, examples.page_of(examples.INCIDENT), [examples.INCIDENT], 404, 406, 422, 500, 503
        ),
    )
    def list_incidents(
        request: Request, session_id: str, asked: Annotated[Asked, Depends(_ask_incidents)]
    ) -> Response:
        found = reads.incidents(asked.page, _of_session(services, session_id, asked))
        rows = IncidentList(items=[Incident.of(one) for one in found.items], next=found.next)
        return lists.answer(request, Incident, rows)

    @router.get(
        "/sessions/{session_id}/stints",
        operation_id="list_stints",
        summary="The runs on one set of tyres in one session",
        description=f"By car. {_SUPERSEDED}",
        response_model=StintList,
        responses=lists.described_list(
            Stint, examples.page_of(examples.STINT), [examples.STINT], 404, 406, 422, 500, 503
        ),
    )
    def list_stints(
        request: Request, session_id: str, asked: Annotated[Asked, Depends(_ask_stints)]
    ) -> Response:
        found = reads.stints(asked.page, _of_session(services, session_id, asked))
        rows = StintList(items=[Stint.of(one) for one in found.items], next=found.next)
        return lists.answer(request, Stint, rows)

    @router.get(
        "/sessions/{session_id}/pit_visits",
        operation_id="list_pit_visits",
        summary="The drives through the pit lane in one session",
        description=f"In the order of the game's clock. {_SUPERSEDED}",
        response_model=PitVisitList,
        responses=lists.described_list(
            PitVisit, examples.page_of(examples.PIT_VISIT), [examples.PIT_VISIT], 404, 406, 422, 500, 503
        ),
    )
    def list_pit_visits(
        request: Request, session_id: str, asked: Annotated[Asked, Depends(_ask_pit_visits)]
    ) -> Response:
        found = reads.pit_visits(asked.page, _of_session(services, session_id, asked))
        rows = PitVisitList(items=[PitVisit.of(one) for one in found.items], next=found.next)
        return lists.answer(request, PitVisit, rows)

    return router


def _of_session(services: Services, session_id: str, asked: Asked) -> tuple[Condition, ...]:
    """What was asked, of one session alone.

    Raises:
        ProblemError: there is no such session.
    """
    stored_session(services, session_id)
    return (Condition("session_id", "eq", session_id), *asked.where)
