"""Who sits at a rig: what becomes of its assignments when somebody is assigned, from now or earlier on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.errors import ActInvalid
from f1timings.meeting.assignments import (
    Edit,
    assign,
    at_moment,
    covers,
    end,
    overlap,
    since_asked,
    since_default,
    since_lap,
)
from f1timings.meeting.people import Assignment

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
LAST = 40
NOBODY_SAID = "nobody said anything"


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def assignment(
    key: str, driver: str | None, since: float, until: float | None = None, *, is_default: bool = False
) -> Assignment:
    ends = None if until is None else at(until)
    return Assignment(key, "rig", driver, at(since), ends, is_default, "marshal")


def applied(history: list[Assignment], edit: Edit) -> list[Assignment]:
    kept = {one.id: one for one in history}
    for gone in edit.removed:
        del kept[gone.id]
    return list((kept | {one.id: one for one in edit.put}).values())


def owners(history: list[Assignment], *, is_default: bool = False) -> list[str | None]:
    """Who sits there in the middle of each minute."""
    row = [one for one in history if one.is_default == is_default]
    return [
        next((one.driver_id for one in row if covers(one, at(minute + 0.5))), NOBODY_SAID)
        for minute in range(LAST)
    ]


class Said(NamedTuple):
    """Somebody is assigned, or (driver NOBODY_SAID) the assignment ends, from a minute on."""

    driver: str | None
    since: int
    is_default: bool


drivers = st.sampled_from(["Ann", "Ben", "Cem", None, NOBODY_SAID])
evenings = st.lists(st.builds(Said, drivers, st.integers(0, LAST - 1), st.booleans()), max_size=12)


def say(history: list[Assignment], said: Said, key: str) -> list[Assignment]:
    if said.driver == NOBODY_SAID:
        return applied(
            history, end([one for one in history if one.is_default == said.is_default], at(said.since))
        )
    new = assignment(key, said.driver, said.since, is_default=said.is_default)
    return applied(history, assign(history, new))


def evening(all_said: list[Said]) -> list[Assignment]:
    history: list[Assignment] = []
    for number, said in enumerate(all_said):
        history = say(history, said, str(number))
    return history


@given(evenings)
def test_at_any_moment_at_most_one_sits_at_a_rig_and_one_usually_does(all_said: list[Said]) -> None:
    history = evening(all_said)
    for is_default in (False, True):
        assert not overlap([one for one in history if one.is_default == is_default])
    assert all(one.until is None or one.since < one.until for one in history)


@given(evenings, st.builds(Said, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_who_is_assigned_gets_all_that_follows_and_nothing_before(all_said: list[Said], said: Said) -> None:
    before = evening(all_said)
    after = say(before, said, "new")
    was = owners(before, is_default=said.is_default)
    expected = was[: said.since] + [said.driver] * (LAST - said.since)
    assert expected == owners(after, is_default=said.is_default)
    other = not said.is_default
    assert owners(before, is_default=other) == owners(after, is_default=other)


@given(evenings, st.builds(Said, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_the_same_again_changes_nothing(all_said: list[Said], said: Said) -> None:
    once = say(evening(all_said), said, "new")
    assert once == say(once, said, "again")


@given(evenings, st.builds(Said, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_an_edit_names_only_what_it_changes(all_said: list[Said], said: Said) -> None:
    history = evening(all_said)
    edit = assign(history, assignment("new", said.driver, said.since, is_default=said.is_default))
    assert all(one not in history for one in edit.put)
    assert all(one in history for one in edit.removed)
    assert edit.force is not None
    assert edit.force.until is None


def test_a_driver_who_goes_on_keeps_one_interval() -> None:
    history = [assignment("1", "Ann", 0, 10), assignment("2", "Ben", 10)]
    edit = assign(history, assignment("3", "Ann", 10))
    assert Edit(assignment("1", "Ann", 0), (assignment("1", "Ann", 0),), (history[1],)) == edit


def test_from_lap_three_on_cuts_who_was_there_and_takes_over_from_all_later() -> None:
    history = [assignment("1", "Ann", 0, 10), assignment("2", "Ben", 10, 12), assignment("3", "Ann", 12)]
    edit = assign(history, assignment("4", "Cem", 5))
    assert [assignment("1", "Ann", 0, 5), assignment("4", "Cem", 5)] == applied(history, edit)


def test_a_default_counts_only_where_nobody_else_is_assigned() -> None:
    history = [
        assignment("1", "Ann", 0, is_default=True),
        assignment("2", "Ben", 5, 10),
        assignment("3", None, 20),
    ]
    found = [at_moment(history, at(minute)) for minute in (1, 5, 9.9, 10, 25)]
    assert ["Ann", "Ben", "Ben", "Ann", None] == [one.driver_id for one in found if one is not None]
    assert at_moment(history, at(-1)) is None


# Moments -----------------------------------------------------------------------------------------------


def test_without_a_moment_it_is_from_now_on_and_a_clock_may_be_a_little_ahead() -> None:
    assert [at(0), at(0), at(-30)] == [since_asked(one, at(0)) for one in (None, at(0.5), at(-30))]


@pytest.mark.parametrize("moment", [at(2), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_moment_to_come_or_before_all_rigs_is_refused(moment: datetime) -> None:
    with pytest.raises(ActInvalid) as refused:
        since_asked(moment, at(0))
    assert "since" == refused.value.field


def test_from_a_lap_on_is_from_its_beginning() -> None:
    assert at(3) == since_lap(at(3), at(4.5), 90_000, at(1.5))


def test_the_beginning_of_a_lap_that_nobody_saw_is_reckoned() -> None:
    assert at(3) == since_lap(None, at(4.5), 90_000, None)
    assert at(4.5) == since_lap(None, at(4.5), None, None)


def test_the_lap_before_does_not_come_along() -> None:
    before = at(3) + timedelta(milliseconds=40)
    assert before < since_lap(None, at(4.5), 90_000, before) < at(4.5)


def test_laps_that_one_history_told_of_at_once_go_together() -> None:
    assert at(4.5) == since_lap(None, at(4.5), 90_000, at(4.5))


def test_the_first_default_of_a_rig_is_from_its_first_datagram_on() -> None:
    assert at(0) == since_default([], at(0), at(60))
    assert at(60) == since_default([assignment("1", "Ann", 5, 6)], at(0), at(60))
    assert at(60) == since_default([], None, at(60))
