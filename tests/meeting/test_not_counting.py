"""Why a lap does not count: the first reason that applies."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from f1timings.meeting.not_counting import MEANINGS, NotCounting, why_not_counting
from f1timings.timing.records import LapState

COUNTING: dict[str, Any] = {
    "state": LapState.COMPLETED,
    "is_valid": True,
    "is_overruled": False,
    "broken_rules": (),
    "is_cleared": False,
    "is_counted": True,
}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, None),
        ({"is_overruled": True}, None),
        ({"state": LapState.DELETED, "is_valid": False}, "deleted"),
        ({"state": LapState.SUPERSEDED}, "superseded"),
        ({"state": LapState.PARTIAL, "is_valid": None}, "partial"),
        ({"is_valid": False, "is_counted": False}, "invalid"),
        ({"is_valid": False, "is_overruled": True}, "overruled"),
        ({"is_valid": None, "is_counted": False}, "unjudged"),
        ({"broken_rules": {"formats", "session_types"}}, "session_types"),
        ({"broken_rules": {"assists_allowed"}, "is_cleared": True}, "assists_allowed"),
        ({"broken_rules": {"manual_laps"}}, "manual_laps"),
        ({"broken_rules": {"formats"}}, "formats"),
        ({"is_cleared": True}, "cleared"),
        ({"is_counted": False}, "other_view"),
    ],
)
def test_the_first_reason_that_applies_is_given(facts: dict[str, Any], expected: NotCounting | None) -> None:
    assert expected == why_not_counting(**(COUNTING | facts))


def test_every_reason_has_a_meaning() -> None:
    assert get_args(NotCounting) == tuple(MEANINGS)
