"""A capture sent again over real sockets: complete, in order, and with separate rigs."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from f1timings.errors import CaptureError, ConfigError
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.intake.captures.replay import replay
from f1timings.intake.datagrams import Datagram
from tests.intake.captures.capture_bytes import NOON, OUR_PORT, ethernet, ipv4, pcap, udp, write_file

RIG_A, RIG_B = "192.168.1.20", "192.168.1.21"


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        yield receiver


def write_capture(folder: Path, *datagrams: Datagram) -> Path:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for datagram in datagrams:
        writer.write(*datagram)
    return write_file(folder, file.getvalue())


def datagram_from(
    address: str, data: bytes, port: int = 50_000, after_s: float = 0.0, to: int = OUR_PORT
) -> Datagram:
    return Datagram(NOON + after_s, address, port, to, data)


def port_of(server: socket.socket) -> int:
    port = server.getsockname()[1]
    assert isinstance(port, int)
    return port


def arrivals(server: socket.socket, count: int) -> list[tuple[bytes, tuple[str, int]]]:
    return [server.recvfrom(65_536) for _ in range(count)]


def test_every_datagram_is_sent_in_order(server: socket.socket, tmp_path: Path) -> None:
    expected = [bytes([number]) * 1350 for number in range(80)]
    path = write_capture(tmp_path, *[datagram_from(RIG_A, data) for data in expected])
    counts = replay(path, "127.0.0.1", port_of(server), speed="max")
    assert expected == [data for data, _ in arrivals(server, 80)]
    assert (
        counts.datagrams,
        counts.sources,
        dict(counts.failed),
        dict(counts.skipped),
        counts.is_torn,
    ) == (80, 1, {}, {}, False)


def test_the_replay_waits_between_datagrams(server: socket.socket, tmp_path: Path) -> None:
    path = write_capture(
        tmp_path, *[datagram_from(RIG_A, b"lap", after_s=after) for after in (0.0, 1.0, 3.0, 3600.0)]
    )
    now = [100.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    counts = replay(
        path, "127.0.0.1", port_of(server), speed=2.0, longest_gap_s=10.0, sleep=sleep, clock=lambda: now[0]
    )
    assert pytest.approx(0.5 + 1.0 + 5.0) == counts.seconds


@pytest.mark.skipif(sys.platform == "darwin", reason="has one loopback address only")
def test_every_rig_sends_from_its_own_address(server: socket.socket, tmp_path: Path) -> None:
    path = write_capture(
        tmp_path, datagram_from(RIG_A, b"a1"), datagram_from(RIG_B, b"b1"), datagram_from(RIG_A, b"a2")
    )
    counts = replay(path, "127.0.0.1", port_of(server), speed=0)
    (a1, from_a), (b1, from_b), (a2, from_a_again) = arrivals(server, 3)
    assert [a1, b1, a2] == [b"a1", b"b1", b"a2"]
    assert [from_a[0], from_b[0]] == ["127.0.0.2", "127.0.0.3"]
    assert from_a == from_a_again
    assert counts.sources == 2


@pytest.mark.skipif(sys.platform == "darwin", reason="has one loopback address only")
def test_a_rig_with_a_new_port_keeps_its_address(server: socket.socket, tmp_path: Path) -> None:
    path = write_capture(
        tmp_path, datagram_from(RIG_A, b"before", 50_000), datagram_from(RIG_A, b"after", 50_001)
    )
    replay(path, "127.0.0.1", port_of(server), speed=0)
    (_, before), (_, after) = arrivals(server, 2)
    assert before[0] == after[0]
    assert before[1] != after[1]


@pytest.mark.skipif(sys.platform == "darwin", reason="has one loopback address only")
def test_rigs_that_differ_only_in_the_receiving_port_have_different_addresses(
    server: socket.socket, tmp_path: Path
) -> None:
    path = write_capture(
        tmp_path, datagram_from(RIG_A, b"a", to=20_777), datagram_from(RIG_A, b"b", to=20_778)
    )
    replay(path, "127.0.0.1", port_of(server), speed=0)
    (_, a), (_, b) = arrivals(server, 2)
    assert a[0] != b[0]


def test_without_more_addresses_the_ports_differ(
    server: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SingleAddressSocket(socket.socket):
        def bind(self, _: object) -> None:
            raise OSError(49, "Can't assign requested address")

    path = write_capture(tmp_path, datagram_from(RIG_A, b"a"), datagram_from(RIG_B, b"b"))
    monkeypatch.setattr("f1timings.intake.captures.replay.socket.socket", SingleAddressSocket)
    counts = replay(path, "127.0.0.1", server.getsockname()[1], speed=0)
    (_, a), (_, b) = arrivals(server, 2)
    assert [a[0], b[0]] == ["127.0.0.1", "127.0.0.1"]
    assert a[1] != b[1]
    assert counts.datagrams == 2


def test_a_server_over_ipv6_gets_a_port_for_each_rig(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as server:
        server.bind(("::1", 0))
        server.settimeout(5)
        replay(
            write_capture(tmp_path, datagram_from(RIG_A, b"a"), datagram_from(RIG_B, b"b")),
            "::1",
            server.getsockname()[1],
            speed=0,
        )
        ports = {server.recvfrom(100)[1][1] for _ in range(2)}
    assert len(ports) == 2


def test_many_invented_sources_do_not_exhaust_the_sockets(server: socket.socket, tmp_path: Path) -> None:
    path = write_capture(tmp_path, *[datagram_from(RIG_A, b"x", port) for port in range(1, 601)])
    counts = replay(path, "127.0.0.1", port_of(server), speed=0)
    assert (counts.datagrams, counts.sources) == (600, 600)


def test_datagrams_that_the_system_refuses_to_send_are_counted(server: socket.socket, tmp_path: Path) -> None:
    too_long_for_ipv4 = datagram_from("fe80::1", bytes(65_520))
    counts = replay(
        write_capture(tmp_path, too_long_for_ipv4, datagram_from(RIG_A, b"a")),
        "127.0.0.1",
        port_of(server),
        speed=0,
    )
    assert (counts.datagrams, dict(counts.failed)) == (1, {"EMSGSIZE": 1})
    assert server.recv(100) == b"a"


def test_other_packets_of_the_capture_and_a_torn_end_are_reported(
    server: socket.socket, tmp_path: Path
) -> None:
    content = pcap(ethernet(bytes(28), ethertype=0x0806), ethernet(ipv4(udp())), link_type=1)
    counts = replay(write_file(tmp_path, content + b"cut"), "127.0.0.1", port_of(server), speed=0)
    assert (counts.datagrams, dict(counts.skipped), counts.is_torn) == (1, {"not_udp": 1}, True)


def test_a_file_that_is_no_capture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="neither pcap nor pcapng"):
        replay(write_file(tmp_path, b"lap data"), "127.0.0.1", 9)


def test_an_unknown_host_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Use HOST:PORT"):
        replay(write_capture(tmp_path), "a..b", 9)


def test_an_impossible_speed_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Use 1 for the recorded speed"):
        replay(tmp_path / "nowhere", "127.0.0.1", 9, speed=-1.0)
