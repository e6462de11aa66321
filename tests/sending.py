"""Simulated rigs that drive while a test does something else."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from f1timings.simulator import Scenario
from f1timings.simulator.sender import SendReport, send


@contextmanager
def driving(
    scenarios: Sequence[Scenario], port: int, *, speed: float = 1.0, for_s: float = math.inf
) -> Iterator[Future[SendReport]]:
    """Let rigs drive until the end of the block, where they are stopped if they have not finished.

    Args:
        speed / for_s: as of :func:`send`.

    Yields:
        The report of the simulator, once all rigs have finished.

    Raises:
        OSError: the rigs could not send.
    """
    stopped = threading.Event()

    def sleep(seconds: float) -> None:
        if stopped.wait(seconds):
            raise KeyboardInterrupt  # as a user stops the simulator

    with ThreadPoolExecutor(1, "rigs") as thread:
        report = thread.submit(send, scenarios, "127.0.0.1", port, speed=speed, for_s=for_s, sleep=sleep)
        try:
            yield report
        finally:
            stopped.set()
    report.result()
