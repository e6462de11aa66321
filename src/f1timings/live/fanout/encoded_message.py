"""A message to screens: encoded once and framed once, then written to any number of screens."""

from __future__ import annotations

import struct
from functools import cached_property

_LENGTH_IN_2_BYTES, _LENGTH_IN_8_BYTES = 126, 127
_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82


class EncodedMessage:
    """One message.

    Attributes:
        payload: the bytes of the message; UTF-8 if it is text.
        is_text: whether it is text; otherwise it is binary.
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
        """The message as one WebSocket frame of a server: final, not masked (RFC 6455, section 5.2)."""
        first, length = _FINAL_TEXT if self.is_text else _FINAL_BINARY, len(self.payload)
        if length < _LENGTH_IN_2_BYTES:
            return struct.pack("!BB", first, length) + self.payload
        if length < 65_536:
            return struct.pack("!BBH", first, _LENGTH_IN_2_BYTES, length) + self.payload
        return struct.pack("!BBQ", first, _LENGTH_IN_8_BYTES, length) + self.payload
