"""The names of circuits: which texts name the same circuit."""

from __future__ import annotations

import unicodedata

from f1timings.packets.formats import FORMATS
from f1timings.packets.ids import tracks

# Other usual names of circuits, by the name in the games.
_OTHER_NAMES = {
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
    """A name as it is compared: without differences of case, Unicode form and spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_KEYS = {
    plain_key(other): plain_key(name) for name, others in _OTHER_NAMES.items() for other in others.split(";")
}


def circuit_key(text: str | None) -> str:
    """The key by which circuits are compared: the same for all usual names; empty without a name."""
    key = plain_key(text or "")
    return _KEYS.get(key, key)


def known_circuits() -> tuple[str, ...]:
    """The names of all circuits in the games, sorted."""
    return tuple(
        sorted({name for packet_format in FORMATS for name in tracks.TRACKS.table(packet_format).values()})
    )
