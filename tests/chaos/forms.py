"""The two forms of a test with faults: a short one in ``make test``, a long one in ``make chaos``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Value = TypeVar("Value")

_IS_LONG = os.environ.get("F1TIMINGS_CHAOS") == "long"


def count_of(long_form: int, short_form: int) -> int:
    """How often a fault is repeated."""
    return long_form if _IS_LONG else short_form


def some_of(values: Sequence[Value], short_form: Sequence[Value]) -> Sequence[Value]:
    """The values with which a test runs: all of them only in the long form."""
    return values if _IS_LONG else short_form
