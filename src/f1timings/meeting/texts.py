"""The one rule for text that people type: one way of writing it, nothing that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from f1timings.errors import ActInvalid

LONGEST_NAME: Final = 80
LONGEST_REASON: Final = 300

# What a text may hold of the format characters (category Cf): they join letters and emoji.
_JOINERS: Final = frozenset("\u200c\u200d")
_FORBIDDEN: Final = {
    "Cc": "a control character",
    "Cs": "half of a surrogate pair",
    "Cf": "an invisible format character",
}
# Letters and symbols that leave nothing on a screen.
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SPACES: Final = re.compile(r"\s+")


def clean_text(text: str, *, field: str, shortest: int = 1, longest: int = LONGEST_NAME) -> str:
    """A text as it is kept: NFC, without spaces around it, one space where there were several.

    Args:
        field: name of the field, for the refusal.
        shortest: characters at least, of the cleaned text.
        longest: characters at most.

    Raises:
        ActInvalid: it is too short or too long, or holds a character that is not seen or turns others around.
    """
    # Tabs and line ends are spaces here; what else is a control character is refused.
    tidy = unicodedata.normalize("NFC", _SPACES.sub(" ", text)).strip()
    for character in tidy:
        if character not in _JOINERS and unicodedata.category(character) in _FORBIDDEN:
            raise ActInvalid(_refusal(field, character), field)
    if not shortest <= len(tidy) <= longest or (shortest and not _is_seen(tidy)):
        raise ActInvalid(_length(field, shortest, longest, len(tidy)), field)
    return tidy


def _refusal(field: str, character: str) -> str:
    what = _FORBIDDEN[unicodedata.category(character)]
    return f"{_word(field)} holds {what} (U+{ord(character):04X}); leave it out."


def _length(field: str, shortest: int, longest: int, found: int) -> str:
    return f"{_word(field)} has {shortest} to {longest} characters that can be seen; this one has {found}."


def _word(field: str) -> str:
    return f"The {field.replace('_', ' ')}"


def _is_seen(text: str) -> bool:
    """Whether anything of it leaves a mark on a screen: joiners, combining marks and blanks alone do not."""
    return any(one not in _BLANKS and unicodedata.category(one)[0] not in "MZC" for one in text)
