"""The middleware that answers from what is kept, if the sender may read it, and keeps what routes answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from f1timings.access.roles import Role
from f1timings.web.access.checks.permission import PermissionCheck
from f1timings.web.access.checks.policy import policy_key
from f1timings.web.access.credentials.identity import Identity
from f1timings.web.caching.etags import CACHING, etag_of, is_known
from f1timings.web.caching.kept_answers import KEPT_OPERATIONS, AnswerKey, KeptAnswer, KeptAnswers, RawHeaders
from f1timings.web.http.negotiation import JSON

_JSON = JSON.encode()


class KeptAnswersMiddleware:
    """Stands inside :class:`~f1timings.web.access.checks.middleware.AccessMiddleware`, which identifies."""

    def __init__(self, app: ASGIApp, *, kept: KeptAnswers, permissions: PermissionCheck) -> None:
        self._app = app
        self._kept = kept
        self._permissions = permissions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        identity: Identity = scope["state"]["identity"]
        accept, if_none_match = _headers(scope, b"accept", b"if-none-match")
        key = AnswerKey(
            identity.actor.has_role(Role.MARSHAL),
            scope.get("root_path", ""),
            scope["path"],
            scope["query_string"],
            accept,
        )
        answer = self._kept.get(key)
        if answer is not None and self._permissions.may_read(identity, answer.operation):
            await _send_answer(answer, send, if_none_match)
            return
        keeping = _Keeping(scope, send, kept=self._kept, key=key, if_none_match=if_none_match)
        await self._app(scope, receive, keeping.send)


class _Keeping:
    """Sends what a route answers; if its answers are kept, with an ETag, and keeps it."""

    def __init__(
        self, scope: Scope, send: Send, *, kept: KeptAnswers, key: AnswerKey, if_none_match: bytes
    ) -> None:
        self._scope = scope
        self._send = send
        self._kept = kept
        self._key = key
        self._if_none_match = if_none_match
        self._change = kept.newest_change()
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Send a message of the route."""
        if message["type"] == "http.response.start":
            operation = policy_key(self._scope.get("route"))
            if operation in KEPT_OPERATIONS and message["status"] == 200 and _is_json(message["headers"]):
                self._start = message
                return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
        elif message.get("more_body", False):
            await self._send(start)
            await self._send(message)
        else:
            answer = _answer(policy_key(self._scope.get("route")), start["headers"], message.get("body", b""))
            self._kept.keep(self._key, answer, self._change)
            await _send_answer(answer, self._send, self._if_none_match)


def _answer(operation: str, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> KeptAnswer:
    etag = etag_of(body)
    added = ((b"etag", etag.encode()), (b"cache-control", CACHING.encode()))
    whole: RawHeaders = (*((name.lower(), value) for name, value in headers), *added)
    unchanged = tuple(header for header in whole if header[0] not in (b"content-length", b"content-type"))
    return KeptAnswer(operation, etag, whole, unchanged, body)


async def _send_answer(answer: KeptAnswer, send: Send, if_none_match: bytes) -> None:
    is_unchanged = is_known(answer.etag, if_none_match.decode("latin-1"))
    status, headers, body = (
        (304, answer.headers_unchanged, b"") if is_unchanged else (200, answer.headers, answer.body)
    )
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})


def _headers(scope: Scope, *names: bytes) -> tuple[bytes, ...]:
    """The values of headers of a request, joined as one; empty without it."""
    return tuple(b",".join(value for name, value in scope["headers"] if name == wanted) for wanted in names)


def _is_json(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value == _JSON for name, value in headers)
