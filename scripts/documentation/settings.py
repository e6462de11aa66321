"""The table of settings."""

from __future__ import annotations

from typing import Any, Final, get_args

from f1timings.config import SECRETS, Settings
from scripts.documentation.markdown import table

_BOUNDS: Final = {"ge", "le"}


def settings_table() -> str:
    """Every setting with its flag, environment variable, default and meaning."""
    rows = (
        (
            f"`{name}`",
            _flag(name, field),
            f"`F1TIMINGS_{name.upper()}`",
            "none" if field.default is None else f"`{str(field.default).lower()}`",
            " ".join(filter(None, (field.description, _allowed_values(field)))),
        )
        for name, field in Settings.model_fields.items()
    )
    return table(("setting", "flag", "environment", "default", "meaning"), rows)


def _flag(name: str, field: Any) -> str:
    if name in SECRETS:
        return "none"
    flag = name.replace("_", "-")
    return f"`--{flag}`, `--no-{flag}`" if field.annotation is bool else f"`--{flag}`"


def _allowed_values(field: Any) -> str:
    """The choices or bounds of a setting; empty if it has neither."""
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    if choices:
        return f"One of {', '.join(f'`{choice}`' for choice in choices)}."
    bounds = {
        kind: getattr(limit, kind) for limit in field.metadata for kind in _BOUNDS if hasattr(limit, kind)
    }
    return "{ge} to {le}.".format(**bounds) if bounds.keys() == _BOUNDS else ""
