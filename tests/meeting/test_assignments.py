"""Assignments of a rig: how a new assignment, from now or from an earlier moment, changes the others."""

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
    since_default,
    since_lap,
    valid_since,
)
from f1timings.meeting.people import Assignment

START = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
LAST = 40
UNSTATED = "nothing was stated"


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def assignment(
    key: str, driver: str | None, since: float, until: float | None = None, *, is_default: bool = False
) -> Assignment:
    ends = None if until is None else at(until)
    return Assignment(
        id=key, rig="rig", driver_id=driver, since=at(since), until=ends, is_default=is_default, by="marshal"
    )


def applied(history: list[Assignment], edit: Edit) -> list[Assignment]:
    by_id = {each.id: each for each in history}
    for removed in edit.removed:
        del by_id[removed.id]
    return list((by_id | {each.id: each for each in edit.stored}).values())


def owners(history: list[Assignment], *, is_default: bool = False) -> list[str | None]:
    """The driver in the middle of each minute."""
    row = [each for each in history if each.is_default == is_default]
    return [
        next((each.driver_id for each in row if covers(each, at(minute + 0.5))), UNSTATED)
        for minute in range(LAST)
    ]


class Statement(NamedTuple):
    """A driver is assigned from a minute on, or (driver UNSTATED) the assignment ends then."""

    driver: str | None
    since: int
    is_default: bool


drivers = st.sampled_from(["Ann", "Ben", "Cem", None, UNSTATED])
evenings = st.lists(st.builds(Statement, drivers, st.integers(0, LAST - 1), st.booleans()), max_size=12)


def state(history: list[Assignment], statement: Statement, key: str) -> list[Assignment]:
    if statement.driver == UNSTATED:
        return applied(
            history,
            end([each for each in history if each.is_default == statement.is_default], at(statement.since)),
        )
    new = assignment(key, statement.driver, statement.since, is_default=statement.is_default)
    return applied(history, assign(history, new))


def evening(statements: list[Statement]) -> list[Assignment]:
    history: list[Assignment] = []
    for number, statement in enumerate(statements):
        history = state(history, statement, str(number))
    return history


@given(evenings)
def test_at_any_moment_a_rig_has_at_most_one_driver_and_one_default(statements: list[Statement]) -> None:
    history = evening(statements)
    for is_default in (False, True):
        assert not overlap([each for each in history if each.is_default == is_default])
    assert all(each.until is None or each.since < each.until for each in history)


@given(evenings, st.builds(Statement, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_an_assignment_replaces_everything_after_its_moment_and_nothing_before(
    statements: list[Statement], statement: Statement
) -> None:
    before = evening(statements)
    after = state(before, statement, "new")
    earlier = owners(before, is_default=statement.is_default)
    expected = earlier[: statement.since] + [statement.driver] * (LAST - statement.since)
    assert expected == owners(after, is_default=statement.is_default)
    other = not statement.is_default
    assert owners(before, is_default=other) == owners(after, is_default=other)


@given(evenings, st.builds(Statement, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_the_same_assignment_again_changes_nothing(statements: list[Statement], statement: Statement) -> None:
    once = state(evening(statements), statement, "new")
    assert once == state(once, statement, "again")


@given(evenings, st.builds(Statement, drivers, st.integers(0, LAST - 1), st.booleans()))
def test_an_edit_names_only_what_it_changes(statements: list[Statement], statement: Statement) -> None:
    history = evening(statements)
    edit = assign(
        history, assignment("new", statement.driver, statement.since, is_default=statement.is_default)
    )
    assert all(each not in history for each in edit.stored)
    assert all(each in history for each in edit.removed)
    assert edit.in_force is not None
    assert edit.in_force.until is None


def test_a_driver_who_continues_has_one_interval() -> None:
    history = [assignment("1", "Ann", 0, 10), assignment("2", "Ben", 10)]
    edit = assign(history, assignment("3", "Ann", 10))
    assert (
        Edit(in_force=assignment("1", "Ann", 0), stored=(assignment("1", "Ann", 0),), removed=(history[1],))
        == edit
    )


def test_an_assignment_from_an_earlier_moment_cuts_the_driver_there_and_removes_later_ones() -> None:
    history = [assignment("1", "Ann", 0, 10), assignment("2", "Ben", 10, 12), assignment("3", "Ann", 12)]
    edit = assign(history, assignment("4", "Cem", 5))
    assert [assignment("1", "Ann", 0, 5), assignment("4", "Cem", 5)] == applied(history, edit)


def test_a_default_counts_only_while_no_other_driver_is_assigned() -> None:
    history = [
        assignment("1", "Ann", 0, is_default=True),
        assignment("2", "Ben", 5, 10),
        assignment("3", None, 20),
    ]
    found = [at_moment(history, at(minute)) for minute in (1, 5, 9.9, 10, 25)]
    assert ["Ann", "Ben", "Ben", "Ann", None] == [each.driver_id for each in found if each is not None]
    assert at_moment(history, at(-1)) is None


# Moments -----------------------------------------------------------------------------------------------


def test_without_a_moment_it_counts_from_now_and_a_clock_may_be_a_little_ahead() -> None:
    assert [at(0), at(0), at(-30)] == [valid_since(moment, at(0)) for moment in (None, at(0.5), at(-30))]


@pytest.mark.parametrize("moment", [at(2), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_moment_in_the_future_or_before_every_game_is_refused(moment: datetime) -> None:
    with pytest.raises(ActInvalid) as refused:
        valid_since(moment, at(0))
    assert "since" == refused.value.field


def test_an_assignment_from_a_lap_counts_from_its_beginning() -> None:
    assert at(3) == since_lap(began_at=at(3), recorded_at=at(4.5), lap_time_ms=90_000, earlier=at(1.5))


def test_an_unknown_beginning_is_calculated_from_the_lap_time() -> None:
    assert at(3) == since_lap(began_at=None, recorded_at=at(4.5), lap_time_ms=90_000, earlier=None)
    assert at(4.5) == since_lap(began_at=None, recorded_at=at(4.5), lap_time_ms=None, earlier=None)


def test_the_lap_before_is_not_covered() -> None:
    before = at(3) + timedelta(milliseconds=40)
    assert (
        before < since_lap(began_at=None, recorded_at=at(4.5), lap_time_ms=90_000, earlier=before) < at(4.5)
    )


def test_laps_that_one_session_history_reported_at_once_go_together() -> None:
    assert at(4.5) == since_lap(began_at=None, recorded_at=at(4.5), lap_time_ms=90_000, earlier=at(4.5))


def test_the_first_default_of_a_rig_counts_from_its_first_datagram() -> None:
    assert at(0) == since_default([], at(0), at(60))
    assert at(60) == since_default([assignment("1", "Ann", 5, 6)], at(0), at(60))
    assert at(60) == since_default([], None, at(60))
