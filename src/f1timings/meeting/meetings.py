"""Rules about meetings: valid dates and points, and which meeting a moment belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from f1timings.errors import ActInvalid
from f1timings.meeting.people import CLUB_POINTS, MeetingPeriod

POINTS = {
    "club": CLUB_POINTS,
    "f1_race": (25, 18, 15, 12, 10, 8, 6, 4, 2, 1),
    "f1_sprint": (8, 7, 6, 5, 4, 3, 2, 1),
    "top_three": (3, 2, 1),
}
"""Common scales of points, by name."""

MOST_PLACES = 100
MOST_POINTS = 1000


def valid_date(text: str) -> str:
    """Return a day in the form ``2026-11-22``.

    Raises:
        ActInvalid: the text is not such a day.
    """
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ActInvalid("date-form", "date", text=text[:20])


def valid_points(points: Sequence[int]) -> tuple[int, ...]:
    """Return a scale of points for P1, P2 and so on; a later place never gets more.

    Raises:
        ActInvalid: there are too many places, or the numbers are not such a scale.
    """
    if len(points) > MOST_PLACES or not all(0 <= point <= MOST_POINTS for point in points):
        raise ActInvalid("points-form", "points", places=MOST_PLACES, most=MOST_POINTS)
    if any(later > earlier for earlier, later in pairwise(points)):
        raise ActInvalid("points-order", "points")
    return tuple(points)


def meeting_at(periods: Sequence[MeetingPeriod], moment: datetime) -> str:
    """Return the id of the meeting that was open at a moment, of the first meeting for earlier moments.

    Args:
        periods: the periods of all meetings, at least one, in any order.
    """
    ordered = sorted(periods, key=lambda period: (period.since, period.seq))
    open_then = [period for period in ordered if period.since <= moment]
    return (open_then[-1] if open_then else ordered[0]).meeting_id
