"""Simulated rigs that are switched on, or drive while a test does something else."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from f1timings.simulator import Scenario
from f1timings.simulator.sender import SendReport, send
from tests.server.running import RunningServer


def switch_on(scenario: Scenario, server: RunningServer) -> list[str]:
    """Let rigs send until the server has heard all of them; no lap is driven. Returns their keys."""

    def keys() -> list[str]:
        return sorted(rig["rig"] for rig in server.everything("/api/v1/rigs"))

    def are_heard() -> bool:
        send([scenario], "127.0.0.1", server.udp_port, speed=20.0, for_s=1.0)
        return len(keys()) == scenario.rigs

    server.until(are_heard)
    return keys()


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
