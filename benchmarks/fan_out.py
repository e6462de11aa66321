"""Measure the cost per delivered message: our fan-out, plain sends of uvicorn, and python-socketio.

Run ``python -m benchmarks.fan_out``. A message of 2 kB is sent 20 times a second; every contender encodes it
once each time. Ours is the real hub with a view of rows, and the real route under uvicorn. The others run
under the same uvicorn on the same event loop, without compression, which is cheapest for them. The cost is
the processor time of the server's process. The viewers are another process. Our fan-out is also measured with
10 to 2,000 viewers.
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
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import socketio  # type: ignore[import-untyped]
import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.viewers import Reception, Viewers, stamp
from f1timings.clock import ServerClock
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.web import socket as web_socket
from f1timings.web.serving.fan_out_protocol import FanOutProtocol

HZ: Final = 20
SIZE: Final = 2048
SECONDS: Final = 4.0
ROUNDS: Final = 3
VIEWERS: Final = 500
CURVE: Final = (10, 100, 500, 1000, 2000)
STALLED: Final = 20
READING: Final = 100
AIM_PLAIN, AIM_SOCKETIO, AIM_SHARE = 0.6, 8.0, 0.4
_PAD: Final = "x" * (SIZE - 80)

Tick = Callable[[], Awaitable[None]]


class Run(NamedTuple):
    """The result of one turn of a contender."""

    viewers: int
    reception: Reception
    cpu_s: float

    @property
    def cost_us(self) -> float:
        """Processor time per delivered message, in µs."""
        return self.cpu_s / self.reception.messages * 1e6

    @property
    def share(self) -> float:
        """Share of one core."""
        return self.cpu_s / SECONDS

    @property
    def delivered(self) -> float:
        """Share of the messages for all viewers that was delivered."""
        return self.reception.messages / (self.viewers * HZ * SECONDS)


# The contenders -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A server to measure.

    Attributes:
        app: the ASGI application.
        greeting: text that each viewer sends after it connects.
        path: path of the WebSocket.
        tick: called 20 times a second to send a message; None if the application does so itself.
        protocol: WebSocket protocol of uvicorn.
    """

    app: Any
    greeting: str
    path: str
    tick: Tick | None
    protocol: Any = "websockets-sansio"


def ours() -> Contender:
    """Build a server with our hub, which reads its view 20 times a second itself."""
    hub = Hub(clock=ServerClock().now)
    kind = RowViewKind(
        name="load",
        columns=columns("created | text | | moment, and padding"),
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
    return Contender(
        app=app,
        greeting='{"subscribe":["load"]}',
        path="/ws",
        tick=None,
        protocol=FanOutProtocol,
    )


def plain() -> Contender:
    """Build a server with uvicorn and Starlette in the usual way: one send after the other."""
    app, sockets = FastAPI(), set[WebSocket]()

    @app.websocket("/ws")
    async def subscribe(websocket: WebSocket) -> None:
        await websocket.accept()
        sockets.add(websocket)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await websocket.receive_text()
        sockets.discard(websocket)

    async def tick() -> None:
        text = _build_text()
        for websocket in tuple(sockets):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await websocket.send_text(text)

    return Contender(app=app, greeting="hello", path="/ws", tick=tick)


def with_socketio() -> Contender:
    """Build a server with python-socketio, which emits each message to all viewers."""
    server = socketio.AsyncServer(async_mode="asgi")

    async def tick() -> None:
        await server.emit("load", {"created": stamp() + _PAD})

    path = "/socket.io/?EIO=4&transport=websocket"
    return Contender(app=socketio.ASGIApp(server), greeting="40", path=path, tick=tick)


def _build_text() -> str:
    return json.dumps({"view": "load", "seq": 1, "rows": {"a": {"1": stamp() + _PAD}}})


def measure(build: Callable[[], Contender], viewers: int, stalled: int = 0) -> Run:
    """Measure one turn; ``stalled`` additional viewers never read."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(build(), viewers, stalled))


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
        arguments = (port, viewers, [contender.greeting])
        with Viewers(*arguments, path=contender.path, stalled=stalled) as screens:
            await asyncio.to_thread(screens.wait_until_connected)
            ticking = asyncio.create_task(_tick(contender.tick)) if contender.tick else None
            gc.collect()
            await asyncio.to_thread(screens.begin, SECONDS)
            cpu_before = time.process_time()
            reception = await asyncio.to_thread(screens.result)
            cpu_s = time.process_time() - cpu_before
            if ticking is not None:
                ticking.cancel()
        server.should_exit = True
        await serving_task
    return Run(viewers, reception, cpu_s)


async def _tick(tick: Tick) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        await tick()
        due = max(due + 1 / HZ, loop.time())
        await asyncio.sleep(due - loop.time())


def main() -> None:
    """Print the figures."""
    builders = {"ours": ours, "plain": plain, "socketio": with_socketio}
    results = measure_in_turns(
        {name: partial(measure, build, VIEWERS) for name, build in builders.items()}, ROUNDS
    )
    print(f"{SIZE} bytes at {HZ} Hz to {VIEWERS} viewers, {ROUNDS} rounds of {SECONDS:g} s")
    for name, runs in results.items():
        print(f"  {name:8} {_format_runs(runs)}")
    costs = {name: [run.cost_us for run in runs] for name, runs in results.items()}
    print(
        f"  ours to uvicorn's plain sends {Spread.of_ratios(costs['ours'], costs['plain']):.2f} "
        f"(aim: {AIM_PLAIN:g} at most); python-socketio to ours "
        f"{Spread.of_ratios(costs['socketio'], costs['ours']):.1f} (aim: {AIM_SOCKETIO:g} at least)"
    )
    print("ours with more viewers")
    for viewers in CURVE:
        runs = [measure(ours, viewers) for _ in range(ROUNDS)]
        aim = f" (aim at 1000: {AIM_SHARE:.0%} of a core)" if viewers == 1000 else ""
        print(f"  {viewers:4} viewers {_format_runs(runs)}{aim}")
    print(f"{READING} viewers, alone and with {STALLED} that never read")
    turns = {"alone": partial(measure, ours, READING)}
    turns["stalled"] = partial(measure, ours, READING, STALLED)
    for name, runs in measure_in_turns(turns, ROUNDS).items():
        print(f"  {name:7} {_format_runs(runs)}")


def _format_runs(runs: list[Run]) -> str:
    return (
        f"{Spread.of(run.cost_us for run in runs):5.1f} µs per message, "
        f"{Spread.of(run.share for run in runs):.0%} of a core, "
        f"{Spread.of(run.delivered for run in runs):.0%} delivered, "
        f"p50 {Spread.of(run.reception.age(0.5) for run in runs):.1f} ms, "
        f"p99 {Spread.of(run.reception.age(0.99) for run in runs):.1f} ms"
    )


if __name__ == "__main__":
    main()
