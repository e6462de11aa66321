"""Lap times as people type them; :func:`f1timings.units.lap_text` writes them back."""

from __future__ import annotations

import re
from typing import Final

from f1timings.errors import ActInvalid

#: Nobody drives a lap in less time: a shorter one was typed wrongly.
SHORTEST_MS: Final = 10_000
#: A lap time is shorter than this.
HOUR_MS: Final = 3_600_000
_LONGEST: Final = 40

# [0-9] and not \d, which matches the digits of every script.
_MINUTES: Final = re.compile(r"([0-9]{1,2})[:.,]([0-9]{2})[.,]([0-9]{1,3})")
_SECONDS: Final = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,3}))?")
_ADVICE: Final = "Write a lap time such as 1:23.456, 1.23.456, 83.456 or 83; a comma works like the dot."


def parse_lap_time(text: str) -> int:
    """Return the time of a lap that is typed now, in milliseconds; for its forms see :func:`read_lap_time`.

    Raises:
        ActInvalid: the text is not a lap time, or the time is below ten seconds.
    """
    time_ms = read_lap_time(text)
    if time_ms < SHORTEST_MS:
        raise _unlikely(text.strip(), time_ms)
    return time_ms


def read_lap_time(text: str) -> int:
    """Return a lap time in milliseconds as it was typed at any time, however short.

    Forms are ``mm:ss.sss``, ``mm.ss.sss``, ``ss.sss`` and plain seconds, with a comma wherever a dot may be.
    One or two decimals are tenths or hundredths. More than three decimals are refused, and so is ``1:23``,
    because its decimals may have been forgotten.

    Raises:
        ActInvalid: the text has none of these forms, or the time is zero, or an hour or more.
    """
    tidy = text.strip() if len(text) <= _LONGEST else ""
    if split := _MINUTES.fullmatch(tidy):
        minutes, seconds = int(split[1]), int(split[2])
        if minutes > 59 or seconds > 59:
            raise _invalid("Minutes and seconds are below 60.")
        time_ms = (minutes * 60 + seconds) * 1000 + _thousandths(split[3])
    elif split := _SECONDS.fullmatch(tidy):
        time_ms = int(split[1]) * 1000 + _thousandths(split[2])
    else:
        raise _invalid("This is not a lap time.")
    if not 0 < time_ms < HOUR_MS:
        raise _invalid("A lap time is at least ten seconds and shorter than an hour.")
    return time_ms


def _thousandths(decimals: str | None) -> int:
    return int((decimals or "").ljust(3, "0"))


def _unlikely(typed: str, time_ms: int) -> ActInvalid:
    """The error for a time that nobody drives, with what was probably meant."""
    minutes, _, seconds = typed.replace(",", ".").partition(".")
    what = f"{typed} is {time_ms / 1000:g} seconds"
    if len(seconds) == 2 and minutes.isdecimal() and int(minutes) and int(seconds) < 60:
        return _invalid(
            f"{what}; for {int(minutes)} min {int(seconds)} s write {int(minutes)}:{seconds}.000."
        )
    return _invalid(f"{what}; a lap time is at least ten seconds.")


def _invalid(what: str) -> ActInvalid:
    return ActInvalid(f"{what} {_ADVICE}", "time")
