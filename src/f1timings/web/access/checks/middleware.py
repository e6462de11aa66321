"""The middleware around the application: foreign host names, identities, turns, and sockets that end."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from f1timings.web.access.checks.hosts import AllowedHosts
from f1timings.web.access.checks.sockets import EndableSocket, OpenSockets, may_connect
from f1timings.web.access.checks.turns import RequestTurns
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import Identity, presented_secret
from f1timings.web.http.problems import problem_response


class AccessMiddleware:
    """Puts the identity and the actor of each request into its state; closes sockets that lose permission.

    Without a role, reading requests wait for their turn, so that one address cannot occupy all threads. Other
    requests, such as logging in, do not wait behind them.
    """

    def __init__(
        self, app: ASGIApp, *, directory: AccessDirectory, hosts: AllowedHosts, sockets: OpenSockets
    ) -> None:
        self._app = app
        self._directory = directory
        self._hosts = hosts
        self._sockets = sockets
        self._turns = RequestTurns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if not self._is_our_host(scope):
            await problem_response("foreign-host", scope["path"])(scope, receive, send)
            return
        token = _remove_query_token(scope)
        identity = self._directory.identify(presented_secret(scope["headers"], token))
        scope["state"] = {**scope.get("state", {}), "actor": identity.actor, "identity": identity}
        if scope["type"] == "websocket":
            await self._run_socket(scope, receive, send, identity=identity)
        elif identity.actor.role is None and _reads_api(scope):
            await self._run_in_turn(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _run_in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request of somebody without a role, until its answer is sent."""
        client = scope.get("client")
        address = "" if client is None else client[0]
        if not await self._turns.take(address):
            await problem_response("too-many-requests", scope["path"], headers={"Retry-After": "5"})(
                scope, receive, send
            )
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._turns.give_back(address)

    def _is_our_host(self, scope: Scope) -> bool:
        """A browser always sends a Host header; a simple probe may leave it out."""
        headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(headers) <= 1 and all(self._hosts.allows(header) for header in headers)

    async def _run_socket(self, scope: Scope, receive: Receive, send: Send, *, identity: Identity) -> None:
        if not may_connect(identity, self._directory):
            await problem_response("unauthorised", scope["path"], identity.error)(scope, receive, send)
            return
        with self._sockets.open(identity) as ended:
            socket = EndableSocket(scope, receive, send, ended=ended)
            await self._app(scope, socket.receive, socket.send)


def _reads_api(scope: Scope) -> bool:
    is_reading: bool = scope["method"] in ("GET", "HEAD")
    return is_reading and scope["path"].startswith("/api/")


def _remove_query_token(scope: Scope) -> str | None:
    """Remove the query parameter ``token`` of a reading request, so that no log contains it; return it."""
    if b"token=" not in scope["query_string"] or scope.get("method", "GET") not in ("GET", "HEAD"):
        return None
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    tokens: list[str] = [value for name, value in pairs if name == "token"]
    if not tokens:
        return None
    rest = urlencode([pair for pair in pairs if pair[0] != "token"])
    scope["query_string"] = rest.encode("latin-1")
    return tokens[0]
