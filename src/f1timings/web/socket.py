"""``/ws``: who may connect, what a screen may say, and its place in the hub."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from f1timings.live.fanout.client import Client, PlainTransport, Screen, ScreenTransport
from f1timings.live.fanout.hub import Hub, HubLimits, Position, UnknownViewError
from f1timings.live.fanout.messages import error
from f1timings.live.fanout.wire import EncodedMessage
from f1timings.web.access.checks.hosts import is_same_origin
from f1timings.web.http.problems import answer
from f1timings.web.http.serving import LINE_EXTENSION

LARGEST_MESSAGE = 8192
MESSAGES_A_SECOND = 20
CLOSE_WITHIN_S = 1.0
_LONGEST_VIEW = 80


class _ClientMessage(BaseModel):
    """Strict: what is not known is refused, so that a misspelled word does not go unnoticed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Resume(_ClientMessage):
    """Where a screen stood in one view."""

    epoch: str = Field(max_length=40)
    seq: int = Field(ge=0)


class ScreenMessage(_ClientMessage):
    """What a screen says of itself."""

    name: str | None = Field(None, max_length=80)
    page: str | None = Field(None, max_length=200)
    code: str | None = Field(None, max_length=16)


View = Annotated[str, Field(max_length=_LONGEST_VIEW)]
_VIEWS = HubLimits().views


class Subscription(_ClientMessage):
    """What a screen sends to follow views; it replaces what it followed before."""

    subscribe: list[View] = Field(max_length=_VIEWS)
    resume: dict[View, Resume] = Field(default_factory=dict, max_length=_VIEWS)
    screen: ScreenMessage | None = None


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
        line = _line(websocket)
        client = hub.connect(line, _address(websocket))
        try:
            closing = await _attend(websocket, hub, client, line)
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
    return origin is None or is_same_origin(origin, host or "")


def _refusal(websocket: WebSocket, hub: Hub) -> str | None:
    """The kind of problem that keeps this one out, or None."""
    if not is_own_origin(websocket.headers.get("origin"), websocket.headers.get("host")):
        return "forbidden-origin"
    return "too-many-screens" if hub.is_full(_address(websocket)) else None


def _address(websocket: WebSocket) -> str | None:
    return websocket.client.host if websocket.client is not None else None


def _line(websocket: WebSocket) -> ScreenTransport:
    """The connection under our own server; under any other one its way of sending."""
    line: ScreenTransport | None = websocket.scope.get("extensions", {}).get(LINE_EXTENSION)
    if line is not None:
        return line

    async def send(wire: EncodedMessage) -> None:
        if wire.is_text:
            await websocket.send_text(wire.payload.decode())
        else:
            await websocket.send_bytes(wire.payload)

    return PlainTransport(send)


async def _attend(websocket: WebSocket, hub: Hub, client: Client, line: ScreenTransport) -> _Closing | None:
    """Listen until one side has enough; None if the other side left or was cut."""
    listener = asyncio.create_task(_listen(websocket, hub, client))
    ended = asyncio.create_task(client.ended.wait())
    working: set[asyncio.Task[None]] = {line.sender} if isinstance(line, PlainTransport) else set()
    try:
        await asyncio.wait({listener, ended, *working}, return_when=asyncio.FIRST_COMPLETED)
        if listener.done():
            return listener.result()
        for sender in working:
            failure = None if sender.cancelled() or not sender.done() else sender.exception()
            if failure is not None and not isinstance(failure, WebSocketDisconnect):
                raise failure
        return None
    finally:
        for task in (listener, ended, *working):
            task.cancel()


async def _listen(websocket: WebSocket, hub: Hub, client: Client) -> _Closing | None:
    pace = MessageRate(MESSAGES_A_SECOND, time.monotonic)
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
    except ValidationError as failure:
        wrong = failure.errors(include_url=False, include_context=False, include_input=False)
        where = ".".join(str(part) for part in wrong[0]["loc"])
        _refuse(hub, client, f"{where}: {wrong[0]['msg']}.".removeprefix(": "))
        return
    said = wanted.screen
    try:
        hub.subscribe(
            client,
            wanted.subscribe,
            {view: Position(at.epoch, at.seq) for view, at in wanted.resume.items()},
            None if said is None else Screen(said.name, said.page, said.code),
        )
    except UnknownViewError as unknown:
        _refuse(hub, client, str(unknown))


def _refuse(hub: Hub, client: Client, why: str) -> None:
    hub.tell(client, error("Not understood", f'Send {{"subscribe": ["events"]}}. {why}'))


async def _end(websocket: WebSocket, client: Client, closing: _Closing | None) -> None:
    if closing is not None and not client.is_stalled:
        try:
            await asyncio.wait_for(websocket.close(closing.code, closing.reason), CLOSE_WITHIN_S)
        except (TimeoutError, WebSocketDisconnect):
            return


class MessageRate:
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
