"""Connections that a stranger opens and leaves shut nobody out, and a slow client is given up."""

from __future__ import annotations

import logging
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from f1timings.web.serving.connections import RESERVED_DESCRIPTORS, ConnectionLimits, Connections
from f1timings.web.serving.descriptors import raise_descriptor_limit
from tests.waiting import LONGEST_WAIT_S
from tests.web.world import open_world, serve

_HEAD = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n"


class Client:
    """A connection that owes the server something."""

    def __init__(self) -> None:
        self.progress = 0
        self.is_waiting = False
        self.given_up = 0
        self.displaced = 0

    def owed(self) -> tuple[float, object] | None:
        return None if self.is_waiting else (10.0, self.progress)

    def give_up(self) -> None:
        self.given_up += 1

    def displace(self) -> None:
        self.displaced += 1


class Untimed(Connections):
    """Connections at which only the test looks."""

    def _keep_looking(self) -> None:
        pass


def crowd(connections: Connections, address: str, count: int) -> list[Client]:
    """The connections of an address that were accepted."""
    clients = [Client() for _ in range(count)]
    return [client for client in clients if connections.enter(client, address)]


def test_one_address_has_its_share_and_no_more() -> None:
    connections = Untimed(ConnectionLimits(total=100, per_address=90))
    assert len(crowd(connections, "guest", 200)) == 90
    assert len(crowd(connections, "rig", 5)) == 5
    assert connections.refused == 110


def test_several_addresses_that_take_everything_give_their_newest_places_to_a_newcomer() -> None:
    connections = Untimed(ConnectionLimits(total=100, per_address=90))
    first, second = crowd(connections, "guest 1", 60), crowd(connections, "guest 2", 60)
    connections.look(0.0)
    assert (len(first), len(second), len(connections)) == (60, 40, 100)
    assert len(crowd(connections, "tv", 7)) == 7
    assert [client.displaced for client in first] == [0] * 53 + [1] * 7
    assert len(connections) == 100


def test_nobody_is_displaced_for_an_address_that_has_as_many_connections() -> None:
    connections = Untimed(ConnectionLimits(total=4, per_address=4))
    ours, theirs = crowd(connections, "a", 2), crowd(connections, "b", 2)
    connections.look(0.0)
    assert not connections.enter(Client(), "a")
    assert not any(client.displaced for client in (*ours, *theirs))


def test_a_place_is_free_again_after_its_connection() -> None:
    connections = Untimed(ConnectionLimits(total=1, per_address=1))
    (client,) = crowd(connections, "a", 1)
    assert not connections.enter(Client(), "a")
    upgraded = Client()
    connections.replace(client, upgraded)
    connections.leave(client)
    assert not connections.enter(Client(), "a")
    connections.leave(upgraded)
    connections.leave(upgraded)
    assert connections.enter(Client(), "a")
    assert len(connections) == 1


def test_a_client_that_does_nothing_is_given_up_and_one_that_gets_on_is_not() -> None:
    connections = Untimed()
    (idle, busy, waiting) = crowd(connections, "a", 3)
    waiting.is_waiting = True
    for second in range(12):
        busy.progress += 1
        connections.look(float(second))
    assert (idle.given_up > 0, busy.given_up, waiting.given_up) == (True, 0, 0)


@pytest.mark.parametrize(("descriptors", "total"), [(None, 3_500), (65_536, 3_500), (1_024, 512), (100, 64)])
def test_the_connections_fit_the_descriptors_of_the_system(descriptors: int | None, total: int) -> None:
    limits = ConnectionLimits.of(2_500, descriptors)
    assert limits.total == total
    assert limits.per_address < limits.total
    assert descriptors is None or descriptors < 600 or descriptors - limits.total >= RESERVED_DESCRIPTORS


def test_the_limit_of_open_files_is_raised_as_far_as_the_system_allows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        limit = raise_descriptor_limit(100)
        assert limit is None or limit == resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(hard, 4_096)
        assert not caplog.records
        with caplog.at_level(logging.WARNING):
            raise_descriptor_limit(1 << 40)
        assert limit is None or "max_screens" in caplog.text
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# Over a real server -------------------------------------------------------------------------------------


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    limits = ConnectionLimits(
        total=20, per_address=12, head_s=0.5, body_s=0.5, read_s=0.5, quiet_bytes=2_000, headers=30
    )
    with open_world(tmp_path) as world, serve(world.app, limits=limits) as served:
        host, port = served.split(":")
        yield host, int(port)


def answer(connection: socket.socket) -> bytes:
    """All that the server sends until it closes the connection."""
    connection.settimeout(LONGEST_WAIT_S)
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"", b""),
        (_HEAD, b"HTTP/1.1 408"),
        (
            b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{",
            b"HTTP/1.1 408",
        ),
        (_HEAD + b"\r\n", b"HTTP/1.1 200"),
    ],
)
def test_a_client_that_stops_in_the_middle_is_given_up(
    address: tuple[str, int], sent: bytes, expected: bytes
) -> None:
    with closing(socket.create_connection(address)) as connection:
        connection.sendall(sent)
        assert answer(connection).startswith(expected)


@pytest.mark.parametrize(
    "begun",
    [
        _HEAD + b"X: ",
        b"GET /",
        b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
    ],
)
def test_a_head_or_a_trailer_that_does_not_end_ends_the_connection(tmp_path: Path, begun: bytes) -> None:
    limits = ConnectionLimits(head_s=3_600.0, body_s=3_600.0, quiet_bytes=2_000)
    with open_world(tmp_path) as world, serve(world.app, limits=limits) as served:
        host, port = served.split(":")
        with closing(socket.create_connection((host, int(port)))) as connection:
            try:
                # More than one read of the server, each of which it sees as a whole.
                connection.sendall(begun + b"a" * 1_000_000)
            except (BrokenPipeError, ConnectionResetError):
                return
            assert b"HTTP/1.1 200" not in answer(connection)


def test_a_request_with_too_many_headers_is_refused(
    address: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    with closing(socket.create_connection(address)) as connection:
        connection.sendall(_HEAD + b"X: 1\r\n" * 40 + b"\r\n")
        assert answer(connection).startswith(b"HTTP/1.1 400")
    assert "Invalid HTTP request" not in caplog.text


def test_many_idle_connections_of_one_address_keep_nobody_out(address: tuple[str, int]) -> None:
    with ExitStack() as opened:
        for _ in range(40):
            opened.enter_context(closing(socket.create_connection(address)))
        source = ("127.0.0.2", 0)
        other = opened.enter_context(closing(socket.create_connection(address, source_address=source)))
        other.sendall(_HEAD + b"Connection: close\r\n\r\n")
        assert answer(other).startswith(b"HTTP/1.1 200")
        refused = opened.enter_context(closing(socket.create_connection(address)))
        assert answer(refused)[:12] in (b"", b"HTTP/1.1 503")
