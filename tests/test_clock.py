"""Server time: it never goes back, whatever the wall clock says."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.clock import ServerClock

STEPS = st.one_of(
    st.tuples(st.just("wait"), st.floats(0.0, 10_000.0)),
    st.tuples(st.just("set the wall clock"), st.floats(-200_000.0, 200_000.0)),
    st.tuples(st.just("restart"), st.just(0.0)),
)


class Machine:
    """A machine: its wall clock, what has elapsed since its start, and the clock of the server on it."""

    def __init__(self) -> None:
        self.wall, self.elapsed, self.newest = 1_800_000_000.0, 50.0, 0.0
        self.start_server()

    def start_server(self) -> None:
        self.clock = ServerClock(lambda: self.elapsed)
        self.clock.advance_to(self.newest)


@given(st.lists(STEPS, max_size=30))
def test_no_later_moment_is_earlier(steps: list[tuple[str, float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        machine = Machine()
        patch.setattr(time, "time", lambda: machine.wall)
        machine.start_server()
        for what, seconds in steps:
            machine.wall += seconds
            if what == "wait":
                machine.elapsed += seconds
            elif what == "restart":
                machine.start_server()
            steady = machine.clock.steady()
            machine.clock.follow_wall_clock()
            assert steady == machine.clock.steady()
            assert machine.clock.now() >= max(machine.newest, machine.wall - 1.001)
            machine.newest = machine.clock.now()


def test_it_counts_what_elapses_and_not_what_the_wall_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    elapsed = [7.0]
    clock = ServerClock(lambda: elapsed[0])
    assert clock.now() == 1000.0
    elapsed[0] = 9.5
    assert clock.now() == 1002.5
    monkeypatch.setattr(time, "time", lambda: -3600.0)
    clock.follow_wall_clock()
    assert clock.now() == 1002.5
