"""Why a lap does not count on its board. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from f1timings.timing.records import LapState

NotCounting = Literal[
    "deleted",
    "superseded",
    "partial",
    "overruled",
    "invalid",
    "unjudged",
    "manual_laps",
    "session_types",
    "formats",
    "assists_allowed",
    "cleared",
    "other_view",
]
#: The reasons in the order in which they are given, and what each means.
MEANINGS: Final[dict[NotCounting, str]] = {
    "deleted": "a marshal deleted it, or its typing was undone",
    "superseded": "the game was rewound to before its end",
    "partial": "it was not driven or received from line to line",
    "overruled": "a marshal decided that it is invalid",
    "invalid": "the game says track limits",
    "unjudged": "the game gave no verdict on it",
    "manual_laps": "the meeting's rules exclude laps typed by hand",
    "session_types": "the meeting's rules exclude its type of session",
    "formats": "the meeting's rules exclude its game",
    "assists_allowed": "the meeting's rules allow no assists, and it was not known to be driven without",
    "cleared": "the board was cleared since",
    "other_view": "another rig or session recorded the same lap, and that one decides",
}


def why_not_counting(
    *,
    state: LapState,
    is_valid: bool | None,
    is_overruled: bool,
    broken_rules: Collection[str],
    is_cleared: bool,
    is_counted: bool,
) -> NotCounting | None:
    """Return the first reason why a lap does not count; None if it counts.

    Args:
        is_valid: with a marshal's decision applied.
        is_overruled: a marshal decided it against the game.
        broken_rules: the fields of :class:`f1timings.meeting.people.Rules` that exclude the lap.
        is_cleared: its board was cleared since.
        is_counted: as :attr:`f1timings.meeting.attribution.Attribution.counts`.
    """
    found: dict[NotCounting, bool] = {
        "deleted": state is LapState.DELETED,
        "superseded": state is LapState.SUPERSEDED,
        "partial": state is not LapState.COMPLETED,
        "overruled": is_valid is False and is_overruled,
        "invalid": is_valid is False,
        "unjudged": is_valid is None,
        "manual_laps": "manual_laps" in broken_rules,
        "session_types": "session_types" in broken_rules,
        "formats": "formats" in broken_rules,
        "assists_allowed": "assists_allowed" in broken_rules,
        "cleared": is_cleared,
        "other_view": not is_counted,
    }
    return next((reason for reason, applies in found.items() if applies), None)
