"""The gate before every request: the host that is asked for, who asks, and the end of what may not go on."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f1timings.live.fanout.transports import ScreenTransport
from f1timings.web.access.accounts.access import Access
from f1timings.web.access.checks.identity import Identity, shown_in
from f1timings.web.access.checks.policy import SOCKET, is_allowed
from f1timings.web.http.problems import answer
from f1timings.web.http.serving import TRANSPORT_EXTENSION

_CLOSE_WITHIN_S: Final = 1.0
_CLOSING: Final[Message] = {
    "type": "websocket.close",
    "code": 1008,
    "reason": "the login or token has ended; log in again",
}
_LEFT: Final[Message] = {"type": "websocket.disconnect", "code": 1008, "reason": ""}


class Gate:
    """Lets nobody in by a foreign host's name, finds out who asks, and ends sockets whose right has ended."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._known = access.keeper.known
        self._hosts = access.hosts
        self._sockets = access.sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if not self._is_our_host(scope):
            await answer("foreign-host", scope["path"])(scope, receive, send)
            return
        token = _taken_token(scope)
        identity = self._known.identify(shown_in(scope["headers"], token))
        scope["state"] = {**scope.get("state", {}), "actor": identity.actor, "identity": identity}
        if scope["type"] == "websocket":
            await self._socket(identity, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_our_host(self, scope: Scope) -> bool:
        """A page cannot leave Host out; a simple probe may."""
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(given) <= 1 and all(self._hosts.allows(host) for host in given)

    async def _socket(self, identity: Identity, scope: Scope, receive: Receive, send: Send) -> None:
        if identity.wrong or not is_allowed(SOCKET, identity.actor, self._known.reading):
            await answer("unauthorised", scope["path"], identity.wrong)(scope, receive, send)
            return
        with self._sockets.open(identity) as ended:
            cut = _Cut(scope, receive, send, ended)
            await self._app(scope, cut.receive, cut.send)


class _Cut:
    """A socket's two directions, which end for the application as if the other side had left."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, ended: asyncio.Event) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._ended = ended
        self._is_closed = False

    async def receive(self) -> Message:
        """The next message, or that the other side has left when the right to be here has ended."""
        if self._is_closed:
            return _LEFT
        tasks = {
            asyncio.ensure_future(self._receive()): "message",
            asyncio.ensure_future(self._ended.wait()): "ended",
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if tasks[task] == "message":
                    found: Message = task.result()  # type: ignore[assignment]
                    return found
        finally:
            for task in tasks:
                task.cancel()
        await self._close()
        return _LEFT

    async def send(self, message: Message) -> None:
        """Pass a message on, unless all is over."""
        if self._is_closed:
            raise OSError("the socket was ended")
        await self._send(message)

    async def _close(self) -> None:
        self._is_closed = True
        with contextlib.suppress(TimeoutError, OSError, RuntimeError):
            await asyncio.wait_for(self._send(_CLOSING), _CLOSE_WITHIN_S)
            return
        transport: ScreenTransport | None = self._scope.get("extensions", {}).get(TRANSPORT_EXTENSION)
        if transport is not None:
            transport.abort()


def _taken_token(scope: Scope) -> str | None:
    """The parameter ``token``, which only reading may have; taken out, so that no log sees it."""
    if b"token=" not in scope["query_string"] or scope.get("method", "GET") not in ("GET", "HEAD"):
        return None
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    tokens: list[str] = [value for name, value in pairs if name == "token"]
    if not tokens:
        return None
    rest = urlencode([pair for pair in pairs if pair[0] != "token"])
    scope["query_string"] = rest.encode("latin-1")
    return tokens[0]
