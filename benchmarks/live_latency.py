"""From the tick to the viewer's hands: the whole server with 16 rigs sending and 100 viewers following.

Run ``python -m benchmarks.live_latency``. Every viewer follows the tower and the map of one rig and, to be
timed by, one view more that shows the moment at which it was looked at, 8 times a second. Beside it stands
how long this machine lets a process wait that asks for nothing but to sleep for a millisecond, at that time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import uvicorn
import uvloop

from benchmarks.measuring import Spread, in_turns
from benchmarks.traffic import Plan, Sender, Sent, address_of
from benchmarks.viewers import Heard, Stalls, Viewers, stamp
from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.web.http import serving

RIGS: Final = 16
VIEWERS: Final = 100
SECONDS: Final = 8.0
ROUNDS: Final = 3
_PERIOD_S: Final = 0.125
_OPENING_S: Final = 1.0


class Run(NamedTuple):
    """One turn: what the viewers heard, the machine's stalls, the server's share of a core, and its loss."""

    heard: Heard
    stalls_ms: list[float]
    share: float
    lost: int
    sent: Sent


def measure(sender: Sender, rigs: int) -> Run:
    """One turn."""
    logging.disable(logging.CRITICAL)
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_measure(sender, rigs, Path(folder)))


async def _measure(sender: Sender, rigs: int, folder: Path) -> Run:
    udp_port = _free_udp_port()
    settings = load_settings(data_dir=folder, udp_host="127.0.0.1", udp_port=udp_port, port=0)
    application = Application(settings)
    probe = RowViewKind(
        name="probe",
        columns=columns("made | text | | when"),
        facts=(),
        build_source=lambda _argument: RowSource(contents=lambda: Contents({"a": (stamp(),)})),
        period_s=_PERIOD_S,
    )
    application.hub.register(probe)
    server = uvicorn.Server(serving.settings(application.web, "127.0.0.1", 0))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    says = [_follow(address_of(rig)) for rig in range(rigs)]
    with Viewers(port, VIEWERS, says) as viewers:
        await asyncio.to_thread(viewers.connected)
        stalls = await asyncio.to_thread(Stalls)
        sender.begin(udp_port)
        await asyncio.sleep(_OPENING_S)
        await asyncio.to_thread(viewers.take, SECONDS)
        cpu = time.process_time()
        heard = await asyncio.to_thread(viewers.heard)
        share = (time.process_time() - cpu) / SECONDS
        late = await asyncio.to_thread(stalls.ended)
        sent = await asyncio.to_thread(sender.sent)
        await asyncio.sleep(_OPENING_S / 2)
        received = await asyncio.to_thread(_received, port)
    server.should_exit = True
    await running
    return Run(heard, late, share, sent.datagrams - received, sent)


def _free_udp_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _received(port: int) -> int:
    rigs = httpx.get(f"http://127.0.0.1:{port}/api/v1/rigs?limit=1000", trust_env=False).json()["items"]
    return sum(rig["datagrams"] for rig in rigs)


def _follow(rig: str) -> str:
    return json.dumps({"subscribe": ["probe", f"tower:{rig}", f"map:{rig}"]})


def main() -> None:
    """Print the figures."""
    with Sender(Plan(RIGS, SECONDS + 3.0)) as sender:
        runs = in_turns({"16 rigs": partial(measure, sender, RIGS)}, ROUNDS)["16 rigs"]
    heard = [run.heard for run in runs]
    print(
        f"{RIGS} rigs ({runs[0].sent.datagrams / runs[0].sent.seconds:.0f} datagrams/s), {VIEWERS} viewers "
        f"of tower and map, {ROUNDS} rounds of {SECONDS:g} s"
    )
    print(
        f"  tick to hand: median {Spread.of(one.age(0.5) for one in heard):.1f} ms, "
        f"p99 {Spread.of(one.age(0.99) for one in heard):.1f} ms"
    )
    for name, share in (("median", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
        print(
            f"  the machine's stalls, {name}: {Spread.of(_at(run.stalls_ms, share) for run in runs):.2f} ms"
        )
    print(
        f"  server {Spread.of(run.share for run in runs):.0%} of a core, "
        f"{Spread.of(one.received / SECONDS / 1000 / VIEWERS for one in heard):.1f} kB/s a viewer, "
        f"{sum(run.lost for run in runs)} datagrams lost"
    )


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
