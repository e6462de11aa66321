"""The WebSocket over a real server: who may connect, which messages are accepted, and slow screens."""

from __future__ import annotations

import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.messages import Announcement
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.web.socket import (
    LARGEST_MESSAGE,
    MESSAGES_PER_SECOND_OF_ADDRESS,
    MessageRate,
    is_own_origin,
    screen_paces,
)
from tests.waiting import LONGEST_WAIT_S, until
from tests.web import records
from tests.web.world import World, free_port, open_world, serve, serve_with_server

Connected = tuple[World, str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Connected]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        yield world, address


@contextmanager
def screen(address: str, **options: Any) -> Iterator[ClientConnection]:
    with connect(f"ws://{address}/ws", proxy=None, compression=None, **options) as connection:
        yield connection


def subscribe(connection: ClientConnection) -> dict[str, Any]:
    """Subscribe to the events and return the first message after the greeting."""
    connection.send('{"subscribe": ["events"]}')
    first = receive(connection)
    return receive(connection) if "hello" in first else first


def receive(connection: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(connection.recv(timeout=LONGEST_WAIT_S))
    return message


def closing_code(connection: ClientConnection) -> int:
    """The code with which the server ends the connection."""
    try:
        for _ in range(100):
            connection.recv(timeout=LONGEST_WAIT_S)
    except ConnectionClosed as closed:
        return 0 if closed.rcvd is None else closed.rcvd.code
    pytest.fail("the server did not end the connection")


def test_a_committed_change_reaches_a_subscribed_screen_in_order(served: Connected) -> None:
    world, address = served
    with screen(address) as connection:
        first = subscribe(connection)
        lap = records.lap(1)
        people = (records.participant(19, "VERSTAPPEN"),)
        world.commit(
            records.rig(),
            SessionChanged(records.session()),
            ParticipantsChanged(records.SESSION_ID, people),
            LapRecorded(lap),
            SessionClassified(records.SESSION_ID, (records.entry(1, 19, "VERSTAPPEN"),)),
        )
        messages = [receive(connection) for _ in range(5)]

    assert (first["view"], first["seq"]) == ("events", 0)
    assert first["snapshot"]["server_time"].endswith("Z")
    assert [(message["seq"], message["event"]) for message in messages] == [
        (1, "rig_seen"),
        (2, "session_changed"),
        (3, "participants_changed"),
        (4, "lap_official"),
        (5, "session_classified"),
    ]
    assert messages[3]["data"]["id"] == lap.id
    assert messages[3]["data"]["session_uid"] == "14061966829349171242"
    assert messages[1]["data"]["track"] == "Monza"
    assert messages[2]["data"]["participants"][0]["name"] == "VERSTAPPEN"
    assert messages[4]["data"]["items"][0]["position"] == 1


def test_an_announced_lap_equals_the_lap_of_the_api(served: Connected) -> None:
    world, address = served
    world.commit(SessionChanged(records.session()))
    with screen(address) as connection:
        subscribe(connection)
        world.commit(LapRecorded(records.lap(3)))
        announced = receive(connection)["data"]
    assert httpx.get(f"http://{address}/api/v1/laps/{announced['id']}", trust_env=False).json() == announced


def test_a_corrected_lap_is_announced_with_its_revision(served: Connected) -> None:
    world, address = served
    lap = records.lap(3)
    world.commit(SessionChanged(records.session()), LapRecorded(lap))
    with screen(address) as connection:
        subscribe(connection)
        world.commit(LapRecorded(replace(lap, is_valid=False)))
        announced = receive(connection)["data"]
    assert (announced["id"], announced["is_valid"], announced["revision"]) == (lap.id, False, 2)


def test_a_client_that_sends_nothing_gets_nothing_and_stays_connected(served: Connected) -> None:
    world, address = served
    with screen(address) as connection:
        world.commit_race()
        with pytest.raises(TimeoutError):
            connection.recv(timeout=0.3)
        assert subscribe(connection)["seq"] > 0


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "hello", '{"subscribe": "events"}', '{"x": 1}'],
)
def test_an_invalid_message_is_answered_with_an_example_of_a_valid_one(served: Connected, text: str) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send(text)
        assert '{"subscribe": ["events"]}' in receive(connection)["error"]["detail"]
        assert subscribe(connection)["seq"] == 0


