"""The sender has the pace of the game, an address per rig, and stops on request."""

from __future__ import annotations

import math
import socket
from collections import Counter
from collections.abc import Iterator

import pytest

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send

SHORT = Scenario("time_trial", 2025, laps=1, cars=1, rate_hz=20, track_id=17, kinds=TIMING_KINDS)


class FakeTime:
    """A clock that moves only when a test sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp_socket:
        udp_socket.bind(("127.0.0.1", 0))
        udp_socket.settimeout(1.0)
        yield udp_socket


def port_of(receiver: socket.socket) -> int:
    return int(receiver.getsockname()[1])


def test_each_rig_sends_from_its_own_address(receiver: socket.socket) -> None:
    time = FakeTime()
    scenarios = [SHORT, Scenario("lobby", 2024, laps=1, cars=4, rigs=2, rate_hz=20)]
    report = send(scenarios, "127.0.0.1", port_of(receiver), for_s=0.4, clock=time.clock, sleep=time.sleep)
    senders = Counter(receiver.recvfrom(4096)[1] for _ in range(report.datagrams.total()))
    assert report.was_stopped
    assert {f"{host}:{port}" for host, port in senders} == set(report.addresses.values())
    assert 3 == len(report.addresses)


@pytest.mark.parametrize("speed", [1.0, 4.0])
def test_the_duration_is_the_simulated_time_divided_by_the_speed(
    receiver: socket.socket, speed: float
) -> None:
    time = FakeTime()
    report = send([SHORT], "127.0.0.1", port_of(receiver), speed=speed, clock=time.clock, sleep=time.sleep)
    assert not report.was_stopped
    unpaced = send([SHORT], "127.0.0.1", port_of(receiver), speed=math.inf)
    assert unpaced.datagrams == report.datagrams
    assert 90.0 / speed < report.seconds < 160.0 / speed


def test_the_truth_has_the_address_of_each_rig(receiver: socket.socket) -> None:
    report = send([SHORT, SHORT], "127.0.0.1", port_of(receiver), speed=math.inf)
    sessions = report.truth["sessions"]
    assert [0, 1] == [session["rig"] for session in sessions]
    assert [report.addresses[rig].rpartition(":")[0] for rig in (0, 1)] == [
        session["address"] for session in sessions
    ]


def test_an_interrupt_stops_sending_and_the_report_counts_what_was_sent(receiver: socket.socket) -> None:
    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    report = send([SHORT], "127.0.0.1", port_of(receiver), sleep=interrupt)
    assert report.was_stopped
    assert {0} == set(report.datagrams)
    assert {"sessions": []} == report.truth


def test_a_speed_of_zero_is_an_error() -> None:
    with pytest.raises(ValueError, match="speed"):
        send([SHORT], "127.0.0.1", 20777, speed=0.0)
