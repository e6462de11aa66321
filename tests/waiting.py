"""How long tests wait for a condition, waiting for it, and for what a screen receives."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Final

from websockets.sync.client import ClientConnection

#: In seconds. A wait ends when its condition is met; only a fault reaches this limit, not a loaded machine.
LONGEST_WAIT_S: Final = 60.0


def until(condition: Callable[[], object], within_s: float = LONGEST_WAIT_S) -> None:
    """Wait until a condition is true; fail after ``within_s`` seconds."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"the condition was not true within {within_s:g} s"
        time.sleep(0.01)


def receive_events(screen: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The next events at a screen; other messages, such as heartbeats, may come between them."""
    events: list[dict[str, Any]] = []
    while len(events) < count:
        message = json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        events += [message] if "event" in message else []
    return events
