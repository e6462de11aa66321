"""Answers with lists: as JSON, CSV or a workbook, with the next page in the body and in a Link header."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from f1timings.store import Page
from f1timings.web.http.bodies import ListBody, PlainPage, Row
from f1timings.web.http.negotiation import CSV, JSON, XLSX, choose
from f1timings.web.http.openapi import PROBLEM_SCHEMA
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.http.queries import MAX_LIMIT, ListRequest
from f1timings.web.tables.answers import Table, csv_answer, workbook_answer
from f1timings.web.tables.columns import columns_of
from f1timings.web.tables.csv_text import csv_text
from f1timings.web.tables.formats import requested_format

#: The schema of a file, for ``content`` in the OpenAPI document.
BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}


def answer(
    request: Request, row: type[Row], rows: ListBody[Row] | PlainPage, *, has_format_filter: bool = False
) -> Response:
    """A list in the format that the client requested.

    Args:
        has_format_filter: the list has a field `format`, by which a number in that parameter filters.

    Raises:
        ProblemError: the client accepts none of our formats.
        RequestValidationError: a parameter about the format is wrong.
    """
    wanted = requested_format(request, has_format_filter=has_format_filter)
    headers = {"Vary": "Accept"}
    if rows.next is not None:
        headers["Link"] = f'<{_next_address(request, rows.next)}>; rel="next"'
    if wanted.media_type == JSON:
        content = rows.as_json() if isinstance(rows, PlainPage) else rows.model_dump_json()
        return Response(content, media_type=JSON, headers=headers)
    table = Table(_name(request), columns_of(row.model_fields), [_dumped(rows)])
    if wanted.media_type == CSV:
        return csv_answer(table, wanted.csv_form, headers)
    return workbook_answer(table, headers)


def answer_pages(
    request: Request,
    row: type[Row],
    query: ListRequest,
    *,
    read: Callable[[Page], ListBody[Row] | PlainPage],
) -> Response:
    """One page of a list, or all of its pages as one file, in the format that the client requested.

    Args:
        query: the request of the list.
        read: reads one page.

    Raises:
        ProblemError: as :func:`answer`; or all pages are requested as JSON or from a cursor.
        RequestValidationError: a parameter about the format is wrong.
    """
    if not query.is_whole:
        return answer(request, row, read(query.page), has_format_filter=query.has_format_filter)
    wanted = requested_format(request, has_format_filter=query.has_format_filter)
    _refuse_part_of_whole(request, wanted.media_type)
    pages = _pages(replace(query.page, limit=MAX_LIMIT), read)
    # Read before the answer begins: what is wrong with the request is still a problem then.
    first = next(pages)
    table = Table(_name(request), columns_of(row.model_fields), chain([first], pages))
    headers = {"Vary": "Accept"}
    if wanted.media_type == CSV:
        return csv_answer(table, wanted.csv_form, headers)
    return workbook_answer(table, headers)


async def accepts_json(request: Request) -> None:
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
    """As :func:`described`, for a list in every format."""
    responses = described(example, *problems)
    responses[200]["content"] |= described_files(csv_text(columns_of(row.model_fields), items))
    responses[200]["headers"] = {
        "Link": {"description": 'The next page, `rel="next"`.', "schema": {"type": "string"}}
    }
    return responses


def described_files(csv_example: str) -> dict[str, Any]:
    """The ``content`` of an answer that is also a file, for the OpenAPI document."""
    return {
        CSV: {"schema": {"type": "string"}, "example": csv_example},
        XLSX: {**BINARY, "example": "A workbook of one sheet with the same columns and rows."},
    }


def problem_response_of(status: int) -> dict[str, Any]:
    """The response of a problem with this status, for the OpenAPI document."""
    return _PROBLEM_RESPONSES[status]


def _name(request: Request) -> str:
    """The name of a list, which is the last part of its path."""
    return request.url.path.rpartition("/")[2]


def _dumped(rows: ListBody[Row] | PlainPage) -> Sequence[Mapping[str, object]]:
    if isinstance(rows, PlainPage):
        return rows.items
    return [item.model_dump(mode="json") for item in rows.items]


def _pages(
    page: Page, read: Callable[[Page], ListBody[Row] | PlainPage]
) -> Iterator[Sequence[Mapping[str, object]]]:
    """The rows of a page and of all pages after it."""
    rows = read(page)
    yield _dumped(rows)
    while rows.next is not None:
        rows = read(replace(page, cursor=rows.next))
        yield _dumped(rows)


def _refuse_part_of_whole(request: Request, media_type: str) -> None:
    """Refuse a request for all pages that asks for one page too, or for JSON, which has pages."""
    errors = [
        FieldErrorBody(where=f"query.{name}", message="leave it out, or leave out all")
        for name in ("limit", "cursor")
        if name in request.query_params
    ]
    if media_type == JSON:
        errors.append(
            FieldErrorBody(where="query.all", message="is for files; add format=csv or format=xlsx")
        )
    if errors:
        raise ProblemError("invalid-request", errors=errors)


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
