"""The recipes name files, tests and make targets that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "recipes.md").read_text("utf-8")
HEADINGS = [
    "A packet year",
    "A lap column",
    "A lap class",
    "A session type",
    "A setting",
    "A role",
    "A view",
    "A language",
    "An export column",
    "An act of a marshal",
]
_FILE = re.compile(r"`(?P<path>[\w.-]+(?:/[\w.-]+)+\.(?:py|ts|svelte|md|css))`")
_COMMAND = re.compile(r"\.venv/bin/python -m pytest (?P<arguments>[^`\n]+)")


def recipes(text: str) -> dict[str, str]:
    """The text of each recipe by its heading, in the order of the document."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], map(str.strip, parts[2::2]), strict=True))


def is_placeholder(path: str) -> bool:
    """Whether a path is that of a file that the reader of the recipe writes."""
    return "NAME" in path or "2027" in path


def named_files(text: str) -> list[str]:
    """The paths of files in backticks, without those that the reader writes."""
    paths = [match["path"] for match in _FILE.finditer(text)]
    return [path for path in paths if not is_placeholder(path)]


def paths_of_tests(text: str) -> Iterator[str]:
    """The paths of the tests in the commands."""
    for match in _COMMAND.finditer(text):
        words = match["arguments"].split()
        yield from (word.partition("::")[0] for word in words if word.startswith("tests"))


def test_the_ten_recipes_are_there_in_order() -> None:
    assert list(recipes(TEXT)) == HEADINGS


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_recipe_lists_its_files_and_a_command(heading: str) -> None:
    text = recipes(TEXT)[heading]
    assert re.search(r"^1\. ", text, re.MULTILINE)
    assert named_files(text)
    assert list(paths_of_tests(text))


@pytest.mark.parametrize("heading", HEADINGS)
def test_files_that_a_recipe_names_exist(heading: str) -> None:
    text = recipes(TEXT)[heading]
    assert [] == [path for path in named_files(text) if not (ROOT / path).is_file()]


@pytest.mark.parametrize("heading", HEADINGS)
def test_tests_that_a_recipe_runs_exist(heading: str) -> None:
    text = recipes(TEXT)[heading]
    paths = [path for path in paths_of_tests(text) if not is_placeholder(path)]
    assert [] == [path for path in paths if not (ROOT / path).exists()]


def test_a_file_that_does_not_exist_is_noticed() -> None:
    named = named_files(
        "`tests/test_recipes.py`, `web/NAME/main.ts`, `src/f1timings/nowhere.py`, `make types`"
    )
    assert [True, False] == [(ROOT / path).is_file() for path in named]
