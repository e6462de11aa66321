"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from f1timings.recovery.backups.thinning import DAYS, HOURS, MOST, NEWEST, which_to_keep

BEGIN = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def kept(made_at: list[datetime]) -> list[datetime]:
    return [made_at[place] for place in sorted(which_to_keep(made_at))]


def every(step: timedelta, count: int, begin: datetime = BEGIN) -> list[datetime]:
    return [begin + number * step for number in range(count)]


def test_the_newest_are_all_kept() -> None:
    made_at = every(timedelta(minutes=15), NEWEST)
    assert made_at == kept(made_at)


def test_of_an_evening_the_last_of_each_hour_is_kept_before_the_newest() -> None:
    made_at = every(timedelta(minutes=15), 24)
    assert [*made_at[3:12:4], *made_at[-NEWEST:]] == kept(made_at)


def test_of_a_month_the_last_of_each_day_is_kept() -> None:
    days = [every(timedelta(minutes=15), 8, BEGIN + timedelta(days=day)) for day in range(30)]
    made_at = [moment for day in days for moment in day]
    remaining = kept(made_at)
    assert len(remaining) <= MOST == 30
    # Twelve are of one and a half days; eight of the four days before, which have two hours each; then days.
    assert made_at[-NEWEST:] == remaining[-NEWEST:]
    assert HOURS == len({(moment.date(), moment.hour) for moment in remaining[DAYS:-NEWEST]})
    assert DAYS == len({moment.date() for moment in remaining[:DAYS]})


def test_thinning_again_and_again_keeps_the_same() -> None:
    made_at: list[datetime] = []
    for moment in every(timedelta(minutes=20), 3_000):
        made_at = kept([*made_at, moment])
    assert made_at == kept(made_at)
    assert MOST >= len(made_at) > NEWEST + HOURS
    assert made_at[-1] - made_at[0] > timedelta(days=DAYS - 1)


def test_a_wrong_clock_costs_no_new_backup() -> None:
    future = every(timedelta(0), 20, BEGIN + timedelta(days=3650))
    made_at = [*every(timedelta(days=1), 5), *future]
    assert future[-NEWEST:] == kept(made_at)[-NEWEST:]
