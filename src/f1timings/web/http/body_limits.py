"""How large the body of a request may be; a route that needs more states it as ``max_body_size``."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from f1timings.web.http.lists import problem_response_of

#: Bytes for routes that anyone may call: names, passwords and codes.
LARGEST_OF_ANYONE: Final = 4 * 1024
#: Bytes for all other routes: 500 laps that are marked at once take 50 KiB.
LARGEST_OF_KNOWN: Final = 64 * 1024


def limited(request: Request, limit: int) -> Request:
    """The request, with a body that is read up to a limit and no further.

    A body with Content-Length is checked here, before any of it is read; the server passes on no more than
    was announced. Any other body is counted while it is read.

    Args:
        limit: in bytes.

    Raises:
        HTTPException: the announced length is above the limit.
    """
    length = request.headers.get("content-length")
    if length is not None and length.isdecimal():
        if int(length) > limit:
            raise _too_large(limit)
        return request
    return Request(request.scope, _counted(request.receive, limit))


def described_limit(limit: int) -> dict[str, Any]:
    """The response 413 of a route with such a limit, for the OpenAPI document."""
    return {**problem_response_of(413), "description": f"Request too large: more than {limit:,} bytes"}


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def receive_counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    return receive_counted


def _too_large(limit: int) -> HTTPException:
    """The error of a body above the limit.

    FastAPI answers 400 to any error while it reads a body, except for this class.
    """
    # The rest of the body is of no use, so the connection ends with the answer.
    text = f"Send at most {limit:,} bytes; this route needs no more."
    return HTTPException(413, text, {"Connection": "close"})
