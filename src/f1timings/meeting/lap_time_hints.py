"""What was probably meant by a typed lap time that is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from f1timings.units import lap_text

#: Nobody drives a lap in less time: a shorter one was typed wrongly.
SHORTEST_MS: Final = 10_000
#: A lap time is shorter than this.
HOUR_MS: Final = 3_600_000

# What people write between and behind the numbers of a time. A text with other characters is not a time.
_NUMBERS: Final = re.compile(r"[0-9]{1,9}")
_TIME_LIKE: Final = re.compile(r"[0-9][0-9.,:;'\"\u2019?! hmins]*")
_BETWEEN_MINUTES_AND_SECONDS: Final = re.compile(r"[0-9]+ *[:;'\u2019m]")
# From this number on, a number without separators counts milliseconds.
_FEWEST_MS: Final = 10_000


def likely_times(typed: str) -> list[int]:
    """The lap times in ms that a refused text may stand for, the likeliest first; empty without any."""
    if not _TIME_LIKE.fullmatch(typed):
        return []
    numbers = _NUMBERS.findall(typed)
    has_minutes = _BETWEEN_MINUTES_AND_SECONDS.match(typed) is not None
    times = dict.fromkeys(_readings(numbers, has_minutes=has_minutes))
    return [time_ms for time_ms in times if SHORTEST_MS <= time_ms < HOUR_MS]


def advice(typed: str) -> str | None:
    """What was probably meant, as ``1:20.000 (1 min 20 s)`` in every language; None if that is unknown."""
    times = likely_times(typed)
    return " / ".join(f"{lap_text(time_ms)} ({_words(time_ms)})" for time_ms in times) or None


def _readings(numbers: list[str], *, has_minutes: bool) -> Iterator[int]:
    if len(numbers) == 1:
        yield from _of_one_number(numbers[0])
    elif len(numbers) == 2 and has_minutes:
        yield from _of_minutes(numbers[0], numbers[1])
    elif len(numbers) == 2:
        yield from _of_decimals(numbers[0], numbers[1])
    elif len(numbers) == 3:
        minutes, seconds, decimals = numbers
        yield (int(minutes) * 60 + int(seconds)) * 1000 + _thousandths(decimals)


def _of_one_number(digits: str) -> Iterator[int]:
    """``123456`` is 1:23.456 without its separators, or milliseconds; ``90000`` is milliseconds."""
    number = int(digits)
    if len(digits) >= 6 and int(digits[-5:-3]) < 60:
        yield int(digits[:-5]) * 60_000 + int(digits[-5:])
    yield number if number >= _FEWEST_MS else number * 1000


def _of_minutes(minutes: str, seconds: str) -> Iterator[int]:
    """``1:20`` is a minute and 20 s; ``1:75`` is 75 s after a minute, or 1:07.5."""
    if len(seconds) <= 2:
        yield (int(minutes) * 60 + int(seconds)) * 1000
    if len(seconds) > 2 or int(seconds) >= 60:
        tens = int(seconds[0]) < 6 and len(seconds) > 2
        whole, decimals = (seconds[:2], seconds[2:]) if tens else (seconds[:1], seconds[1:])
        yield (int(minutes) * 60 + int(whole)) * 1000 + _thousandths(decimals)


def _of_decimals(whole: str, decimals: str) -> Iterator[int]:
    """``1.20`` and ``1.2`` are a minute and 20 s, ``1.234`` is 1:23.4; ``83.4567`` has a decimal too many."""
    if int(whole) * 1000 >= SHORTEST_MS:
        yield int(whole) * 1000 + _thousandths(decimals)
    seconds = int(decimals.ljust(2, "0")[:2])
    if 0 < int(whole) * 1000 < SHORTEST_MS and seconds < 60:
        yield (int(whole) * 60 + seconds) * 1000 + _thousandths(decimals[2:])


def _thousandths(decimals: str) -> int:
    return int(decimals.ljust(3, "0")[:3])


def _words(time_ms: int) -> str:
    minutes, rest = divmod(time_ms, 60_000)
    seconds = f"{rest / 1000:g} s"
    return f"{minutes} min {seconds}" if minutes else seconds
