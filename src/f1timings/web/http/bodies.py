"""The base of all JSON bodies, and the forms that several of them share: pages of a list, timestamps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field

_encode = msgspec.json.Encoder().encode

Row = TypeVar("Row", bound=BaseModel)

Timestamp = Annotated[
    str,
    Field(
        description="RFC 3339, UTC.",
        examples=["2026-11-22T16:12:00.123456Z"],
        json_schema_extra={"format": "date-time"},
    ),
]


class Body(BaseModel):
    """The base of all bodies: no value is converted, and no unknown field is accepted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ListBody(Body, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next: str | None = Field(description="Send it as `cursor` to get the next page; null after the last row.")


class PlainPage(NamedTuple):
    """One page of a list as JSON values by field, as the bodies of its rows have them.

    For long lists: to build a body of each row, and check it, takes most of the time of an answer.
    """

    items: Sequence[Mapping[str, object]]
    next: str | None

    def as_json(self) -> bytes:
        """The page as :class:`ListBody` has it."""
        return _encode({"items": self.items, "next": self.next})


def moment_text(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, always to the microsecond, so that texts sort as their moments do."""
    # A list has thousands of moments, and this takes a fifth of the time of isoformat().
    text = _encode(moment.astimezone(UTC))[1:-2].decode()
    return f"{text}Z" if moment.microsecond else f"{text}.000000Z"


def page_of(row: dict[str, Any]) -> dict[str, Any]:
    """An example of a list: a page with this one row, and a next page."""
    return {"items": [row], "next": "WyItb2ZmaWNpYWxfYXQiLDE3OTUzNjU1MjAsNDJd"}
