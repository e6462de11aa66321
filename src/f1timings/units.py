"""Conversions of time between the wire, the inside (integer milliseconds) and people."""

from __future__ import annotations

import math


def ms_from_parts(minutes: int, milliseconds: int) -> int:
    """Join the minutes part and the milliseconds part that the games send since 2023."""
    return minutes * 60_000 + milliseconds


def ms_from_seconds(seconds: float) -> int | None:
    """Seconds as the 2020 game and the classifications send them, as milliseconds.

    Returns None for what is no time: NaN, infinite, negative, or beyond a day.
    """
    if not math.isfinite(seconds) or not 0.0 <= seconds < 86_400.0:
        return None
    return round(seconds * 1000.0)


def known(milliseconds: int | None) -> int | None:
    """The games write 0 where they have no time; outside ``packets`` unknown is None, never 0."""
    return milliseconds or None


def lap_text(milliseconds: int | None) -> str:
    """A lap time as people write it: ``1:23.456``, ``59.999``, and a dash for none."""
    if milliseconds is None:
        return "–"
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}.{thousandths:03d}" if minutes else f"{seconds}.{thousandths:03d}"
