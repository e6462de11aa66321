"""Measure the whole server with 64 rigs: cost per datagram, compared with bare receive loops, and loss.

Run ``python -m benchmarks.pipeline_cost``. The contenders take turns and receive the same datagrams on
loopback, at the pace of the games.

* The server is the real one (uvloop, captures, lap logic, SQLite with full synchronisation, announcements),
  but no page is open. Its sessions are opened before the measurement.
* The bare loop is a blocking ``recv_into`` that only counts.
* The bare asyncio program is an endpoint of the standard library whose protocol only counts.

If the server lost no datagram and its laps are not the driven laps, the benchmark fails.
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
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import uvloop
from fastapi import FastAPI

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.server_process import free_port
from benchmarks.traffic import STOP, Laps, Plan, Sender, SendResult, parse_listed_laps
from f1timings.app import create_app
from f1timings.config import load_settings
from f1timings.intake.receive_buffer import RECEIVE_BUFFER_BYTES

RIGS: Final = 64
OPENING_S: Final = 2.0
MEASURED_S: Final = 10.0
BARE_S: Final = 3.0
ROUNDS: Final = 3
AIM: Final = 3.0
# Names of the server's threads, and their names in the figures.
_THREADS: Final = {"MainThread": "event loop", "recorder": "capture", "store-writer": "database"}
_TIMEOUT_S: Final = 30
# The recorder writes every 0.25 s, the store immediately.
_SETTLED_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of one turn of a contender.

    Attributes:
        received: how many of ``sent.datagrams`` were received.
        cpu_s: processor time of the whole process with all its threads.
        thread_cpu_s: processor time of single threads, by name.
    """

    sent: SendResult
    received: int
    cpu_s: float
    thread_cpu_s: dict[str, float]

    @property
    def cost_us(self) -> float:
        """Processor time per datagram, in µs."""
        return self.cpu_s / self.received * 1e6

    @property
    def share(self) -> float:
        """Share of one core while the datagrams were sent."""
        return self.cpu_s / self.sent.seconds

    @property
    def lost(self) -> int:
        """Datagrams that were sent and not received."""
        return self.sent.datagrams - self.received


def receive_bare(sender: Sender) -> Run:
    """Measure a blocking loop that only receives."""
    buffer = bytearray(65_536)
    with _open_socket() as listening:
        # A timeout in the kernel: a timeout of Python would cost one system call per datagram.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _TIMEOUT_S, 0))
        received, start = 0, time.process_time()
        sender.begin(
            listening.getsockname()[1], since_s=OPENING_S, until_s=OPENING_S + BARE_S, sends_stop=True
        )
        while listening.recv_into(buffer) != len(STOP):
            received += 1
        cpu_s = time.process_time() - start
    return Run(sent=sender.wait(), received=received, cpu_s=cpu_s, thread_cpu_s={})


class _Counter(asyncio.DatagramProtocol):
    """A protocol that only counts datagrams."""

    def __init__(self) -> None:
        self.received = 0

    def datagram_received(self, _data: bytes, _source: object) -> None:
        self.received += 1


def receive_asyncio(sender: Sender) -> Run:
    """Measure the event loop of the standard library with an endpoint that only counts."""

    async def count() -> Run:
        loop = asyncio.get_running_loop()
        with _open_socket() as listening:
            transport, protocol = await loop.create_datagram_endpoint(_Counter, sock=listening)
            cpu_s = time.process_time()
            sent = await _send(sender, listening.getsockname()[1], OPENING_S, OPENING_S + BARE_S)
            cpu_s = time.process_time() - cpu_s
            transport.close()
        return Run(sent=sent, received=protocol.received, cpu_s=cpu_s, thread_cpu_s={})

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(count())


def _open_socket() -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    listening.bind(("127.0.0.1", 0))
    return listening


def receive_whole(sender: Sender) -> Run:
    """Measure the whole server.

    Raises:
        ValueError: the server lost no datagram, but its laps are not the driven laps.
    """
    gc.collect()  # this turn must not pay for collecting the server of the previous turn
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_serve(Path(folder), sender))


