"""The whole server under 64 rigs: what a datagram costs beside a bare receive loop, and how many are lost.

Run ``python -m benchmarks.pipeline_cost``. Both receive the same datagrams on loopback at the games' pace, in
turns. The server is the real one (uvloop, capture, lap logic, SQLite with full synchronisation, announcements)
except that no page is open. The bare loop is a blocking ``recv_into`` that only counts. What the server stored
must be what was driven, or there is no figure.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import uvloop
from fastapi import FastAPI

from benchmarks.measuring import Spread, in_turns
from benchmarks.traffic import STOP, Laps, Plan, Sender, Sent, laps_of
from f1timings.app import create_app
from f1timings.config import Settings
from f1timings.intake.udp import RECEIVE_BUFFER_BYTES

PLAN: Final = Plan(rigs=64, seconds=10.0)
ROUNDS: Final = 3
AIM: Final = 3.0
_GIVE_UP_S: Final = 30
# The recorder writes every 0.25 s, the store at once.
_SETTLED_S: Final = 0.5


class Run(NamedTuple):
    """One contender's turn.

    Attributes:
        received: of ``sent.datagrams``.
        cpu_s: of the whole process, all its threads.
        loop_cpu_s: of the thread that receives.
    """

    sent: Sent
    received: int
    cpu_s: float
    loop_cpu_s: float

    @property
    def cost_us(self) -> float:
        """Processor time a datagram, µs."""
        return self.cpu_s / self.received * 1e6

    @property
    def loop_cost_us(self) -> float:
        """The same of the receiving thread alone."""
        return self.loop_cpu_s / self.received * 1e6

    @property
    def share(self) -> float:
        """Of one core, while they were sent."""
        return self.cpu_s / self.sent.seconds

    @property
    def lost(self) -> int:
        """Datagrams that were sent and not received."""
        return self.sent.datagrams - self.received


def receive_bare(sender: Sender) -> Run:
    """A loop that only receives."""
    buffer = bytearray(65_536)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        # A limit kept by the kernel: Python's own would cost a system call a datagram.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _GIVE_UP_S, 0))
        listening.bind(("127.0.0.1", 0))
        received, begun = 0, time.process_time()
        sender.begin(listening.getsockname()[1], says_stop=True)
        while listening.recv_into(buffer) != len(STOP):
            received += 1
        cpu_s = time.process_time() - begun
    return Run(sender.sent(), received, cpu_s, cpu_s)


def receive_whole(sender: Sender) -> Run:
    """The server.

    Raises:
        ValueError: it lost nothing, and yet stored other laps than were driven.
    """
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(Path(folder), sender))


async def _serve(folder: Path, sender: Sender) -> Run:
    port = _free_port()
    app = create_app(Settings(data_dir=folder, udp_host="127.0.0.1", udp_port=port))
    async with app.router.lifespan_context(app):
        cpu, loop_cpu = time.process_time(), time.thread_time()
        sender.begin(port)
        sent = await asyncio.to_thread(sender.sent)
        await asyncio.sleep(_SETTLED_S)
        cpu, loop_cpu = time.process_time() - cpu, time.thread_time() - loop_cpu
        received, laps = await _told(app)
    if received == sent.datagrams and laps != sender.laps:
        raise ValueError(f"{_differing(laps, sender.laps)} of {len(sender.laps)} laps are not as they were driven")
    return Run(sent, received, cpu, loop_cpu)


async def _told(app: FastAPI) -> tuple[int, Laps]:
    """How many datagrams came, and the official laps, as the API tells them."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        rigs = (await client.get("/api/v1/rigs", params={"limit": 1000})).raise_for_status().json()["items"]
        laps: list[dict[str, object]] = []
        query: dict[str, str | int] = {"limit": 1000}
        while True:
            page = (await client.get("/api/v1/laps", params=query)).raise_for_status().json()
            laps += page["items"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
    sessions = [{"rig": lap["rig"], "session_uid": lap["session_uid"], "laps": [lap]} for lap in laps]
    return sum(rig["datagrams"] for rig in rigs), laps_of(sessions)


def _differing(found: Laps, driven: Laps) -> int:
    return sum(found.get(key) != driven.get(key) for key in found.keys() | driven.keys())


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the server's messages between the figures."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def measure(plan: Plan = PLAN, rounds: int = ROUNDS) -> dict[str, list[Run]]:
    """The turns of ``bare`` and ``whole``."""
    with Sender(plan) as sender, _quiet():
        return in_turns(
            {"bare": partial(receive_bare, sender), "whole": partial(receive_whole, sender)}, rounds
        )


def main() -> None:
    """Print the figures."""
    found = measure()
    bare, whole = found["bare"], found["whole"]
    costs = {name: [run.cost_us for run in runs] for name, runs in found.items()}
    sent = [run.sent for run in whole]
    print(
        f"{PLAN.rigs} rigs, {Spread.of(one.datagrams / one.seconds for one in sent):.0f} datagrams/s for "
        f"{Spread.of(one.seconds for one in sent):.1f} s, {ROUNDS} rounds; the sender takes "
        f"{Spread.of(one.cpu_s / one.seconds for one in sent):.0%} of a core beside it\n"
        f"  bare loop    {Spread.of(costs['bare']):.2f} µs a datagram, lost {sum(run.lost for run in bare)}\n"
        f"  whole server {Spread.of(costs['whole']):.2f} µs a datagram, of which the event loop "
        f"{Spread.of(run.loop_cost_us for run in whole):.2f} µs\n"
        f"  ratio        {Spread.of_ratios(costs['whole'], costs['bare']):.2f} (aim: {AIM:g} at most)\n"
        f"  share        {Spread.of(run.share for run in whole):.0%} of one core; lost "
        f"{sum(run.lost for run in whole)} of {sum(one.datagrams for one in sent)} (aim: 0)"
    )


if __name__ == "__main__":
    main()
