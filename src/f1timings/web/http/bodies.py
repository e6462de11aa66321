"""Moved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field


def page_of(row: dict[str, Any]) -> dict[str, Any]:
    """A page of a list with this one row."""
    return {"items": [row], "next": "WyItb2ZmaWNpYWxfYXQiLDE3OTUzNjU1MjAsNDJd"}


Row = TypeVar("Row", bound=BaseModel)


Timestamp = Annotated[
    str,
    Field(
        description="RFC 3339, UTC.",
        examples=["2026-11-22T16:12:00.123456Z"],
        json_schema_extra={"format": "date-time"},
    ),
]


def moment_text(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, always to the microsecond so that the texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Body(BaseModel):
    """What all bodies share: nothing converted, nothing unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ListBody(Body, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next: str | None = Field(description="Give it as `cursor` to get the next page; null after the last row.")
