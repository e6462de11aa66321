"""``/ws``: checks who may connect, reads what a screen sends, and adds it to the hub."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from f1timings.access.accounts import Token
from f1timings.budgets import Budgets
from f1timings.live.fanout.client import Client, Screen
from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.hub import Hub, Position
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.messages import error
from f1timings.live.fanout.transports import PlainTransport, ScreenTransport
from f1timings.web.access.checks.origins import is_same_origin
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.http.problems import problem_response
from f1timings.web.serving.fan_out_protocol import TRANSPORT_EXTENSION

LARGEST_MESSAGE = 8192
MESSAGES_PER_SECOND = 20
MESSAGES_PER_SECOND_OF_ADDRESS = 100
CLOSE_WITHIN_S = 1.0
_LONGEST_VIEW = 80


class _ClientMessage(BaseModel):
    """Strict: unknown fields are refused, so that a misspelled one is noticed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Resume(_ClientMessage):
    """How far a screen had come in one view."""

    epoch: str = Field(max_length=40)
    seq: int = Field(ge=0)


class ScreenMessage(_ClientMessage):
    """What a screen reports about itself."""

    name: str | None = Field(None, max_length=80)
    page: str | None = Field(None, max_length=200)
    code: str | None = Field(None, max_length=16)
    scene: str | None = Field(None, max_length=40)


View = Annotated[str, Field(max_length=_LONGEST_VIEW)]
_MAX_VIEWS = HubLimits().views


class Subscription(_ClientMessage):
    """The message with which a screen follows views; it replaces the previous subscription."""

    subscribe: list[View] = Field(max_length=_MAX_VIEWS)
    resume: dict[View, Resume] = Field(default_factory=dict, max_length=_MAX_VIEWS)
    screen: ScreenMessage | None = None


class _Closing(NamedTuple):
    """Why the server ends a connection; codes as in RFC 6455, section 7.4.1."""

    code: int
    reason: str


_TOO_BIG = _Closing(1009, f"a message may have {LARGEST_MESSAGE} bytes")
_TOO_MANY = _Closing(1008, f"at most {MESSAGES_PER_SECOND} messages a second")
_NOT_TEXT = _Closing(1003, "messages are JSON text")


def routes(hub: Hub) -> APIRouter:
    """The WebSocket route of a hub."""
    router = APIRouter()
    paces = screen_paces()

    @router.websocket("/ws")
    async def follow(websocket: WebSocket) -> None:
        if problem := _refusal(websocket, hub):
            await websocket.send_denial_response(problem_response(problem, "/ws"))
            return
        await websocket.accept()
        transport = _transport(websocket)
        client = hub.connect(transport, _address(websocket))
        try:
            closing = await _serve(websocket, hub, client=client, transport=transport, paces=paces)
        finally:
            hub.disconnect(client)
        await _close(websocket, client, closing)

    return router


def screen_paces() -> Budgets:
    """How fast the messages of all screens of one address are handled; further ones wait.

    Screens that come back all at once behind one proxy wait a few seconds for each other.
    """
    return Budgets(per_s=MESSAGES_PER_SECOND_OF_ADDRESS, most=10 * MESSAGES_PER_SECOND_OF_ADDRESS)


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether a page may connect: browsers always send Origin, programs usually do not.

    Args:
        origin: the Origin header, such as ``http://192.168.1.5:8080``; ``null`` from a sandboxed page.
        host: the Host header, such as ``192.168.1.5:8080``.
    """
    return origin is None or is_same_origin(origin, host or "")


def _refusal(websocket: WebSocket, hub: Hub) -> str | None:
    """The kind of problem for which the connection is refused, or None."""
    is_own = is_own_origin(websocket.headers.get("origin"), websocket.headers.get("host"))
    if not is_own and not _presents_token(websocket):
        return "forbidden-origin"
    return "too-many-screens" if hub.is_full(_address(websocket)) else None


def _presents_token(websocket: WebSocket) -> bool:
    """Whether the connection relies on a token.

    Unlike a cookie, no browser adds it by itself, so only the author of the page has it. People can draw
    pages of their own, also as a file on their disk.
    """
    identity: Identity | None = websocket.scope.get("state", {}).get("identity")
    return identity is not None and isinstance(identity.credential, Token)


def _address(websocket: WebSocket) -> str | None:
    return websocket.client.host if websocket.client is not None else None


def _transport(websocket: WebSocket) -> ScreenTransport:
    """The connection itself under our own server; under any other server its way of sending."""
    transport: ScreenTransport | None = websocket.scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
    if transport is not None:
        return transport

    async def send(message: EncodedMessage) -> None:
        if message.is_text:
            await websocket.send_text(message.payload.decode())
        else:
            await websocket.send_bytes(message.payload)

    return PlainTransport(send)


async def _serve(
    websocket: WebSocket, hub: Hub, *, client: Client, transport: ScreenTransport, paces: Budgets
) -> _Closing | None:
    """Receive until one side ends the connection; None if the screen left or was disconnected as stalled."""
    receiver = asyncio.create_task(_receive(websocket, hub, client=client, paces=paces))
    ended = asyncio.create_task(client.ended.wait())
    senders: set[asyncio.Task[None]] = {transport.sender} if isinstance(transport, PlainTransport) else set()
    try:
        await asyncio.wait({receiver, ended, *senders}, return_when=asyncio.FIRST_COMPLETED)
        if receiver.done():
            return receiver.result()
        for sender in senders:
            failure = None if sender.cancelled() or not sender.done() else sender.exception()
            if failure is not None and not isinstance(failure, WebSocketDisconnect):
                raise failure
        return None
    finally:
        for task in (receiver, ended, *senders):
            task.cancel()


async def _receive(websocket: WebSocket, hub: Hub, *, client: Client, paces: Budgets) -> _Closing | None:
    rate = MessageRate(MESSAGES_PER_SECOND, time.monotonic)
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if len(text.encode() if text is not None else message["bytes"]) > LARGEST_MESSAGE:
            return _TOO_BIG
        if not rate.allows():
            return _TOO_MANY
        if text is None:
            return _NOT_TEXT
        if (wait_s := paces.owe(client.address or "", time.monotonic())) > 0:
            await asyncio.sleep(wait_s)
        _handle_message(text, hub, client)


def _handle_message(text: str, hub: Hub, client: Client) -> None:
    try:
        subscription = Subscription.model_validate_json(text)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"{where}: {first['msg']}.".removeprefix(": ")
        hub.send(client, error("Not understood", f'Send {{"subscribe": ["events"]}}. {why}'))
        return
    screen = subscription.screen
    hub.subscribe(
        client,
        subscription.subscribe,
        {view: Position(resume.epoch, resume.seq) for view, resume in subscription.resume.items()},
        screen=None if screen is None else Screen(**screen.model_dump()),
    )


async def _close(websocket: WebSocket, client: Client, closing: _Closing | None) -> None:
    if closing is not None and not client.is_stalled:
        try:
            await asyncio.wait_for(websocket.close(closing.code, closing.reason), CLOSE_WITHIN_S)
        except (TimeoutError, WebSocketDisconnect):
            return


class MessageRate:
    """Limits the messages within any second.

    Args:
        limit: the most messages within a second.
        clock: monotonic seconds.
    """

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=limit)

    def allows(self) -> bool:
        """Count one more message; False if the limit was reached within the second before it."""
        now = self._clock()
        is_full = len(self._times) == self._times.maxlen
        allowed = not is_full or now - self._times[0] >= 1.0
        self._times.append(now)
        return allowed
