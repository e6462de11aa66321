"""``/api/v1/meeting``, ``/meetings`` and ``/circuits``: meetings, and circuits for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from f1timings.meeting import people
from f1timings.meeting.circuits import circuit_key, known_circuits
from f1timings.meeting.people import MeetingState
from f1timings.store.acts import meetings
from f1timings.store.room.open_meeting import read_open_meeting
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import JSON_ONLY, PROBLEMS, RequestKey
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.meetings.bodies import (
    ACT,
    CIRCUIT,
    MEETING,
    ActBody,
    CircuitListBody,
    CircuitNameBody,
    ClearBoardBody,
    MeetingBody,
    MeetingEditBody,
    MeetingListBody,
    NewMeetingBody,
    OpeningBody,
)
from f1timings.web.services import Services

MeetingId = Annotated[str, Path(max_length=40, examples=["3f9a1c52b7d0"])]
_READ_PROBLEMS = (406, 422, 500, 503)


def routes(services: Services) -> RouteList:
    """The routes of meetings."""
    router = RouteList(tags=["meetings"], dependencies=[Depends(no_parameters)])
    _add_list_routes(router, services)
    _add_get_routes(router, services)
    _add_create_route(router, services)
    _add_edit_routes(router, services)
    _add_clear_route(router, services)
    return router


def _add_list_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/meetings",
        operation_id="list_meetings",
        summary="All meetings, the open one first",
        response_model=MeetingListBody,
        responses=lists.described_list(
            MeetingBody, {"items": [MEETING], "next": None}, [MEETING], *_READ_PROBLEMS
        ),
    )
    def list_meetings(request: Request) -> Response:
        found = services.reads.list_records(people.Meeting)
        found.sort(key=lambda meeting: (meeting.state is MeetingState.OPEN, meeting.opened_at), reverse=True)
        items = [_meeting_body(services, meeting) for meeting in found]
        return lists.answer(request, MeetingBody, MeetingListBody(items=items, next=None))

    @router.get(
        "/circuits",
        operation_id="list_circuits",
        summary="Circuits that a meeting can have",
        response_model=CircuitListBody,
        responses=lists.described_list(
            CircuitNameBody, {"items": [CIRCUIT], "next": None}, [CIRCUIT], *_READ_PROBLEMS
        ),
    )
    def list_circuits(request: Request) -> Response:
        circuits = CircuitListBody(items=_list_circuits(services), next=None)
        return lists.answer(request, CircuitNameBody, circuits)


def _add_get_routes(router: APIRouter, services: Services) -> None:
    @router.get(
        "/meeting",
        operation_id="get_open_meeting",
        summary="The meeting that is open",
        dependencies=JSON_ONLY,
        responses=lists.described(MEETING, *_READ_PROBLEMS),
    )
    def get_open_meeting() -> MeetingBody:
        return _meeting_body(services, read_open_meeting(services.reads))

    @router.get(
        "/meetings/{meeting_id}",
        operation_id="get_meeting",
        summary="One meeting",
        dependencies=JSON_ONLY,
        responses=lists.described(MEETING, 404, *_READ_PROBLEMS),
    )
    def get_meeting(meeting_id: MeetingId) -> MeetingBody:
        return _need_meeting(services, meeting_id)


def _add_create_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/meetings",
        operation_id="make_meeting",
        summary="Create a meeting; if it opens, drivers leave their rigs",
        status_code=201,
        dependencies=JSON_ONLY,
        responses=lists.described_creation(MEETING, *PROBLEMS),
    )
    def make_meeting(request: Request, new: NewMeetingBody, key: RequestKey = None) -> MeetingBody:
        facts = new.facts()
        facts.pop("name")
        meeting_id = acting.act_once(
            request,
            services,
            lambda desk: (
                meetings.create(
                    desk,
                    new.name,
                    copy_of=new.copy_of,
                    is_open=new.open,
                    keep_seats=new.keep_seats,
                    **facts,
                ).id
            ),
            request_key=key,
        )
        return _need_meeting(services, meeting_id)


def _add_edit_routes(router: APIRouter, services: Services) -> None:
    @router.patch(
        "/meetings/{meeting_id}",
        operation_id="edit_meeting",
        summary="Change a meeting: its name, circuit, rules, points",
        dependencies=JSON_ONLY,
        responses=lists.described(MEETING, *PROBLEMS),
    )
    def edit_meeting(request: Request, meeting_id: MeetingId, edit: MeetingEditBody) -> MeetingBody:
        facts = edit.facts()
        acting.act(request, services, lambda desk: meetings.edit(desk, meeting_id, edit.version, **facts))
        return _need_meeting(services, meeting_id)

    @router.post(
        "/meetings/{meeting_id}/open",
        operation_id="open_meeting",
        summary="Open a meeting again; the one that was open is archived, and drivers leave their rigs",
        dependencies=JSON_ONLY,
        responses=lists.described(MEETING, *PROBLEMS),
    )
    def open_meeting(request: Request, meeting_id: MeetingId, opening: OpeningBody) -> MeetingBody:
        acting.act(
            request,
            services,
            lambda desk: meetings.reopen(desk, meeting_id, opening.version, keep_seats=opening.keep_seats),
        )
        return _need_meeting(services, meeting_id)


def _add_clear_route(router: APIRouter, services: Services) -> None:
    @router.post(
        "/meetings/{meeting_id}/clear",
        operation_id="clear_board",
        summary="Clear one board; no lap is deleted, and it can be undone",
        dependencies=JSON_ONLY,
        responses=lists.described(ACT, *PROBLEMS),
    )
    def clear_board(
        request: Request, meeting_id: MeetingId, clear: ClearBoardBody, *, key: RequestKey = None
    ) -> ActBody:
        services.backups.make_before("change")
        clearing_id = acting.act_once(
            request,
            services,
            lambda desk: (
                meetings.clear_board(desk, meeting_id, circuit=clear.circuit, confirm=clear.confirm).id
            ),
            request_key=key,
        )
        return ActBody.of(services.reads.list_records(people.Act, subject=clearing_id)[-1])


def _meeting_body(services: Services, meeting: people.Meeting) -> MeetingBody:
    circuit = None if meeting.circuit is not None else services.reads.get_circuit(meeting.id)
    return MeetingBody.of(meeting, circuit)


def _need_meeting(services: Services, meeting_id: str) -> MeetingBody:
    meeting = services.reads.get_record(people.Meeting, meeting_id)
    if meeting is None:
        raise acting.no_such("meeting", meeting_id, "/api/v1/meetings")
    return _meeting_body(services, meeting)


def _list_circuits(services: Services) -> list[CircuitNameBody]:
    circuits = {circuit_key(name): CircuitNameBody(circuit=name, is_known=True) for name in known_circuits()}
    for meeting in services.reads.list_records(people.Meeting):
        if meeting.circuit is not None:
            entered = CircuitNameBody(circuit=meeting.circuit, is_known=False)
            circuits.setdefault(circuit_key(meeting.circuit), entered)
    return sorted(circuits.values(), key=lambda circuit: circuit.circuit.casefold())
