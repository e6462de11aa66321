"""The table of formats: every packet format that the server understands, oldest first.

To add a year, write its file (``f2026.py`` is a short example) and import it below in place of the newest
one. Each year names the year before it, so the table follows from the newest. Layouts, ids, the simulator,
command options and tests read their ranges of formats here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from f1timings.packets.f2026 import YEAR as NEWEST_YEAR

YEARS = NEWEST_YEAR.with_earlier_years()

FORMATS: tuple[int, ...] = tuple(year.packet_format for year in YEARS)
FIRST_FORMAT = FORMATS[0]
LATEST_FORMAT = FORMATS[-1]

#: The length of the arrays with one record per car, by format.
CAR_SLOTS: Mapping[int, int] = MappingProxyType({year.packet_format: year.car_slots for year in YEARS})

#: The kinds of packets of the latest format; they include the kinds of all older formats.
PACKET_KINDS: tuple[str, ...] = tuple(NEWEST_YEAR.packets)
