"""A trace as the CSV that MoTeC i2 exports and i2 Pro imports.

Written after public descriptions and exported files; docs/traces.md says how far it was tried.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

import numpy as np

from f1timings.store import StoredLap
from f1timings.timing.records import Session
from f1timings.traces.channels import BY_NAME
from f1timings.traces.even_rate import EvenTrace, at_even_rate
from f1timings.traces.trace import Floats, Trace
from f1timings.web.tables.csv_text import guarded

_CORNERS: Final = {"fl": "FL", "fr": "FR", "rl": "RL", "rr": "RR"}
#: What i2 calls each channel, in the order of the columns after the time.
CHANNELS: Final = {
    "distance_m": "Distance",
    "speed_kmh": "Ground Speed",
    "throttle_pct": "Throttle Pos",
    "brake_pct": "Brake Pos",
    "steer_pct": "Steering Pos",
    "gear": "Gear",
    "rpm": "Engine RPM",
    "drs": "DRS",
    "aero": "Active Aero",
    "ers_pct": "ERS Charge",
    "ers_mode": "ERS Mode",
    "x_m": "Car Coord X",
    "y_m": "Car Coord Y",
    "z_m": "Car Coord Z",
    "g_lateral": "G Force Lat",
    "g_longitudinal": "G Force Long",
    "g_vertical": "G Force Vert",
    **{f"tyre_surface_{wheel}_c": f"Tyre Temp Surface {name}" for wheel, name in _CORNERS.items()},
    **{f"tyre_inner_{wheel}_c": f"Tyre Temp Inner {name}" for wheel, name in _CORNERS.items()},
    **{f"tyre_wear_{wheel}_pct": f"Tyre Wear {name}" for wheel, name in _CORNERS.items()},
}
_UNITS: Final = {"g": "G", "°C": "C"}
# The texts of all cells at once would take ten times the memory of the file.
_ROWS_OF_A_PART: Final = 1000
_BLANK: Final[Sequence[str]] = ()


def motec_csv(trace: Trace, stored: StoredLap, session: Session | None) -> str:
    """Return a trace as CSV for MoTeC i2.

    Twelve lines of facts, two blank ones, names in line 15, units in line 16, two blank lines; then rows at
    the trace's own rate from 0 s, with empty cells in gaps. All cells are quoted, lines end with CRLF.
    """
    even = at_even_rate(trace)
    out = io.StringIO()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerows(_facts(even, stored, session))
    lines.writerows((_BLANK, _BLANK, *_heads(even), _BLANK, _BLANK))
    for begin in range(0, len(even.times_s), _ROWS_OF_A_PART):
        lines.writerows(_rows(even, slice(begin, begin + _ROWS_OF_A_PART)))
    return out.getvalue()


def _facts(even: EvenTrace, stored: StoredLap, session: Session | None) -> Iterator[Sequence[str]]:
    """The lines before the channels; each has a second fact from its fifth cell on."""
    lap = stored.lap
    began = (stored.began_at or stored.recorded_at).astimezone(UTC)
    ends_s = f"{_ends_s(even, lap.lap_time_ms):.3f}"
    driver = stored.driver or lap.participant or ""
    yield ("Format", "MoTeC CSV File", "", "", "Workbook", "")
    yield ("Venue", guarded(stored.circuit or ""), "", "", "Worksheet", "")
    yield ("Vehicle", (session and session.formula) or "", "", "", "Vehicle Desc", "")
    yield ("Driver", guarded(driver), "", "", "Engine ID", "")
    yield ("Device", "F1Timings")
    yield ("Comment", lap.id, "", "", "Session", (session and session.session_type) or "")
    yield ("Log Date", f"{began:%d/%m/%Y}", "", "", "Origin Time", "0.000", "s")
    yield ("Log Time", f"{began:%H:%M:%S}", "", "", "Start Time", "0.000", "s")
    yield ("Sample Rate", f"{even.rate_hz}.000", "Hz", "", "End Time", ends_s, "s")
    yield ("Duration", ends_s, "s", "", "Start Distance", _known(even, 0), "m")
    yield ("Range", f"Lap {lap.lap_number}", "", "", "End Distance", _known(even, -1), "m")
    yield ("Beacon Markers", "" if lap.lap_time_ms is None else f"{lap.lap_time_ms / 1000:.3f}")


def _ends_s(even: EvenTrace, lap_time_ms: int | None) -> float:
    rows_s = float(even.times_s[-1]) if len(even.times_s) else 0.0
    return rows_s if lap_time_ms is None else max(rows_s, lap_time_ms / 1000)


def _known(even: EvenTrace, index: int) -> str:
    """The first or the last distance that is known, m; empty if there is none."""
    places = even.values.get("distance_m", np.empty(0))
    known = places[np.isfinite(places)]
    return f"{known[index]:.2f}" if len(known) else ""


def _heads(even: EvenTrace) -> tuple[list[str], list[str]]:
    """The lines of names and of units."""
    channels = [BY_NAME[name] for name in CHANNELS if name in even.values]
    units = [_UNITS.get(channel.unit, channel.unit) for channel in channels]
    return ["Time", *(CHANNELS[channel.name] for channel in channels)], ["s", *units]


def _rows(even: EvenTrace, part: slice) -> Iterator[tuple[str, ...]]:
    columns = [
        _cells(even.values[name][part], BY_NAME[name].decimals) for name in CHANNELS if name in even.values
    ]
    return zip(_cells(even.times_s[part], 3), *columns, strict=True)


def _cells(values: Floats, decimals: int) -> list[str]:
    """Values as text with no more digits than a channel has; empty in gaps."""
    form = f"{{:.{decimals}f}}".format
    return ["" if value != value else form(value) for value in (values + 0.0).tolist()]
