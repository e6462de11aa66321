"""Measure the latency of live views: the whole server with 16 rigs and 100 viewers.

Run ``python -m benchmarks.live_latency``. Every viewer subscribes to the tower and the map of one rig, and to
a view whose row contains the moment at which the server read it, 8 times a second. At the same time, another
process sleeps for one millisecond again and again: its delays show the stalls of the machine itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import uvicorn
import uvloop

from benchmarks.measuring import Spread, describe_stalls, measure_in_turns
from benchmarks.server_process import free_port
from benchmarks.traffic import Plan, Sender, SendResult, rig_address
from benchmarks.viewers import Reception, StallWatch, Viewers, stamp
from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.web.serving import uvicorn_settings

RIGS: Final = 16
VIEWERS: Final = 100
SECONDS: Final = 8.0
ROUNDS: Final = 3
_PERIOD_S: Final = 0.125
_OPENING_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of one turn.

    Attributes:
        reception: what the viewers received.
        stalls_ms: delays of a process that sleeps for one millisecond each time, sorted.
        share: share of one core that the server used.
        lost: datagrams that were sent and not received.
        sent: what the rigs sent.
    """

    reception: Reception
    stalls_ms: list[float]
    share: float
    lost: int
    sent: SendResult


def measure(sender: Sender, rigs: int) -> Run:
    """Measure one turn."""
    logging.disable(logging.CRITICAL)
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measure(sender, rigs, Path(folder)))


async def _measure(sender: Sender, rigs: int, folder: Path) -> Run:
    udp_port = free_port(socket.SOCK_DGRAM)
    settings = load_settings(data_dir=folder, udp_host="127.0.0.1", udp_port=udp_port, port=0)
    application = Application(settings)
    probe = RowViewKind(
        name="probe",
        columns=columns("created | text | | moment"),
        facts=(),
        build_source=lambda _argument: RowSource(contents=lambda: Contents({"a": (stamp(),)})),
        period_s=_PERIOD_S,
    )
    application.hub.register(probe)
    server = uvicorn.Server(uvicorn_settings.settings(application.web, "127.0.0.1", 0))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    greetings = [_subscription(rig_address(rig)) for rig in range(rigs)]
    with Viewers(port, VIEWERS, greetings) as viewers:
        await asyncio.to_thread(viewers.wait_until_connected)
        stall_watch = await asyncio.to_thread(StallWatch)
        sender.begin(udp_port)
        await asyncio.sleep(_OPENING_S)
        await asyncio.to_thread(viewers.begin, SECONDS)
        cpu = time.process_time()
        reception = await asyncio.to_thread(viewers.result)
        share = (time.process_time() - cpu) / SECONDS
        stalls_ms = await asyncio.to_thread(stall_watch.stop)
        sent = await asyncio.to_thread(sender.wait)
        await asyncio.sleep(_OPENING_S / 2)
        received = await asyncio.to_thread(_count_received, port)
    server.should_exit = True
    await running
    return Run(
        reception=reception,
        stalls_ms=stalls_ms,
        share=share,
        lost=sent.datagrams - received,
        sent=sent,
    )


def _count_received(port: int) -> int:
    rigs = httpx.get(f"http://127.0.0.1:{port}/api/v1/rigs?limit=1000", trust_env=False).json()["items"]
    return sum(rig["datagrams"] for rig in rigs)


def _subscription(rig: str) -> str:
    return json.dumps({"subscribe": ["probe", f"tower:{rig}", f"map:{rig}"]})


def main() -> None:
    """Print the figures."""
    with Sender(Plan(RIGS, SECONDS + 3.0)) as sender:
        runs = measure_in_turns({"16 rigs": partial(measure, sender, RIGS)}, ROUNDS)["16 rigs"]
    receptions = [run.reception for run in runs]
    print(
        f"{RIGS} rigs ({runs[0].sent.datagrams / runs[0].sent.seconds:.0f} datagrams/s), {VIEWERS} viewers "
        f"of tower and map, {ROUNDS} rounds of {SECONDS:g} s"
    )
    median, p99 = (Spread.of(reception.age(share) for reception in receptions) for share in (0.5, 0.99))
    print(f"  from the server's look to the viewer: median {median:.1f} ms, p99 {p99:.1f} ms")
    print(f"  {describe_stalls([run.stalls_ms for run in runs])}")
    rates = Spread.of(reception.received_bytes / SECONDS / 1000 / VIEWERS for reception in receptions)
    print(
        f"  server {Spread.of(run.share for run in runs):.0%} of a core, "
        f"{rates:.1f} kB/s per viewer, "
        f"{sum(run.lost for run in runs)} datagrams lost"
    )


if __name__ == "__main__":
    main()
