"""Refused requests on their way to the security log: repetitions are counted, a flood becomes one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from f1timings.store import AccessLogEntry

#: Entries that are written at a time, besides the one that counts all others.
MAX_ENTRIES: Final = 10
LONGEST_DETAIL: Final = 200


class _Key(NamedTuple):
    """A NamedTuple: it is the key of a dictionary."""

    who: str
    ip: str
    what: str
    outcome: str


class PendingRefusals:
    """Entries that are not written yet; not thread-safe.

    Args:
        now: the current time in UTC.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: dict[_Key, AccessLogEntry] = {}
        self._others = 0

    def add(self, *, who: str, ip: str, what: str, outcome: str, detail: str = "") -> None:
        """Add a refusal, or count it if the same one is pending."""
        key = _Key(who=who, ip=ip, what=what, outcome=outcome)
        entry = self._entries.get(key)
        if entry is not None:
            self._entries[key] = replace(entry, times=entry.times + 1)
        elif len(self._entries) < MAX_ENTRIES:
            self._entries[key] = AccessLogEntry(
                at=self._now(), who=who, ip=ip, what=what, outcome=outcome, detail=printable(detail)
            )
        else:
            self._others += 1

    def clear(self) -> list[AccessLogEntry]:
        """Return and clear the pending entries."""
        entries = list(self._entries.values())
        if self._others:
            entries.append(
                AccessLogEntry(
                    at=self._now(),
                    who="",
                    ip="",
                    what="several",
                    outcome="refused",
                    detail="further refusals in the same interval",
                    times=self._others,
                )
            )
        self._entries, self._others = {}, 0
        return entries


def printable(text: str) -> str:
    """Text from outside, made safe for one line of a log: shortened, and without invisible characters."""
    replaced = (char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return "".join(replaced)[:LONGEST_DETAIL]
