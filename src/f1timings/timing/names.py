"""Cleans names from the game: cuts them at the NUL, decodes them, removes characters unfit for a screen."""

from __future__ import annotations

import unicodedata

# Controls, formats (bidi overrides, zero width), surrogates, private use, unassigned.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean_name(raw: bytes) -> str | None:
    """Turn the fixed-size name field of a packet into text.

    The field is UTF-8, ends at the first NUL (the bytes after it are garbage), and may be cut inside a
    character. Broken bytes become U+FFFD; a character cut at the end is left out.

    Returns:
        The name with single spaces, or None if nothing readable remains.
    """
    text = _decode(raw.partition(b"\0")[0])
    characters = (c for c in unicodedata.normalize("NFC", text) if _is_wanted(c))
    wanted = "".join(" " if c.isspace() else c for c in characters)
    return " ".join(wanted.split()) or None


def _is_wanted(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNWANTED


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end == len(raw):
            return raw[: error.start].decode("utf-8", "replace")
        return raw.decode("utf-8", "replace")
