"""The header line of a list as CSV, from the fields of its JSON."""

from __future__ import annotations

from collections.abc import Iterable


def with_time_texts(fields: Iterable[str]) -> list[str]:
    """The columns: every field in its order, and before each time in milliseconds the same time as text."""
    return [
        column
        for field in fields
        for column in ([field.removesuffix("_ms"), field] if field.endswith("_ms") else [field])
    ]
