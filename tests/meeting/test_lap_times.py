"""A typed lap time is read, or refused with a correct example; nothing is guessed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.errors import ActInvalid
from f1timings.meeting.lap_time_hints import HOUR_MS, SHORTEST_MS, likely_times
from f1timings.meeting.lap_times import parse_lap_time, read_lap_time
from f1timings.units import lap_text

TIMES = st.integers(SHORTEST_MS, HOUR_MS - 1)


@pytest.mark.parametrize(
    ("typed", "milliseconds"),
    [
        ("1:23.456", 83_456),
        ("01:23.456", 83_456),
        ("1.23.456", 83_456),
        ("1,23,456", 83_456),
        ("1:23,456", 83_456),
        ("1.23,456", 83_456),
        ("0:59.999", 59_999),
        ("59:59.999", 3_599_999),
        ("1:00.001", 60_001),
        ("1:23.4", 83_400),
        ("1:23.45", 83_450),
        ("83.456", 83_456),
        ("83,456", 83_456),
        ("83.4", 83_400),
        ("83", 83_000),
        ("59.999", 59_999),
        ("060.5", 60_500),
        ("3599.999", 3_599_999),
        ("10", 10_000),
        ("  1:23.456\n", 83_456),
    ],
)
def test_every_common_form_is_read(typed: str, milliseconds: int) -> None:
    assert milliseconds == parse_lap_time(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "abc",
        "a:b",
        "nan",
        "inf",
        "-inf",
        "-5",
        "+83.456",
        "-1:23.456",
        "0",
        "0.000",
        "0:00.000",
        "3600",
        "3600.000",
        "60:00.000",
        "99:59.999",
        "1:00:00.000",
        "1:60.000",
        "1:99.000",
        "1:5.300",
        "1:23",
        "1:23.4567",
        "83.4567",
        "83.",
        ".456",
        "1:.456",
        ":23.456",
        "1:23.",
        "1::23.456",
        "1:23:456",
        "1.23.45.6",
        "1 :23.456",
        "1:23 .456",
        "83 .456",
        "8_3",
        "1e2",
        "0x53",
        "٨٣.٤٥٦",
        "８３．４５６",
        "1：23.456",
        "1'23.456",
        "83.456s",
        "83.456\x00",
        "\u202e83.456",
        "\ud800",
        "1" * 10_000,
        "83." + "4" * 10_000,
        " " * 10_000,
    ],
)
def test_anything_else_is_refused_with_a_correct_example(typed: str) -> None:
    with pytest.raises(ActInvalid) as refusal:
        parse_lap_time(typed)
    assert "time" == refusal.value.field
    assert "1:23.456" in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("1.20", "1.20 is 1.2 seconds; perhaps it should be 1:20.000 (1 min 20 s)."),
        ("01,05", "01,05 is 1.05 seconds; perhaps it should be 1:05.000 (1 min 5 s)."),
        ("9.999", "9.999 is 9.999 seconds; a lap time is at least ten seconds."),
        ("8", "8 is 8 seconds; a lap time is at least ten seconds."),
        ("0:09.999", "0:09.999 is 9.999 seconds; a lap time is at least ten seconds."),
        ("1.75", "1.75 is 1.75 seconds; a lap time is at least ten seconds."),
    ],
)
def test_a_time_that_nobody_drives_is_refused_with_what_was_probably_meant(typed: str, advice: str) -> None:
    with pytest.raises(ActInvalid, match=re.escape(advice)):
        parse_lap_time(typed)
    assert read_lap_time(typed) < SHORTEST_MS


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("1.2", "1:20.000 (1 min 20 s)."),
        ("1.20", "1:20.000 (1 min 20 s)."),
        ("1,20", "1:20.000 (1 min 20 s)."),
        ("1.200", "1:20.000 (1 min 20 s)."),
        ("1.234", "1:23.400 (1 min 23.4 s)."),
        ("1:20", "1:20.000 (1 min 20 s)."),
        ("1:2", "1:02.000 (1 min 2 s)."),
        ("1:234", "1:23.400 (1 min 23.4 s)."),
        ("1 20", "1:20.000 (1 min 20 s)."),
        ("1m20s", "1:20.000 (1 min 20 s)."),
        ("1'20\"5", "1:20.500 (1 min 20.5 s)."),
        ("1.20.5?", "1:20.500 (1 min 20.5 s)."),
        ("1:20:500", "1:20.500 (1 min 20.5 s)."),
        ("1:5.300", "1:05.300 (1 min 5.3 s)."),
        ("1:75", "2:15.000 (2 min 15 s) / 1:07.500 (1 min 7.5 s)."),
        ("1:75.500", "2:15.500 (2 min 15.5 s)."),
        ("90000", "1:30.000 (1 min 30 s)."),
        ("123456", "1:23.456 (1 min 23.456 s) / 2:03.456 (2 min 3.456 s)."),
        ("83.4567", "1:23.456 (1 min 23.456 s)."),
        ("45.6789", "45.678 (45.678 s)."),
        ("83.", "1:23.000 (1 min 23 s)."),
    ],
)
def test_a_refusal_says_how_to_write_what_was_probably_meant(typed: str, advice: str) -> None:
    with pytest.raises(ActInvalid, match=re.escape(advice)):
        parse_lap_time(typed)


@pytest.mark.parametrize("typed", ["-5", "1e2", "0x53", "8_3", "nan", "0", "8", "1:00:00.000", "99:59.999"])
def test_nothing_is_suggested_where_nothing_is_likely(typed: str) -> None:
    with pytest.raises(ActInvalid) as refusal:
        parse_lap_time(typed)
    assert "perhaps" not in str(refusal.value)


@given(st.text("0123456789:.,;'m s?!", max_size=40))
def test_what_is_suggested_is_accepted(typed: str) -> None:
    for milliseconds in likely_times(typed):
        assert milliseconds == parse_lap_time(lap_text(milliseconds))


@given(TIMES)
def test_a_shown_lap_time_is_read_back(milliseconds: int) -> None:
    assert milliseconds == parse_lap_time(lap_text(milliseconds))


@given(TIMES, st.sampled_from(":.,"), st.sampled_from(".,"))
def test_every_separator_is_read_alike(milliseconds: int, after_minutes: str, decimal: str) -> None:
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    assert milliseconds == parse_lap_time(f"{minutes}{after_minutes}{seconds:02}{decimal}{thousandths:03}")
    assert milliseconds == parse_lap_time(f"{milliseconds // 1000}{decimal}{thousandths:03}")


@given(st.text(max_size=60))
def test_any_text_is_a_time_within_the_hour_or_refused(typed: str) -> None:
    try:
        assert SHORTEST_MS <= parse_lap_time(typed) < HOUR_MS
    except ActInvalid:
        return


@given(st.text("0123456789:.,", max_size=12))
def test_any_digits_are_a_time_within_the_hour_or_refused(typed: str) -> None:
    try:
        assert SHORTEST_MS <= parse_lap_time(typed) < HOUR_MS
    except ActInvalid:
        return
