"""The list of generated parts, and replacing them in the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from scripts.documentation.api import (
    csv_example,
    filters_table,
    json_example,
    lap_classes_table,
    problems_table,
    routes_table,
)
from scripts.documentation.code_links import update_code_links
from scripts.documentation.commands import commands_section
from scripts.documentation.error_classes import errors_table
from scripts.documentation.messages import limits_table, message
from scripts.documentation.numbers import numbers_table
from scripts.documentation.settings import settings_table
from scripts.documentation.traces import channels_table
from scripts.documentation.views import columns_table, facts_table, flags_table, frame_table, views_table

ROOT: Final = Path(__file__).resolve().parents[2]
_PART: Final = re.compile(r"(<!-- generated: (?P<name>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
_DOCUMENTS: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "scripts/README.md")

#: By name; a name with an argument, as in ``columns:tower``, calls the function with this argument.
_PARTS: Final[Mapping[str, Callable[..., str]]] = {
    "settings": settings_table,
    "commands": commands_section,
    "errors": errors_table,
    "routes": routes_table,
    "filters": filters_table,
    "lap_classes": lap_classes_table,
    "example": json_example,
    "csv": csv_example,
    "problems": problems_table,
    "message": message,
    "limits": limits_table,
    "views": views_table,
    "columns": columns_table,
    "facts": facts_table,
    "flags": flags_table,
    "frame": frame_table,
    "numbers": numbers_table,
    "trace_channels": channels_table,
}


def list_documents() -> list[Path]:
    """Every document of the repository."""
    documents = [ROOT / path for path in _DOCUMENTS if (ROOT / path).is_file()]
    return documents + sorted((ROOT / "docs").rglob("*.md"))


def outdated_documents() -> list[Path]:
    """The documents with an outdated part."""
    return [path for path in list_documents() if updated_document(path) != path.read_text("utf-8")]


def updated_document(path: Path) -> str:
    """The text of a document with its generated parts and the lines of its links to code updated.

    Raises:
        KeyError: the document marks an unknown part.
        LookupError: a link names something that the code does not define.
    """
    return update_code_links(update_parts(path.read_text("utf-8")), path.parent)


def update_parts(text: str) -> str:
    """A document with its generated parts updated.

    Raises:
        KeyError: the document marks an unknown part.
    """
    return _PART.sub(lambda match: f"{match[1]}{build_part(match['name'])}\n{match[3]}", text)


def build_part(name: str) -> str:
    """The text of one part, by its name and optional argument, ``NAME:ARGUMENT``.

    Raises:
        KeyError: there is no such part.
    """
    part, _, argument = name.partition(":")
    return _PARTS[part](argument) if argument else _PARTS[part]()
