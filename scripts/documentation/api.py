"""The parts about the HTTP API: routes, filters, examples and problems."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from f1timings.app import Application
from f1timings.config import Settings
from f1timings.meeting.lap_class import LAP_CLASSES, LapClass
from f1timings.web.http.problem_kinds import KINDS
from scripts.documentation.markdown import json_block, table


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document of a complete application."""
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Settings(data_dir=Path(folder), database_url=None))  # type: ignore[call-arg]
        try:
            return application.web.openapi()
        finally:
            application.close()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every route."""
    for path, methods in openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def routes_table() -> str:
    """Every route with its summary."""
    rows = ((method, f"`{path}`", operation["summary"]) for method, path, operation in operations())
    return table(("method", "path", ""), rows)


def filters_table() -> str:
    """The fields by which each list is filtered and sorted."""
    fields_of_lists = ((path, _sort_fields(operation)) for _, path, operation in operations())
    rows = (
        (f"`{path}`", ", ".join(f"`{field}`" for field in fields))
        for path, fields in fields_of_lists
        if fields
    )
    return table(("list", "fields"), rows)


def lap_classes_table() -> str:
    """The lap classes by which a leaderboard is filtered."""
    rows = ((f"`{entry.api_name}`", entry.meaning, _example(entry)) for entry in LAP_CLASSES)
    return table(("filter", "meaning", "example"), rows)


def _example(entry: LapClass) -> str:
    if entry.words:
        return ", ".join(f"`{word}`" for word in entry.words)
    if entry.kind is bool:
        return "`true`"
    return "" if entry.example is None else f"`{entry.example}`"


def _sort_fields(operation: Mapping[str, Any]) -> list[str]:
    """The fields by which a list can be sorted; it can be filtered by the same fields."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "sort":
            fields: list[str] = parameter["schema"]["anyOf"][0]["enum"]
            return [field for field in fields if not field.startswith("-")]
    return []


def json_example(operation_id: str) -> str:
    """The example answer of a route in the OpenAPI document.

    Raises:
        KeyError: there is no such operation.
    """
    return json_block(_answer_content(operation_id)["application/json"]["example"])


def csv_example(operation_id: str) -> str:
    """The example answer of a route as CSV.

    Raises:
        KeyError: there is no such operation.
    """
    text: str = _answer_content(operation_id)["text/csv"]["example"]
    return "```text\n" + text.replace("\r\n", "\n") + "```"


def _answer_content(operation_id: str) -> Any:
    for _, _, operation in operations():
        if operation["operationId"] == operation_id:
            return operation["responses"]["200"]["content"]
    raise KeyError(operation_id)


def problems_table() -> str:
    """Every problem type with status, title and advice."""
    rows = (
        (f"`{kind}`", str(problem.status), problem.title, problem.advice)
        for kind, problem in sorted(KINDS.items(), key=lambda item: (item[1].status, item[0]))
    )
    return table(("type", "status", "title", "what to do"), rows)
