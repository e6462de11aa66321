"""Names by number and year, written as what each year adds, renames and takes away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from f1timings.packets.layouts import FORMATS

Key = TypeVar("Key", int, str)
_END = re.compile(r"[;\n]")
_GONE = "gone:"


def number(text: str) -> int:
    """A number as the tables write it, decimal or 0x."""
    return int(text, 0)


class Names(Generic[Key]):
    """One table a format year.

    Args:
        key: reads the key of an entry: :func:`number`, or ``str`` for codes.
        years: by format, what is new or renamed from it on: entries ``number name``, ended by semicolon or
            line, and ``gone: number number …`` for what that year no longer has. Before the first format
            nothing has a name.
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
        """All names of one format; empty where the format has none."""
        return self._tables.get(packet_format, {})

    def name(self, packet_format: int, key: Key) -> str | None:
        """The name in that format, None where it has none."""
        return self.table(packet_format).get(key)


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for entry in filter(None, map(str.strip, _END.split(text))):
        word, _, name = entry.partition(" ")
        yield word, name
