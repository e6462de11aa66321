"""``/ws``: who may connect, what a screen may say, and its place in the hub."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from f1timings.live.hub import Client, Hub
from f1timings.live.messages import json_text
from f1timings.web.problems import answer
from f1timings.web.serving import TRANSPORT_EXTENSION

LARGEST_MESSAGE = 4096
MESSAGES_A_SECOND = 20
CLOSE_WITHIN_S = 1.0


class Subscription(BaseModel):
    """What a screen sends to follow views; it replaces what it followed before."""

    model_config = ConfigDict(extra="forbid", strict=True)

    subscribe: list[Literal["events"]] = Field(max_length=16)


class _Closing(NamedTuple):
    """Why we end a connection; codes as in RFC 6455, section 7.4.1."""

    code: int
    reason: str


_TOO_BIG = _Closing(1009, f"a message may have {LARGEST_MESSAGE} bytes")
_TOO_MANY = _Closing(1008, f"at most {MESSAGES_A_SECOND} messages a second")
_NOT_TEXT = _Closing(1003, "messages are JSON text")


def routes(hub: Hub) -> APIRouter:
    """The WebSocket route of a hub."""
    router = APIRouter()

    @router.websocket("/ws")
    async def follow(websocket: WebSocket) -> None:
        if refusal := _refusal(websocket, hub):
            await websocket.send_denial_response(answer(refusal, "/ws"))
            return
        await websocket.accept()
        client = hub.connect(websocket.send_text)
        try:
            closing = await _attend(websocket, hub, client)
        finally:
            hub.disconnect(client)
        await _end(websocket, client, closing)

    return router


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page may connect: browsers always send Origin, programs mostly do not.

    Args:
        origin: the Origin header, such as ``http://192.168.1.5:8080``; ``null`` from a sandboxed page.
        host: the Host header, such as ``192.168.1.5:8080``.
    """
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and bool(host) and parts.netloc.lower() == (host or "").lower()


def _refusal(websocket: WebSocket, hub: Hub) -> str | None:
    """The kind of problem that keeps this one out, or None."""
    if not is_own_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
        return "forbidden-origin"
    return "too-many-screens" if hub.is_full else None


async def _attend(websocket: WebSocket, hub: Hub, client: Client) -> _Closing | None:
    """Listen until one side has enough; None if the other side left or was cut."""
    listener = asyncio.create_task(_listen(websocket, hub, client))
    try:
        await asyncio.wait({listener, client.sender}, return_when=asyncio.FIRST_COMPLETED)
        if listener.done():
            return listener.result()
        error = None if client.sender.cancelled() else client.sender.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            raise error
        return None
    finally:
        listener.cancel()


async def _listen(websocket: WebSocket, hub: Hub, client: Client) -> _Closing | None:
    pace = Pace(MESSAGES_A_SECOND, time.monotonic)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if len(text.encode() if text is not None else message["bytes"]) > LARGEST_MESSAGE:
            return _TOO_BIG
        if not pace.allows():
            return _TOO_MANY
        if text is None:
            return _NOT_TEXT
        _take(text, hub, client)


def _take(text: str, hub: Hub, client: Client) -> None:
    try:
        wanted = Subscription.model_validate_json(text)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        where = ".".join(str(part) for part in wrong[0]["loc"])
        hub.tell(
            client,
            json_text(
                {
                    "error": {
                        "title": "Not understood",
                        "detail": f'Send {{"subscribe": ["events"]}}. {where}: {wrong[0]["msg"]}',
                    }
                }
            ),
        )
        return
    hub.subscribe(client, wanted.subscribe)


async def _end(websocket: WebSocket, client: Client, closing: _Closing | None) -> None:
    if client.is_stalled:
        # Its buffers are full, so a close frame would wait for ever: let go of the connection itself.
        transport = websocket.scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
        if transport is not None:
            transport.abort()
    elif closing is not None:
        try:
            await asyncio.wait_for(websocket.close(closing.code, closing.reason), CLOSE_WITHIN_S)
        except (TimeoutError, WebSocketDisconnect):
            return


class Pace:
    """How many messages came within the last second."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=most)

    def allows(self) -> bool:
        """Count one more message; False if ``most`` came within the second before it."""
        now = self._clock()
        is_full = len(self._times) == self._times.maxlen
        allowed = not is_full or now - self._times[0] >= 1.0
        self._times.append(now)
        return allowed
