"""The rule for texts that people type: one spelling of each text, and no invisible characters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from f1timings.errors import ActInvalid

LONGEST_NAME: Final = 80
LONGEST_REASON: Final = 300

# The only format characters (category Cf) that a text may contain: they join letters and emoji.
_JOINERS: Final = frozenset("\u200c\u200d")
#: The code of the refusal, by category.
_FORBIDDEN: Final = {
    "Cc": "text-control-character",
    "Cs": "text-half-character",
    "Cf": "text-invisible-character",
}
# Letters and symbols that are blank on a screen.
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SPACES: Final = re.compile(r"\s+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def clean_text(text: str, *, field: str, shortest: int = 1, longest: int = LONGEST_NAME) -> str:
    """Return a text as it is stored: NFC, without spaces around it, and with single spaces.

    Args:
        field: name of the field, for the error.
        shortest: the least number of characters of the result.
        longest: the greatest number of characters.

    Raises:
        ActInvalid: the text is too short or too long, or contains a character that is invisible or reverses
            the order of others.
    """
    # Tabs and line ends count as spaces; other control characters are refused.
    tidy = unicodedata.normalize("NFC", _SPACES.sub(" ", text)).strip()
    for character in tidy:
        if character not in _JOINERS and unicodedata.category(character) in _FORBIDDEN:
            code = _FORBIDDEN[unicodedata.category(character)]
            raise ActInvalid(code, field, character=f"U+{ord(character):04X}")
    if not shortest <= len(tidy) <= longest or (shortest and not _is_visible(tidy)):
        raise ActInvalid("text-length", field, shortest=shortest, longest=longest, length=len(tidy))
    return tidy


def clean_lines(text: str, *, field: str, longest: int, most_lines: int) -> str:
    """Return a text of several lines as it is stored: each as :func:`clean_text` returns it.

    Empty lines at both ends are left out, and several between two others become one.

    Args:
        field: name of the field, for the error.
        longest: the greatest number of characters of the result.
        most_lines: the greatest number of lines of the result.

    Raises:
        ActInvalid: as for :func:`clean_text`, or there are too many lines.
    """
    lines = [clean_text(line, field=field, shortest=0, longest=longest) for line in text.splitlines()]
    tidy = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    if len(tidy) > longest:
        raise ActInvalid("text-length", field, shortest=0, longest=longest, length=len(tidy))
    count = tidy.count("\n") + 1
    if count > most_lines:
        raise ActInvalid("text-lines", field, most=most_lines, count=count)
    return tidy


def _is_visible(text: str) -> bool:
    """Whether a screen shows anything of a text: joiners, combining marks and blanks alone are invisible."""
    return any(
        character not in _BLANKS and unicodedata.category(character)[0] not in "MZC" for character in text
    )
