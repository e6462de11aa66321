"""The JSON of the older program, as its clients know it; what they send beside it is ignored, as it was."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_USER: dict[str, Any] = {"name": "Ann", "team": "McLaren"}
_LAP: dict[str, Any] = {"time": "1:23.456", "is_fastest": True, "time_seconds": 83.456}
DRIVER: dict[str, Any] = _USER | {"lap_times": [_LAP]}
DRIVERS: dict[str, Any] = {"Ann": DRIVER}
USERS: dict[str, Any] = {"users": {"Ann": _USER}}
TRACK: dict[str, Any] = {"name": "Monza"}
MESSAGE: dict[str, Any] = {"message": "Lap time deleted successfully"}
EXPORT: dict[str, Any] = {
    "success": True,
    "filename": "exports/Monza_20261122_201500_laptimes.csv",
    "message": "Export successful",
}
NO_EXPORT: dict[str, Any] = {"success": False, "filename": "", "message": "No track name set"}


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True)


class User(_Sent):
    """A driver and the team."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [_USER]})

    name: str = Field(min_length=1, max_length=400)
    team: str = Field(min_length=1, max_length=400)


class Users(_Sent):
    """Every driver by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [USERS]})

    users: dict[str, User]


class TypedLap(User):
    """A lap of a driver, who is made if there is none of that name."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [_USER | {"time": "1:23.456"}]})

    time: str = Field(max_length=400, description="`1:23.456`, `1.23.456`, `83.456` or `83`.")


class GoneLap(_Sent):
    """A lap to delete."""

    model_config = ConfigDict(
        strict=True, json_schema_extra={"examples": [{"name": "Ann", "time": "1:23.456"}]}
    )

    name: str = Field(min_length=1, max_length=400)
    time: str = Field(max_length=400)


class DriverLap(_Sent):
    """The best lap of a driver."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LAP]})

    time: str = Field(description="As typed; of a lap that a game timed as `1:23.456`.")
    is_fastest: bool = Field(description="The fastest of all.")
    time_seconds: float


class DriverLaps(_Sent):
    """A driver with the best lap on the board that is shown, or none."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVER]})

    name: str
    team: str
    lap_times: list[DriverLap]


class Track(_Sent):
    """The circuit; empty where none is known."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [TRACK]})

    name: str = Field(max_length=400)


class Message(_Sent):
    """What was done."""

    model_config = ConfigDict(json_schema_extra={"examples": [MESSAGE]})

    message: str


class Export(_Sent):
    """The file, or why there is none."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXPORT, NO_EXPORT]})

    success: bool
    filename: str = Field(description="Below the data folder.")
    message: str
