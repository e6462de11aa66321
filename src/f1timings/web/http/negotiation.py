"""Which form of an answer the Accept header asks for (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

JSON = "application/json"
CSV = "text/csv"


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client likes best; the earlier one where it likes two the same.

    Args:
        accept: the header's text; None or empty takes anything.
        offers: media types in our order of preference.

    Returns:
        None if none of the offers will do.
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _range(part: str) -> _Range:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    kind, _, subtype = media.partition("/")
    return _Range(kind, subtype, _q(parameters))


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _quality(offer: str, ranges: Sequence[_Range]) -> float:
    """The quality of the most specific range that covers the offer, 0 if none does."""
    kind, _, subtype = offer.partition("/")
    for wanted in ((kind, subtype), (kind, "*"), ("*", "*")):
        found = [r.quality for r in ranges if (r.kind, r.subtype) == wanted]
        if found:
            return max(found)
    return 0.0
