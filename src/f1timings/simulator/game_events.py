"""Event packets; as in the games, the bytes after the details are left over from earlier events."""

from __future__ import annotations

from random import Random
from typing import Any

from f1timings.packets.structs import StructCodec
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.race_control import GameEvent

_BUTTONS = (0x1, 0x2, 0x8, 0x200, 0x400, 0x800, 0x1000, 0x2001)
_LEFT_OVER = bytes.fromhex("5a172d57")


class EventPackets:
    """Builds the event packets of one format."""

    def __init__(self, stamp: Stamp, rng: Random) -> None:
        self._prepared = PreparedPacket(stamp, "event")
        self._layout = self._prepared.layout
        self._details_size = self._layout.body.nodes["details"].size
        self._format = stamp.packet_format
        self._rng = rng
        self._left_over = _LEFT_OVER * 3

    def packet(self, event: GameEvent, stamp: bytes) -> bytes | None:
        """The datagram of an event; None in formats that do not have it."""
        if self._format < event.since:
            return None
        details = self._details(event.code, event.details)
        if self._rng.random() < 0.3:
            self._left_over = self._rng.randbytes(12)
        whole = details + self._left_over[len(details) : self._details_size]
        self._prepared.put("code", event.code.encode())
        self._prepared.put("details", whole)
        return self._prepared.stamped(stamp)

    def button(self) -> GameEvent:
        """A random button, pressed or released: by far the most frequent event."""
        pressed = self._rng.choice(_BUTTONS) if self._rng.random() < 0.5 else 0
        return GameEvent("BUTN", {"button_status": pressed}, since=2021)

    def _details(self, code: str, values: dict[str, Any]) -> bytes:
        record = self._layout.details.get(code)
        if record is None:
            return b""
        known = {name: value for name, value in values.items() if name in record.nodes}
        flat: list[Any] = []
        record.write(record.fill(known), flat)
        return StructCodec(record).pack(flat)
