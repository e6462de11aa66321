"""Answers with lists: as JSON or CSV, with the next page in the body and in a Link header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from f1timings.web.http.bodies import ListBody, Row
from f1timings.web.http.csv_text import csv_text
from f1timings.web.http.negotiation import CSV, JSON, choose
from f1timings.web.http.openapi import PROBLEM_SCHEMA
from f1timings.web.http.problems import ProblemError


def answer(request: Request, row: type[Row], rows: ListBody[Row]) -> Response:
    """A list in the format that the client requested.

    Raises:
        ProblemError: the client accepts neither JSON nor CSV.
    """
    chosen = choose(request.headers.get("accept"), (JSON, CSV))
    if chosen is None:
        raise ProblemError("not-acceptable")
    headers = {"Vary": "Accept"}
    if rows.next is not None:
        headers["Link"] = f'<{_next_address(request, rows.next)}>; rel="next"'
    if chosen == JSON:
        return Response(rows.model_dump_json(), media_type=JSON, headers=headers)
    dumped = [item.model_dump(mode="json") for item in rows.items]
    return Response(
        csv_text(tuple(row.model_fields), dumped), media_type=f"{CSV}; charset=utf-8", headers=headers
    )


def accepts_json(request: Request) -> None:
    """A dependency for routes that return JSON only.

    Raises:
        ProblemError: the client does not accept JSON.
    """
    if choose(request.headers.get("accept"), (JSON,)) is None:
        raise ProblemError("not-acceptable", "Send application/json in the Accept header.")


def described(example: Mapping[str, object], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a JSON route: an example, and the problems that it may return."""
    return {
        200: {"content": {JSON: {"example": example}}},
        **{status: _PROBLEM_RESPONSES[status] for status in sorted(problems)},
    }


def described_creation(example: Mapping[str, object], *problems: int) -> dict[int | str, dict[str, Any]]:
    """As :func:`described`, for a route that creates something."""
    responses = described(example, *problems)
    responses[201] = responses.pop(200)
    return responses


def described_list(
    row: type[BaseModel], example: Mapping[str, object], items: Sequence[Mapping[str, object]], *problems: int
) -> dict[int | str, dict[str, Any]]:
    """As :func:`described`, for a list in JSON or CSV."""
    responses = described(example, *problems)
    responses[200]["content"][CSV] = {
        "schema": {"type": "string"},
        "example": csv_text(tuple(row.model_fields), items),
    }
    responses[200]["headers"] = {
        "Link": {"description": 'The next page, `rel="next"`.', "schema": {"type": "string"}}
    }
    return responses


def _next_address(request: Request, cursor: str) -> str:
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*others, ('cursor', cursor)])}"


def _problem_response(description: str, status: int) -> dict[str, Any]:
    example = {
        "type": "/docs#problems",
        "title": description,
        "status": status,
        "detail": "What to do about it.",
        "instance": "/api/v1/…",
    }
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": PROBLEM_SCHEMA}, "example": example}},
    }


_PROBLEM_RESPONSES = {
    status: _problem_response(description, status)
    for status, description in {
        404: "Not found",
        400: "Bad request",
        401: "Unauthorised",
        403: "Forbidden",
        405: "Method not allowed",
        406: "Not acceptable",
        409: "Conflict",
        413: "Request too large",
        415: "No JSON",
        422: "Invalid request",
        429: "Too many attempts",
        500: "Internal error",
        503: "Unavailable",
    }.items()
}
