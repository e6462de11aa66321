"""Timestamps in requests: RFC 3339 text with a UTC offset, and no other form."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field

# The form of RFC 3339; pydantic then checks that the day and the hour exist.
_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _check_form(value: object) -> object:
    """Refuse numbers above all: pydantic would read milliseconds as seconds since 1970."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("write it as 2026-11-22T18:00:00Z")
    return value


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_check_form),
    Field(strict=False, description="RFC 3339 with a UTC offset.", examples=["2026-11-22T18:00:00Z"]),
]
