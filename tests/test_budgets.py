"""Each source has its own budget, and an attacker cannot make the server remember endless sources."""

from __future__ import annotations

import pytest

from f1timings.budgets import Budgets


def test_a_source_may_take_its_budget_and_then_what_it_gets_back() -> None:
    budgets = Budgets(per_s=2.0, most=5.0)
    assert [budgets.take("a", 10.0) for _ in range(6)] == [True] * 5 + [False]
    assert [budgets.take("a", 11.0) for _ in range(3)] == [True, True, False]
    assert [budgets.take("a", 100.0) for _ in range(6)] == [True] * 5 + [False]


def test_one_source_takes_nothing_from_another() -> None:
    budgets = Budgets(per_s=1.0, most=1.0)
    assert [budgets.take("a", 0.0), budgets.take("a", 0.0), budgets.take("b", 0.0)] == [True, False, True]


def test_a_source_that_owes_waits_for_what_it_took() -> None:
    budgets = Budgets(per_s=10.0, most=2.0)
    waits = [budgets.owe("a", 0.0) for _ in range(5)]
    assert waits == pytest.approx([0.0, 0.0, 0.1, 0.2, 0.3])
    assert budgets.owe("a", 1.0) == 0.0


def test_a_refused_source_does_not_wait_longer_because_it_asks_again() -> None:
    budgets = Budgets(per_s=1.0, most=1.0)
    assert budgets.take("a", 0.0)
    for tenth in range(1, 10):
        assert not budgets.take("a", tenth / 10)
    assert budgets.take("a", 1.0)


def test_the_sources_that_are_remembered_are_limited_and_the_newest_stay() -> None:
    budgets = Budgets(per_s=1.0, most=1.0, most_sources=3)
    for number in range(100):
        assert budgets.take(str(number), 0.0)
    assert len(budgets) == 3
    assert not budgets.take("99", 0.0)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    budgets = Budgets(per_s=1.0, most=1.0)
    assert budgets.take("a", 10.0)
    assert not budgets.take("a", 5.0)
