"""What was refused, on its way to the log: the same again is counted, and a flood is one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from f1timings.store import AccessLogEntry

#: Lines that one writing adds at most, besides the one for all others.
MOST_LINES: Final = 10
LONGEST_DETAIL: Final = 200


class _Key(NamedTuple):
    who: str
    ip: str
    what: str
    outcome: str


class Denials:
    """Lines that wait to be written; from any one thread at a time.

    Args:
        now: UTC.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lines: dict[_Key, AccessLogEntry] = {}
        self._others = 0

    def add(self, who: str, ip: str, what: str, outcome: str, detail: str = "") -> None:
        """One more."""
        key = _Key(who, ip, what, outcome)
        line = self._lines.get(key)
        if line is not None:
            self._lines[key] = line._replace(times=line.times + 1)
        elif len(self._lines) < MOST_LINES:
            self._lines[key] = AccessLogEntry(self._now(), *key, plain(detail))
        else:
            self._others += 1

    def take(self) -> list[AccessLogEntry]:
        """What waits, which no longer waits then."""
        lines = list(self._lines.values())
        if self._others:
            lines.append(
                AccessLogEntry(self._now(), "", "", "several", "refused", "among many more", self._others)
            )
        self._lines, self._others = {}, 0
        return lines


def plain(text: str) -> str:
    """Text from outside, fit for a line of a log: short, and nothing in it that cannot be seen."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)[:LONGEST_DETAIL]
