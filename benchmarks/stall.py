"""What a stall loses: 16 rigs send while the event loop stands still for 100 ms twice a second.

Run ``python -m benchmarks.stall``. The listener with the receive buffer that it asks for takes turns with the
same listener on the buffer that the system gives by itself. Both feed the lap logic, and what it makes of
datagrams of which none was lost must be the laps that were driven.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import uvloop

from benchmarks.measuring import Spread, in_turns
from benchmarks.traffic import Plan, Sender, laps_of
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
# Nothing is asked for: the buffer stays as the system gives it.
_SYSTEMS_OWN: Final = 0
_SETTLED_S: Final = 0.3


class Run(NamedTuple):
    """One turn.

    Attributes:
        sent / received: datagrams.
        dropped: as the kernel counts them, None where it does not tell.
        stalls: how often the loop stood still.
        buffer_bytes: the receive buffer in use.
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


def receive(sender: Sender, wanted_buffer_bytes: int) -> Run:
    """Receive all while the loop stands still again and again."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_receive(sender, wanted_buffer_bytes))


async def _receive(sender: Sender, wanted_buffer_bytes: int) -> Run:
    inspection = CaptureReport()
    stalls: list[float] = []

    def keep(entries: Sequence[Stamped]) -> None:
        inspection.handle_entries(entries)

    pipeline = Pipeline(keep)

    def feed(data: bytes, address: str, port: int, received_at: float) -> None:
        pipeline.feed(data, address, port, listener.port, received_at)

    listener = UdpListener("127.0.0.1", 0, feed, receive_buffer_bytes=wanted_buffer_bytes)
    await listener.start()
    stalling = asyncio.create_task(_stall(stalls))
    sender.begin(listener.port)
    sent = await asyncio.to_thread(sender.sent)
    stalling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await stalling
    await asyncio.sleep(_SETTLED_S)
    run = Run(
        sent.datagrams,
        listener.datagrams,
        listener.dropped_datagrams(),
        len(stalls),
        listener.receive_buffer_bytes,
    )
    await listener.close()
    if not run.lost:
        sender.driven.check(laps_of(inspection.as_json()["sessions"]))
    return run


async def _stall(stalls: list[float]) -> None:
    while True:
        await asyncio.sleep(EVERY_S - STALL_S)
        time.sleep(STALL_S)  # the loop stands still
        stalls.append(STALL_S)


def measure(rounds: int = ROUNDS) -> dict[str, list[Run]]:
    """The turns of ``ours`` and ``system``."""
    buffers = {"ours": RECEIVE_BUFFER_BYTES, "system": _SYSTEMS_OWN}
    with Sender(Plan(RIGS, SECONDS)) as sender:
        return in_turns({name: partial(receive, sender, wanted) for name, wanted in buffers.items()}, rounds)


def main() -> None:
    """Print the figures."""
    found = measure()
    first = found["ours"][0]
    print(
        f"{RIGS} rigs, {first.sent} datagrams in {SECONDS:g} s, {first.stalls} stalls of "
        f"{STALL_S * 1000:g} ms, {ROUNDS} rounds"
    )
    for name, aim in (("ours", " (aim: 0)"), ("system", "")):
        runs = found[name]
        dropped = "unknown" if runs[0].dropped is None else sum(run.dropped or 0 for run in runs)
        print(
            f"  {name:6} buffer of {runs[0].buffer_bytes / 1024:.0f} KiB: lost "
            f"{Spread.of(run.lost / run.sent for run in runs):.1%}, {sum(run.lost for run in runs)} in all"
            f"{aim}; the kernel counts {dropped}"
        )


if __name__ == "__main__":
    main()
