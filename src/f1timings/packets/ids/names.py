"""Names by number and format: each year states the names that it adds, changes and removes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from f1timings.packets.formats import FORMATS

Key = TypeVar("Key", int, str)
_END = re.compile(r"[;\n]")
_GONE = "gone:"


def number(text: str) -> int:
    """Parse a number of the tables, decimal or ``0x``."""
    return int(text, 0)


class Names(Generic[Key]):
    """One table of names per format.

    A format that ``years`` does not mention has the names of the format before it.

    Args:
        key: parses the key of an entry: :func:`number`, or ``str`` for codes.
        years: the changes by format. A change is a list of entries ``number name``, each ended by a semicolon
            or a new line. ``gone: number number …`` removes names that the format no longer has.

    Raises:
        KeyError: a year removes a number that has no name.
    """

    def __init__(self, key: Callable[[str], Key], years: Mapping[int, str]) -> None:
        self._tables: dict[int, Mapping[Key, str]] = {}
        table: dict[Key, str] = {}
        for packet_format in FORMATS:
            for word, name in _entries(years.get(packet_format, "")):
                if word == _GONE:
                    for gone in name.split():
                        del table[key(gone)]
                else:
                    table[key(word)] = name
            self._tables[packet_format] = MappingProxyType(dict(table))

    def table(self, packet_format: int) -> Mapping[Key, str]:
        """All names of one format; empty for an unknown format."""
        return self._tables.get(packet_format, {})

    def names(self) -> frozenset[str]:
        """The names in all formats."""
        return frozenset(name for table in self._tables.values() for name in table.values())

    def name(self, packet_format: int, key: Key) -> str | None:
        """The name of a number in a format; None if it has none."""
        return self.table(packet_format).get(key)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for entry in filter(None, map(str.strip, _END.split(text))):
        word, _, name = entry.partition(" ")
        yield word, name
