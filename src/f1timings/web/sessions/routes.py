"""``/api/v1/sessions``: the list, one session with its participants, and its classification."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from f1timings.store import SESSION_FIELDS, Page, StoredSession
from f1timings.web.http import lists
from f1timings.web.http.bodies import page_of
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import Filterable, ListRequest, listing, no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services
from f1timings.web.sessions.bodies import (
    CLASSIFICATION,
    CLASSIFICATION_ROW,
    SESSION,
    SESSION_DETAIL,
    ClassificationBody,
    ClassificationRowBody,
    SessionBody,
    SessionDetailBody,
    SessionListBody,
)

_FIELDS = Filterable.of("SessionBody", SESSION_FIELDS, SESSION, stored_names={"format": "packet_format"})
_read_query = listing(_FIELDS)


def routes(services: Services) -> RouteList:
    """The routes of sessions."""
    router = RouteList(tags=["sessions"])

    @router.get(
        "/sessions",
        operation_id="list_sessions",
        summary="Sessions",
        response_model=SessionListBody,
        responses=lists.described_list(SessionBody, page_of(SESSION), [SESSION], 406, 422, 500, 503),
    )
    def list_sessions(request: Request, query: Annotated[ListRequest, Depends(_read_query)]) -> Response:
        def read(page: Page) -> SessionListBody:
            found = services.reads.list_sessions(page, query.where)
            return SessionListBody(items=[SessionBody.of(stored) for stored in found.items], next=found.next)

        return lists.answer_pages(request, SessionBody, query, read=read)

    @router.get(
        "/sessions/{session_id}",
        operation_id="get_session",
        summary="One session with its participants",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        responses=lists.described(SESSION_DETAIL, 404, 406, 422, 500, 503),
    )
    def get_session(session_id: str) -> SessionDetailBody:
        stored = need_session(services, session_id)
        return SessionDetailBody.with_participants(stored, services.reads.list_participants(session_id))

    @router.get(
        "/sessions/{session_id}/classification",
        operation_id="get_classification",
        summary="The result of one session",
        description="As the game sends it when the session ends. It has all cars, so there is no next page.",
        dependencies=[Depends(no_parameters)],
        response_model=ClassificationBody,
        responses=lists.described_list(
            ClassificationRowBody, CLASSIFICATION, [CLASSIFICATION_ROW], 404, 406, 422, 500, 503
        ),
    )
    def get_classification(request: Request, session_id: str) -> Response:
        need_session(services, session_id)
        stored = services.reads.get_classification(session_id)
        if stored is None:
            raise ProblemError(
                "no-classification",
                f"Session {session_id!r} has no classification yet: the game sends it at the session's end.",
            )
        return lists.answer(request, ClassificationRowBody, ClassificationBody.of(stored))

    return router


def need_session(services: Services, session_id: str) -> StoredSession:
    """One session.

    Raises:
        ProblemError: there is no session of that id.
    """
    stored = services.reads.get_session(session_id)
    if stored is None:
        raise ProblemError(
            "not-found",
            f"There is no session {session_id!r}. GET /api/v1/sessions lists the sessions.",
        )
    return stored
