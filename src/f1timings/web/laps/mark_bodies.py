"""The JSON of typed laps and of marshals' decisions about laps."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

from pydantic import ConfigDict, Field

from f1timings.store.acts.marks import Ruling
from f1timings.web.http.bodies import Body
from f1timings.web.laps.bodies import LAP

#: The most laps that one request may decide about.
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
    "start": None,
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

Time = Annotated[
    str,
    Field(
        description="`1:23.456`, `1.23.456`, `83.456` or `83`; a comma works like the dot.",
        examples=["1:23.456"],
    ),
]
Reason = Annotated[str | None, Field(max_length=1200, description="Up to 300 characters.")]
Revision = Annotated[
    int,
    Field(ge=1, le=2**31 - 1, description="The revision that you have read; 409 if it has changed since."),
]
DriverId = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


class NewLapBody(Body):
    """A lap timed by hand; name its driver by ``driver_id`` or by ``driver``."""

    model_config = ConfigDict(json_schema_extra={"examples": [NEW_LAP]})

    driver_id: DriverId | None = None
    driver: str | None = Field(
        None, max_length=400, description="The driver's name; a driver is created if there is none."
    )
    team: str | None = Field(
        None, max_length=400, description="With `driver`; if it is left out, the team stays as it is."
    )
    time: Time
    circuit: str | None = Field(
        None, max_length=400, description='null for the circuit of the meeting; `""` if no circuit is known.'
    )
    reason: Reason = None


class LapDecisionBody(Body):
    """What a marshal decides about a lap; a field that is left out changes nothing."""

    is_deleted: bool | None = Field(None, description="true deletes the lap, false restores it.")
    is_valid: bool | None = Field(None, description="Overrules the game; null follows the game again.")
    driver_id: DriverId | None = Field(
        None,
        description='Claims the lap for a driver; `""` for no driver; null follows the assignments again.',
    )
    time: Time | None = Field(None, description="Only for a lap typed by hand.")
    reason: Reason = None

    def ruling(self) -> Ruling:
        """Return the decision for the store."""
        # null has a meaning for these two only; for other fields it is the same as leaving them out.
        given = {name for name in self.model_fields_set if name in ("is_valid", "driver_id")}
        given |= {name for name in Ruling.__optional_keys__ if getattr(self, name) is not None}
        return cast(Ruling, {name: getattr(self, name) for name in given})


class LapRulingBody(LapDecisionBody):
    """A decision about one lap."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULING]})

    revision: Revision


class SeenLapBody(Body):
    """A lap, and the revision of it that you have read."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULINGS["laps"][0]]})

    id: Annotated[str, Field(max_length=400)]
    revision: Revision


class LapRulingsBody(LapDecisionBody):
    """The same decision about several laps."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULINGS]})

    laps: Annotated[list[SeenLapBody], Field(min_length=1, max_length=MOST_AT_ONCE)]
