"""The list of all row views on ``/ws``: a new view is one module in this folder and one line here."""

from __future__ import annotations

from collections.abc import Callable

from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowViewKind
from f1timings.live.views import car, control, map, rigs, room, tower  # noqa: A004 - the view is called map
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.rig_source import RigSources


def row_views(
    sources: RigSources, board: BoardWatch, in_room: Callable[[], Contents]
) -> tuple[RowViewKind, ...]:
    """Every kind of row views, in the order of the documentation."""
    return (
        rigs.view(sources),
        tower.view(sources),
        map.view(sources),
        car.view(sources),
        control.view(sources),
        board.view(),
        room.view(in_room),
    )


def register_views(
    hub: Hub, sources: RigSources, *, board: BoardWatch, in_room: Callable[[], Contents]
) -> None:
    """Let screens follow every row view.

    Args:
        in_room: returns the contents of the view ``room``.
    """
    for kind in row_views(sources, board, in_room):
        hub.register(kind)
