"""The one form in which a moment is taken from outside: RFC 3339 text that names its zone."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field

# Up to here as RFC 3339 has it; whether there is such a day and hour is looked at after this.
_RFC_3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _only_text(value: object) -> object:
    """A number would be read as seconds since 1970, which nobody means who sends milliseconds."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("write it as 2026-11-22T18:00:00Z")
    return value


Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_only_text),
    Field(strict=False, description="RFC 3339 with its zone.", examples=["2026-11-22T18:00:00Z"]),
]
