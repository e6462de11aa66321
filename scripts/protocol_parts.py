"""What the document of the live protocol shows of the code: views, columns, bits, frames, messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NoReturn

from f1timings.live.fanout import messages
from f1timings.live.fanout.hub import PROTOCOL
from f1timings.live.fanout.row_columns import Column, Value
from f1timings.live.fanout.sheet import Contents, Sheet
from f1timings.live.fanout.views import EVENTS_VIEW, RowViewKind
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.flags import FLAGS
from f1timings.live.views.map import HEADER, RECORD, TYPES, FrameField
from f1timings.live.views.registration import row_views
from f1timings.live.views.rig_source import FACTS, RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.live.views.tower import COLUMNS as TOWER
from f1timings.pipeline import Pipeline

Table = tuple[Sequence[str], Iterable[Sequence[str]]]

NOW = 1_795_363_920.25
RIG = "192.168.1.21"
_HEAD = ("name", "type", "unit", "meaning")
_EPOCH = "5f0a91c2"

_FIRST: dict[str, Value] = {
    "position": 1,
    "participant": "LECLERC",
    "lap": 7,
    "lap_start_ms": 511020,
    "sector": 2,
    "sector1_ms": 27801,
    "sector2_ms": None,
    "last_ms": 83456,
    "best_ms": 83101,
    "gap_ms": 0,
    "interval_ms": None,
    "laps_down": 0,
    "gained": 2,
    "tyre": "soft",
    "tyre_age": 6,
    "stops": 0,
    "penalties_s": 0,
    "flags": 2050,
}
_SECOND: dict[str, Value] = {
    **_FIRST,
    "position": 2,
    "participant": "Ana",
    "lap_start_ms": 512245,
    "sector1_ms": 27655,
    "last_ms": 83391,
    "gap_ms": 1225,
    "interval_ms": 1225,
    "gained": -1,
    "flags": 1,
}
_FACTS: Mapping[str, Value] = {
    "state": "live",
    "heard_at_ms": 1795363920012,
    "session_id": "192.168.1.21~14061966829349171242~0",
    "session_type": "Race",
    "track": "Monza",
    "track_length_m": 5793,
    "is_race": True,
    "is_ended": False,
    "total_laps": 14,
    "time_left_s": 6652,
    "weather": "clear",
    "is_paused": False,
    "flag": "green",
    "clock_zero_ms": 1795363371806,
    "clock_stands_at_ms": None,
}


@cache
def kinds() -> Mapping[str, RowViewKind]:
    """Every kind of row views, by name; they are only described, not read."""
    sources = RigSources(Pipeline(lambda _entries: None), SessionWatch())
    return {kind.name: kind for kind in row_views(sources, BoardWatch(_no_board))}


def _no_board(_query: object) -> NoReturn:
    raise NotImplementedError


def views(kinds: Mapping[str, RowViewKind]) -> Table:
    """Every view."""
    rows = [
        (
            f"`{kind.pattern}`",
            f"{kind.period_s * 1000:.0f} ms",
            kind.meaning,
        )
        for kind in kinds.values()
    ]
    events = (f"`{EVENTS_VIEW}`", "at once", "Everything that was committed, in the order of the commits.")
    return ("view", "looked at every", "what it shows"), [events, *rows]


def columns(kind: RowViewKind) -> Table:
    """The columns of a kind of views, with the id before them."""
    rows = [("`id`", "text", "", kind.id_meaning), *(_row(column) for column in kind.columns)]
    return ("", *_HEAD), [(str(at), *row) for at, row in enumerate(rows)]


def facts(name: str, kinds: Mapping[str, RowViewKind]) -> Table:
    """The facts of all views of a rig (``rig``), or of another kind."""
    return _HEAD, [_row(one) for one in (FACTS if name == "rig" else kinds[name].facts)]


def _row(column: Column) -> tuple[str, str, str, str]:
    return f"`{column.name}`", column.type, column.unit, column.meaning


def flags() -> Table:
    """The bits of a car's flags."""
    rows = ((str(1 << at), f"`{name}`", meaning) for at, (name, meaning) in enumerate(FLAGS.items()))
    return ("value", "name", "meaning"), rows


def frame(part: str) -> Table:
    """The fields of a binary frame: ``header`` or ``record``."""
    return ("at", "type", "name", "meaning"), _placed(HEADER if part == "header" else RECORD)


def _placed(fields: Sequence[FrameField]) -> Iterable[tuple[str, str, str, str]]:
    at = 0
    for field in fields:
        yield str(at), TYPES[field.code], f"`{field.name}`", field.meaning
        at += int(TYPES[field.code][1:]) // 8


def _sheet() -> Sheet:
    sheet = Sheet(f"tower:{RIG}", TOWER, f"{_EPOCH}.4")
    for _ in range(311):
        sheet.apply(Contents({"19": ()}))
        sheet.apply(Contents({}))
    rows = {"16": tuple(_FIRST.values()), "19": tuple(_SECOND.values())}
    sheet.apply(Contents(rows, dict(_FACTS)))
    return sheet


def _changed() -> Sheet:
    sheet = _sheet()
    first = {**_FIRST, "position": 2, "gap_ms": 312, "interval_ms": 312, "gained": 1, "flags": 2}
    second = {**_SECOND, "position": 1, "gap_ms": 0, "interval_ms": None, "gained": 0, "flags": 2049}
    rows = {"16": tuple(first.values()), "19": tuple(second.values())}
    sheet.apply(Contents(rows, {**_FACTS, "flag": "yellow"}))
    return sheet


def row_snapshot() -> str:
    """A snapshot of a tower."""
    return _sheet().snapshot(NOW).payload.decode()


def row_update() -> str:
    """An update of it."""
    sheet = _changed()
    return sheet.update(sheet.seq - 1).payload.decode()


def hello() -> str:
    """The first message."""
    return messages.hello(PROTOCOL, "0.1.0", _EPOCH, NOW)


def command() -> str:
    """A command."""
    return messages.command("reload")


def as_read(text: str) -> Any:
    """A message as a screen reads it."""
    return json.loads(text)
