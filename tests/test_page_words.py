"""Every name that the games give to a reason has words on the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from f1timings.packets import FORMATS
from f1timings.packets.ids import cars, rules, sessions
from f1timings.packets.ids.names import Names

CONTROL = Path("web/race/control")


def texts_of(words: Path) -> set[str]:
    """The keys of a file of words."""
    return set(re.findall(r'^ +"([^"]+)":', words.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("group", "names", "folder"),
    [
        ("infringement", rules.INFRINGEMENTS, CONTROL / "reasons"),
        ("penalty", rules.PENALTIES, CONTROL / "reasons"),
        ("weather", sessions.WEATHERS, CONTROL),
        ("retired-because", cars.RESULT_REASONS, CONTROL),
    ],
)
def test_every_name_of_the_games_has_words(group: str, names: Names[int], folder: Path) -> None:
    known = texts_of(folder / "words.en.ts")
    needed = {f"{group}.{name}" for year in FORMATS for name in names.table(year).values()}
    assert needed - {f"{group}.finished"} <= known
