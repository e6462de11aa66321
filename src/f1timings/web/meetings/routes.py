"""``/api/v1/meeting``, ``/meetings`` and ``/circuits``: the gathering that is timed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from f1timings.errors import NotFound
from f1timings.meeting import people
from f1timings.meeting.circuits import circuit_key, known_circuits
from f1timings.meeting.people import MeetingState
from f1timings.store.acts import meetings
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import RequestKey
from f1timings.web.http.queries import no_parameters
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
_READ = (406, 422, 500, 503)
_WRITE = (401, 403, 404, 406, 409, 422, 500, 503)
_JSON = [Depends(lists.accepts_json)]
_PAGE = {"items": [MEETING], "next": None}


def routes(services: Services) -> APIRouter:
    """The routes of meetings."""
    router = APIRouter(tags=["meetings"], dependencies=[Depends(no_parameters)])
    _reading(router, services)
    _changing(router, services)
    return router


def _shown(services: Services, meeting: people.Meeting) -> MeetingBody:
    circuit = None if meeting.circuit is not None else services.reads.get_circuit(meeting.id)
    return MeetingBody.of(meeting, circuit)


def _needed(services: Services, meeting_id: str) -> MeetingBody:
    found = services.reads.get_record(people.Meeting, meeting_id)
    if found is None:
        raise NotFound(f"There is no meeting {meeting_id!r}. GET /api/v1/meetings lists those there are.")
    return _shown(services, found)


def _circuits(services: Services) -> list[CircuitNameBody]:
    known = {circuit_key(name): CircuitNameBody(circuit=name, is_known=True) for name in known_circuits()}
    for meeting in services.reads.list_records(people.Meeting):
        if meeting.circuit is not None:
            name = CircuitNameBody(circuit=meeting.circuit, is_known=False)
            known.setdefault(circuit_key(meeting.circuit), name)
    return sorted(known.values(), key=lambda one: one.circuit.casefold())


def _reading(router: APIRouter, services: Services) -> None:
    @router.get(
        "/meeting",
        operation_id="get_open_meeting",
        summary="The meeting that is open",
        dependencies=_JSON,
        responses=lists.described(MEETING, *_READ),
    )
    def get_open_meeting() -> MeetingBody:
        return _shown(
            services, services.reads.list_records(people.Meeting, state=MeetingState.OPEN.value)[-1]
        )

    @router.get(
        "/meetings",
        operation_id="list_meetings",
        summary="Every meeting, the open one first",
        response_model=MeetingListBody,
        responses=lists.described_list(MeetingBody, _PAGE, [MEETING], *_READ),
    )
    def list_meetings(request: Request) -> Response:
        found = services.reads.list_records(people.Meeting)
        found.sort(key=lambda one: (one.state is MeetingState.OPEN, one.opened_at), reverse=True)
        return lists.answer(
            request, MeetingBody, MeetingListBody(items=[_shown(services, one) for one in found], next=None)
        )

    @router.get(
        "/meetings/{meeting_id}",
        operation_id="get_meeting",
        summary="One meeting",
        dependencies=_JSON,
        responses=lists.described(MEETING, 404, *_READ),
    )
    def get_meeting(meeting_id: MeetingId) -> MeetingBody:
        return _needed(services, meeting_id)

    @router.get(
        "/circuits",
        operation_id="list_circuits",
        summary="Circuits that can be set",
        response_model=CircuitListBody,
        responses=lists.described_list(
            CircuitNameBody, {"items": [CIRCUIT], "next": None}, [CIRCUIT], *_READ
        ),
    )
    def list_circuits(request: Request) -> Response:
        return lists.answer(request, CircuitNameBody, CircuitListBody(items=_circuits(services), next=None))


def _changing(router: APIRouter, services: Services) -> None:
    @router.post(
        "/meetings",
        operation_id="make_meeting",
        summary="Make a meeting",
        status_code=201,
        dependencies=_JSON,
        responses=lists.made(MEETING, *_WRITE),
    )
    def make_meeting(request: Request, new: NewMeetingBody, key: RequestKey = None) -> MeetingBody:
        facts = new.facts()
        facts.pop("name")
        made = acting.act(
            request,
            services,
            lambda desk: meetings.make(desk, new.name, copy_of=new.copy_of, is_open=new.open, **facts).id,
            key,
            again=lambda subject: subject,
        )
        return _needed(services, made)

    @router.patch(
        "/meetings/{meeting_id}",
        operation_id="edit_meeting",
        summary="Change a meeting: its name, circuit, rules, points",
        dependencies=_JSON,
        responses=lists.described(MEETING, *_WRITE),
    )
    def edit_meeting(request: Request, meeting_id: MeetingId, edit: MeetingEditBody) -> MeetingBody:
        facts = edit.facts()
        acting.act(request, services, lambda desk: meetings.edit(desk, meeting_id, edit.version, **facts))
        return _needed(services, meeting_id)

    @router.post(
        "/meetings/{meeting_id}/open",
        operation_id="open_meeting",
        summary="Open a meeting again; the open one is archived",
        dependencies=_JSON,
        responses=lists.described(MEETING, *_WRITE),
    )
    def open_meeting(request: Request, meeting_id: MeetingId, opening: OpeningBody) -> MeetingBody:
        acting.act(request, services, lambda desk: meetings.reopen(desk, meeting_id, opening.version))
        return _needed(services, meeting_id)

    @router.post(
        "/meetings/{meeting_id}/clear",
        operation_id="clear_board",
        summary="Clear one board; no lap is deleted, and it can be undone",
        dependencies=_JSON,
        responses=lists.described(ACT, *_WRITE),
    )
    def clear_board(
        request: Request, meeting_id: MeetingId, clear: ClearBoardBody, key: RequestKey = None
    ) -> ActBody:
        clearing = acting.act(
            request,
            services,
            lambda desk: meetings.clear_board(desk, meeting_id, clear.circuit, clear.confirm).id,
            key,
            again=lambda subject: subject,
        )
        return ActBody.of(services.reads.list_records(people.Act, subject=clearing)[-1])
