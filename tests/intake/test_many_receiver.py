"""Many datagrams with one call: the same as one by one, with as few calls as possible."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import socket
import time
from collections.abc import Callable

import pytest

from f1timings.intake.many_receiver import ManyReceiver
from f1timings.intake.receiving import BURST, receive_burst
from f1timings.intake.udp import UdpListener

HOSTS = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


def open_socket(family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_DGRAM)
    listening.setblocking(False)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    listening.bind((HOSTS[family], 0))
    return listening


@pytest.fixture(autouse=True)
def _only_where_the_system_can() -> None:
    with open_socket() as listening:
        if ManyReceiver.open(listening) is None:
            pytest.skip("this system cannot read many datagrams at once")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What each system call of a receiver returned."""
    returned: list[int] = []
    receive = ManyReceiver._receive

    def count(self: ManyReceiver, listening: socket.socket, most: int) -> int:
        returned.append(receive(self, listening, most))
        return returned[-1]

    monkeypatch.setattr(ManyReceiver, "_receive", count)
    return returned


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv6"])
def test_datagrams_and_sources_are_as_recvfrom_returns_them(family: socket.AddressFamily) -> None:
    sizes = (0, 1, 29, 1_352, 9_000, 60_000)
    with open_socket(family) as many, open_socket(family) as single, open_socket(family) as sender:
        receiver = ManyReceiver.open(many)
        assert receiver is not None
        for round_number in range(2):  # the second one fills the places again
            for size in sizes if round_number else sizes[::-1]:
                for listening in (many, single):
                    sender.sendto(bytes([size % 251]) * size, listening.getsockname())
            expected = receive_burst(single, time.time).datagrams
            assert len(sizes) == len(expected)
            assert expected == receiver.receive_burst(many, time.time).datagrams
        assert ([], None) == receiver.receive_burst(many, time.time)[1:]


def test_a_full_burst_is_one_call_and_the_rest_comes_with_the_next(calls: list[int]) -> None:
    with open_socket() as listening, open_socket() as sender:
        receiver = ManyReceiver.open(listening)
        assert receiver is not None
        calls.clear()
        sent = [number.to_bytes(2, "big") * 100 for number in range(BURST + 3)]
        for data in sent:
            sender.sendto(data, listening.getsockname())
        bursts = [receiver.receive_burst(listening, time.time).datagrams for _ in range(2)]
        assert [BURST, 3] == calls
        assert sent == [data for burst in bursts for data, _ in burst]


def test_each_source_is_recognised_and_few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("f1timings.intake.many_receiver._MOST_SOURCES", 2)
    with open_socket() as listening:
        receiver = ManyReceiver.open(listening)
        assert receiver is not None
        senders = [open_socket() for _ in range(5)]
        for sender in senders:
            sender.sendto(b"lap data", listening.getsockname())
        burst = receiver.receive_burst(listening, time.time)
        assert [sender.getsockname() for sender in senders] == [source for _, source in burst.datagrams]
        assert len(receiver._sources) <= 2
        for sender in senders:
            sender.close()


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENETDOWN, errno.ENETDOWN), (errno.EAGAIN, None), (errno.EINTR, None)]
)
def test_an_error_of_the_socket_ends_a_burst(code: int, expected: int | None) -> None:
    def fail(*_arguments: object) -> int:
        ctypes.set_errno(code)
        return -1

    with open_socket() as listening:
        burst = ManyReceiver(listening, fail).receive_burst(listening, time.time)
        assert ([], expected) == (burst.datagrams, burst.error and burst.error.errno)


def _refuse(*_arguments: object) -> int:
    ctypes.set_errno(errno.ENOSYS)
    return -1


class _Library:
    """A C library in a sandbox that refuses the call, or one without the call."""

    def __init__(self, recvmmsg: Callable[..., int] | None) -> None:
        if recvmmsg is not None:
            self.recvmmsg = recvmmsg


@pytest.mark.parametrize("call", [_refuse, None], ids=["refused", "missing"])
def test_where_the_call_is_missing_or_refused_datagrams_come_one_by_one(
    call: Callable[..., int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "PyDLL", lambda *_names, **_options: _Library(call))
    with open_socket() as listening:
        assert ManyReceiver.open(listening) is None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_read_one_by_one(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("f1timings.intake.many_receiver.sys.platform", platform)
    with open_socket() as listening:
        assert ManyReceiver.open(listening) is None


def test_the_listener_reads_a_burst_with_a_call_for_each_portion_that_it_handles(calls: list[int]) -> None:
    """The guard against slow receiving: one call for all that waits, then one between two portions."""

    async def scenario() -> None:
        arrived: list[bytes] = []
        done = asyncio.Event()

        def handle(data: bytes, *_: object) -> None:
            arrived.append(data)
            if len(arrived) == BURST:
                done.set()

        listener = UdpListener("127.0.0.1", 0, handle, clock=time.time)
        await listener.start()
        calls.clear()
        with open_socket() as sender:
            for number in range(BURST):
                sender.sendto(bytes([number]), ("127.0.0.1", listener.port))
        async with asyncio.timeout(10):
            await done.wait()
        counted = list(calls)
        await listener.close()
        assert BURST == max(counted)
        assert len(counted) <= 2 + BURST // 16

    asyncio.run(scenario())
