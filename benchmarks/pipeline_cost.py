"""The whole server under 64 rigs: what a datagram costs beside a bare receive loop, and how many are lost.

Run ``python -m benchmarks.pipeline_cost``. All receive the same datagrams on loopback at the games' pace, in
turns. The server is the real one (uvloop, capture, lap logic, SQLite with full synchronisation,
announcements), except that no page is open; its sessions are opened before the clock starts. The bare loop is
a blocking ``recv_into`` that only counts. Between the two is the least that a program on asyncio does: an
endpoint of the standard library whose protocol only counts. What the server stored must be what was driven,
or there is no figure.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import uvloop
from fastapi import FastAPI

from benchmarks.measuring import Spread, in_turns
from benchmarks.traffic import STOP, Laps, Plan, Sender, Sent, laps_of
from f1timings.app import create_app
from f1timings.config import load_settings
from f1timings.intake.receive_buffer import RECEIVE_BUFFER_BYTES

RIGS: Final = 64
OPENING_S: Final = 2.0
MEASURED_S: Final = 10.0
BARE_S: Final = 3.0
ROUNDS: Final = 3
AIM: Final = 3.0
# Threads by the names that the server gives them, and how they are told here.
_THREADS: Final = {"MainThread": "event loop", "recorder": "capture", "store-writer": "database"}
_GIVE_UP_S: Final = 30
# The recorder writes every 0.25 s, the store at once.
_SETTLED_S: Final = 0.5


class Run(NamedTuple):
    """One contender's turn.

    Attributes:
        received: of ``sent.datagrams``.
        cpu_s: of the whole process, all its threads.
        thread_cpu_s: of some of them, by name.
    """

    sent: Sent
    received: int
    cpu_s: float
    thread_cpu_s: dict[str, float]

    @property
    def cost_us(self) -> float:
        """Processor time a datagram, µs."""
        return self.cpu_s / self.received * 1e6

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
    with _bound() as listening:
        # A limit kept by the kernel: Python's own would cost a system call a datagram.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _GIVE_UP_S, 0))
        received, begun = 0, time.process_time()
        sender.begin(
            listening.getsockname()[1], since_s=OPENING_S, until_s=OPENING_S + BARE_S, says_stop=True
        )
        while listening.recv_into(buffer) != len(STOP):
            received += 1
        cpu_s = time.process_time() - begun
    return Run(sender.sent(), received, cpu_s, {})


class _Counting(asyncio.DatagramProtocol):
    """Counts datagrams."""

    def __init__(self) -> None:
        self.received = 0

    def datagram_received(self, _data: bytes, _source: object) -> None:
        self.received += 1


def receive_asyncio(sender: Sender) -> Run:
    """The standard library's event loop with an endpoint that only counts."""

    async def count() -> Run:
        loop = asyncio.get_running_loop()
        with _bound() as listening:
            transport, protocol = await loop.create_datagram_endpoint(_Counting, sock=listening)
            cpu_s = time.process_time()
            sent = await _send(sender, listening.getsockname()[1], OPENING_S, OPENING_S + BARE_S)
            cpu_s = time.process_time() - cpu_s
            transport.close()
        return Run(sent, protocol.received, cpu_s, {})

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(count())


def _bound() -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    listening.bind(("127.0.0.1", 0))
    return listening


def receive_whole(sender: Sender) -> Run:
    """The server.

    Raises:
        ValueError: it lost nothing, and yet stored other laps than were driven.
    """
    gc.collect()  # the server of the turn before is not this one's to clear away
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_serve(Path(folder), sender))


async def _serve(folder: Path, sender: Sender) -> Run:
    port = _free_port()
    app = create_app(load_settings(data_dir=folder, udp_host="127.0.0.1", udp_port=port))
    async with app.router.lifespan_context(app):
        opening = await _send(sender, port, 0.0, OPENING_S)
        cpu, threads = time.process_time(), _thread_cpu()
        sent = await _send(sender, port, OPENING_S, OPENING_S + MEASURED_S)
        cpu, threads_now = time.process_time() - cpu, _thread_cpu()
        total, laps = await _told(app)
    received = total - opening.datagrams
    if received == sent.datagrams:
        sender.driven.check(laps)
    return Run(sent, received, cpu, {name: threads_now[name] - threads[name] for name in threads})


async def _send(sender: Sender, port: int, since_s: float, until_s: float) -> Sent:
    sender.begin(port, since_s=since_s, until_s=until_s)
    sent = await asyncio.to_thread(sender.sent)
    await asyncio.sleep(_SETTLED_S)
    return sent


def _thread_cpu() -> dict[str, float]:
    """Processor time of the server's threads so far, in seconds."""
    return {
        _THREADS[thread.name]: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.name in _THREADS and thread.ident is not None
    }


async def _told(app: FastAPI) -> tuple[int, Laps]:
    """How many datagrams came, and the official laps, as the API tells them."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        rigs = await _everything(client, "/api/v1/rigs")
        laps = await _everything(client, "/api/v1/laps")
    sessions = [{"rig": lap["rig"], "session_uid": lap["session_uid"], "laps": [lap]} for lap in laps]
    return sum(rig["datagrams"] for rig in rigs), laps_of(sessions)


async def _everything(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 1000}
    while True:
        page = (await client.get(path, params=query)).raise_for_status().json()
        items += page["items"]
        if page["next"] is None:
            return items
        query["cursor"] = page["next"]


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


def measure(rounds: int = ROUNDS) -> dict[str, list[Run]]:
    """The turns of ``bare``, ``asyncio`` and ``whole``."""
    contenders = {"bare": receive_bare, "asyncio": receive_asyncio, "whole": receive_whole}
    with Sender(Plan(RIGS, OPENING_S + MEASURED_S)) as sender, _quiet():
        return in_turns({name: partial(receive, sender) for name, receive in contenders.items()}, rounds)


def main() -> None:
    """Print the figures."""
    found = measure()
    whole, sent = found["whole"], [run.sent for run in found["whole"]]
    costs = {name: [run.cost_us for run in runs] for name, runs in found.items()}
    print(
        f"{RIGS} rigs, {Spread.of(one.datagrams / one.seconds for one in sent):.0f} datagrams/s for "
        f"{MEASURED_S:g} s, {ROUNDS} rounds; beside it the sender takes "
        f"{Spread.of(one.cpu_s / one.seconds for one in sent):.0%} of a core"
    )
    for name, title in (("bare", "bare loop"), ("asyncio", "bare asyncio"), ("whole", "whole server")):
        lost = sum(run.lost for run in found[name])
        print(f"  {title:12} {Spread.of(costs[name]):.2f} µs a datagram; lost {lost}")
    for name in _THREADS.values():
        part = Spread.of(run.thread_cpu_s[name] / run.received * 1e6 for run in whole)
        print(f"    {name:10} {part:.2f} µs")
    print(
        f"  whole to bare loop {Spread.of_ratios(costs['whole'], costs['bare']):.1f} (aim: {AIM:g} at most), "
        f"to bare asyncio {Spread.of_ratios(costs['whole'], costs['asyncio']):.1f}\n"
        f"  share        {Spread.of(run.share for run in whole):.0%} of one core; lost "
        f"{sum(run.lost for run in whole)} of {sum(one.datagrams for one in sent)} (aim: 0)"
    )


if __name__ == "__main__":
    main()
