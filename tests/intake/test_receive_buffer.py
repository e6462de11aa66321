"""The receive buffer: a small one is logged with the remedy, and the kernel's count of drops is read."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from f1timings.intake.receive_buffer import count_dropped_datagrams, request_receive_buffer, warn_if_small

MIB = 1024 * 1024
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux reports it")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        yield receiver


def test_a_small_buffer_is_granted_as_requested(listening: socket.socket) -> None:
    assert request_receive_buffer(listening, 128 * 1024) == 128 * 1024


def test_of_a_huge_buffer_the_size_granted_by_the_system_is_returned(listening: socket.socket) -> None:
    assert 0 < request_receive_buffer(listening, 2**30) < 2**30


class RefusingSocket(socket.socket):
    """A socket as on macOS: a size above the limit is refused instead of capped."""

    def setsockopt(self, *arguments: object) -> None:
        size = arguments[2]
        assert isinstance(size, int)
        if size > 300_000:
            raise OSError(55, "No buffer space available")
        super().setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def test_after_a_refusal_less_is_requested() -> None:
    with RefusingSocket(socket.AF_INET, socket.SOCK_DGRAM) as refusing:
        granted = request_receive_buffer(refusing, MIB)
    assert granted == 256 * 1024


class LimitedSocket(socket.socket):
    """A socket of a Linux with a low limit, above which only root comes."""

    is_root: bool
    _size = 0

    def setsockopt(self, *arguments: object) -> None:
        _, option, size = arguments
        assert isinstance(size, int)
        if option == socket.SO_RCVBUF:
            self._size = min(size, 208 * 1024)
        elif self.is_root:
            self._size = size
        else:
            raise PermissionError(1, "Operation not permitted")

    def getsockopt(self, *_arguments: object) -> int:  # type: ignore[override]
        return 2 * self._size


@on_linux
@pytest.mark.parametrize(("is_root", "granted"), [(True, MIB), (False, 208 * 1024)])
def test_root_gets_more_than_the_limit_of_linux(is_root: bool, granted: int) -> None:
    with LimitedSocket(socket.AF_INET, socket.SOCK_DGRAM) as limited:
        limited.is_root = is_root
        assert granted == request_receive_buffer(limited, MIB)


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [
        ("linux", "sudo sysctl -w net.core.rmem_max=4194304"),
        ("linux", "/etc/sysctl.d/60-f1timings.conf"),
        ("darwin", "sysctl -w kern.ipc.maxsockbuf=8388608"),
        ("win32", "raise the largest socket buffer of this system to 4194304 bytes"),
    ],
)
def test_a_capped_buffer_is_logged_once_with_the_remedy(
    platform: str, remedy: str, caplog: pytest.LogCaptureFixture
) -> None:
    warn_if_small(212_992, 4 * MIB, platform)
    assert len(caplog.records) == 1
    assert "only 208 KiB of unread telemetry instead of 4096 KiB" in caplog.text
    assert remedy in caplog.text


def test_a_granted_buffer_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        warn_if_small(4 * MIB, 4 * MIB)
    assert caplog.text == ""


@on_linux
def test_nothing_is_dropped_from_an_idle_socket(listening: socket.socket) -> None:
    assert count_dropped_datagrams(listening) == 0


@on_linux
def test_datagrams_dropped_by_the_kernel_are_counted(listening: socket.socket) -> None:
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(50):
            sender.sendto(bytes(1350), listening.getsockname())
    received = 0
    listening.setblocking(False)
    try:
        while listening.recv(2048):
            received += 1
    except BlockingIOError:
        pass
    assert 50 - received == count_dropped_datagrams(listening)


@on_linux
def test_the_drops_of_an_ipv6_socket_are_read_from_its_own_table() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as listening:
        listening.bind(("::1", 0))
        assert count_dropped_datagrams(listening) == 0


def test_the_drops_are_read_from_the_line_of_this_socket(listening: socket.socket, tmp_path: Path) -> None:
    inode = os.fstat(listening.fileno()).st_ino
    table = tmp_path / "udp"
    idle = "00000000:0000 07 00000000:00000000 00:00000000 00000000  1000 0"
    lines = [
        "  sl local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode drops",
        f" 1031: 00000000:5129 {idle} 1 2 0000 11",
        f" 1032: 00000000:512A {idle} {inode} 2 0000 42",
    ]
    table.write_text("\n".join(lines), encoding="ascii")
    assert count_dropped_datagrams(listening, table) == 42


def test_without_such_a_table_the_drops_are_unknown(listening: socket.socket, tmp_path: Path) -> None:
    assert count_dropped_datagrams(listening, tmp_path / "udp") is None
