"""Names of people in texts: which spellings are one name, and how mentions of a name are replaced. Pure.

A text mentions a name only as a whole: "Max", "MAX" and "Max's" mention Max; "Maximilian", "Anna-Max" and the
name "Max Verstappen" of another person do not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import NamedTuple

_HYPHENS = frozenset("-\u2010\u2011")
_APOSTROPHES = frozenset("'\u2019")


def folded(text: str) -> str:
    """Return a text in which spellings that differ in case only, or in the form of accents, are equal.

    Databases differ in this, and none of them folds every letter.
    """
    # Nearly all texts are ASCII; folding each character is many times slower.
    return text.lower() if text.isascii() else "".join(map(_folded, text))


class NameReplacement:
    """Replaces the names of one person in texts.

    Args:
        names: of the person.
        neutral: the name that replaces them.
        others: names of other people; a text that mentions one of them stays as it is there.
    """

    def __init__(self, names: Collection[str], *, neutral: str, others: Collection[str] = ()) -> None:
        self.neutral = neutral
        self._own = {folded(name): name for name in names}
        self._spellings = frozenset(names)
        longer = {folded(name) for name in others}
        self._others = {name for name in longer - self._own.keys() if any(own in name for own in self._own)}
        self._exact_others = frozenset(others) - self._spellings
        # The longest first, so that a name wins over the names that it contains.
        self._all = sorted(filter(None, self._own.keys() | self._others), key=len, reverse=True)

    def is_name(self, text: str | None) -> bool:
        """Whether a text is a name of the person, in any case, and not exactly another person's name."""
        return text is not None and text not in self._exact_others and folded(text) in self._own

    def may_occur(self, folded_text: str) -> bool:
        """Whether a folded text may mention the person; quick, for a first selection."""
        return any(name in folded_text for name in self._own)

    def apply(self, text: str) -> str:
        """Return a text in which the neutral name replaces every mention of the person."""
        if not self.may_occur(folded(text)):
            return text
        letters = _FoldedText(text)
        parts: list[str] = []
        at = 0
        while at < len(text):
            end = self._end_of_name(letters, at)
            if end is None:
                parts.append(text[at])
                at += 1
            else:
                found = text[at:end]
                parts.append(self.neutral if self.is_name(found) else found)
                at = end
        return "".join(parts)

    def _end_of_name(self, letters: _FoldedText, at: int) -> int | None:
        """Return the end of the longest name that begins here as a whole, None if there is none."""
        if not letters.begins_whole(at):
            return None
        ends = (letters.end_of(name, at) for name in self._all)
        return next((end for end in ends if end is not None and letters.ends_whole(end)), None)


class _FoldedText:
    """A text and its folded form, with the place of each character of the text in that form."""

    def __init__(self, text: str) -> None:
        self._text = text
        pieces = [_folded(character) for character in text]
        self.folded = "".join(pieces)
        self._places = [0]
        for piece in pieces:
            self._places.append(self._places[-1] + len(piece))
        self._characters = {place: index for index, place in enumerate(self._places)}

    def end_of(self, name: str, at: int) -> int | None:
        """Return the end in the text of a folded name that begins at a character, None if it does not."""
        place = self._places[at]
        if not self.folded.startswith(name, place):
            return None
        return self._characters.get(place + len(name))

    def begins_whole(self, at: int) -> bool:
        """Whether no word continues at a character."""
        if at == 0:
            return True
        before = self._text[at - 1]
        if before in _HYPHENS or before in _APOSTROPHES:
            return at < 2 or not _is_of_word(self._text[at - 2])
        return not _is_of_word(before)

    def ends_whole(self, end: int) -> bool:
        """Whether no word continues after the character before ``end``."""
        after = _Next(*self._text[end : end + 2].ljust(2))
        if after.character in _HYPHENS:
            return not _is_of_word(after.following)
        return not _is_of_word(after.character)


class _Next(NamedTuple):
    character: str
    following: str


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    # Upper case first: so the dotless i is an i, as its upper case is that of i.
    decomposed = unicodedata.normalize("NFD", character)
    return unicodedata.normalize("NFD", decomposed.upper().casefold())


def _is_of_word(character: str) -> bool:
    """Whether a character belongs to a word: a letter, a digit, or what changes the character before it."""
    return (
        character == "_" or character.isalnum() or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
    )
