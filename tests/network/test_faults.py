"""The bad network has the configured faults, the same for each seed, and changes nothing else."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

import pytest

from tests.network.faults import FaultProxy, Faults, add_faults
from tests.waiting import LONGEST_WAIT_S

N = 20_000


class Sent(NamedTuple):
    """A datagram in the form of the simulator's emissions."""

    at: float
    rig: int
    data: bytes


def number(sent: Sent) -> int:
    return int.from_bytes(sent.data, "big")


@pytest.fixture(scope="module")
def emissions() -> list[Sent]:
    """Two rigs that send ten datagrams each, sixty times a second."""
    return [
        Sent(1000.0 + frame / 60, n % 2, n.to_bytes(4, "big")) for n in range(N) if (frame := n // 20) >= 0
    ]


def count_overtaken(arrived: list[Sent]) -> int:
    """Return how many datagrams arrived after a datagram that was sent later."""
    newest, late = -1, 0
    for sent in arrived:
        late += number(sent) < newest
        newest = max(newest, number(sent))
    return late


def test_a_good_network_changes_nothing(emissions: list[Sent]) -> None:
    assert emissions == list(add_faults(emissions))


def test_the_configured_share_is_lost(emissions: list[Sent]) -> None:
    arrived = list(add_faults(emissions, loss=0.05, seed=1))
    assert 0.05 == pytest.approx(1 - len(arrived) / N, abs=0.005)
    assert set(arrived) < set(emissions)
    assert 0 == count_overtaken(arrived)


def test_the_configured_share_is_doubled_and_nothing_arrives_three_times(emissions: list[Sent]) -> None:
    times = Counter(map(number, add_faults(emissions, duplicate=0.05, seed=2)))
    assert set(range(N)) == set(times)
    assert {1, 2} == set(times.values())
    assert 0.05 == pytest.approx((times.total() - N) / N, abs=0.005)


def test_the_configured_share_is_overtaken(emissions: list[Sent]) -> None:
    arrived = list(add_faults(emissions, reorder=0.05, seed=3))
    assert sorted(map(number, arrived)) == list(range(N))
    assert 0.05 == pytest.approx(count_overtaken(arrived) / N, abs=0.01)


def test_nothing_arrives_early_or_after_the_window(emissions: list[Sent]) -> None:
    faults = {"loss": 0.02, "reorder": 0.3, "duplicate": 0.3, "jitter_s": 0.1}
    arrived = list(add_faults(emissions, seed=4, **faults))  # type: ignore[arg-type]
    delays = [sent.at - emissions[number(sent)].at for sent in arrived]
    assert min(delays) >= 0.0
    assert 0.19 < max(delays) <= 0.2 + 1e-9
    assert [sent.at for sent in arrived] == sorted(sent.at for sent in arrived)


def test_no_delay_is_longer_than_a_narrow_window(emissions: list[Sent]) -> None:
    arrived = list(add_faults(emissions, reorder=0.5, reorder_window_s=0.03, seed=5))
    assert 0.02 < max(sent.at - emissions[number(sent)].at for sent in arrived) <= 0.03 + 1e-9


def test_jitter_delays_without_overtaking(emissions: list[Sent]) -> None:
    arrived = list(add_faults(emissions, jitter_s=0.05, seed=6))
    delays = [sent.at - emissions[number(sent)].at for sent in arrived]
    assert list(range(N)) == [number(sent) for sent in arrived]
    assert 0.04 < max(delays) <= 0.05 + 1e-9


def test_only_the_time_changes(emissions: list[Sent]) -> None:
    arrived = add_faults(emissions, reorder=0.5, duplicate=0.5, jitter_s=0.1, seed=7)
    assert {sent._replace(at=0.0) for sent in emissions} == {sent._replace(at=0.0) for sent in arrived}


def test_the_same_seed_gives_the_same_faults(emissions: list[Sent]) -> None:
    def arrived(seed: int) -> list[Sent]:
        return list(add_faults(emissions, loss=0.1, reorder=0.1, duplicate=0.1, jitter_s=0.01, seed=seed))

    assert arrived(8) == arrived(8)
    assert arrived(8) != arrived(9)


def test_a_larger_loss_includes_the_datagrams_of_a_smaller_loss(emissions: list[Sent]) -> None:
    few, many = (set(add_faults(emissions, loss=loss, seed=10)) for loss in (0.01, 0.05))
    assert many < few


def test_a_stream_has_the_same_faults_alone_and_with_other_streams(emissions: list[Sent]) -> None:
    together = add_faults(emissions, loss=0.1, reorder=0.1, seed=11, stream=lambda sent: sent.rig)
    alone = add_faults(
        [sent for sent in emissions if sent.rig == 1],
        loss=0.1,
        reorder=0.1,
        seed=11,
        stream=lambda sent: sent.rig,
    )
    assert list(alone) == [sent for sent in together if sent.rig == 1]


def test_an_endless_stream_is_possible() -> None:
    def endless() -> Iterator[Sent]:
        n = 0
        while True:
            yield Sent(n / 60, 0, n.to_bytes(4, "big"))
            n += 1

    arriving = add_faults(endless(), reorder=0.2, seed=12)
    assert 1000 == len({next(arriving) for _ in range(1000)})


@pytest.mark.parametrize("faults", [{"loss": 1.1}, {"reorder": -0.1}, {"jitter_s": 0.3}, {"jitter_s": -1.0}])
def test_impossible_values_are_refused(faults: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not"):
        Faults(**faults)  # type: ignore[arg-type]


@contextmanager
def udp_socket(address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind((address, 0))
        opened.settimeout(LONGEST_WAIT_S)
        yield opened


def receive(server: socket.socket, count: int, within_s: float = LONGEST_WAIT_S) -> list[tuple[bytes, str]]:
    """Receive ``count`` datagrams, or fewer if nothing arrives for a while."""
    server.settimeout(within_s)
    arrived: list[tuple[bytes, str]] = []
    with suppress(TimeoutError, BlockingIOError):
        while len(arrived) < count:
            data, source = server.recvfrom(65_535)
            arrived.append((data, source[0]))
    return arrived


def test_over_sockets_a_good_network_changes_nothing() -> None:
    addresses = ["127.0.0.21", "127.0.0.22", "127.0.0.23"]
    rounds = [[(f"{address} {n}".encode() * 50, address) for address in addresses] for n in range(100)]
    with ExitStack() as stack:
        server = stack.enter_context(udp_socket())
        rigs = {address: stack.enter_context(udp_socket(address)) for address in addresses}
        proxy = stack.enter_context(FaultProxy(server.getsockname()))
        for sent in rounds:
            for data, address in sent:
                rigs[address].sendto(data, proxy.address)
            assert sent == receive(server, len(sent))
    assert {"received": 300, "forwarded": 300} == +proxy.counts


def test_over_sockets_two_ports_of_one_address_stay_apart() -> None:
    with udp_socket() as server, udp_socket() as first, udp_socket() as second:
        with FaultProxy(server.getsockname()) as proxy:
            for rig in (first, second, first):
                rig.sendto(b"lap", proxy.address)
            ports = [server.recvfrom(100)[1][1] for _ in range(3)]
        assert ports[0] == ports[2] != ports[1]


def test_over_sockets_the_faults_are_as_configured() -> None:
    faults = Faults(loss=0.1, reorder=0.1, duplicate=0.1, seed=13, reorder_window_s=0.05)
    with udp_socket() as server, udp_socket() as rig, FaultProxy(server.getsockname(), faults) as proxy:
        arrived: list[tuple[bytes, str]] = []
        for n in range(1000):
            rig.sendto(n.to_bytes(4, "big"), proxy.address)
            if n % 20 == 19:
                time.sleep(0.002)  # so that the kernel itself drops none
                arrived += receive(server, 2000, within_s=0.0)
        arrived += receive(server, 2000, within_s=0.5)
    numbers = [int.from_bytes(data, "big") for data, _ in arrived]
    counts = proxy.counts
    assert (1000, len(numbers)) == (counts["received"], counts["forwarded"])
    assert len(numbers) == 1000 - counts["lost"] + counts["doubled"]
    assert 1000 - counts["lost"] == len(set(numbers))
    assert 60 < counts["lost"] < 140
    assert 60 < counts["doubled"] < 140
    assert numbers != sorted(numbers)


def test_closing_forwards_delayed_datagrams_and_frees_the_port() -> None:
    faults = Faults(reorder=1.0, seed=14)
    with udp_socket() as server, udp_socket() as rig:
        with FaultProxy(server.getsockname(), faults) as proxy:
            for n in range(50):
                rig.sendto(bytes([n]), proxy.address)
        assert set(range(50)) == {data[0] for data, _ in receive(server, 50)}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as another:
            another.bind(proxy.address)


def test_datagrams_above_the_limits_are_counted() -> None:
    with udp_socket() as server, udp_socket() as first, udp_socket() as second:
        with FaultProxy(server.getsockname(), max_sources=1) as proxy:
            first.sendto(b"first", proxy.address)
            assert [(b"first", "127.0.0.1")] == receive(server, 1)
            second.sendto(b"second", proxy.address)
            first.sendto(b"third", proxy.address)
            assert [(b"third", "127.0.0.1")] == receive(server, 1)
        assert 1 == proxy.counts["overflowed"]
