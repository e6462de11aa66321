"""Measure the cost of receiving a datagram: the UDP listener, compared with a blocking ``recv_into`` loop.

Run ``python -m benchmarks.udp_receive``. A separate process sends a burst sixty times a second, as twenty
rigs do. The important figure is the ratio, because it depends little on the machine.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import struct
import time
from typing import Final

import uvloop

from benchmarks.measuring import Spread, measure_in_turns
from f1timings.intake.udp import UdpListener

RATE_HZ: Final = 60
BURST: Final = 160
SIZE: Final = 1350
SECONDS: Final = 2.0
ROUNDS: Final = 5
STOP: Final = b"stop"
GIVE_UP_S: Final = 30


def send(port: int) -> None:
    """Send bursts at the rate of the games, then ``STOP`` several times, because a datagram may be lost."""
    target = ("127.0.0.1", port)
    data = bytes(SIZE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        start = time.monotonic()
        for frame in range(round(RATE_HZ * SECONDS)):
            time.sleep(max(0.0, start + frame / RATE_HZ - time.monotonic()))
            for _ in range(BURST):
                sender.sendto(data, target)
        for _ in range(20):
            sender.sendto(STOP, target)
            time.sleep(0.01)


def receive_bare() -> float:
    """Return microseconds of processor time per datagram of a loop that only receives."""
    buffer = bytearray(65_536)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        # A timeout in the kernel: a timeout of Python would cost one system call per datagram.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", GIVE_UP_S, 0))
        listening.bind(("127.0.0.1", 0))
        sender = _start_sender(listening.getsockname()[1])
        received, start = 0, time.process_time()
        while listening.recv_into(buffer) == SIZE:
            received += 1
        cost = time.process_time() - start
    sender.join()
    return cost / received * 1e6


def receive_with_listener() -> float:
    """Return microseconds per datagram of the listener; its sink only checks for ``STOP``."""

    async def main() -> float:
        done = asyncio.Event()

        def sink(data: bytes, _address: str, _port: int, _received_at: float) -> None:
            if data == STOP:
                done.set()

        listener = UdpListener("127.0.0.1", 0, sink, clock=time.time)
        await listener.start()
        sender = _start_sender(listener.port)
        start = time.process_time()
        async with asyncio.timeout(GIVE_UP_S):
            await done.wait()
        cost = time.process_time() - start
        received = listener.datagrams
        await listener.close()
        await asyncio.to_thread(sender.join)
        return cost / received * 1e6

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())


def measure() -> dict[str, list[float]]:
    """Return microseconds of processor time per datagram of both contenders, one value per round."""
    return measure_in_turns({"bare": receive_bare, "listener": receive_with_listener}, ROUNDS)


def _start_sender(port: int) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(target=send, args=(port,), daemon=True)
    process.start()
    return process


def main() -> None:
    """Print the figures."""
    results = measure()
    print(
        f"bursts of {BURST}, {ROUNDS} rounds: listener {Spread.of(results['listener']):.2f} µs per datagram, "
        f"blocking loop {Spread.of(results['bare']):.2f} µs; ratio "
        f"{Spread.of_ratios(results['listener'], results['bare']):.2f}"
    )


if __name__ == "__main__":
    main()
