"""Measure what sending a datagram on costs the event loop, by the number of targets.

Run ``python -m benchmarks.forwarding_cost``. The targets are sockets on loopback that nobody reads, so their
buffers are full: the system then discards what arrives, and the sender notices nothing of it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import ExitStack
from typing import Final

from benchmarks.measuring import Spread, measure_in_turns
from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.meeting.room.forwarding import ForwardTarget

DATAGRAMS: Final = 20_000
ROUNDS: Final = 5
#: The size of a motion packet of 2025.
SIZE: Final = 1_349


def cost_us(targets: int) -> float:
    """Processor time of one datagram in microseconds, the call included that looks for targets."""
    return asyncio.run(_measure(targets))


async def _measure(targets: int) -> float:
    with ExitStack() as opened:
        ports = [_open_receiver(opened) for _ in range(targets)]
        records = [
            ForwardTarget(id=str(port), host="127.0.0.1", port=port, rig=None, seq=1) for port in ports
        ]
        forwarder = Forwarder(lambda: records)
        forwarder.start()
        opened.callback(forwarder.close)
        while any(state.state != "on" for state in forwarder.states().values()):
            await asyncio.sleep(0.01)
        datagrams = [os.urandom(SIZE) for _ in range(DATAGRAMS)]
        started = time.process_time()
        for data in datagrams:
            if forwarder.is_on:
                forwarder.forward(data, "10.0.0.5", 5000, 20777)
        return (time.process_time() - started) / DATAGRAMS * 1e6


def _open_receiver(opened: ExitStack) -> int:
    receiving = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    receiving.bind(("127.0.0.1", 0))
    port: int = receiving.getsockname()[1]
    return port


def main() -> None:
    """Print the cost without a target, with one, and with four."""
    numbers = (0, 1, 4)
    costs = measure_in_turns({str(n): lambda n=n: cost_us(n) for n in numbers}, ROUNDS)  # type: ignore[misc]
    for name, values in costs.items():
        print(f"{name} targets: {Spread.of(values):.2f} µs per datagram")


if __name__ == "__main__":
    main()
