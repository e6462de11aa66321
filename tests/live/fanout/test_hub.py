"""The hub sends screens the newest state of their views, and a slow screen delays no other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f1timings.clock import ServerClock
from f1timings.live.fanout.client import Client, Screen
from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.hub import Hub, Position
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.messages import Announcement
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.transports import PlainTransport
from f1timings.live.fanout.views import RowSource, RowViewKind
from tests.live.screens import ReceivedViews, TestTransport, until
from tests.waiting import LONGEST_WAIT_S

LIMITS = HubLimits(clients=3, buffer=4, events=4, stall_s=0.2, heartbeat_s=0.1)
QUIET = HubLimits(clients=30, buffer=4, events=4, stall_s=30.0, heartbeat_s=30.0)
COLUMNS = columns("position | int | | a\nlap_ms | int | ms | b")
PERIOD_S = 0.01


def lap(name: str) -> Announcement:
    return Announcement("lap_official", {"id": name})


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, LONGEST_WAIT_S))


class Board:
    """A source whose rows a test sets.

    Attributes:
        refreshed: how often it was read.
        watched: how many of its views are followed.
    """

    def __init__(self) -> None:
        self.shown = Contents({"a": (1, 80_000)})
        self.refreshed = 0
        self.watched = 0
        self.frames: list[bytes] = []

    def contents(self) -> Contents:
        self.refreshed += 1
        return self.shown

    def start(self) -> None:
        self.watched += 1

    def stop(self) -> None:
        self.watched -= 1

    def frame(self, _channel: int, _number: int) -> bytes | None:
        return self.frames.pop(0) if self.frames else None

    def set(self, lap_ms: int) -> None:
        self.shown = Contents({"a": (1, lap_ms)})

    def build_source(self, _argument: str) -> RowSource:
        return RowSource(contents=self.contents, start=self.start, stop=self.stop)

    def build_moving_source(self, _argument: str) -> RowSource:
        return RowSource(contents=self.contents, start=self.start, stop=self.stop, frame=self.frame)


def kind(name: str, build_source: Callable[[str], RowSource], *, is_per_rig: bool = False) -> RowViewKind:
    return RowViewKind(
        name=name,
        columns=COLUMNS,
        facts=(),
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=is_per_rig,
    )


@asynccontextmanager
async def hub_with(
    screens: int,
    limits: HubLimits = QUIET,
    board: Board | None = None,
    *,
    knows_rig: Callable[[str], bool] = lambda _rig: False,
) -> AsyncIterator[tuple[Hub, list[TestTransport], list[Client]]]:
    hub = Hub(limits, clock=lambda: 1.0, build="7")
    hub.follow_rigs(knows_rig)
    board = board or Board()
    hub.register(kind("board", board.build_source))
    hub.register(kind("tower", board.build_source, is_per_rig=True))
    hub.register(kind("map", board.build_moving_source, is_per_rig=True))
    async with hub.running():
        transports = [TestTransport() for _ in range(screens)]
        clients = [hub.connect(transport, f"10.0.0.{at}") for at, transport in enumerate(transports)]
        yield hub, transports, clients
        for client in clients:
            hub.disconnect(client)


def received(screen: TestTransport) -> ReceivedViews:
    """The row views that a screen has received."""
    views = ReceivedViews()
    for message in screen.got:
        if "view" in message and message["view"] != "events":
            views.handle_message(message)
    return views


def shown(screen: TestTransport, view: str = "board") -> dict[str, list[Any]]:
    views = received(screen).views
    rows: dict[str, list[Any]] = views[view]["rows"] if view in views else {}
    return rows


# Events ------------------------------------------------------------------------------------------------


def test_a_screen_that_has_not_subscribed_gets_nothing() -> None:
    async def scenario() -> None:
        async with hub_with(2, LIMITS) as (hub, (silent, subscribed), clients):
            hub.subscribe(clients[1], ["events"])
            hub.publish([lap("a")])
            await until(lambda: any("heartbeat" in message for message in subscribed.got))
            assert subscribed.laps == ["a"]
            assert silent.got == []

    run(scenario())


def test_the_first_subscription_is_greeted_and_begins_with_a_snapshot() -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.publish([lap("before")])
            hub.subscribe(client, ["events"])
            hub.publish([lap("after")])
            await until(lambda: len(screen.got) == 3)
            now = "1970-01-01T00:00:01.000Z"
            assert screen.got == [
                {"hello": {"protocol": 2, "build": "7", "epoch": hub.epoch, "server_time": now}},
                {"view": "events", "seq": 1, "snapshot": {"server_time": now}},
                {"view": "events", "seq": 2, "event": "lap_official", "data": {"id": "after"}},
            ]
            hub.subscribe(client, ["events"])
            assert [list(message) for message in screen.got[3:]] == [["view", "seq", "snapshot"]]

    run(scenario())


def test_every_screen_learns_once_that_nothing_can_be_stored_and_that_it_can_again() -> None:
    async def scenario() -> None:
        async with hub_with(3) as (hub, (early, late, silent), clients):
            hub.subscribe(clients[0], [])
            for trouble in (None, "full", "full"):
                hub.report_storage(trouble)
            hub.subscribe(clients[1], [])
            hub.report_storage(None)
            full, ended = {"storage": {"trouble": "full"}}, {"storage": {"trouble": None}}
            await until(lambda: ended in early.got and ended in late.got)
            assert [full, ended] == early.got[1:]
            assert [full, ended] == late.got[1:]
            assert [] == silent.got

    run(scenario())


def test_a_subscription_replaces_the_previous_one() -> None:
    async def scenario() -> None:
        async with hub_with(2) as (hub, (unsubscribed, subscribed), clients):
            for client in clients:
                hub.subscribe(client, ["events"])
            hub.subscribe(clients[0], [])
            hub.publish([lap("a")])
            await until(lambda: subscribed.laps == ["a"])
            assert unsubscribed.laps == []

    run(scenario())


def test_queued_events_are_sent_one_by_one_while_they_are_remembered() -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            screen.accept(0)
            hub.publish([lap(str(number)) for number in range(4)])
            await until(lambda: not client.is_due)
            assert screen.laps == []
            screen.accept(None)
            assert screen.laps == ["0", "1", "2", "3"]
            assert client.skipped == 0

    run(scenario())


def test_the_events_of_several_full_commits_reach_a_screen_that_reads() -> None:
    async def scenario() -> None:
        async with hub_with(1, HubLimits()) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            screen.accept(0)
            for commit in range(4):
                hub.publish([lap(str(commit * 500 + number)) for number in range(500)])
            await until(lambda: not client.is_due)
            screen.accept(None)
            assert screen.laps == [str(number) for number in range(2000)]
            assert client.skipped == 0

    run(scenario())


def test_a_screen_that_is_too_slow_gets_a_snapshot_in_place_of_the_events_that_it_missed() -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            screen.accept(0)
            hub.publish([lap(str(number)) for number in range(5)])
            await until(lambda: not client.is_due)
            screen.accept(None)
            expected = {"view": "events", "seq": 5, "snapshot": {"server_time": "1970-01-01T00:00:01.000Z"}}
            assert screen.got[2:] == [expected]
            assert client.skipped == 4

    run(scenario())


def test_events_resume_where_a_screen_was() -> None:
    async def scenario() -> None:
        async with hub_with(2) as (hub, (first, reconnected), clients):
            hub.subscribe(clients[0], ["events"])
            hub.publish([lap("a"), lap("b")])
            hub.subscribe(clients[1], ["events"], {"events": Position(hub.epoch, 1)})
            assert reconnected.laps == ["b"]
            hub.subscribe(clients[1], ["events"], {"events": Position("other", 1)})
            assert "snapshot" in reconnected.got[-1]
            await until(lambda: first.laps == ["a", "b"])

    run(scenario())


def test_an_event_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="lap_guessed"):
        Hub(clock=ServerClock().now).publish([Announcement("lap_guessed", {})])


def test_another_thread_may_publish_and_the_order_stays() -> None:
    async def scenario() -> None:
        async with hub_with(1, HubLimits()) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])

            def commit() -> None:
                for number in range(200):
                    hub.publish_threadsafe([lap(str(number))])

            writer = threading.Thread(target=commit)
            writer.start()
            await until(lambda: len(screen.laps) == 200)
            writer.join()
            assert screen.laps == [str(number) for number in range(200)]
            assert [message["seq"] for message in screen.got if "event" in message] == list(range(1, 201))

    run(scenario())


def test_publishing_before_and_after_the_hub_runs_does_nothing() -> None:
    hub = Hub(clock=ServerClock().now)
    hub.publish_threadsafe([lap("early")])
    hub.notify_unsubscribed(["{}"])

    async def scenario() -> None:
        async with hub.running():
            pass

    run(scenario())
    hub.publish_threadsafe([lap("late")])
    assert hub.client_count == 0


# Row views ---------------------------------------------------------------------------------------------


def test_rows_are_sent_as_a_snapshot_and_then_as_changes() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(1, QUIET, board) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["board"])
            assert shown(screen) == {"a": ["a", 1, 80_000]}
            board.set(79_000)
            await until(lambda: len(screen.got) == 3)
            assert screen.got[2] == {"view": "board", "seq": 2, "rows": {"a": {"2": 79_000}}}

    run(scenario())


def test_a_view_is_refreshed_only_while_a_screen_follows_it() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, QUIET, board) as (hub, _screens, clients):
            await asyncio.sleep(5 * PERIOD_S)
            assert (board.refreshed, board.watched) == (0, 0)
            for client in clients:
                hub.subscribe(client, ["board"])
            assert board.watched == 1
            hub.disconnect(clients[0])
            assert board.watched == 1
            hub.subscribe(clients[1], ["events"])
            refreshed = board.refreshed
            await asyncio.sleep(5 * PERIOD_S)
            assert (board.refreshed, board.watched) == (refreshed, 0)

    run(scenario())


def test_a_slow_screen_gets_what_it_missed_as_one_message_with_the_newest_values() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, QUIET, board) as (hub, (slow, quick), clients):
            for client in clients:
                hub.subscribe(client, ["board"])
            slow.accept(0)
            for lap_ms in (3, 2, 1):
                board.set(lap_ms)
                await until(lambda wanted=lap_ms: shown(quick)["a"][2] == wanted)  # type: ignore[misc]
            slow.accept(None)
            assert slow.got[2:] == [{"view": "board", "seq": 4, "since": 1, "rows": {"a": {"2": 1}}}]
            assert [client.skipped for client in clients] == [2, 0]
            assert received(slow).lost == received(quick).lost == 0

    run(scenario())


def test_a_screen_that_missed_more_than_is_remembered_gets_a_snapshot() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, QUIET, board) as (hub, (slow, quick), clients):
            for client in clients:
                hub.subscribe(client, ["board"])
            slow.accept(0)
            for lap_ms in range(6):
                board.set(lap_ms)
                await until(lambda wanted=lap_ms: shown(quick)["a"][2] == wanted)  # type: ignore[misc]
            slow.accept(None)
            assert "snapshot" in slow.got[2]
            assert shown(slow) == shown(quick)

    run(scenario())


def test_a_screen_that_reconnects_resumes_where_it_was() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, QUIET, board) as (hub, (first, reconnected), clients):
            hub.subscribe(clients[0], ["board"])
            view = received(first).views["board"]
            position = Position(view["epoch"], view["seq"])
            hub.disconnect(clients[0])
            board.set(2)
            hub.subscribe(clients[1], ["board"], {"board": position})
            # If its period has not ended yet, the view is looked at again a little later.
            await until(lambda: "rows" in reconnected.got[-1])
            assert reconnected.got[-1] == {"view": "board", "seq": 2, "rows": {"a": {"2": 2}}}

    run(scenario())


def test_a_screen_that_reconnects_and_missed_nothing_gets_a_heartbeat() -> None:
    async def scenario() -> None:
        async with hub_with(2) as (hub, (first, reconnected), clients):
            hub.subscribe(clients[0], ["board"])
            view = received(first).views["board"]
            hub.subscribe(clients[1], ["board"], {"board": Position(view["epoch"], view["seq"])})
            assert [(message["view"], message["seq"]) for message in reconnected.got[1:]] == [("board", 1)]
            assert "heartbeat" in reconnected.got[1]

    run(scenario())


@pytest.mark.parametrize("position", [Position("epoch before the restart", 1), Position("", 99)])
def test_an_outdated_position_is_answered_with_a_snapshot(position: Position) -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["board"], {"board": position})
            assert "snapshot" in screen.got[1]

    run(scenario())


def test_a_position_in_a_closed_view_is_not_valid_in_the_new_one() -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["tower:a"])
            before = received(screen).views["tower:a"]
            for number in range(100):
                hub.subscribe(client, [f"tower:r{number}"])
            hub.subscribe(client, ["tower:a"], {"tower:a": Position(before["epoch"], before["seq"])})
            assert "snapshot" in screen.got[-1]
            assert screen.got[-1]["epoch"] != before["epoch"]

    run(scenario())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), max_size=30))
@settings(max_examples=40)
def test_a_screen_ends_with_the_contents_of_its_views_however_slowly_it_receives(
    steps: list[tuple[int, int]],
) -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(1, QUIET, board) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["board", "tower:a", "events"])
            for action, number in steps:
                if action == 0:
                    board.shown = Contents({str(at): (at, number) for at in range(number)})
                    await asyncio.sleep(2 * PERIOD_S if number > 3 else 0)
                elif action == 1:
                    screen.accept(number)
                else:
                    hub.publish([lap(str(number))])
            screen.accept(None)
            expected = {id_: [id_, *row] for id_, row in board.shown.rows.items()}
            await until(lambda: shown(screen) == shown(screen, "tower:a") == expected)
            assert received(screen).lost == 0

    run(scenario())


def test_binary_frames_are_replaced_by_newer_ones() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, QUIET, board) as (hub, (slow, quick), clients):
            for client in clients:
                hub.subscribe(client, ["map:a"])
            assert quick.got[1]["snapshot"]["channel"] == 1
            slow.accept(0)
            for frame in (b"1", b"2", b"3"):
                board.frames.append(frame)
                await until(lambda wanted=frame: quick.binary[-1:] == [wanted])  # type: ignore[misc]
            slow.accept(None)
            assert (slow.binary, quick.binary) == ([b"3"], [b"1", b"2", b"3"])

    run(scenario())


def test_a_view_that_cannot_be_built_does_not_end_the_others(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(1, QUIET, board) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["board", "events"])
            board.shown = Contents({"a": (1,)})
            refreshed = board.refreshed
            await until(lambda: board.refreshed > refreshed + 3)
            hub.publish([lap("a")])
            board.set(5)
            await until(lambda: screen.laps == ["a"] and shown(screen)["a"][2] == 5)

    run(scenario())
    assert ["view board cannot be built"] == [record.message for record in caplog.records]


@pytest.mark.parametrize(
    "name", ["tower", "tower:", "tower:a b", "tower:" + "x" * 65, "board:x", "event", ""]
)
def test_an_unknown_view_is_refused_with_a_list_of_the_known_ones(name: str) -> None:
    async def scenario() -> None:
        async with hub_with(1) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events", name])
            _hello, refusal, snapshot = screen.got
            assert (refusal["error"]["view"], refusal["error"]["title"]) == (name, "View refused")
            assert refusal["error"]["detail"].endswith("events, board, tower:<rig>, map:<rig>.")
            assert snapshot["view"] == "events"
            assert client.state.views == ("events",)

    run(scenario())


def errors(screen: TestTransport) -> list[str]:
    """The views that a screen was refused."""
    return [message["error"]["view"] for message in screen.got if "error" in message]


def test_names_that_a_stranger_invents_take_no_view_from_anybody_else() -> None:
    async def scenario() -> None:
        limits = HubLimits(guessed=100, guessed_per_address=30, stall_s=30.0, heartbeat_s=30.0)
        async with hub_with(8, limits, knows_rig={"rig-1"}.__contains__) as (hub, screens, clients):
            for number, client in enumerate(clients[:-2]):
                client.address = f"10.0.0.{number // 2}"  # two screens at each address
                hub.subscribe(client, [f"tower:{number}-{name}" for name in range(40)])
            assert [len(client.state.views) for client in clients[:-2]] == [30, 0, 30, 0, 30, 0]
            hub.subscribe(clients[-2], [f"tower:waiting-{name}" for name in range(40)] + ["tower:rig-1"])
            assert clients[-2].state.views[-1] == "tower:rig-1"
            assert len(errors(screens[-2])) == 30
            hub.subscribe(clients[-1], ["tower:rig-1", "map:rig-1", "board"])
            assert clients[-1].state.views == ("tower:rig-1", "map:rig-1", "board")
            assert errors(screens[-1]) == []

    run(scenario())


def test_the_view_of_an_unknown_rig_is_forgotten_with_its_last_screen() -> None:
    async def scenario() -> None:
        limits = HubLimits(guessed=2, guessed_per_address=2, stall_s=30.0, heartbeat_s=30.0)
        async with hub_with(2, limits) as (hub, (first, second), clients):
            for round_ in range(100):
                hub.subscribe(clients[0], [f"tower:{round_}-a", f"tower:{round_}-b"])
            assert errors(first) == []
            hub.subscribe(clients[1], ["tower:mine"])
            assert errors(second) == ["tower:mine"]
            hub.disconnect(clients[0])
            hub.subscribe(clients[1], ["tower:mine"])
            assert errors(second) == ["tower:mine"]
            assert clients[1].state.views == ("tower:mine",)

    run(scenario())


def test_a_screen_may_wait_for_a_rig_that_is_switched_on_later() -> None:
    async def scenario() -> None:
        rigs: set[str] = set()
        limits = HubLimits(guessed=1, guessed_per_address=1, stall_s=30.0, heartbeat_s=30.0)
        async with hub_with(2, limits, knows_rig=rigs.__contains__) as (hub, screens, clients):
            hub.subscribe(clients[0], ["tower:late"])
            rigs.add("late")
            hub.subscribe(clients[1], ["tower:late", "tower:other"])
            assert [client.state.views for client in clients] == [("tower:late",), ("tower:late",)]
            assert errors(screens[1]) == ["tower:other"]

    run(scenario())


def test_a_screen_that_leaves_and_returns_does_not_make_a_view_refresh_more_often() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(1) as (hub, _screens, (client,)):
            hub.register(replace(kind("slow", board.build_source), period_s=3600.0))
            for _ in range(50):
                hub.subscribe(client, ["slow"])
                hub.subscribe(client, [])
            assert board.refreshed == 1

    run(scenario())


# Slow and stalled screens ------------------------------------------------------------------------------


def test_a_screen_that_receives_nothing_is_disconnected_and_the_others_are_not_affected() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(22, LIMITS, board) as (hub, screens, clients):
            for client in clients:
                hub.subscribe(client, ["board", "events"])
            for stalled in screens[:20]:
                stalled.accept(0)
            hub.publish([lap("a")])
            await until(lambda: all(client.is_stalled for client in clients[:20]))
            assert [screen.is_dropped for screen in screens] == [True] * 20 + [False] * 2
            assert all(client.ended.is_set() for client in clients[:20])
            assert hub.client_count == 2
            board.set(9)
            await until(lambda: all(shown(screen)["a"][2] == 9 for screen in screens[20:]))
            assert [screen.laps for screen in screens[20:]] == [["a"], ["a"]]

    run(scenario())


def test_a_screen_that_is_slow_but_receives_something_stays_connected() -> None:
    async def scenario() -> None:
        async with hub_with(1, LIMITS) as (hub, (screen,), (client,)):
            hub.subscribe(client, ["events"])
            for number in range(20):
                hub.publish([lap(str(number))])
                screen.accept(0)
                await asyncio.sleep(0.05)
            assert not client.is_stalled

    run(scenario())


def test_a_plain_transport_sends_one_message_at_a_time_and_is_disconnected_when_it_stalls() -> None:
    async def scenario() -> None:
        async with hub_with(1, LIMITS) as (hub, (healthy,), (other,)):
            got: list[bytes] = []
            may_send = asyncio.Event()
            may_send.set()

            async def send(wire: EncodedMessage) -> None:
                await may_send.wait()
                got.append(wire.payload)

            client = hub.connect(PlainTransport(send))
            hub.subscribe(client, ["events"])
            hub.subscribe(other, ["events"])
            await until(lambda: len(got) == 2)
            may_send.clear()
            hub.publish([lap("a"), lap("b")])
            await client.ended.wait()
            assert len(got) == 2
            assert healthy.laps == ["a", "b"]
            assert not other.is_stalled

    run(scenario())


def test_writing_to_many_screens_lets_the_loop_do_other_work_in_between() -> None:
    async def scenario() -> None:
        async with hub_with(0, HubLimits()) as (hub, _screens, _clients):
            screens = [TestTransport() for _ in range(450)]
            clients = [hub.connect(screen) for screen in screens]
            for client in clients:
                hub.subscribe(client, ["events"])
            hub.publish([lap("a")])
            counts = [0]
            while counts[-1] < 450:
                await asyncio.sleep(0)
                counts.append(sum(bool(screen.laps) for screen in screens))
            assert [200, 400, 450] == sorted(set(counts) - {0})
            for client in clients:
                hub.disconnect(client)

    run(scenario())


def test_heartbeats_carry_the_number_of_the_last_update_sent() -> None:
    async def scenario() -> None:
        board = Board()
        async with hub_with(2, LIMITS, board) as (hub, (slow, quick), clients):
            for client in clients:
                hub.subscribe(client, ["events", "board"])
            for lap_ms in range(12):
                slow.accept(lap_ms % 2)
                board.set(lap_ms)
                await asyncio.sleep(0.03)
            slow.accept(None)
            await until(lambda: any("heartbeat" in message for message in slow.got))
            assert sum("heartbeat" in message for message in quick.got) >= 4
            assert received(slow).lost == received(quick).lost == 0

    run(scenario())


# Connected screens -------------------------------------------------------------------------------------


def test_the_hub_is_full_for_all_or_for_one_address() -> None:
    async def scenario() -> None:
        async with hub_with(0, HubLimits(clients=3, per_address=2)) as (hub, _screens, _clients):
            clients = [hub.connect(TestTransport(), "a"), hub.connect(TestTransport(), "a")]
            assert (hub.is_full("a"), hub.is_full("b")) == (True, False)
            clients.append(hub.connect(TestTransport(), "b"))
            assert hub.is_full("b")
            for client in clients:
                hub.disconnect(client)
                hub.disconnect(client)
            assert (hub.is_full("a"), hub.client_count) == (False, 0)

    run(scenario())


def test_only_screens_that_never_subscribed_get_notifications() -> None:
    async def scenario() -> None:
        async with hub_with(2) as (hub, (silent, subscribed), clients):
            hub.subscribe(clients[1], [])
            await asyncio.to_thread(hub.notify_unsubscribed, ['{"type":"user_update"}', "{}"])
            await until(lambda: len(silent.got) == 2)
            assert silent.got == [{"type": "user_update"}, {}]
            assert [list(message) for message in subscribed.got] == [["hello"]]
            assert hub.screens()[0].id == clients[1].id

    run(scenario())


def test_the_hub_knows_whether_a_connection_never_subscribed() -> None:
    async def scenario() -> None:
        async with hub_with(3) as (hub, _, (first, second, third)):
            known = [hub.has_unsubscribed]
            hub.subscribe(first, [])
            hub.subscribe(first, [])
            hub.disconnect(first)
            known.append(hub.has_unsubscribed)
            hub.disconnect(second)
            hub.disconnect(second)
            known.append(hub.has_unsubscribed)
            hub.subscribe(third, [])
            known.append(hub.has_unsubscribed)
            assert [True, True, True, False] == known

    run(scenario())


def test_screens_are_listed_with_what_they_report_and_receive_commands() -> None:
    async def scenario() -> None:
        async with hub_with(2) as (hub, (screen, _silent), clients):
            hub.subscribe(clients[0], ["board"], screen=Screen(name="TV", page="/display", code="KXQT"))
            hub.subscribe(clients[0], ["events"])
            (state,) = hub.screens()
            assert (state.screen, state.address) == (
                Screen(name="TV", page="/display", code="KXQT"),
                "10.0.0.0",
            )
            assert (state.views, state.skipped, state.is_behind) == (("events",), 0, False)
            assert hub.command(state.id, "reload")
            assert screen.got[-1] == {"command": "reload"}
            assert not hub.command(clients[1].id, "reload")
            assert not hub.command("unknown", "reload")

    run(scenario())
