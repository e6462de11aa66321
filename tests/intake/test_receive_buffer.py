"""A receive buffer that the system keeps small is told with the remedy; drops are the kernel's own count."""

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
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads what only Linux tells")


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


def test_a_modest_buffer_is_granted_as_asked(listening: socket.socket) -> None:
    assert request_receive_buffer(listening, 128 * 1024) == 128 * 1024


def test_an_absurd_buffer_is_capped_by_the_system_and_told_as_granted(listening: socket.socket) -> None:
    assert 0 < request_receive_buffer(listening, 2**30) < 2**30


class Refusing(socket.socket):
    """A socket as on macOS: what is above the limit is refused rather than capped."""

    def setsockopt(self, *arguments: object) -> None:
        size = arguments[2]
        assert isinstance(size, int)
        if size > 300_000:
            raise OSError(55, "No buffer space available")
        super().setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


def test_a_system_that_refuses_is_asked_for_less() -> None:
    with Refusing(socket.AF_INET, socket.SOCK_DGRAM) as refusing:
        granted = request_receive_buffer(refusing, MIB)
    assert granted == 256 * 1024


@pytest.mark.parametrize(
    ("platform", "remedy"),
    [
        ("linux", "sudo sysctl -w net.core.rmem_max=4194304"),
        ("linux", "/etc/sysctl.d/60-f1timings.conf"),
        ("darwin", "sysctl -w kern.ipc.maxsockbuf=8388608"),
        ("win32", "raise the largest socket buffer of this system to 4194304 bytes"),
    ],
)
def test_a_capped_buffer_is_one_warning_with_the_remedy(
    platform: str, remedy: str, caplog: pytest.LogCaptureFixture
) -> None:
    warn_if_small(212_992, 4 * MIB, platform)
    assert len(caplog.records) == 1
    assert "only 208 KiB of unread telemetry instead of 4096 KiB" in caplog.text
    assert remedy in caplog.text


def test_a_granted_buffer_is_not_worth_a_word(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        warn_if_small(4 * MIB, 4 * MIB)
    assert caplog.text == ""


@on_linux
def test_nothing_is_dropped_from_an_idle_socket(listening: socket.socket) -> None:
    assert count_dropped_datagrams(listening) == 0


@on_linux
def test_what_the_kernel_drops_is_counted(listening: socket.socket) -> None:
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(50):
            sender.sendto(bytes(1350), listening.getsockname())
    kept = 0
    listening.setblocking(False)
    try:
        while listening.recv(2048):
            kept += 1
    except BlockingIOError:
        pass
    assert 50 - kept == count_dropped_datagrams(listening)


@on_linux
def test_a_socket_of_ipv6_has_its_own_table() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as listening:
        listening.bind(("::1", 0))
        assert count_dropped_datagrams(listening) == 0


def test_the_drops_are_those_of_our_own_line(listening: socket.socket, tmp_path: Path) -> None:
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


def test_a_system_without_such_a_table_tells_nothing(listening: socket.socket, tmp_path: Path) -> None:
    assert count_dropped_datagrams(listening, tmp_path / "udp") is None
