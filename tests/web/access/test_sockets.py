"""``/ws``: who may connect, and that a socket closes when its permission ends."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from f1timings.access.roles import Role
from f1timings.web.access.credentials.identity import COOKIE
from tests.waiting import LONGEST_WAIT_S
from tests.web.access.conftest import BY
from tests.web.world import World

CLOSE_WITHIN_S = 5.0


@contextmanager
def screen(address: str, token: str = "", **headers: str) -> Iterator[ClientConnection]:
    query = f"?token={token}" if token else ""
    with connect(
        f"ws://{address}/ws{query}", proxy=None, compression=None, additional_headers=headers
    ) as connection:
        yield connection


def refusal(address: str, token: str = "", **headers: str) -> int:
    with pytest.raises(InvalidStatus) as refused, screen(address, token, **headers):
        pass
    return refused.value.response.status_code


def is_served(connection: ClientConnection) -> bool:
    """Whether the server answers a subscription with a message."""
    connection.send('{"subscribe": ["events"]}')
    return isinstance(json.loads(connection.recv(timeout=60)), dict)


def seconds_until_closed(connection: ClientConnection) -> float:
    began = time.monotonic()
    with contextlib.suppress(ConnectionClosed):
        while True:
            connection.recv(timeout=CLOSE_WITHIN_S)
    assert (1008, True) == (connection.close_code, "log in again" in (connection.close_reason or ""))
    return time.monotonic() - began


@pytest.mark.usefixtures("admin")
def test_anyone_may_connect_while_reading_is_open(address: str) -> None:
    with screen(address) as connection:
        assert is_served(connection)


def test_while_reading_is_closed_a_login_or_token_is_needed(
    world: World, admin: httpx.Client, address: str
) -> None:
    admin.patch("/api/v1/access", json={"reading": "closed"})
    display = world.access.tokens.add("tv", Role.VIEWER, "display", by=BY)[1]
    assert 401 == refusal(address)
    assert 401 == refusal(address, "wrong")
    assert 401 == refusal(address, Cookie=f"{COOKIE}=wrong")
    for identified in (
        screen(address, display),
        screen(address, Cookie=f"{COOKIE}={admin.cookies[COOKIE]}"),
        screen(address, Authorization=f"Bearer {world.token(Role.VIEWER)}"),
    ):
        with identified as connection:
            assert is_served(connection)


def test_revoking_a_token_closes_its_sockets(world: World, address: str) -> None:
    token, secret = world.access.tokens.add("tv", Role.VIEWER, "display", by=BY)
    with screen(address, secret) as connection:
        assert is_served(connection)
        world.access.tokens.revoke(token.id, BY)
        assert seconds_until_closed(connection) < CLOSE_WITHIN_S
    assert 401 == refusal(address, secret)


def test_logging_out_closes_the_sockets_of_that_login(admin: httpx.Client, address: str) -> None:
    with screen(address, Cookie=f"{COOKIE}={admin.cookies[COOKIE]}") as connection:
        assert is_served(connection)
        admin.post("/api/v1/logout")
        assert seconds_until_closed(connection) < CLOSE_WITHIN_S


def test_closing_reading_closes_anonymous_sockets_only(
    admin: httpx.Client, address: str, world: World
) -> None:
    display = world.access.tokens.add("tv", Role.VIEWER, "display", by=BY)[1]
    with screen(address) as anonymous, screen(address, display) as identified:
        assert is_served(anonymous)
        assert is_served(identified)
        admin.patch("/api/v1/access", json={"reading": "closed"})
        assert seconds_until_closed(anonymous) < CLOSE_WITHIN_S
        assert is_served(identified)


def test_a_silent_socket_is_closed_and_forgotten(admin: httpx.Client, address: str, world: World) -> None:
    with screen(address) as connection:
        admin.patch("/api/v1/access", json={"reading": "closed"})
        assert seconds_until_closed(connection) < CLOSE_WITHIN_S
    deadline = time.monotonic() + LONGEST_WAIT_S
    while world.access.sockets._open:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}],
)
def test_a_foreign_page_may_not_connect(address: str, headers: dict[str, str]) -> None:
    assert 403 == refusal(address, **headers)


@pytest.mark.parametrize("origin", ["null", "file://", "http://overlay.example"])
def test_a_page_of_ones_own_may_connect_with_a_token(world: World, address: str, origin: str) -> None:
    display = world.access.tokens.add("overlay", Role.VIEWER, "display", by=BY)[1]
    with screen(address, display, Origin=origin) as connection:
        assert is_served(connection)


def test_a_foreign_page_may_not_connect_with_the_cookie_of_the_browser(
    admin: httpx.Client, address: str
) -> None:
    cookie = f"{COOKIE}={admin.cookies[COOKIE]}"
    assert 403 == refusal(address, Origin="http://evil.example", Cookie=cookie)


def test_a_foreign_host_name_is_refused_even_with_the_same_origin(address: str) -> None:
    port = address.split(":")[1]
    with socket.create_connection(("127.0.0.1", int(port)), timeout=LONGEST_WAIT_S) as line:
        line.sendall(
            f"GET /ws HTTP/1.1\r\nHost: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MDAwMDAwMDAwMDAwMDAwMA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        answer = line.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 403 ")
    assert "#problem-foreign-host" in answer
