"""The JSON bodies of the older program. As in that program, unknown fields are ignored."""

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


class _OlderBody(BaseModel):
    """The base of these bodies: no value is converted."""

    model_config = ConfigDict(strict=True)


class UserBody(_OlderBody):
    """A driver with a team."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [_USER]})

    name: str = Field(min_length=1, max_length=400)
    team: str = Field(min_length=1, max_length=400)


class UsersBody(_OlderBody):
    """All drivers by name."""

    model_config = ConfigDict(json_schema_extra={"examples": [USERS]})

    users: dict[str, UserBody]


class TypedLapBody(UserBody):
    """A lap typed by hand; a driver of an unknown name is created."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [_USER | {"time": "1:23.456"}]})

    time: str = Field(max_length=400, description="`1:23.456`, `1.23.456`, `83.456` or `83`.")


class GoneLapBody(_OlderBody):
    """A lap to delete."""

    model_config = ConfigDict(
        strict=True, json_schema_extra={"examples": [{"name": "Ann", "time": "1:23.456"}]}
    )

    name: str = Field(min_length=1, max_length=400)
    time: str = Field(max_length=400)


class DriverLapBody(_OlderBody):
    """The best lap of a driver."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LAP]})

    time: str = Field(description="As typed; `1:23.456` for a lap that a game timed.")
    is_fastest: bool = Field(description="Whether it is the fastest lap of all drivers.")
    time_seconds: float


class DriverLapsBody(_OlderBody):
    """A driver with the best lap on the current board, or without a lap."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVER]})

    name: str
    team: str
    lap_times: list[DriverLapBody]


class TrackBody(_OlderBody):
    """The circuit; empty if it is unknown."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [TRACK]})

    name: str = Field(max_length=400)


class MessageBody(_OlderBody):
    """A sentence about what was done."""

    model_config = ConfigDict(json_schema_extra={"examples": [MESSAGE]})

    message: str


class ExportBody(_OlderBody):
    """The exported file, or why there is none."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXPORT, NO_EXPORT]})

    success: bool
    filename: str = Field(description="Relative to the data folder.")
    message: str
