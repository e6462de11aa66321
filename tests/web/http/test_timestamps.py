"""A timestamp in a request is RFC 3339 text with a UTC offset, and nothing ambiguous."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from f1timings.web.http.timestamps import Moment

_MOMENTS = TypeAdapter[datetime](Moment)


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T18:00:00Z", "2026-11-22t18:00:00.000z", "2026-11-22T20:00:00+02:00", "2026-11-22 18:00:00Z"],
)
def test_rfc_3339_text_with_an_offset_is_accepted(text: str) -> None:
    assert datetime(2026, 11, 22, 18, tzinfo=UTC) == _MOMENTS.validate_python(text)


@pytest.mark.parametrize(
    "value",
    [
        *(0.5, 1_795_000_000, "0.5", "1795000000", "", None, True),
        *("2026-11-22", "2026-11-22T18:00Z", "2026-11-22T18:00:00"),
        *("2026-02-30T18:00:00Z", "2026-11-22T25:00:00Z", "２026-11-22T18:00:00Z"),
    ],
)
def test_any_other_value_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        _MOMENTS.validate_python(value)
