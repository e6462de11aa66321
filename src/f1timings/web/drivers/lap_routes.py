"""``/api/v1/drivers/{driver_id}/laps``: the newest laps of a driver, and why one does not count."""

from __future__ import annotations

from typing import Any, Final, Self

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from f1timings.meeting.boards import SectorMark
from f1timings.meeting.not_counting import MEANINGS, NotCounting
from f1timings.store.reads.laps.judged import JudgedLap
from f1timings.web.drivers.routes import DriverId, need_driver
from f1timings.web.http import lists
from f1timings.web.http.bodies import ListBody, page_of
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.route_list import RouteList
from f1timings.web.laps.bodies import LAP, LapBody
from f1timings.web.services import Services

JUDGED_LAP: dict[str, Any] = LAP | {
    "not_counting": None,
    "s1_mark": "personal",
    "s2_mark": "slower",
    "s3_mark": "best",
}
_NEWEST: Final = 50
_MARK: Final = (
    "`best` of its board, the driver's `personal` best there, or `slower`; null if it does not count."
)


class JudgedLapBody(LapBody):
    """A lap of a driver, with what its board says of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [JUDGED_LAP]})

    not_counting: NotCounting | None = Field(
        description="Why the lap does not count, null if it counts: "
        + "; ".join(f"`{reason}`: {meaning}" for reason, meaning in MEANINGS.items())
        + "."
    )
    s1_mark: SectorMark | None = Field(description=_MARK)
    s2_mark: SectorMark | None = Field(description=_MARK)
    s3_mark: SectorMark | None = Field(description=_MARK)

    @classmethod
    def judged(cls, lap: JudgedLap) -> Self:
        """Build the body of a judged lap."""
        marks: dict[str, Any] = {f"s{number}_mark": mark for number, mark in enumerate(lap.marks, start=1)}
        return cls(**LapBody.of(lap.stored).model_dump(), not_counting=lap.not_counting, **marks)


class JudgedLapListBody(ListBody[JudgedLapBody]):
    """The newest laps of a driver."""


def routes(services: Services) -> RouteList:
    """The route of a driver's laps."""
    router = RouteList(tags=["drivers"])

    @router.get(
        "/drivers/{driver_id}/laps",
        operation_id="list_laps_of_driver",
        summary="The newest laps of a driver, with sector marks and the reason why one does not count",
        description=f"Up to {_NEWEST}, newest first. `GET /api/v1/laps?driver_id=…` lists all of them.",
        dependencies=[Depends(no_parameters)],
        response_model=JudgedLapListBody,
        responses=lists.described_list(
            JudgedLapBody, page_of(JUDGED_LAP), [JUDGED_LAP], 401, 404, 406, 422, 500, 503
        ),
    )
    def list_laps_of_driver(request: Request, driver_id: DriverId) -> Response:
        driver = need_driver(services, driver_id)
        laps = services.reads.list_laps_of_driver(driver.id, _NEWEST)
        items = [JudgedLapBody.judged(lap) for lap in laps]
        return lists.answer(request, JudgedLapBody, JudgedLapListBody(items=items, next=None))

    return router
