"""Responses that are never cached: a JSON body, or no content; how no content and files are documented."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi.responses import Response
from pydantic import BaseModel

from f1timings.web.http import lists
from f1timings.web.http.negotiation import JSON

_NO_STORE: Final = {"Cache-Control": "no-store"}


def json_response(body: BaseModel, status: int = 200) -> Response:
    """A JSON body that neither browsers nor proxies store."""
    return Response(body.model_dump_json(), status_code=status, media_type=JSON, headers=_NO_STORE)


def no_content() -> Response:
    """An empty response after a change, status 204."""
    return Response(status_code=204, headers=_NO_STORE)


def described_no_content(*problems: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that answers 204, and the problems that it may answer."""
    responses = lists.described({}, *problems)
    del responses[200]
    return {204: {"description": "Done"}, **responses}


def described_file(
    media_types: Iterable[str], example: str, *problems: int
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that answers a file in one of some formats, and its problems.

    Args:
        example: stands for the bytes in the document.
    """
    content = {media_type: {**lists.BINARY, "example": example} for media_type in media_types}
    return {**lists.described({}, *problems), 200: {"content": content}}
