"""The middleware around the application: refuses foreign host names, identifies requests, ends sockets."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from f1timings.web.access.checks.hosts import AllowedHosts
from f1timings.web.access.checks.sockets import EndableSocket, OpenSockets, may_connect
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import Identity, presented_secret
from f1timings.web.http.problems import problem_response


class AccessMiddleware:
    """Puts the identity and the actor of each request into its state; closes sockets that lose permission."""

    def __init__(
        self, app: ASGIApp, *, directory: AccessDirectory, hosts: AllowedHosts, sockets: OpenSockets
    ) -> None:
        self._app = app
        self._directory = directory
        self._hosts = hosts
        self._sockets = sockets

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
        else:
            await self._app(scope, receive, send)

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
