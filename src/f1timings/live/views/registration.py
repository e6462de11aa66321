"""The list of all row views on ``/ws``: a new view is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowViewKind
from f1timings.live.stage import screens_view, slides_view
from f1timings.live.stage import view as stage
from f1timings.live.views import (
    car,
    control,
    map,  # noqa: A004 - the view is called map
    rigs,
    room,
    tower,
)
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.rig_source import RigSources


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomContents:
    """What returns the contents of the views of the whole room, by the names of the views."""

    room: Callable[[], Contents]
    stage: Callable[[], Contents]
    screens: Callable[[], Contents]
    slides: Callable[[], Contents]


def row_views(sources: RigSources, board: BoardWatch, of_room: RoomContents) -> tuple[RowViewKind, ...]:
    """Every kind of row views, in the order of the documentation."""
    return (
        rigs.view(sources),
        rigs.view_of_one(sources),
        tower.view(sources),
        map.view(sources),
        car.view(sources),
        control.view(sources),
        board.view(),
        room.view(of_room.room),
        stage.view(of_room.stage),
        screens_view.view(of_room.screens),
        slides_view.view(of_room.slides),
    )


def register_views(hub: Hub, sources: RigSources, *, board: BoardWatch, of_room: RoomContents) -> None:
    """Let screens follow every row view."""
    for kind in row_views(sources, board, of_room):
        hub.register(kind)
