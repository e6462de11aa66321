"""Measure the loss during stalls: 16 rigs send while the event loop blocks for 100 ms twice a second.

Run ``python -m benchmarks.stall``. The listener with the receive buffer that it requests takes turns with the
same listener on the system's default buffer. Both feed the lap logic. If no datagram was lost, its laps must
be the driven laps.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import uvloop

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.traffic import Plan, Sender, parse_laps
from f1timings.commands.capture_report import CaptureReport
from f1timings.intake.receive_buffer import RECEIVE_BUFFER_BYTES
from f1timings.intake.udp import UdpListener
from f1timings.pipeline import Pipeline
from f1timings.store import Stamped

RIGS: Final = 16
SECONDS: Final = 6.0
STALL_S: Final = 0.1
EVERY_S: Final = 0.5
ROUNDS: Final = 3
# No size is requested: the system's default stays.
_SYSTEM_DEFAULT: Final = 0
_SETTLED_S: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of one turn.

    Attributes:
        sent / received: number of datagrams.
        dropped: number of datagrams that the kernel dropped; None if the kernel does not report it.
        stalls: how often the loop was blocked.
        buffer_bytes: size of the receive buffer in use.
    """

    sent: int
    received: int
    dropped: int | None
    stalls: int
    buffer_bytes: int

    @property
    def lost(self) -> int:
        """Datagrams that were sent and not received."""
        return self.sent - self.received


def receive(sender: Sender, requested_bytes: int) -> Run:
    """Receive the traffic while the loop is blocked again and again."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_receive(sender, requested_bytes))


async def _receive(sender: Sender, requested_bytes: int) -> Run:
    report = CaptureReport()
    stalls: list[float] = []

    def handle_entries(entries: Sequence[Stamped]) -> None:
        report.handle_entries(entries)

    pipeline = Pipeline(handle_entries)

    def feed(data: bytes, address: str, port: int, received_at: float) -> None:
        pipeline.feed(data, address, port, listener.port, received_at)

    listener = UdpListener("127.0.0.1", 0, feed, receive_buffer_bytes=requested_bytes, clock=time.time)
    await listener.start()
    stalling = asyncio.create_task(_stall(stalls))
    sender.begin(listener.port)
    sent = await asyncio.to_thread(sender.wait)
    stalling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await stalling
    await asyncio.sleep(_SETTLED_S)
    run = Run(
        sent=sent.datagrams,
        received=listener.datagrams,
        dropped=listener.dropped_datagrams(),
        stalls=len(stalls),
        buffer_bytes=listener.receive_buffer_bytes,
    )
    await listener.close()
    if not run.lost:
        sender.driven.check(parse_laps(report.as_json()["sessions"]))
    return run


async def _stall(stalls: list[float]) -> None:
    while True:
        await asyncio.sleep(EVERY_S - STALL_S)
        time.sleep(STALL_S)  # blocks the loop
        stalls.append(STALL_S)


def measure(rounds: int = ROUNDS) -> dict[str, list[Run]]:
    """Return the turns of ``ours`` and ``system``."""
    buffers = {"ours": RECEIVE_BUFFER_BYTES, "system": _SYSTEM_DEFAULT}
    with Sender(Plan(RIGS, SECONDS)) as sender:
        return measure_in_turns(
            {name: partial(receive, sender, size) for name, size in buffers.items()}, rounds
        )


def main() -> None:
    """Print the figures."""
    results = measure()
    first = results["ours"][0]
    print(
        f"{RIGS} rigs, {first.sent} datagrams in {SECONDS:g} s, {first.stalls} stalls of "
        f"{STALL_S * 1000:g} ms, {ROUNDS} rounds"
    )
    for name, aim in (("ours", " (aim: 0)"), ("system", "")):
        runs = results[name]
        dropped = "unknown" if runs[0].dropped is None else sum(run.dropped or 0 for run in runs)
        print(
            f"  {name:6} buffer of {runs[0].buffer_bytes / 1024:.0f} KiB: lost "
            f"{Spread.of(run.lost / run.sent for run in runs):.1%}, {sum(run.lost for run in runs)} in total"
            f"{aim}; the kernel reports {dropped}"
        )


if __name__ == "__main__":
    main()
