"""Where the time went, in two sentences at most, in the languages of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np

from f1timings.traces.analysis.comparison import delta_ms
from f1timings.traces.analysis.corners import Corner, CornerTaken, take_corner
from f1timings.traces.analysis.lap_line import LapLine
from f1timings.traces.trace import Floats

Language = Literal["en", "it"]

_WORDS: Final = {
    "en": {
        "lost": "{seconds} s lost in {turns}",
        "gained": "{seconds} s gained in {turns}",
        "turn": "turn {number}",
        "turns": "turns {first} and {last}",
        "range": "turns {first} to {last}",
        "earlier": "braked {metres} m earlier",
        "later": "braked {metres} m later",
        "slower": "{kmh} km/h slower at the apex",
        "faster": "{kmh} km/h faster at the apex",
        "exit_slower": "{kmh} km/h slower at the exit",
        "exit_faster": "{kmh} km/h faster at the exit",
        "point": ".",
    },
    "it": {
        "lost": "{seconds} s persi {turns}",
        "gained": "{seconds} s guadagnati {turns}",
        "turn": "nella curva {number}",
        "turns": "nelle curve {first} e {last}",
        "range": "nelle curve da {first} a {last}",
        "earlier": "frenata {metres} m prima",
        "later": "frenata {metres} m dopo",
        "slower": "{kmh} km/h in meno al punto di corda",
        "faster": "{kmh} km/h in più al punto di corda",
        "exit_slower": "{kmh} km/h in meno in uscita",
        "exit_faster": "{kmh} km/h in più in uscita",
        "point": ",",
    },
}
_LEAST_MS: Final = 30.0
_LEAST_M: Final = 4.0
_LEAST_KMH: Final = 2.0
# Neighbouring corners that each lose this share of the most are one loss.
_SHARE: Final = 0.5


class Loss(NamedTuple):
    """What a lap lost in some corners that follow each other.

    Attributes:
        lost_ms: negative where it gained.
    """

    corners: tuple[Corner, ...]
    lost_ms: float


def losses(lap: LapLine, to: LapLine, corners: Sequence[Corner]) -> list[Loss]:
    """What a lap lost to another in each corner, neighbours with similar losses together; the most first."""
    delta = delta_ms(lap, to)
    single = [
        Loss((corner,), lost)
        for corner in corners
        if np.isfinite(lost := _at(lap, delta, corner.ends_m) - _at(lap, delta, corner.begins_m))
    ]
    most = max((abs(loss.lost_ms) for loss in single), default=0.0)
    joined: list[Loss] = []
    for loss in single:
        before = joined[-1] if joined else None
        if before is not None and _belong_together(before, loss, most):
            joined[-1] = Loss((*before.corners, *loss.corners), before.lost_ms + loss.lost_ms)
        else:
            joined.append(loss)
    return sorted(joined, key=lambda loss: -loss.lost_ms)


def sentences(
    lap: LapLine, to: LapLine, corners: Sequence[Corner], *, language: Language = "en"
) -> list[str]:
    """Where a lap lost most to another one, and where it gained most; nothing that is too small to matter."""
    found = losses(lap, to, corners)
    notable = [loss for loss in found[:1] if loss.lost_ms >= _LEAST_MS]
    notable += [loss for loss in found[-1:] if loss.lost_ms <= -_LEAST_MS]
    return [_sentence(lap, to, loss, language=language) for loss in notable]


def _at(lap: LapLine, delta: Floats, place_m: float) -> float:
    return float(np.interp(place_m, lap.places_m, delta))


def _belong_together(before: Loss, after: Loss, most: float) -> bool:
    are_neighbours = before.corners[-1].number + 1 == after.corners[0].number
    are_alike = before.lost_ms * after.lost_ms > 0
    return are_neighbours and are_alike and min(abs(before.lost_ms), abs(after.lost_ms)) >= _SHARE * most


def _sentence(lap: LapLine, to: LapLine, loss: Loss, *, language: Language) -> str:
    words = _WORDS[language]
    seconds = f"{abs(loss.lost_ms) / 1000:.2f}".replace(".", words["point"])
    begin = words["lost" if loss.lost_ms > 0 else "gained"].format(
        seconds=seconds, turns=_turns(loss.corners, words)
    )
    corner = max(loss.corners, key=lambda each: abs(_lost_in(lap, to, each)))
    reasons = ", ".join(_reasons(take_corner(lap, corner), take_corner(to, corner), words))
    return f"{begin}: {reasons}." if reasons else f"{begin}."


def _lost_in(lap: LapLine, to: LapLine, corner: Corner) -> float:
    delta = delta_ms(lap, to)
    return _at(lap, delta, corner.ends_m) - _at(lap, delta, corner.begins_m)


def _turns(corners: Sequence[Corner], words: dict[str, str]) -> str:
    first, last = corners[0].number, corners[-1].number
    if first == last:
        return words["turn"].format(number=first)
    are_two = any(last == after.number and first == before.number for before, after in pairwise(corners))
    return words["turns" if are_two else "range"].format(first=first, last=last)


def _reasons(own: CornerTaken, other: CornerTaken, words: dict[str, str]) -> Iterator[str]:
    """What was different: the braking point, then the speed at the apex, else that at the exit."""
    if own.braking_m is not None and other.braking_m is not None:
        metres = own.braking_m - other.braking_m
        if abs(metres) >= _LEAST_M:
            yield words["later" if metres > 0 else "earlier"].format(metres=round(abs(metres)))
    for prefix, mine, theirs in (
        ("", own.apex_kmh, other.apex_kmh),
        ("exit_", own.exit_kmh, other.exit_kmh),
    ):
        if mine is not None and theirs is not None and abs(mine - theirs) >= _LEAST_KMH:
            way = "faster" if mine > theirs else "slower"
            yield words[prefix + way].format(kmh=round(abs(mine - theirs)))
            return
