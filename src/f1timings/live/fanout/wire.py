"""One message as it goes over the wire: encoded once, framed once, written to every screen that wants it."""

from __future__ import annotations

import struct
from functools import cached_property

_SHORT, _MIDDLE = 126, 65_536
_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82


class EncodedMessage:
    """One message.

    Attributes:
        payload: the bytes of the message; UTF-8 if it is a text.
        is_text: else it is binary.
    """

    def __init__(self, payload: bytes, *, is_text: bool = True) -> None:
        self.payload = payload
        self.is_text = is_text

    @classmethod
    def text(cls, text: str) -> EncodedMessage:
        """A text message."""
        return cls(text.encode())

    @cached_property
    def framed(self) -> bytes:
        """The message in one WebSocket frame of a server: final, not masked (RFC 6455, section 5.2)."""
        first, length = _FINAL_TEXT if self.is_text else _FINAL_BINARY, len(self.payload)
        if length < _SHORT:
            return struct.pack("!BB", first, length) + self.payload
        if length < _MIDDLE:
            return struct.pack("!BBH", first, _SHORT, length) + self.payload
        return struct.pack("!BBQ", first, _SHORT + 1, length) + self.payload
