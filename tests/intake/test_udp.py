"""The UDP listener on real sockets: in the event loop and in a thread, with faults and bursts."""

from __future__ import annotations

import asyncio
import errno
import itertools
import logging
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvloop

from f1timings.errors import ConfigError
from f1timings.intake.backlog import Backlog
from f1timings.intake.many_receiver import ManyReceiver
from f1timings.intake.receive_buffer import RECEIVE_BUFFER_BYTES
from f1timings.intake.receiving import BURST, Burst, receive_burst
from f1timings.intake.udp import UdpListener

Arrival = tuple[bytes, str, int, float]
Scenario = Callable[["Bench"], Awaitable[None]]
IN_LOOP, ONE_BY_ONE, IN_THREAD = "in the loop", "one by one", "in a thread"
each_way = pytest.mark.parametrize("in_thread", [IN_LOOP, ONE_BY_ONE, IN_THREAD], indirect=True)
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux reads many datagrams at once")


@pytest.fixture
def in_thread(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the listener has a thread; one by one is how other systems read in the loop."""
    if request.param == ONE_BY_ONE:
        monkeypatch.setattr(ManyReceiver, "open", lambda _listening: None)
    return bool(request.param == IN_THREAD)


class Bench:
    """A listener, the datagrams that its sink received, and a sender."""

    def __init__(
        self, in_thread: bool, host: str = "127.0.0.1", buffer_bytes: int = RECEIVE_BUFFER_BYTES
    ) -> None:
        self.arrivals: list[Arrival] = []
        self.before_arrival: Callable[[], object] = lambda: None
        self.poison = b"the sink fails on this"
        self.listener = UdpListener(
            host,
            0,
            self.handle_datagram,
            in_thread=in_thread,
            receive_buffer_bytes=buffer_bytes,
            clock=time.time,
        )
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sender = socket.socket(family, socket.SOCK_DGRAM)
        self.sender.bind((host, 0))
        self.host = host

    def handle_datagram(self, data: bytes, address: str, port: int, received_at: float) -> None:
        if data == self.poison:
            raise ValueError("poison")
        self.before_arrival()
        self.arrivals.append((data, address, port, received_at))

    def send(self, *datagrams: bytes) -> None:
        for data in datagrams:
            self.sender.sendto(data, (self.host, self.listener.port))

    async def received(self, count: int) -> list[bytes]:
        """Wait for ``count`` datagrams, at most ten seconds, and return their data."""
        async with asyncio.timeout(10):
            while len(self.arrivals) < count:
                await asyncio.sleep(0.002)
        return [data for data, *_ in self.arrivals]

    async def __aenter__(self) -> Bench:
        await self.listener.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.listener.close()
        self.sender.close()


def play(
    scenario: Scenario,
    *,
    in_thread: bool = False,
    host: str = "127.0.0.1",
    with_uvloop: bool = False,
    buffer_bytes: int = RECEIVE_BUFFER_BYTES,
) -> None:
    async def main() -> None:
        async with Bench(in_thread, host, buffer_bytes) as bench:
            await scenario(bench)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop if with_uvloop else None) as runner:
        runner.run(main())


@each_way
@pytest.mark.parametrize("with_uvloop", [False, True], ids=["asyncio", "uvloop"])
def test_a_datagram_arrives_with_its_sender_and_time(in_thread: bool, with_uvloop: bool) -> None:
    async def scenario(bench: Bench) -> None:
        before = time.time()
        bench.send(b"lap data")
        await bench.received(1)
        (data, address, port, received_at) = bench.arrivals[0]
        assert (b"lap data", "127.0.0.1", bench.sender.getsockname()[1]) == (data, address, port)
        assert bytes is type(data)
        assert before <= received_at <= time.time()
        assert bench.listener.datagrams == 1

    play(scenario, in_thread=in_thread, with_uvloop=with_uvloop)


@each_way
def test_a_burst_arrives_complete_and_in_order(in_thread: bool) -> None:
    async def scenario(bench: Bench) -> None:
        expected = [number.to_bytes(2, "big") * 600 for number in range(3 * BURST + 5)]
        bench.send(*expected)
        assert expected == await bench.received(len(expected))
        assert len(expected) == bench.listener.datagrams
        assert bench.listener.dropped_datagrams() in {0, None}

    play(scenario, in_thread=in_thread)


def test_what_arrives_while_datagrams_are_handled_waits_in_memory_not_in_the_system() -> None:
    """Each datagram brings two more; after a burst they would be too many for the system's buffer."""
    total = 2_000

    async def scenario(bench: Bench) -> None:
        sent = iter([number.to_bytes(2, "big") * 500 for number in range(1, total)])

        def send_two_more() -> None:
            bench.send(*itertools.islice(sent, 2))

        bench.before_arrival = send_two_more
        bench.send(bytes(1_000))
        arrived = await bench.received(total)
        assert list(range(total)) == [int.from_bytes(data[:2], "big") for data in arrived]
        assert bench.listener.dropped_datagrams() in {0, None}

    play(scenario, buffer_bytes=64 * 1024)


def test_other_tasks_run_while_datagrams_wait() -> None:
    handled: list[int] = []

    async def scenario(bench: Bench) -> None:
        for _ in range(5):
            bench.send(*[b"lap data"] * BURST)
        while len(bench.arrivals) < 5 * BURST:
            await asyncio.sleep(0)
            handled.append(len(bench.arrivals))

    play(scenario)
    assert [BURST * number for number in range(1, 6)] == sorted(set(handled) - {0})


def test_everything_is_handled_until_the_oldest_datagram_that_waits() -> None:
    async def scenario(bench: Bench) -> None:
        times: list[float] = []
        bench.before_arrival = lambda: times.append(bench.listener.handled_until())
        bench.send(*[b"lap data"] * 40)
        await bench.received(40)
        arrived_at = {received_at for *_, received_at in bench.arrivals}
        assert set(times[:32]) <= arrived_at
        assert max(arrived_at) < times[39] <= bench.listener.handled_until()

    play(scenario)


def test_datagrams_that_wait_are_handled_when_the_listener_closes() -> None:
    async def scenario(bench: Bench) -> None:
        bench.send(*[b"lap data"] * (3 * BURST))
        while not bench.arrivals:
            await asyncio.sleep(0)
        assert BURST == len(bench.arrivals)
        await bench.listener.close()
        assert 3 * BURST == len(bench.arrivals)

    play(scenario)


@on_linux
@pytest.mark.parametrize(("step_s", "expected"), [(0.0, 2), (0.001, 9)])
def test_the_socket_is_read_again_only_after_a_while_in_which_datagrams_were_handled(
    step_s: float, expected: int
) -> None:
    """A full burst takes two reads, of which the second finds nothing; so does each read after that."""

    async def scenario(bench: Bench) -> None:
        handled = itertools.count()
        times = [0.0]
        reads = []

        def receive(listening: socket.socket, clock: Callable[[], float]) -> Burst:
            reads.append(clock())
            return many(listening, clock)

        def pass_time() -> None:
            times[0] = next(handled) * step_s

        many, bench.listener._receive_burst = bench.listener._receive_burst, receive
        bench.listener._clock, bench.before_arrival = lambda: times[0], pass_time
        bench.listener._read_again_s = 0.001
        bench.send(*[b"lap data"] * BURST)
        while not bench.arrivals:
            await asyncio.sleep(0)
        assert (BURST, expected) == (len(bench.arrivals), len(reads))

    play(scenario)


def test_datagrams_that_have_arrived_and_are_not_read_are_handled_when_the_listener_closes() -> None:
    async def scenario(bench: Bench) -> None:
        bench.send(b"lap", b"data")
        await bench.listener.close()
        assert [b"lap", b"data"] == [data for data, *_ in bench.arrivals]

    play(scenario)


@each_way
def test_datagrams_of_every_size_arrive_uncut(in_thread: bool) -> None:
    async def scenario(bench: Bench) -> None:
        expected = [b"", b"x", b"x" * 2048, b"x" * 2049, b"x" * 65_507]
        bench.send(*expected)
        assert expected == await bench.received(len(expected))

    play(scenario, in_thread=in_thread)


@each_way
def test_datagrams_over_ipv6_arrive(in_thread: bool) -> None:
    async def scenario(bench: Bench) -> None:
        bench.send(b"lap data")
        assert await bench.received(1) == [b"lap data"]
        assert bench.arrivals[0][1] == "::1"

    play(scenario, in_thread=in_thread, host="::1")


@each_way
def test_a_failing_sink_is_logged_once_and_does_not_stop_the_listener(
    in_thread: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(bench: Bench) -> None:
        bench.send(b"first", bench.poison, bench.poison, b"last")
        assert await bench.received(2) == [b"first", b"last"]
        assert dict(bench.listener.sink_errors) == {"ValueError": 2}
        assert bench.listener.datagrams == 4

    play(scenario, in_thread=in_thread)
    assert caplog.messages == ["A datagram was not processed. Further errors of this type are only counted."]
    assert "ValueError: poison" in caplog.text


class FaultySocket(socket.socket):
    """A socket whose first receptions fail, as they do after network faults or on Windows."""

    faults: list[OSError]

    def recvfrom(self, *arguments: Any) -> tuple[bytes, Any]:
        if self.faults:
            raise self.faults.pop(0)
        return super().recvfrom(*arguments)


@pytest.mark.parametrize("in_thread", [ONE_BY_ONE, IN_THREAD], indirect=True)
def test_socket_errors_do_not_stop_the_listener(
    in_thread: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    FaultySocket.faults = [
        ConnectionResetError(errno.ECONNRESET, "the game was closed"),
        OSError(errno.ENETDOWN, "the cable was pulled"),
        ConnectionResetError(errno.ECONNRESET, "the game was closed"),
    ]
    monkeypatch.setattr("f1timings.intake.udp.socket.socket", FaultySocket)

    async def scenario(bench: Bench) -> None:
        bench.send(b"lap data")
        assert await bench.received(1) == [b"lap data"]
        assert dict(bench.listener.receive_errors) == {"ECONNRESET": 2, "ENETDOWN": 1}

    play(scenario, in_thread=in_thread)
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 2


def test_a_burst_reports_the_error_that_ended_it() -> None:
    with FaultySocket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        FaultySocket.faults = []
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        assert receive_burst(listening, time.time)[1:] == ([], None)
        FaultySocket.faults = [OSError(errno.ENETDOWN, "the cable was pulled")]
        burst = receive_burst(listening, time.time)
        assert (burst.datagrams, burst.error and burst.error.strerror) == ([], "the cable was pulled")


def test_a_backlog_is_full_when_its_datagrams_take_too_much_memory() -> None:
    backlog = Backlog(most_bytes=10_000)
    was_full = []
    for at, source in ((1.0, "a"), (2.0, "b"), (3.0, "c")):
        backlog.add(Burst(at, [(bytes(3_000), source)], None))
        was_full.append(backlog.is_full)
    assert [(1.0, [(bytes(3_000), "a")]), (2.0, [(bytes(3_000), "b")])] == backlog.take(2)
    was_full.append(backlog.is_full)
    assert [False, False, True, False] == was_full
    backlog.follow_step(10.0)
    assert 13.0 == backlog.oldest_at
    assert [(13.0, [(bytes(3_000), "c")])] == backlog.take(5)
    assert backlog.oldest_at is None


@each_way
def test_a_closed_listener_frees_its_port_and_receives_nothing(in_thread: bool) -> None:
    async def scenario(bench: Bench) -> None:
        port = bench.listener.port
        await bench.listener.close()
        bench.send(b"too late")
        await asyncio.sleep(0.05)
        assert bench.arrivals == []
        assert bench.listener.dropped_datagrams() is None
        again = UdpListener("127.0.0.1", port, bench.handle_datagram, in_thread=in_thread, clock=time.time)
        await again.start()
        assert port == again.port
        await again.close()
        await again.close()

    play(scenario, in_thread=in_thread)


def test_an_event_loop_that_cannot_watch_sockets_gets_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise NotImplementedError

    async def main() -> None:
        async with Bench(in_thread=False) as bench:
            monkeypatch.setattr(asyncio.get_running_loop(), "remove_reader", refuse)
            bench.send(b"lap data")
            assert await bench.received(1) == [b"lap data"]

    monkeypatch.setattr(asyncio.SelectorEventLoop, "add_reader", refuse)
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(main())


async def block_loop(bench: Bench) -> None:
    """Block the event loop while single datagrams arrive, nearly each one a burst of its own."""
    for _ in range(200):
        bench.send(b"lap data")
        time.sleep(0.001)


def test_a_thread_leaves_datagrams_in_the_system_while_the_event_loop_is_blocked() -> None:
    async def scenario(bench: Bench) -> None:
        await block_loop(bench)
        assert bench.listener._socket is not None
        assert bench.listener._socket.recv(100, socket.MSG_PEEK) == b"lap data"
        assert bench.arrivals == []
        assert await bench.received(200) == [b"lap data"] * 200

    play(scenario, in_thread=True)


def test_a_thread_whose_event_loop_was_blocked_can_be_stopped_at_once() -> None:
    async def scenario(bench: Bench) -> None:
        await block_loop(bench)
        before = time.monotonic()
        await bench.listener.close()
        assert time.monotonic() - before < 1.0
        await asyncio.sleep(0.02)
        assert bench.arrivals == []

    play(scenario, in_thread=True)


def test_a_port_in_use_is_refused_with_the_reason() -> None:
    async def scenario(bench: Bench) -> None:
        port = bench.listener.port
        with pytest.raises(ConfigError, match=rf"UDP port {port} at 127\.0\.0\.1: another program uses it"):
            await UdpListener("127.0.0.1", port, bench.handle_datagram, clock=time.time).start()

    play(scenario)


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "a..b"])
def test_an_address_of_another_machine_is_refused_with_a_remedy(host: str) -> None:
    async def main() -> None:
        with pytest.raises(ConfigError, match=r"F1TIMINGS_UDP_HOST=0\.0\.0\.0 listens at all"):
            await UdpListener(host, 0, lambda *_: None, clock=time.time).start()

    asyncio.run(main())


def test_the_granted_buffer_size_is_an_attribute_and_a_small_one_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        listener = UdpListener("127.0.0.1", 0, lambda *_: None, receive_buffer_bytes=2**30, clock=time.time)
        assert listener.receive_buffer_bytes == 0
        await listener.start()
        assert 0 < listener.receive_buffer_bytes < 2**30
        await listener.close()

    asyncio.run(main())
    assert len(caplog.records) == 1
    assert "unread telemetry" in caplog.text
