"""Lap times as people type them; :func:`f1timings.units.lap_text` writes them back."""

from __future__ import annotations

import re
from typing import Final

from f1timings.errors import ActInvalid
from f1timings.meeting.lap_time_hints import HOUR_MS, SHORTEST_MS, advice

_LONGEST: Final = 40

# [0-9] and not \d, which matches the digits of every script.
_MINUTES: Final = re.compile(r"([0-9]{1,2})[:.,]([0-9]{2})[.,]([0-9]{1,3})")
_SECONDS: Final = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,3}))?")


def parse_lap_time(text: str) -> int:
    """Return the time of a lap that is typed now, in milliseconds; for its forms see :func:`read_lap_time`.

    Raises:
        ActInvalid: the text is not a lap time, or the time is below ten seconds.
    """
    time_ms = read_lap_time(text)
    refuse_unlikely(text, time_ms)
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
            raise _invalid("lap-time-below-60", tidy)
        time_ms = (minutes * 60 + seconds) * 1000 + _thousandths(split[3])
    elif split := _SECONDS.fullmatch(tidy):
        time_ms = int(split[1]) * 1000 + _thousandths(split[2])
    else:
        raise _invalid("lap-time-form", tidy)
    if not 0 < time_ms < HOUR_MS:
        raise _invalid("lap-time-range", tidy)
    return time_ms


def refuse_unlikely(text: str, time_ms: int) -> None:
    """Refuse a time that nobody drives, with what was probably meant.

    Raises:
        ActInvalid: the time is below ten seconds.
    """
    if time_ms < SHORTEST_MS:
        tidy, seconds = text.strip(), f"{time_ms / 1000:g}"
        if meant := advice(tidy):
            raise ActInvalid("lap-time-short-meant", "time", typed=tidy, seconds=seconds, meant=meant)
        raise ActInvalid("lap-time-short", "time", typed=tidy, seconds=seconds)


def _thousandths(decimals: str | None) -> int:
    return int((decimals or "").ljust(3, "0"))


def _invalid(code: str, typed: str) -> ActInvalid:
    """The error for a text: what was probably meant, or the refusal of that code where it is not known."""
    meant = advice(typed)
    return ActInvalid("lap-time-meant", "time", meant=meant) if meant else ActInvalid(code, "time")
