"""``/api/v1/checks``: checks of the server's machine and of the telemetry, with remedies."""

from __future__ import annotations

from typing import Any, Final, Self

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from f1timings.doctor.checks import Finding, State
from f1timings.doctor.situation import HeardRig
from f1timings.web.http import lists
from f1timings.web.http.bodies import Body, ListBody
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import json_response
from f1timings.web.http.route_list import RouteList
from f1timings.web.rigs.routes import list_heard
from f1timings.web.services import Services

#: The route for the command of the server's owner.
OWNER_PATH: Final = "/api/internal/checks"

CHECK: dict[str, Any] = {
    "name": "low_rate",
    "state": "wrong",
    "text": "The send rate is low: Rig 3.",
    "remedy": "In the game, set UDP Send Rate to 60Hz, or to 20Hz on a weak network.",
    "values": {"rigs": "Rig 3"},
}


class CheckBody(Body):
    """The outcome of one check."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK]})

    name: str = Field(description="Of the check; it is always the same.")
    state: State = Field(description="`good`; `hint`: it may be as it should; `wrong`: it must be mended.")
    text: str = Field(description="The outcome, in English.")
    remedy: str = Field(description="What to do, in English; empty if all is well.")
    values: dict[str, str] = Field(description="What the texts name, for programs with texts of their own.")

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Build the body of a finding."""
        return cls(
            name=finding.name,
            state=finding.state,
            text=finding.text,
            remedy=finding.remedy,
            values=dict(finding.values),
        )


class CheckListBody(ListBody[CheckBody]):
    """Every check; there is no next page."""


def routes(services: Services) -> RouteList:
    """The route for marshals."""
    router = RouteList(tags=["telemetry"])

    @router.get(
        "/checks",
        operation_id="run_checks",
        summary="Check the machine of the server and the telemetry",
        description="The same checks as those of `f1timings doctor`, with the remedies.",
        dependencies=[Depends(no_parameters)],
        response_model=CheckListBody,
        responses=lists.described_list(
            CheckBody, {"items": [CHECK], "next": None}, [CHECK], 401, 403, 406, 422, 500, 503
        ),
    )
    def run_checks(request: Request) -> Response:
        return lists.answer(request, CheckBody, _run(services))

    return router


def owner_routes(services: Services) -> RouteList:
    """The same for the command of the server's owner; not part of the public API."""
    router = RouteList(include_in_schema=False)

    @router.get(OWNER_PATH, operation_id="run_checks_for_owner")
    def run_checks() -> Response:
        return json_response(_run(services))

    return router


def _run(services: Services) -> CheckListBody:
    rigs = [
        HeardRig(
            name=rig.label,
            rig=rig.rig,
            address=rig.address,
            hints=rig.hints,
            is_restricted=services.is_restricted(rig.rig),
        )
        for rig in list_heard(services)
    ]
    findings = services.run_checks(rigs)
    return CheckListBody(items=[CheckBody.of(finding) for finding in findings], next=None)
