"""Messages to screens are JSON that every browser can read, with times in UTC."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from f1timings.live.fanout import messages


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    assert messages.utc_text(0.25) == "1970-01-01T00:00:00.250Z"


@pytest.mark.parametrize("fraction", [0.0, 0.123, 0.1239999, 0.9994999, 0.9999994, 0.9999996])
def test_moments_are_rounded_to_microseconds_and_cut_to_milliseconds_as_by_datetime(fraction: float) -> None:
    moment = 1_795_363_920 + fraction
    whole = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    assert whole == messages.utc_text(moment).replace("Z", "+00:00")


def test_an_update_combines_its_number_with_text_that_is_encoded_already() -> None:
    text = messages.update("events", 7, "lap_official", messages.json_text({"participant": 'a "b" ü'}))

    expected = {"view": "events", "seq": 7, "event": "lap_official", "data": {"participant": 'a "b" ü'}}
    assert json.loads(text) == expected


def test_a_snapshot_has_the_number_of_the_newest_update() -> None:
    expected = {"view": "events", "seq": 3, "snapshot": {"server_time": "1970-01-01T00:00:01.000Z"}}
    assert json.loads(messages.snapshot("events", 3, 1.0)) == expected


def test_a_heartbeat_carries_the_newest_number_and_the_time() -> None:
    expected = {"view": "events", "seq": 3, "heartbeat": {"server_time": "1970-01-01T00:00:01.000Z"}}
    assert json.loads(messages.heartbeat("events", 3, 1.0)) == expected


def test_numbers_that_browsers_cannot_read_are_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        messages.json_text({"gap": float("nan")})
