"""Files in the body of a request: read piece by piece, and refused as soon as they are too large."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from f1timings.meeting.room.pictures import MEGABYTE, MOST_PICTURE_BYTES
from f1timings.web.http.problems import ProblemError

#: The path of pictures below ``/api/v1``, and the most bytes in the body of a request to it.
PICTURES_PATH: Final = "/slide-pictures"
MOST_UPLOADED_BYTES: Final = MOST_PICTURE_BYTES


async def read_upload(request: Request) -> bytes:
    """Return the body of a request, of which never more than the limit is in memory.

    Raises:
        ProblemError: it has more than :data:`MOST_UPLOADED_BYTES`, or the client went away.
    """
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > MOST_UPLOADED_BYTES:
        raise _too_large()
    read = bytearray()
    try:
        async for piece in request.stream():
            if len(read) + len(piece) > MOST_UPLOADED_BYTES:
                raise _too_large()
            read += piece
    except ClientDisconnect as gone:
        raise ProblemError("bad-request", "The request ended before its body was complete.") from gone
    return bytes(read)


def _too_large() -> ProblemError:
    return ProblemError("too-large", f"A picture has at most {MOST_UPLOADED_BYTES // MEGABYTE} MB.")
