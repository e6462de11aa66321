"""How long tests wait for a condition, and waiting for what a screen receives."""

from __future__ import annotations

import json
from typing import Any, Final

from websockets.sync.client import ClientConnection

#: In seconds. A wait ends when its condition is met; only a fault reaches this limit, not a loaded machine.
LONGEST_WAIT_S: Final = 60.0


def receive_events(screen: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The next events at a screen; other messages, such as heartbeats, may come between them."""
    events: list[dict[str, Any]] = []
    while len(events) < count:
        message = json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        events += [message] if "event" in message else []
    return events
