"""Circuits by name: which texts mean the same one."""

from __future__ import annotations

import unicodedata

from f1timings.packets.formats import FORMATS
from f1timings.packets.ids import tracks

# What people call the circuits that the games name otherwise; keys as circuit_key compares them.
_ALSO = {
    "Melbourne": "albert park; australia",
    "Paul Ricard": "le castellet; france",
    "Shanghai": "china",
    "Sakhir (Bahrain)": "sakhir; bahrain",
    "Catalunya": "barcelona; catalonia; spain; barcelona-catalunya",
    "Monaco": "monte carlo",
    "Montreal": "montréal; canada; gilles villeneuve",
    "Silverstone": "great britain; british",
    "Hockenheim": "hockenheimring",
    "Hungaroring": "hungary; budapest",
    "Spa": "spa-francorchamps; belgium",
    "Monza": "italy",
    "Singapore": "marina bay",
    "Suzuka": "japan",
    "Abu Dhabi": "yas marina",
    "Texas": "austin; cota; circuit of the americas; usa",
    "Brazil": "interlagos; são paulo; sao paulo",
    "Austria": "red bull ring; spielberg",
    "Mexico": "mexico city",
    "Baku (Azerbaijan)": "baku; azerbaijan",
    "Zandvoort": "netherlands",
    "Imola": "emilia romagna",
    "Portimão": "portimao; portugal; algarve",
    "Jeddah": "saudi arabia",
    "Losail": "lusail; qatar",
}


def plain_key(text: str) -> str:
    """A text without what does not tell names apart: case, form of accents, spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_KEYS = {plain_key(other): plain_key(name) for name, others in _ALSO.items() for other in others.split(";")}


def circuit_key(text: str | None) -> str:
    """What circuits are compared by: the same for all usual names of one; empty where none is known."""
    key = plain_key(text or "")
    return _KEYS.get(key, key)


def known_circuits() -> tuple[str, ...]:
    """The circuits of all games, as the games name them, by name."""
    return tuple(sorted({name for one in FORMATS for name in tracks.TRACKS.table(one).values()}))
