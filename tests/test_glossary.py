"""The glossary and the code agree: each word is defined in the place that the glossary names."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
_ROW = re.compile(r"^\| \*\*(?P<words>[^*]+)\*\* \|.*\| (?:`(?P<place>[\w.]+)`)? ?\|$", re.MULTILINE)
_LINES = [line for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines() if "**" in line]
ENTRIES = {match["words"]: match["place"] for line in _LINES for match in [_ROW.match(line)] if match}
#: Words that the pages use and no module defines yet.
NOT_IN_THE_CODE = {"standings"}


def find(place: str) -> Any:
    """The module, class, function or field that a dotted place names, below ``f1timings``.

    Raises:
        LookupError: the place does not exist.
    """
    target: Any = importlib.import_module("f1timings")
    path = "f1timings"
    for name in place.split("."):
        path = f"{path}.{name}"
        if dataclasses.is_dataclass(target) and name in {field.name for field in dataclasses.fields(target)}:
            continue
        if not hasattr(target, name):
            try:
                importlib.import_module(path)
            except ImportError as error:
                raise LookupError(path) from error
        target = getattr(target, name)
    return target


def test_every_row_of_the_glossary_is_read() -> None:
    assert len(_LINES) == len(ENTRIES)
    assert len(ENTRIES) > 30


@pytest.mark.parametrize("words", ENTRIES)
def test_a_word_is_defined_where_the_glossary_says(words: str) -> None:
    place = ENTRIES[words]
    assert (place is None) == (words in NOT_IN_THE_CODE)
    if place is not None:
        find(place)


def test_a_place_that_does_not_exist_is_noticed() -> None:
    with pytest.raises(LookupError):
        find("meeting.people.Visitor")
