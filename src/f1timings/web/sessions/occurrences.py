"""``/api/v1/sessions/{id}/incidents``, ``/stints``, ``/pit_visits``: a list for each kind of occurrence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from f1timings.store import OCCURRENCE_FIELDS, Condition, Page
from f1timings.timing.occurrences import OCCURRENCE_NAMES, Occurrence
from f1timings.web.http import lists
from f1timings.web.http.bodies import ListBody, page_of
from f1timings.web.http.queries import Filterable, ListRequest, listing
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services
from f1timings.web.sessions.occurrence_bodies import OCCURRENCE_FORMS
from f1timings.web.sessions.routes import need_session

_SUPERSEDED = "Occurrences that a flashback undid are included: add `is_superseded=false` to leave them out."


def _list_request(kind: type[Occurrence]) -> Callable[..., Awaitable[ListRequest]]:
    form = OCCURRENCE_FORMS[kind]
    filters = Filterable.of(form.body.__name__, OCCURRENCE_FIELDS[kind], form.example, words=form.choices)
    return listing(filters)


# Created once, not for each application: models with so many fields take a quarter of the time to create it.
_LIST_REQUESTS: Final = {kind: _list_request(kind) for kind in OCCURRENCE_FORMS}


def routes(services: Services) -> RouteList:
    """The lists of all kinds."""
    router = RouteList(tags=["sessions"])
    for kind in OCCURRENCE_FORMS:
        _add_list_route(router, services, kind)
    return router


def _add_list_route(router: APIRouter, services: Services, kind: type[Occurrence]) -> None:
    form = OCCURRENCE_FORMS[kind]
    name = f"{OCCURRENCE_NAMES[kind]}s"
    requested = Depends(_LIST_REQUESTS[kind])

    @router.get(
        f"/sessions/{{session_id}}/{name}",
        name=f"list_{name}",
        operation_id=f"list_{name}",
        summary=form.summary,
        description=f"{form.order} {_SUPERSEDED}",
        response_model=form.list_body,
        responses=lists.described_list(
            form.body, page_of(form.example), [form.example], 404, 406, 422, 500, 503
        ),
    )
    def list_occurrences(request: Request, session_id: str, query: ListRequest = requested) -> Response:
        need_session(services, session_id)
        where = (Condition("session_id", "eq", session_id), *query.where)

        def read(page: Page) -> ListBody[Any]:
            found = services.reads.list_occurrences(kind, page, where)
            return form.list_body(items=[form.body.of(stored) for stored in found.items], next=found.next)

        return lists.answer_pages(request, form.body, query, read=read)
