"""``/api/v1/queue``: who waits for a rig in the meeting that is open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from f1timings.errors import NotFound
from f1timings.meeting.people import QueueState
from f1timings.store.acts import queue
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import RequestKey
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content
from f1timings.web.rigs.routes import need_rig
from f1timings.web.rigs.seat_bodies import (
    CALLED,
    QUEUE_ENTRY,
    CallNextBody,
    JoinQueueBody,
    QueueEditBody,
    QueueEntryBody,
    QueueListBody,
)
from f1timings.web.services import Services

EntryId = Annotated[str, Path(max_length=40, pattern=r"^[\x21-\x7e]+$", examples=[QUEUE_ENTRY["id"]])]
SeenVersion = Annotated[
    int | None, Query(ge=0, le=2**63 - 1, description="The version that you have seen; 409 if it is another.")
]
_PAGE = {"items": [QUEUE_ENTRY], "next": None}
_WRITE = (401, 403, 404, 406, 409, 422, 500, 503)
_JSON = [Depends(lists.accepts_json), Depends(no_parameters)]


def routes(services: Services) -> APIRouter:
    """The routes of the queue."""
    router = APIRouter(tags=["queue"])
    _listing(router, services)
    _changing(router, services)
    return router


def shown_entry(services: Services, entry_id: str) -> QueueEntryBody:
    """One entry as the list shows it.

    Raises:
        NotFound: there is none of that id.
    """
    found = rigs_reads.queue_entry(services.reads, entry_id)
    if found is None:
        raise NotFound(f"There is no entry {entry_id!r}. GET /api/v1/queue lists those there are.")
    return QueueEntryBody.of(found)


def _listing(router: APIRouter, services: Services) -> None:
    @router.get(
        "/queue",
        operation_id="list_queue",
        summary="Who waits for a rig, and who was called to one",
        dependencies=[Depends(no_parameters)],
        response_model=QueueListBody,
        responses=lists.described_list(QueueEntryBody, _PAGE, [QUEUE_ENTRY], 406, 422, 500, 503),
    )
    def list_queue(request: Request) -> Response:
        rows = [QueueEntryBody.of(one) for one in rigs_reads.queue(services.reads)]
        return lists.answer(request, QueueEntryBody, QueueListBody(items=rows, next=None))


def _changing(router: APIRouter, services: Services) -> None:
    @router.post(
        "/queue",
        operation_id="join_queue",
        summary="Let a driver wait for a rig",
        description="Who waits already keeps the place.",
        status_code=201,
        dependencies=_JSON,
        responses=lists.made(QUEUE_ENTRY, *_WRITE),
    )
    def join_queue(request: Request, new: JoinQueueBody, key: RequestKey = None) -> QueueEntryBody:
        joined = acting.act(
            request,
            services,
            lambda desk: queue.join(desk, new.driver_id, new.place).id,
            key,
            again=lambda subject: subject,
        )
        return shown_entry(services, joined)

    @router.post(
        "/queue/next",
        operation_id="call_next",
        summary="Call the first who waits to a rig",
        description="They sit there from now on, and who was called there before is done. Give an "
        "Idempotency-Key: a request that is sent twice without one calls two.",
        dependencies=_JSON,
        responses=lists.described(CALLED, *_WRITE),
    )
    def call_next(request: Request, call: CallNextBody, key: RequestKey = None) -> QueueEntryBody:
        need_rig(services, call.rig)
        called = acting.act(
            request,
            services,
            lambda desk: queue.call_next(desk, call.rig).id,
            key,
            again=lambda subject: subject,
        )
        return shown_entry(services, called)

    @router.patch(
        "/queue/{entry_id}",
        operation_id="edit_queue",
        summary="Move somebody in the queue; say that they are done, or did not come",
        dependencies=_JSON,
        responses=lists.described(QUEUE_ENTRY, *_WRITE),
    )
    def edit_queue(request: Request, entry_id: EntryId, edit: QueueEditBody) -> QueueEntryBody:
        state = None if edit.state is None else QueueState(edit.state)
        acting.act(
            request,
            services,
            lambda desk: queue.edit(desk, entry_id, edit.version, rank=edit.place, state=state).id,
        )
        return shown_entry(services, entry_id)

    @router.delete(
        "/queue/{entry_id}",
        operation_id="leave_queue",
        summary="Take somebody out of the queue",
        status_code=204,
        dependencies=[Depends(lists.accepts_json)],
        responses=described_no_content(*_WRITE),
    )
    def leave_queue(request: Request, entry_id: EntryId, version: SeenVersion = None) -> Response:
        acting.act(request, services, lambda desk: queue.leave(desk, entry_id, version))
        return Response(status_code=204)