async def _serve(folder: Path, sender: Sender) -> Run:
    port = free_port(socket.SOCK_DGRAM)
    app = create_app(load_settings(data_dir=folder, udp_host="127.0.0.1", udp_port=port))
    async with app.router.lifespan_context(app):
        opening = await _send(sender, port, 0.0, OPENING_S)
        cpu_before, threads_before = time.process_time(), _thread_cpu()
        sent = await _send(sender, port, OPENING_S, OPENING_S + MEASURED_S)
        cpu_s, threads_after = time.process_time() - cpu_before, _thread_cpu()
        total, laps = await _read_results(app)
    received = total - opening.datagrams
    if received == sent.datagrams:
        sender.driven.check(laps)
    thread_cpu_s = {name: threads_after[name] - before for name, before in threads_before.items()}
    return Run(sent=sent, received=received, cpu_s=cpu_s, thread_cpu_s=thread_cpu_s)


async def _send(sender: Sender, port: int, since_s: float, until_s: float) -> SendResult:
    sender.begin(port, since_s=since_s, until_s=until_s)
    sent = await asyncio.to_thread(sender.wait)
    await asyncio.sleep(_SETTLED_S)
    return sent


def _thread_cpu() -> dict[str, float]:
    """Return the processor time of the server's threads until now, in seconds."""
    return {
        _THREADS[thread.name]: time.clock_gettime(time.pthread_getcpuclockid(thread.ident))
        for thread in threading.enumerate()
        if thread.name in _THREADS and thread.ident is not None
    }


async def _read_results(app: FastAPI) -> tuple[int, Laps]:
    """Read the number of received datagrams and the official laps from the API."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        rigs = await _read_all(client, "/api/v1/rigs")
        laps = await _read_all(client, "/api/v1/laps")
    return sum(rig["datagrams"] for rig in rigs), parse_listed_laps(laps)


async def _read_all(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    query: dict[str, str | int] = {"limit": 1000}
    while True:
        page = (await client.get(path, params=query)).raise_for_status().json()
        items += page["items"]
        if page["next"] is None:
            return items
        query["cursor"] = page["next"]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hide the log messages of the server."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def measure(rounds: int = ROUNDS) -> dict[str, list[Run]]:
    """Return the turns of ``bare``, ``asyncio`` and ``whole``."""
    contenders = {"bare": receive_bare, "asyncio": receive_asyncio, "whole": receive_whole}
    with Sender(Plan(RIGS, OPENING_S + MEASURED_S)) as sender, _quiet():
        return measure_in_turns(
            {name: partial(receive, sender) for name, receive in contenders.items()}, rounds
        )


def main() -> None:
    """Print the figures."""
    results = measure()
    whole, sends = results["whole"], [run.sent for run in results["whole"]]
    costs = {name: [run.cost_us for run in runs] for name, runs in results.items()}
    print(
        f"{RIGS} rigs, {Spread.of(send.datagrams / send.seconds for send in sends):.0f} datagrams/s for "
        f"{MEASURED_S:g} s, {ROUNDS} rounds; the sender uses "
        f"{Spread.of(send.cpu_s / send.seconds for send in sends):.0%} of a core"
    )
    for name, title in (("bare", "bare loop"), ("asyncio", "bare asyncio"), ("whole", "whole server")):
        lost = sum(run.lost for run in results[name])
        print(f"  {title:12} {Spread.of(costs[name]):.2f} µs per datagram; lost {lost}")
    for name in _THREADS.values():
        part = Spread.of(run.thread_cpu_s[name] / run.received * 1e6 for run in whole)
        print(f"    {name:10} {part:.2f} µs")
    print(
        f"  ratio to the bare loop {Spread.of_ratios(costs['whole'], costs['bare']):.1f} (aim: at most "
        f"{AIM:g}), to the bare asyncio program {Spread.of_ratios(costs['whole'], costs['asyncio']):.1f}\n"
        f"  load         {Spread.of(run.share for run in whole):.0%} of one core; lost "
        f"{sum(run.lost for run in whole)} of {sum(send.datagrams for send in sends)} (aim: 0)"
    )


if __name__ == "__main__":
    main()
