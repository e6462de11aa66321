"""What a delivered message costs: our fan-out, uvicorn's own sends, python-socketio; and 10 to 2,000 viewers.

Run ``python -m benchmarks.fan_out``. A message of 2 kB goes out 20 times a second and is encoded once each
time by all contenders. Ours is the real hub with a view of rows, and the real route under uvicorn. The others
run under the same uvicorn on the same loop, without compression, which is the cheapest way for them. The cost
is the processor time of the server's process; the viewers are another process.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, NamedTuple

import socketio  # type: ignore[import-untyped]
import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from benchmarks.measuring import Spread, in_turns
from benchmarks.viewers import Heard, Viewers, stamp
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.web import socket as web_socket
from f1timings.web.http import serving

HZ: Final = 20
SIZE: Final = 2048
SECONDS: Final = 4.0
ROUNDS: Final = 3
VIEWERS: Final = 500
CURVE: Final = (10, 100, 500, 1000, 2000)
STALLED: Final = 20
BESIDE_STALLED: Final = 100
AIM_PLAIN, AIM_SOCKETIO, AIM_SHARE = 0.6, 8.0, 0.4
_PAD: Final = "x" * (SIZE - 80)

Tick = Callable[[], Awaitable[None]]


class Run(NamedTuple):
    """One turn of one contender."""

    viewers: int
    heard: Heard
    cpu_s: float

    @property
    def cost_us(self) -> float:
        """Processor time a delivered message, µs."""
        return self.cpu_s / self.heard.messages * 1e6

    @property
    def share(self) -> float:
        """Of one core."""
        return self.cpu_s / SECONDS

    @property
    def delivered(self) -> float:
        """Of the messages that all viewers should have got."""
        return self.heard.messages / (self.viewers * HZ * SECONDS)


# The contenders: an application, what its viewers say, where, and what happens 20 times a second ------------


class Contender(NamedTuple):
    """A server to measure."""

    app: Any
    says: str
    path: str
    tick: Tick | None
    protocol: Any = "websockets-sansio"


def ours() -> Contender:
    """The hub looks at its view 20 times a second by itself."""
    hub = Hub()
    kind = RowViewKind(
        name="load",
        columns=columns("made | text | | when, and padding"),
        facts=(),
        build_source=lambda _argument: RowSource(contents=lambda: Contents({"a": (stamp() + _PAD,)})),
        period_s=1 / HZ,
    )
    hub.register(kind)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with hub.running():
            yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(web_socket.routes(hub))
    return Contender(app, '{"subscribe":["load"]}', "/ws", None, serving.FanOutProtocol)


def plain() -> Contender:
    """uvicorn and Starlette as everybody uses them: one send after the other."""
    app, sockets = FastAPI(), set[WebSocket]()

    @app.websocket("/ws")
    async def follow(websocket: WebSocket) -> None:
        await websocket.accept()
        sockets.add(websocket)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await websocket.receive_text()
        sockets.discard(websocket)

    async def tick() -> None:
        text = _text()
        for websocket in tuple(sockets):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await websocket.send_text(text)

    return Contender(app, "hello", "/ws", tick)


def with_socketio() -> Contender:
    """python-socketio's own way to tell all."""
    server = socketio.AsyncServer(async_mode="asgi")

    async def tick() -> None:
        await server.emit("load", {"made": stamp() + _PAD})

    path = "/socket.io/?EIO=4&transport=websocket"
    return Contender(socketio.ASGIApp(server), "40", path, tick)


def _text() -> str:
    return json.dumps({"view": "load", "seq": 1, "rows": {"a": {"1": stamp() + _PAD}}})


def measure(make: Callable[[], Contender], viewers: int, stalled: int = 0) -> Run:
    """One turn."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(make(), viewers, stalled))


async def _measure(contender: Contender, viewers: int, stalled: int) -> Run:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            contender.app, log_config=None, ws=contender.protocol, ws_per_message_deflate=False, backlog=4096
        )
        server = uvicorn.Server(config)
        serving_task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        port = listening.getsockname()[1]
        arguments = (port, viewers, [contender.says])
        with Viewers(*arguments, path=contender.path, stalled=stalled) as screens:
            await asyncio.to_thread(screens.connected)
            ticking = asyncio.create_task(_tick(contender.tick)) if contender.tick else None
            gc.collect()
            await asyncio.to_thread(screens.take, SECONDS)
            cpu = time.process_time()
            heard = await asyncio.to_thread(screens.heard)
            spent = time.process_time() - cpu
            if ticking is not None:
                ticking.cancel()
        server.should_exit = True
        await serving_task
    return Run(viewers, heard, spent)


async def _tick(tick: Tick) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        await tick()
        due = max(due + 1 / HZ, loop.time())
        await asyncio.sleep(due - loop.time())


def main() -> None:
    """Print the figures."""
    makes = {"ours": ours, "plain": plain, "socketio": with_socketio}
    found = in_turns({name: partial(measure, make, VIEWERS) for name, make in makes.items()}, ROUNDS)
    print(f"{SIZE} bytes at {HZ} Hz to {VIEWERS} viewers, {ROUNDS} rounds of {SECONDS:g} s")
    for name, runs in found.items():
        print(f"  {name:8} {_said(runs)}")
    costs = {name: [run.cost_us for run in runs] for name, runs in found.items()}
    print(
        f"  ours to uvicorn's plain sends {Spread.of_ratios(costs['ours'], costs['plain']):.2f} "
        f"(aim: {AIM_PLAIN:g} at most); python-socketio to ours "
        f"{Spread.of_ratios(costs['socketio'], costs['ours']):.1f} (aim: {AIM_SOCKETIO:g} at least)"
    )
    print("the curve of ours")
    for viewers in CURVE:
        runs = [measure(ours, viewers) for _ in range(ROUNDS)]
        aim = f" (aim at 1000: {AIM_SHARE:.0%} of a core)" if viewers == 1000 else ""
        print(f"  {viewers:4} viewers {_said(runs)}{aim}")
    print(f"{BESIDE_STALLED} viewers, alone and beside {STALLED} that take nothing")
    turns = {"alone": partial(measure, ours, BESIDE_STALLED)}
    turns["beside"] = partial(measure, ours, BESIDE_STALLED, STALLED)
    for name, runs in in_turns(turns, ROUNDS).items():
        print(f"  {name:6} {_said(runs)}")


def _said(runs: list[Run]) -> str:
    return (
        f"{Spread.of(run.cost_us for run in runs):5.1f} µs a message, "
        f"{Spread.of(run.share for run in runs):.0%} of a core, "
        f"{Spread.of(run.delivered for run in runs):.0%} delivered, "
        f"p50 {Spread.of(run.heard.age(0.5) for run in runs):.1f} ms, "
        f"p99 {Spread.of(run.heard.age(0.99) for run in runs):.1f} ms"
    )


if __name__ == "__main__":
    main()
