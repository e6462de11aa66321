"""``/api/v1/queue``: the drivers who wait for a rig in the open meeting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting.people import QueueState
from f1timings.store.acts import queue
from f1timings.store.reads import rigs as rigs_reads
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, VISIBLE_ASCII, RequestKey, SeenVersion
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import described_no_content
from f1timings.web.http.route_list import RouteList
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

EntryId = Annotated[str, Path(max_length=40, pattern=VISIBLE_ASCII, examples=[QUEUE_ENTRY["id"]])]


def routes(services: Services) -> RouteList:
    """The routes of the queue."""
    router = RouteList(tags=["queue"])
    _add_list_route(router, services)
    _add_join_route(router, services)
    _add_call_route(router, services)
    _add_entry_routes(router, services)
    return router


def entry_body(services: Services, entry_id: str) -> QueueEntryBody:
    """Return the body of one entry, as the list has it.

    Raises:
        NotFound: there is no such entry.
    """
    ranked = rigs_reads.get_queue_entry(services.reads, entry_id)
    if ranked is None:
        raise acting.no_such("entry of the queue", entry_id, "/api/v1/queue")
    return QueueEntryBody.of(ranked)


def _add_list_route(router: APIRouter, services: Services) -> None:
    @router.get(
        "/queue",
        operation_id="list_queue",
        summary="Drivers who wait for a rig, then drivers who were called to one",
        dependencies=[Depends(no_parameters)],
        response_model=QueueListBody,
        responses=lists.described_list(
            QueueEntryBody, {"items": [QUEUE_ENTRY], "next": None}, [QUEUE_ENTRY], 406, 422, 500, 503
        ),
    )
    def list_queue(request: Request) -> Response:
        items = [QueueEntryBody.of(ranked) for ranked in rigs_reads.list_queue(services.reads)]
        return lists.answer(request, QueueEntryBody, QueueListBody(items=items, next=None))


def _add_join_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/queue",
        operation_id="join_queue",
        summary="Put a driver into the queue",
        description="A driver who waits already stays where they are.",
        status_code=201,
        dependencies=JSON_ONLY,
        responses=lists.described_creation(QUEUE_ENTRY, *PROBLEMS),
    )
    def join_queue(request: Request, new: JoinQueueBody, key: RequestKey = None) -> QueueEntryBody:
        entry_id = acting.act_once(
            request, services, lambda desk: queue.join(desk, new.driver_id, new.place).id, request_key=key
        )
        return entry_body(services, entry_id)


def _add_call_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/queue/next",
        operation_id="call_next",
        summary="Call the first driver of the queue to a rig",
        description="The driver is assigned to the rig from now on; the driver called there before is "
        "done. Send an Idempotency-Key: without one, a request that is sent twice calls two drivers.",
        dependencies=JSON_ONLY,
        responses=lists.described(CALLED, *PROBLEMS),
    )
    def call_next(request: Request, call: CallNextBody, key: RequestKey = None) -> QueueEntryBody:
        need_rig(services, call.rig)
        entry_id = acting.act_once(
            request, services, lambda desk: queue.call_next(desk, call.rig).id, request_key=key
        )
        return entry_body(services, entry_id)


def _add_entry_routes(router: APIRouter, services: Services) -> None:
    @router.patch(
        "/queue/{entry_id}",
        operation_id="edit_queue",
        summary="Move a driver in the queue, mark them as done, or put them back if they did not come",
        dependencies=JSON_ONLY,
        responses=lists.described(QUEUE_ENTRY, *PROBLEMS),
    )
    def edit_queue(request: Request, entry_id: EntryId, edit: QueueEditBody) -> QueueEntryBody:
        state = None if edit.state is None else QueueState(edit.state)
        acting.act(
            request,
            services,
            lambda desk: queue.edit(desk, entry_id, edit.version, rank=edit.place, state=state),
        )
        return entry_body(services, entry_id)

    @router.delete(
        "/queue/{entry_id}",
        operation_id="leave_queue",
        summary="Remove a driver from the queue",
        status_code=204,
        dependencies=[Depends(lists.accepts_json)],
        responses=described_no_content(*PROBLEMS),
    )
    def leave_queue(request: Request, entry_id: EntryId, version: SeenVersion = None) -> Response:
        acting.act(request, services, lambda desk: queue.leave(desk, entry_id, version))
        return Response(status_code=204)
