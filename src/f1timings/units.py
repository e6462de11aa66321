"""Convert times between the packets, the program (integer milliseconds) and text."""

from __future__ import annotations

import math


def ms_from_parts(minutes: int, milliseconds: int) -> int:
    """Combine the minutes and the milliseconds that the games send separately since 2023."""
    return minutes * 60_000 + milliseconds


def ms_from_seconds(seconds: float) -> int | None:
    """Convert seconds to milliseconds; the 2020 game and the classifications send seconds.

    Returns None for an invalid time: NaN, infinite, negative, or a day or more.
    """
    if not math.isfinite(seconds) or not 0.0 <= seconds < 86_400.0:
        return None
    return round(seconds * 1000.0)


def known(milliseconds: int | None) -> int | None:
    """Replace 0 by None: the games send 0 for an unknown time; outside ``packets`` it is None, never 0."""
    return milliseconds or None


def lap_text(milliseconds: int | None) -> str:
    """A lap time as text: ``1:23.456``, ``59.999``, and a dash for None."""
    if milliseconds is None:
        return "–"
    minutes, rest = divmod(milliseconds, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}.{thousandths:03d}" if minutes else f"{seconds}.{thousandths:03d}"


def minutes_text(milliseconds: int) -> str:
    """A time as text in one form for a whole column: ``1:02.000``, ``0:59.999``, ``75:00.000``."""
    minutes, rest = divmod(abs(milliseconds), 60_000)
    return f"{'-' if milliseconds < 0 else ''}{minutes}:{rest // 1000:02d}.{rest % 1000:03d}"
