"""The table of error classes."""

from __future__ import annotations

from collections.abc import Iterator

from f1timings import errors
from scripts.documentation.markdown import first_line, table


def error_classes(base: type[Exception] = errors.F1TimingsError) -> Iterator[type[Exception]]:
    """An error class and all its subclasses."""
    yield base
    for subclass in base.__subclasses__():
        if subclass.__module__ == errors.__name__:
            yield from error_classes(subclass)


def errors_table() -> str:
    """Every error class and its meaning."""
    rows = ((f"`{error.__name__}`", first_line(error.__doc__)) for error in error_classes())
    return table(("error", "meaning"), rows)
