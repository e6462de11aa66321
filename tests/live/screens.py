"""Screens for the tests of the hub: what the far end of a connection keeps, as the protocol says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from f1timings.live.fanout.encoded_message import EncodedMessage


class Kept:
    """What a screen knows of the row views that it follows, by applying what comes as the document says.

    Attributes:
        views: by name: epoch, seq, columns, rows by id, facts.
        lost: how often a number did not fit, so that a screen would have to subscribe again.
    """

    def __init__(self) -> None:
        self.views: dict[str, dict[str, Any]] = {}
        self.lost = 0

    def take(self, message: dict[str, Any]) -> None:
        """One message of a row view."""
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


class TestLine:
    """A line whose far end takes what it likes.

    Attributes:
        room: messages that it takes before it is no longer ready; None for any number.
    """

    __test__ = False

    def __init__(self, room: int | None = None) -> None:
        self.on_ready: Callable[[], None] = lambda: None
        self.room = room
        self.got: list[dict[str, Any]] = []
        self.binary: list[bytes] = []
        self.is_dropped = False
        self._delivered = 0

    @property
    def is_ready(self) -> bool:
        return self.room is None or self.room > 0

    @property
    def delivered(self) -> int | None:
        return None if self.is_ready else self._delivered

    def write(self, wire: EncodedMessage) -> None:
        assert self.is_ready
        if self.room is not None:
            self.room -= 1
        if wire.is_text:
            self.got.append(json.loads(wire.payload))
        else:
            self.binary.append(wire.payload)

    def abort(self) -> None:
        self.is_dropped = True

    def take(self, room: int | None) -> None:
        """The far end takes so many messages more."""
        self.room = room
        self._delivered += 1
        self.on_ready()

    @property
    def laps(self) -> list[object]:
        return [message["data"]["id"] for message in self.got if message.get("event") == "lap_official"]


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; the test's own limit ends it."""
    while not holds():
        await asyncio.sleep(0.005)
