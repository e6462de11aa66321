"""A few requests of one address run at once, the others wait, and no address waits for another."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from f1timings.clock import ServerClock
from f1timings.web.access.checks.middleware import AccessMiddleware
from f1timings.web.access.checks.turns import MOST_AT_ONCE, MOST_WAITING, RequestTurns
from f1timings.web.access.control import AccessControl
from tests.waiting import LONGEST_WAIT_S


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, LONGEST_WAIT_S))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_few_run_at_once_and_the_others_follow_in_their_order() -> None:
    async def scenario() -> None:
        turns, order = RequestTurns(most_at_once=2, most_waiting=10), []

        async def request(number: int) -> None:
            assert await turns.take("guest")
            order.append(number)

        tasks = [asyncio.create_task(request(number)) for number in range(5)]
        await settle()
        assert order == [0, 1]
        for expected in (3, 4, 5):
            turns.give_back("guest")
            await settle()
            assert order == list(range(expected))
        await asyncio.gather(*tasks)
        turns.give_back("guest")
        turns.give_back("guest")
        assert len(turns) == 0

    run(scenario())


def test_an_address_with_many_requests_is_refused_more_and_keeps_nobody_else_waiting() -> None:
    async def scenario() -> None:
        turns = RequestTurns(most_at_once=1, most_waiting=3)
        assert await turns.take("guest")
        waiting = [asyncio.create_task(turns.take("guest")) for _ in range(3)]
        await settle()
        assert not await turns.take("guest")
        assert await turns.take("tv")
        for task in waiting:
            turns.give_back("guest")
            assert await task

    run(scenario())


def test_a_client_that_leaves_while_it_waits_takes_no_turn() -> None:
    async def scenario() -> None:
        turns = RequestTurns(most_at_once=1, most_waiting=3)
        assert await turns.take("guest")
        leaving, staying = (asyncio.create_task(turns.take("guest")) for _ in range(2))
        await settle()
        leaving.cancel()
        await settle()
        turns.give_back("guest")
        assert await staying
        turns.give_back("guest")
        assert len(turns) == 0

    run(scenario())


def test_a_turn_that_comes_as_its_client_leaves_goes_to_the_next() -> None:
    async def scenario() -> None:
        turns = RequestTurns(most_at_once=1, most_waiting=3)
        assert await turns.take("guest")
        leaving, staying = (asyncio.create_task(turns.take("guest")) for _ in range(2))
        await settle()
        turns.give_back("guest")
        leaving.cancel()
        assert await staying
        turns.give_back("guest")
        assert len(turns) == 0

    run(scenario())


class _Server:
    """The middleware around an application that answers when the test lets it."""

    def __init__(self) -> None:
        access = AccessControl.create(clock=ServerClock())
        self.app = AccessMiddleware(
            self._answer, directory=access.directory, hosts=access.hosts, sockets=access.sockets
        )
        self.running: list[str] = []
        self.statuses: list[int] = []
        self.may_answer = asyncio.Event()

    async def request(self, method: str, path: str, address: str) -> None:
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [],
            "client": (address, 5),
        }
        await self.app(scope, _receive_nothing, self._send)

    async def _answer(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        self.running.append(scope["path"])
        await self.may_answer.wait()

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])


async def _receive_nothing() -> Message:
    raise AssertionError


def test_reading_requests_without_a_role_wait_and_a_login_does_not_wait_behind_them() -> None:
    async def scenario() -> None:
        server = _Server()
        many = MOST_AT_ONCE + MOST_WAITING + 3
        tasks = [asyncio.create_task(server.request("GET", "/api/v1/laps", "10.0.0.66")) for _ in range(many)]
        await settle()
        assert len(server.running) == MOST_AT_ONCE
        assert server.statuses == [429] * 3
        for method, path, address in (
            ("POST", "/api/v1/login", "10.0.0.66"),
            ("GET", "/display", "10.0.0.66"),
            ("GET", "/api/v1/laps", "10.0.0.1"),
        ):
            tasks.append(asyncio.create_task(server.request(method, path, address)))
        await settle()
        assert server.running[MOST_AT_ONCE:] == ["/api/v1/login", "/display", "/api/v1/laps"]
        server.may_answer.set()
        await asyncio.gather(*tasks)
        assert len(server.running) == many

    run(scenario())
