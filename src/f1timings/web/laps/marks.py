"""What marshals do with laps: type one, strike it, overrule the game, say whose it is."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

from fastapi import APIRouter, Depends, Path, Request
from pydantic import ConfigDict, Field

from f1timings.errors import ActInvalid, NotFound
from f1timings.meeting import people
from f1timings.store import Desk, StoredLap
from f1timings.store.acts.drivers import need_present, upsert_driver
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.acts.marks import Ruling, SeenRevision, mark_laps
from f1timings.store.acts.meetings import open_one
from f1timings.web.http import acting, lists
from f1timings.web.http.acting import RequestKey
from f1timings.web.http.bodies import Body
from f1timings.web.http.queries import no_parameters
from f1timings.web.laps.bodies import LAP, LapBody, LapListBody
from f1timings.web.services import Services

MOST_AT_ONCE: Final = 500

NEW_LAP: dict[str, Any] = {"driver": "Anna", "time": "1:23.456", "circuit": "Monza", "reason": "By stopwatch"}
RULING: dict[str, Any] = {"revision": 1, "is_deleted": True, "reason": "Cut the chicane"}
RULINGS: dict[str, Any] = {
    "laps": [{"id": LAP["id"], "revision": 1}],
    "is_valid": False,
    "reason": "Drove with the wrong setup",
}
MANUAL_LAP: dict[str, Any] = LAP | {
    "id": "manual~3f9a1c52b7d0~monza~0~1~0",
    "session_id": "manual~3f9a1c52b7d0~monza",
    "session_uid": "0",
    "rig": "manual",
    "car_index": 0,
    "participant": None,
    "basis": "manual",
    "source": "manual",
    "typed": "1:23.456",
    "lap_number": 1,
    "sector1_ms": None,
    "sector2_ms": None,
    "sector3_ms": None,
    "compound": None,
    "assists": None,
    "weather": None,
    "began_at": None,
    "marked_by": "Marta",
    "reason": "By stopwatch",
}
MARKED_LAP: dict[str, Any] = LAP | {
    "state": "deleted",
    "game_state": "completed",
    "game_is_valid": True,
    "marked_by": "Marta",
    "reason": "Cut the chicane",
    "revision": 2,
}

LapId = Annotated[str, Path(max_length=400, examples=[LAP["id"]])]
Time = Annotated[
    str,
    Field(
        description="`1:23.456`, `1.23.456`, `83.456` or `83`; a comma does for the dot.",
        examples=["1:23.456"],
    ),
]
Reason = Annotated[str | None, Field(max_length=1200, description="Up to 300 characters.")]
Revision = Annotated[
    int,
    Field(ge=1, le=2**31 - 1, description="The revision that you have seen; 409 if it is another by now."),
]
DriverId = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
_JSON = [Depends(lists.accepts_json), Depends(no_parameters)]
_PROBLEMS = (401, 403, 404, 406, 409, 422, 500, 503)


class NewLapBody(Body):
    """A lap that somebody timed by hand; name its driver by ``driver_id`` or by ``driver``."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEW_LAP]})

    driver_id: DriverId | None = None
    driver: str | None = Field(None, max_length=400, description="A name; made if there is no such driver.")
    team: str | None = Field(None, max_length=400, description="With `driver`; left out it stays as it is.")
    time: Time
    circuit: str | None = Field(None, max_length=400, description="null: where the meeting is.")
    reason: Reason = None


class LapDecisionBody(Body):
    """What a marshal decides about a lap; what is left out stays as it is."""

    is_deleted: bool | None = Field(None, description="true strikes it, false takes that back.")
    is_valid: bool | None = Field(None, description="null, if given: as the game said.")
    driver_id: DriverId | None = Field(
        None, description='null, if given: whoever was assigned; `""`: nobody\'s.'
    )
    time: Time | None = Field(None, description="Of a lap typed by hand only.")
    reason: Reason = None

    def ruling(self) -> Ruling:
        """As the store takes it."""
        # Null means something for these alone; elsewhere it is as if it were left out.
        given = {name for name in self.model_fields_set if name in ("is_valid", "driver_id")}
        given |= {name for name in Ruling.__optional_keys__ if getattr(self, name) is not None}
        return cast(Ruling, {name: getattr(self, name) for name in given})


