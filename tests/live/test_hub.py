"""The hub: everybody gets everything in order, nobody waits for anybody, and the stalled are cut."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from f1timings.live.hub import Client, Hub, HubLimits
from f1timings.live.messages import Announcement

LIMITS = HubLimits(clients=3, buffer=4, stall_s=0.2, heartbeat_s=0.1)
QUIET = HubLimits(clients=3, buffer=4, stall_s=30.0, heartbeat_s=30.0)


class Screen:
    """The far end of one connection; while ``stalled`` it takes nothing."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.may_take = asyncio.Event()
        self.may_take.set()

    async def take(self, message: str) -> None:
        await self.may_take.wait()
        self.got.append(json.loads(message))

    @property
    def laps(self) -> list[object]:
        return [message["data"]["id"] for message in self.got if message.get("event") == "lap_official"]


def lap(name: str) -> Announcement:
    return Announcement("lap_official", {"id": name})


def running(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


@asynccontextmanager
async def hub_with(
    screens: int, limits: HubLimits = QUIET
) -> AsyncIterator[tuple[Hub, list[Screen], list[Client]]]:
    hub = Hub(limits, clock=lambda: 1.0)
    async with hub.running():
        made = [Screen() for _ in range(screens)]
        clients = [hub.connect(screen.take) for screen in made]
        yield hub, made, clients
        for client in clients:
            hub.disconnect(client)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.005)


def test_a_screen_that_asks_for_nothing_gets_nothing() -> None:
    async def story() -> None:
        async with hub_with(2) as (hub, (silent, asking), clients):
            hub.subscribe(clients[1], ["events"])
            hub.publish([lap("a")])
            await until(lambda: asking.laps == ["a"])
            assert silent.got == []

    running(story())


def test_a_subscription_begins_with_a_snapshot_and_goes_on_with_the_next_number() -> None:
    async def story() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.publish([lap("before")])
            hub.subscribe(client, ["events"])
            hub.publish([lap("after")])
            await until(lambda: len(screen.got) == 2)
            assert screen.got == [
                {"view": "events", "seq": 1, "snapshot": {"server_time": "1970-01-01T00:00:01.000Z"}},
                {"view": "events", "seq": 2, "event": "lap_official", "data": {"id": "after"}},
            ]

    running(story())


def test_a_subscription_replaces_the_one_before() -> None:
    async def story() -> None:
        async with hub_with(2) as (hub, (left, other), clients):
            for client in clients:
                hub.subscribe(client, ["events"])
            hub.subscribe(clients[0], [])
            hub.publish([lap("a")])
            await until(lambda: other.laps == ["a"])
            assert left.laps == []

    running(story())


def test_a_view_that_does_not_exist_is_refused() -> None:
    async def story() -> None:
        async with hub_with(1) as (hub, _screens, (client,)):
            with pytest.raises(KeyError, match="tower"):
                hub.subscribe(client, ["tower"])

    running(story())


def test_an_event_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="lap_guessed"):
        Hub().publish([Announcement("lap_guessed", {})])


def test_a_stalled_screen_does_not_delay_the_others() -> None:
    async def story() -> None:
        async with hub_with(2) as (hub, (stalled, healthy), clients):
            for client in clients:
                hub.subscribe(client, ["events"])
            stalled.may_take.clear()
            began = time.monotonic()
            for number in range(100):
                hub.publish([lap(str(number))])
                await asyncio.sleep(0)
            await until(lambda: len(healthy.laps) == 100)
            assert time.monotonic() - began < 1.0
            assert healthy.laps == [str(number) for number in range(100)]
            assert stalled.laps == []

    running(story())


def test_a_screen_that_is_too_slow_gets_a_snapshot_in_place_of_what_it_missed() -> None:
    async def story() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            await until(lambda: len(screen.got) == 1)
            screen.may_take.clear()
            hub.publish([lap("on its way")])
            await asyncio.sleep(0.01)
            hub.publish([lap(str(number)) for number in range(5)])
            screen.may_take.set()
            await until(lambda: len(screen.got) == 3)
            expected = {"view": "events", "seq": 6, "snapshot": {"server_time": "1970-01-01T00:00:01.000Z"}}
            assert screen.got[2] == expected
            assert client.skipped == 5

    running(story())


def test_a_screen_that_takes_nothing_is_cut() -> None:
    async def story() -> None:
        async with hub_with(2, LIMITS) as (hub, (stalled, healthy), clients):
            for client in clients:
                hub.subscribe(client, ["events"])
            stalled.may_take.clear()
            await asyncio.wait([clients[0].sender], timeout=3)
            assert clients[0].sender.cancelled()
            assert clients[0].is_stalled
            assert hub.client_count == 1
            hub.publish([lap("a")])
            await until(lambda: healthy.laps == ["a"])
            assert not clients[1].is_stalled

    running(story())


def test_heartbeats_carry_the_newest_number() -> None:
    async def story() -> None:
        async with hub_with(1, LIMITS) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            hub.publish([lap("a")])
            await until(lambda: any("heartbeat" in message for message in screen.got))
            expected = {"view": "events", "seq": 1, "heartbeat": {"server_time": "1970-01-01T00:00:01.000Z"}}
            assert screen.got[-1] == expected

    running(story())


def test_another_thread_may_publish_and_order_is_kept() -> None:
    async def story() -> None:
        async with hub_with(1, HubLimits(buffer=1000)) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])

            def commit() -> None:
                for number in range(200):
                    hub.publish_threadsafe([lap(str(number))])

            writer = threading.Thread(target=commit)
            writer.start()
            await until(lambda: len(screen.laps) == 200)
            writer.join()
            assert screen.laps == [str(number) for number in range(200)]
            assert [message["seq"] for message in screen.got] == list(range(201))

    running(story())


def test_publishing_before_and_after_the_hub_runs_reaches_nobody_and_harms_nothing() -> None:
    hub = Hub()
    hub.publish_threadsafe([lap("early")])

    async def story() -> None:
        async with hub.running():
            pass

    running(story())
    hub.publish_threadsafe([lap("late")])
    assert hub.client_count == 0


def test_the_hub_says_when_it_is_full() -> None:
    async def story() -> None:
        async with hub_with(3) as (hub, _screens, clients):
            assert hub.is_full
            hub.disconnect(clients[0])
            assert not hub.is_full

    running(story())
