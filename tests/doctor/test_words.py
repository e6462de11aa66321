"""The admin page has the texts of every check in each of its languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from f1timings.doctor.checks import CHECKS

WEB = Path(__file__).parents[2] / "web" / "admin"
KINDS = ("check", "check.wrong", "check.how")
TEXTS = {
    f"{kind}.{check.name}": text
    for check in CHECKS
    for kind, text in zip(KINDS, (check.good, check.wrong, check.remedy), strict=True)
}


def page_words(language: str) -> dict[str, str]:
    """The words of the checks on the admin page, by key."""
    source = (WEB / f"words.{language}.ts").read_text("utf-8")
    found = re.findall(r'^  "(check\.[\w.]+)":\s*("(?:[^"\\]|\\.)*")', source, re.MULTILINE)
    return {key: json.loads(text).replace("’", "'") for key, text in found}


def holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_in_english_the_page_says_the_same_as_the_command() -> None:
    assert TEXTS == page_words("en")


@pytest.mark.parametrize("language", [path.stem.removeprefix("words.") for path in WEB.glob("words.*.ts")])
def test_in_each_language_the_texts_name_the_same_facts(language: str) -> None:
    expected = {key: holes(text) for key, text in TEXTS.items()}
    assert expected == {key: holes(text) for key, text in page_words(language).items()}
