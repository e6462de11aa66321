"""Which backups are kept: many of the last hours, fewer of the hours before, one a day of the days before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

#: How many of the newest are kept whatever their age, and how many hours and days before keep their last one.
NEWEST: Final = 12
HOURS: Final = 8
DAYS: Final = 10
#: The most that are kept.
MOST: Final = NEWEST + HOURS + DAYS


def which_to_keep(made_at: Sequence[datetime]) -> set[int]:
    """Choose the backups to keep, by their places in the list.

    Hours and days without a backup do not count, and the present time does not matter: a computer that was
    off for a month, or has a wrong clock, loses none.

    Args:
        made_at: UTC, in the order in which they were made.
    """
    newest_first = range(len(made_at))[::-1]
    kept = list(newest_first[:NEWEST])
    for limit, period in ((HOURS, _hour), (DAYS, _day)):
        periods = [period(moment) for moment in made_at]
        kept += _last_of_each_before(kept, periods)[:limit]
    return set(kept)


def _last_of_each_before(kept: Sequence[int], periods: Sequence[datetime]) -> list[int]:
    """The last place in each period before those that are kept, the newest first."""
    seen = {periods[place] for place in kept}
    last: list[int] = []
    for place in range(min(kept, default=0))[::-1]:
        if periods[place] not in seen:
            seen.add(periods[place])
            last.append(place)
    return last


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> datetime:
    return _hour(moment).replace(hour=0)
