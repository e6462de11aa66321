"""The parts about live views: the list of views, their columns and facts, flags, and binary frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NoReturn

from f1timings.clock import ServerClock
from f1timings.live.fanout.row_columns import Column
from f1timings.live.fanout.views import EVENTS_VIEW, RowViewKind
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.flags import FLAGS
from f1timings.live.views.map import HEADER, RECORD, TYPES, FrameField
from f1timings.live.views.own_car import frame as own_car_frame
from f1timings.live.views.registration import RoomContents, row_views
from f1timings.live.views.rig_facts import FACTS
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.pipeline import Pipeline
from scripts.documentation.markdown import table

_FRAME_PARTS = {"header": HEADER, "record": RECORD, "car": own_car_frame.RECORD}
_HEAD = ("name", "type", "unit", "meaning")


@cache
def view_kinds() -> Mapping[str, RowViewKind]:
    """Every kind of row views, by name; they are only described, not read."""
    sources = RigSources(Pipeline(lambda _entries: None), SessionWatch(), clock=ServerClock().now)
    of_room = RoomContents(room=_nothing, stage=_nothing, screens=_nothing, slides=_nothing)
    return {kind.name: kind for kind in row_views(sources, BoardWatch(_nothing), of_room)}


def _nothing(*_: object) -> NoReturn:
    raise NotImplementedError


def views_table() -> str:
    """Every view, how often it is updated, and its contents."""
    rows = [
        (
            f"`{kind.pattern}`",
            f"{kind.period_s * 1000:.0f} ms",
            kind.meaning,
        )
        for kind in view_kinds().values()
    ]
    events = (f"`{EVENTS_VIEW}`", "at once", "Every commit, in the order of the commits.")
    return table(("view", "updated", "contents"), [events, *rows])


def columns_table(kind_name: str) -> str:
    """The columns of a kind of views; the first one is the id."""
    kind = view_kinds()[kind_name]
    rows = [("`id`", "text", "", kind.id_meaning), *(_column_row(column) for column in kind.columns)]
    return table(("", *_HEAD), [(str(number), *row) for number, row in enumerate(rows)])


def facts_table(kind_name: str) -> str:
    """The facts of a kind of views, without those of a rig; ``rig`` for the latter."""
    of_kind = view_kinds()[kind_name].facts if kind_name != "rig" else ()
    own = [fact for fact in of_kind if fact not in FACTS]
    return table(_HEAD, [_column_row(fact) for fact in own or FACTS])


def _column_row(column: Column) -> tuple[str, str, str, str]:
    return f"`{column.name}`", column.type, column.unit, column.meaning


def flags_table() -> str:
    """The bits of the flags of a car."""
    rows = ((str(1 << bit), f"`{name}`", meaning) for bit, (name, meaning) in enumerate(FLAGS.items()))
    return table(("value", "name", "meaning"), rows)


def frame_table(part: str) -> str:
    """The fields of a binary frame: its ``header``, or the ``record`` of the map or of the ``car``."""
    return table(("at", "type", "name", "meaning"), _rows_with_offsets(_FRAME_PARTS[part]))


def _rows_with_offsets(fields: Sequence[FrameField]) -> Iterable[tuple[str, str, str, str]]:
    offset = 0
    for field in fields:
        yield str(offset), TYPES[field.code], f"`{field.name}`", field.meaning
        offset += int(TYPES[field.code][1:]) // 8