def test_a_message_that_is_too_long_ends_the_connection(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send(" " * (LARGEST_MESSAGE + 1))
        assert closing_code(connection) == 1009


def test_a_message_far_beyond_the_limit_ends_the_connection_before_its_end(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send(" " * 2_000_000)
        assert closing_code(connection) == 1009


def test_an_unknown_view_is_answered_with_a_list_of_the_known_ones(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send('{"subscribe": ["events", "weather"]}')
        assert "hello" in receive(connection)
        refusal = receive(connection)["error"]
        assert refusal["view"] == "weather"
        assert "There is no view 'weather'; there are: events" in refusal["detail"]
        assert receive(connection)["view"] == "events"


def test_more_views_than_a_screen_may_follow_are_refused(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send(json.dumps({"subscribe": ["events"] * (HubLimits().views + 1)}))
        assert "at most" in receive(connection)["error"]["detail"]


def test_rows_arrive_as_snapshot_and_updates_and_resume_after_a_reconnect(served: Connected) -> None:
    world, address = served
    counter = register_counter(world)
    with screen(address) as connection:
        connection.send('{"subscribe": ["counter"]}')
        assert receive(connection)["hello"]["protocol"] == 2
        first = receive(connection)
        counter.count = 5
        update = receive_with(connection, "rows")
    assert first["snapshot"]["rows"] == [["a", 0]]
    assert update == {"view": "counter", "seq": first["seq"] + 1, "rows": {"a": {"1": 5}}}
    counter.count = 6
    with screen(address) as connection:
        position = {"epoch": first["epoch"], "seq": update["seq"]}
        connection.send(json.dumps({"subscribe": ["counter"], "resume": {"counter": position}}))
        receive(connection)
        assert receive_with(connection, "rows") == {
            "view": "counter",
            "seq": position["seq"] + 1,
            "rows": {"a": {"1": 6}},
        }


def test_a_server_started_by_uvicorn_alone_serves_the_same_views(served: Connected) -> None:
    world, _address = served
    counter = register_counter(world)
    with serve_by_uvicorn(world) as address, screen(address) as connection:
        connection.send('{"subscribe": ["counter", "events"]}')
        assert [list(receive(connection)) for _ in range(3)] == [
            ["hello"],
            ["view", "epoch", "seq", "snapshot"],
            ["view", "seq", "snapshot"],
        ]
        for count in range(1, 4):
            counter.count = count
            assert receive_with(connection, "rows")["rows"] == {"a": {"1": count}}


class Counter:
    """A view with one number."""

    def __init__(self) -> None:
        self.count = 0

    def contents(self) -> Contents:
        return Contents({"a": (self.count,)})


def register_counter(world: World) -> Counter:
    counter = Counter()
    world.hub.register(
        RowViewKind(
            name="counter",
            columns=columns("count | int | | x"),
            facts=(),
            build_source=lambda _: RowSource(contents=counter.contents),
            period_s=0.01,
        )
    )
    return counter


def receive_with(connection: ClientConnection, member: str) -> dict[str, Any]:
    """The next message that has this member."""
    while member not in (message := receive(connection)):
        pass
    return message


@contextmanager
def serve_by_uvicorn(world: World) -> Iterator[str]:
    """Serve the application by uvicorn with its own settings; gives ``127.0.0.1:PORT``."""
    port = free_port()
    config = uvicorn.Config(world.app, host="127.0.0.1", port=port, log_config=None, ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(LONGEST_WAIT_S)


def test_too_many_messages_end_the_connection(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        for _ in range(21):
            connection.send('{"subscribe": []}')
        assert closing_code(connection) == 1008


def test_bytes_end_the_connection(served: Connected) -> None:
    _world, address = served
    with screen(address) as connection:
        connection.send(b"{}")
        assert closing_code(connection) == 1003


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1"])
def test_a_page_from_elsewhere_is_refused(served: Connected, origin: str) -> None:
    _world, address = served
    with pytest.raises(InvalidStatus) as refused, screen(address, origin=origin):
        pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body)["title"] == "Forbidden origin"


def test_a_page_of_this_server_may_connect(served: Connected) -> None:
    _world, address = served
    with screen(address, origin=f"http://{address}") as connection:
        assert subscribe(connection)["seq"] == 0


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "a:8080", True),
        ("http://a:8080", "a:8080", True),
        ("https://A:8080", "a:8080", True),
        ("http://[fe80::1]:8080", "[fe80::1]:8080", True),
        ("http://a:8081", "a:8080", False),
        ("http://a", "a:8080", False),
        ("http://user@a:8080", "a:8080", False),
        ("file://a:8080", "a:8080", False),
        ("http://", "", False),
        ("http://a", None, False),
        ("null", "null", False),
    ],
)
def test_an_origin_is_own_if_it_equals_the_host(origin: str | None, host: str | None, expected: bool) -> None:
    assert is_own_origin(origin, host) == expected


def test_beyond_the_limit_of_screens_another_is_refused_until_one_leaves(tmp_path: Path) -> None:
    with open_world(tmp_path, HubLimits(clients=2)) as world, serve(world.app) as address:
        with screen(address), screen(address):
            with pytest.raises(InvalidStatus) as refused, screen(address):
                pass
            assert refused.value.response.status_code == 503
        until(lambda: world.hub.client_count == 0)
        with screen(address) as connection:
            assert subscribe(connection)["seq"] == 0


def test_a_stalled_screen_delays_no_other_and_is_disconnected(tmp_path: Path) -> None:
    limits = HubLimits(stall_s=0.5, heartbeat_s=30.0)
    with open_world(tmp_path, limits) as world, serve_with_server(world.app) as (address, server):
        stalled = stalled_screen(address)
        with screen(address, max_queue=None) as healthy:
            subscribe(healthy)
            until(lambda: world.hub.client_count == 2)
            slowest = 0.0
            padding = "x" * 20_000
            for number in range(300):
                began = time.monotonic()
                world.hub.publish_threadsafe([Announcement("lap_official", {"id": number, "pad": padding})])
                assert receive(healthy)["data"]["id"] == number
                slowest = max(slowest, time.monotonic() - began)
            assert slowest < 0.4
            until(lambda: world.hub.client_count == 1)
        # The stalled screen never reads its queued messages; the server closes the connection nevertheless.
        until(lambda: not server.server_state.connections)
        stalled.close()


def stalled_screen(address: str) -> socket.socket:
    """A screen that subscribes and then never reads."""
    host, port = address.split(":")
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((host, int(port)))
    key = base64.b64encode(b"0" * 16).decode()
    client.sendall(
        f"GET /ws HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert client.recv(4096).startswith(b"HTTP/1.1 101")
    text = b'{"subscribe":["events"]}'
    # A text frame masked with zeros.
    client.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    return client


def test_twenty_messages_a_second_are_allowed_and_no_more() -> None:
    now = 0.0

    def clock() -> float:
        return now

    rate = MessageRate(20, clock)
    first_twenty = [rate.allows() for _ in range(20)]
    next_message = rate.allows()
    now = 1.0
    a_second_later = rate.allows()
    assert (all(first_twenty), next_message, a_second_later) == (True, False, True)


def test_the_server_stops_promptly_with_screens_open(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        server = serve(world.app)
        address = server.__enter__()
        with screen(address) as connection:
            subscribe(connection)
            began = time.monotonic()
            server.__exit__(None, None, None)
            assert time.monotonic() - began < 5
            assert closing_code(connection) == 1012


def test_publishing_from_many_threads_loses_no_message(served: Connected) -> None:
    world, address = served

    def publish(name: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(25):
                world.hub.publish_threadsafe([Announcement("lap_official", {"id": f"{name}{number}"})])

        return run

    with screen(address, max_queue=None) as connection:
        subscribe(connection)
        threads = [Thread(target=publish(name)) for name in "abcd"]
        for thread in threads:
            thread.start()
        messages = [receive(connection) for _ in range(100)]
        for thread in threads:
            thread.join()
    assert [message["seq"] for message in messages] == list(range(1, 101))
    assert len({message["data"]["id"] for message in messages}) == 100


def test_the_messages_of_one_address_are_handled_one_after_the_other_when_they_are_too_many() -> None:
    paces = screen_paces()
    most = int(10 * MESSAGES_PER_SECOND_OF_ADDRESS)
    assert not any(paces.owe("10.0.0.1", 0.0) for _ in range(most))
    waits = [paces.owe("10.0.0.1", 0.0) for _ in range(50)]
    assert waits == sorted(waits)
    assert waits[0] > 0
    assert paces.owe("10.0.0.2", 0.0) == 0
