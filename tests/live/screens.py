"""Screens for the tests of the hub: they apply the messages they receive as the protocol describes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from f1timings.live.fanout.encoded_message import EncodedMessage


class ReceivedViews:
    """The row views of one screen, built from the messages it received.

    Attributes:
        views: by name: epoch, seq, columns, rows by id, facts.
        lost: how often a message did not follow the previous one, so that a screen must subscribe again.
    """

    def __init__(self) -> None:
        self.views: dict[str, dict[str, Any]] = {}
        self.lost = 0

    def handle_message(self, message: dict[str, Any]) -> None:
        """Apply one message of a row view."""
        if "snapshot" in message:
            self._begin(message)
        elif "heartbeat" in message:
            self.lost += message["seq"] != self.views[message["view"]]["seq"]
        else:
            self._update(self.views[message["view"]], message)

    def _begin(self, message: dict[str, Any]) -> None:
        names, facts = message["snapshot"]["columns"], message["snapshot"]["facts"]
        rows = {row[0]: row for row in message["snapshot"]["rows"]}
        self.views[message["view"]] = {
            "epoch": message["epoch"],
            "seq": message["seq"],
            "columns": names,
            "rows": rows,
            "facts": facts,
        }

    def _update(self, view: dict[str, Any], message: dict[str, Any]) -> None:
        self.lost += message.get("since", message["seq"] - 1) != view["seq"]
        view["seq"] = message["seq"]
        for id_ in message.get("gone", ()):
            view["rows"].pop(id_, None)
        for id_, cells in message.get("rows", {}).items():
            row = view["rows"].setdefault(id_, [id_, *(None for _ in view["columns"][1:])])
            for at, value in cells.items():
                row[int(at)] = value
        view["facts"] |= message.get("facts", {})


class TestTransport:
    """A transport that accepts as many messages as a test allows.

    Attributes:
        capacity: messages that it accepts until it is no longer ready; None for any number.
    """

    __test__ = False

    def __init__(self, capacity: int | None = None) -> None:
        self.on_ready: Callable[[], None] = lambda: None
        self.capacity = capacity
        self.got: list[dict[str, Any]] = []
        self.binary: list[bytes] = []
        self.is_dropped = False
        self._delivered = 0

    @property
    def is_ready(self) -> bool:
        return self.capacity is None or self.capacity > 0

    @property
    def delivered(self) -> int | None:
        return None if self.is_ready else self._delivered

    def write(self, message: EncodedMessage) -> None:
        assert self.is_ready
        if self.capacity is not None:
            self.capacity -= 1
        if message.is_text:
            self.got.append(json.loads(message.payload))
        else:
            self.binary.append(message.payload)

    def abort(self) -> None:
        self.is_dropped = True

    def accept(self, capacity: int | None) -> None:
        """Accept that many more messages; None for any number."""
        self.capacity = capacity
        self._delivered += 1
        self.on_ready()

    @property
    def laps(self) -> list[object]:
        return [message["data"]["id"] for message in self.got if message.get("event") == "lap_official"]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition is true; the test's own time limit ends the wait."""
    while not condition():
        await asyncio.sleep(0.005)
