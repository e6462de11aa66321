"""Frames follow RFC 6455: the websockets library can read them."""

from __future__ import annotations

import pytest
from websockets.frames import Opcode
from websockets.protocol import CLIENT, OPEN, Protocol

from f1timings.live.fanout.encoded_message import EncodedMessage


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
@pytest.mark.parametrize("is_text", [True, False])
def test_a_frame_is_read_as_the_message_from_which_it_was_built(length: int, is_text: bool) -> None:
    payload = b"x" * length
    reader = Protocol(CLIENT, state=OPEN, max_size=None)
    reader.receive_data(EncodedMessage(payload, is_text=is_text).framed)
    (frame,) = reader.events_received()
    assert getattr(frame, "opcode", None) == (Opcode.TEXT if is_text else Opcode.BINARY)
    assert getattr(frame, "data", None) == payload
    assert getattr(frame, "fin", None) is True
