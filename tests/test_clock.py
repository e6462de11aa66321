"""Server time: it never goes back, whatever the wall clock says."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.clock import ClockReading, ServerClock

HOUR_S, DAY_S = 3600.0, 86_400.0
STEPS = st.one_of(
    st.tuples(st.just("wait"), st.floats(0.0, 10_000.0)),
    st.tuples(st.just("set the wall clock"), st.floats(-200_000.0, 200_000.0)),
    st.tuples(st.just("restart"), st.floats(0.0, 10_000.0)),
    st.tuples(st.just("start the machine again"), st.floats(0.0, 10_000.0)),
    st.tuples(st.just("the elapsed time goes back"), st.floats(0.0, 100.0)),
)


class Machine:
    """A machine: its wall clock, what has elapsed since its start, and the clock of the server on it."""

    def __init__(self) -> None:
        self.wall, self.elapsed, self.newest = 1_800_000_000.0, 50.0, 0.0
        self.boots = 1
        self.stored: ClockReading | None = None
        self.start_server()

    def start_server(self) -> None:
        self.clock = ServerClock(lambda: self.elapsed, lambda: f"boot {self.boots}")
        self.clock.advance_to(self.newest)
        if self.stored is not None:
            self.clock.resume(self.stored)

    def stop_server(self) -> None:
        self.stored, self.newest = self.clock.read(), self.clock.now()

    def wait(self, seconds: float) -> None:
        self.wall += seconds
        self.elapsed += seconds

    def start_again(self) -> None:
        self.boots += 1
        self.elapsed = 20.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine on which a server has just started for the first time."""
    walls = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: walls[0])
    machine = Machine()
    monkeypatch.setattr(time, "time", lambda: machine.wall)
    return machine


@given(st.lists(STEPS, max_size=30))
def test_no_later_moment_is_earlier(steps: list[tuple[str, float]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: 1_800_000_000.0)
        machine = Machine()
        patch.setattr(time, "time", lambda: machine.wall)
        steady = machine.clock.steady()
        for what, seconds in steps:
            if what == "wait":
                machine.wait(seconds)
            elif what == "set the wall clock":
                machine.wall += seconds
            elif what == "the elapsed time goes back":
                machine.elapsed -= seconds
            else:
                machine.stop_server()
                machine.wait(seconds)
                if what == "start the machine again":
                    machine.start_again()
                machine.start_server()
            assert machine.clock.steady() >= steady - 1e-6
            steady = machine.clock.steady()
            machine.clock.follow_wall_clock()
            assert steady == machine.clock.steady()
            assert machine.clock.now() >= max(machine.newest, machine.wall - 1.001) - 1e-6
            machine.newest = machine.clock.now()


@pytest.mark.parametrize("step_s", [-DAY_S, -HOUR_S, HOUR_S, DAY_S])
@pytest.mark.parametrize("is_stepped_while_down", [False, True], ids=["running", "down"])
def test_a_step_of_the_wall_clock_changes_no_duration_across_a_restart(
    machine: Machine, step_s: float, is_stepped_while_down: bool
) -> None:
    begun = machine.clock.steady()
    machine.wait(60.0)
    if not is_stepped_while_down:
        machine.wall += step_s
        machine.clock.follow_wall_clock()
    machine.stop_server()
    if is_stepped_while_down:
        machine.wall += step_s
    machine.wait(5.0)
    machine.start_server()
    machine.clock.follow_wall_clock()
    machine.wait(10.0)
    assert pytest.approx(75.0) == machine.clock.steady() - begun
    assert machine.clock.now() >= machine.newest


@pytest.mark.parametrize("step_s", [-DAY_S, 0.0, DAY_S])
def test_a_start_of_the_machine_costs_a_duration_the_time_that_it_was_off(
    machine: Machine, step_s: float
) -> None:
    begun = machine.clock.steady()
    machine.wait(60.0)
    machine.stop_server()
    machine.wait(1000.0)
    machine.wall += step_s
    machine.start_again()
    machine.start_server()
    machine.wait(10.0)
    assert pytest.approx(70.0) == machine.clock.steady() - begun


def test_an_elapsed_time_that_goes_back_stops_no_clock(machine: Machine) -> None:
    before = machine.clock.now()
    machine.elapsed -= 40.0
    assert machine.clock.now() >= before
    machine.elapsed += 3.0
    assert pytest.approx(before + 3.0) == machine.clock.now()


def test_a_moment_of_steady_time_is_shown_as_server_time(machine: Machine) -> None:
    machine.wall += DAY_S
    assert pytest.approx(DAY_S) == machine.clock.follow_wall_clock()
    assert 0.0 == machine.clock.follow_wall_clock()
    assert machine.clock.now() == machine.clock.server_time_at(machine.clock.steady())


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
