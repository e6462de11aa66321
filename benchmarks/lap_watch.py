"""A screen in a process of its own that notes when each lap is announced as official."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterable
from typing import Any, Final

from websockets.sync.client import connect

from benchmarks.child_process import ChildProcess
from benchmarks.traffic import LapKey

# The result is returned once nothing has arrived for so long.
_QUIET_S: Final = 0.2


class LapWatch(ChildProcess):
    """Follows the view ``events`` until it is asked for the result; a context manager."""

    def __init__(self, port: int) -> None:
        super().__init__(_watch, port)
        self.pipe.recv()

    def stop(self) -> dict[LapKey, float]:
        """Wait until no message arrives, and return when each lap with a time arrived for the first time.

        The moments are seconds of the monotonic clock, which all processes of a machine share.
        """
        moments: dict[LapKey, float] = self.ask()
        return moments


def _watch(pipe: Any, port: int) -> None:
    received: list[tuple[float, str | bytes]] = []
    with connect(f"ws://127.0.0.1:{port}/ws", compression=None, max_size=None, proxy=None) as screen:
        screen.send(json.dumps({"subscribe": ["events"]}))
        while '"events"' not in str(screen.recv()):
            pass
        gc.disable()
        pipe.send("begun")
        while True:
            try:
                message = screen.recv(timeout=_QUIET_S)
            except TimeoutError:
                if pipe.poll():
                    break
            else:
                received.append((time.monotonic(), message))
    pipe.send(_first_moments(received))


def _first_moments(received: Iterable[tuple[float, str | bytes]]) -> dict[LapKey, float]:
    moments: dict[LapKey, float] = {}
    for moment, message in received:
        event = json.loads(message)
        if event.get("event") != "lap_official" or event["data"]["lap_time_ms"] is None:
            continue
        lap = event["data"]
        key = lap["rig"], lap["session_uid"], lap["car_index"], lap["lap_number"], lap["branch"]
        moments.setdefault(key, moment)
    return moments
