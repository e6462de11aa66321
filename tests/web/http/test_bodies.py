"""The forms that several JSON bodies share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from f1timings.web.http.bodies import moment_text

_ROME = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 18, 0, 5, 123_456, tzinfo=UTC), "2026-11-22T18:00:05.123456Z"),
        (datetime(2026, 11, 22, 18, 0, 5, 120, tzinfo=UTC), "2026-11-22T18:00:05.000120Z"),
        (datetime(2026, 11, 22, 18, tzinfo=UTC), "2026-11-22T18:00:00.000000Z"),
        (datetime(2026, 11, 23, 0, 30, tzinfo=_ROME), "2026-11-22T23:30:00.000000Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_microsecond(moment: datetime, text: str) -> None:
    assert text == moment_text(moment)
