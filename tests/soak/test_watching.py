"""What counts as growth of memory: what goes on, not one step and no noise."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.soak.watching import Usage, growth_mib_per_hour

MINUTES = range(42, 61)


def usages(memory_mib: Callable[[int], float]) -> list[Usage]:
    """A usage each minute after the warm-up."""
    return [
        Usage(60.0 * minute, memory_mib(minute), descriptors=0, sockets=0, threads=0, cpu_s=0.0, dropped=0)
        for minute in MINUTES
    ]


def test_steady_growth_is_measured_as_it_is() -> None:
    assert growth_mib_per_hour(usages(lambda minute: 250.0 + 0.5 * minute)) == pytest.approx(30.0)


@pytest.mark.parametrize("at", [45, 51, 57])
def test_one_step_is_no_growth(at: int) -> None:
    assert abs(growth_mib_per_hour(usages(lambda minute: 250.0 + 10.0 * (minute >= at)))) < 20.0


def test_steps_that_come_again_are_growth() -> None:
    grown = usages(lambda minute: 250.0 + 2.0 * (minute // 4))
    assert growth_mib_per_hour(grown) == pytest.approx(30.0, rel=0.2)


def test_noise_hides_no_growth_and_is_none() -> None:
    noise = Random(1)
    flat = usages(lambda _minute: 250.0 + noise.uniform(-1.5, 1.5))
    growing = usages(lambda minute: 250.0 + 0.5 * minute + noise.uniform(-1.5, 1.5))
    assert abs(growth_mib_per_hour(flat)) < 10.0
    assert growth_mib_per_hour(growing) > 20.0
