"""Content negotiation: the media type that the Accept header prefers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

JSON = "application/json"
CSV = "text/csv"
HTML = "text/html"
PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _MediaRange(NamedTuple):
    kind: str
    subtype: str
    quality: float


def choose(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the client prefers; the earlier one of two that it likes equally.

    Args:
        accept: the header's text; None or an empty text accepts anything.
        offers: media types in our order of preference.

    Returns:
        None if the client accepts none of the offers.
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = [_parse_range(part) for part in accept.split(",") if part.strip()]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _parse_range(part: str) -> _MediaRange:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    kind, _, subtype = media_type.partition("/")
    return _MediaRange(kind, subtype, _parse_quality(parameters))


def _parse_quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _quality(offer: str, ranges: Sequence[_MediaRange]) -> float:
    """The quality of the most specific range that covers the offer, 0 if none does."""
    kind, _, subtype = offer.partition("/")
    for pattern in ((kind, subtype), (kind, "*"), ("*", "*")):
        qualities = [item.quality for item in ranges if (item.kind, item.subtype) == pattern]
        if qualities:
            return max(qualities)
    return 0.0