class LapRulingBody(LapDecisionBody):
    """A decision about one lap."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULING]})

    revision: Revision


class SeenLapBody(Body):
    """A lap, and the revision of it that you have seen."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULINGS["laps"][0]]})

    id: Annotated[str, Field(max_length=400)]
    revision: Revision


class LapRulingsBody(LapDecisionBody):
    """The same decision about several laps."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULINGS]})

    laps: Annotated[list[SeenLapBody], Field(min_length=1, max_length=MOST_AT_ONCE)]


def routes(services: Services) -> APIRouter:
    """The routes of what marshals do with laps."""
    router = APIRouter(tags=["laps"], dependencies=_JSON)

    @router.post(
        "/laps",
        operation_id="make_lap",
        summary="Enter a lap that was timed by hand",
        status_code=201,
        responses=lists.made(MANUAL_LAP, *_PROBLEMS),
    )
    def make_lap(request: Request, new: NewLapBody, key: RequestKey = None) -> LapBody:
        made = acting.act(
            request, services, lambda desk: _record(desk, new), key, again=lambda lap_id: lap_id
        )
        return _lap(services, made)

    @router.patch(
        "/laps/{lap_id}",
        operation_id="mark_lap",
        summary="Strike a lap, overrule the game, say whose it is; or take that back",
        description="Makes a new revision; what the game said stays in the earlier ones and beside it.",
        responses=lists.described(MARKED_LAP, *_PROBLEMS),
    )
    def mark_lap(request: Request, lap_id: LapId, ruling: LapRulingBody) -> LapBody:
        seen = [SeenRevision(lap_id, ruling.revision)]
        marked = acting.act(request, services, lambda desk: mark_laps(desk, seen, ruling.ruling()))
        return _lap(services, *marked)

    @router.post(
        "/laps/mark",
        operation_id="mark_laps",
        summary="Decide the same about several laps: all of them or none",
        responses=lists.described({"items": [MARKED_LAP], "next": None}, *_PROBLEMS),
    )
    def mark_several(request: Request, rulings: LapRulingsBody) -> LapListBody:
        seen = [SeenRevision(one.id, one.revision) for one in rulings.laps]
        marked = acting.act(request, services, lambda desk: mark_laps(desk, seen, rulings.ruling()))
        return LapListBody(items=_laps(services, *marked), next=None)

    return router


def current_lap(services: Services, stored: StoredLap) -> LapBody:
    """A lap that somebody else changed, as it is now with whose it is."""
    return (_laps(services, stored.lap.id) or [LapBody.of(stored)])[0]


def _laps(services: Services, *lap_ids: str) -> list[LapBody]:
    return [LapBody.of(one) for one in services.reads.list_laps_by_id(lap_ids)]


def _lap(services: Services, lap_id: str) -> LapBody:
    found = _laps(services, lap_id)
    if not found:
        raise NotFound(f"There is no lap {lap_id!r} any more. GET /api/v1/laps lists those there are.")
    return found[0]


def _record(desk: Desk, new: NewLapBody) -> str:
    driver = _driver(desk, new)
    return record_manual_lap(desk, open_one(desk), driver, new.time, new.circuit, new.reason).lap.id


def _driver(desk: Desk, new: NewLapBody) -> people.Driver:
    if (new.driver_id is None) == (new.driver is None):
        raise ActInvalid("Name the driver by driver_id or by driver, one of them.", "driver")
    if new.driver_id is not None:
        return need_present(desk, new.driver_id)
    assert new.driver is not None
    return upsert_driver(desk, new.driver, new.team or "")
