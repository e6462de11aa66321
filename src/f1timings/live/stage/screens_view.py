"""``screens``: what staff sent to each screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.meeting.room.records import ALL_SCREENS, USUAL_TURN_S, ScreenCard

# Screens must follow within a second.
PERIOD_S = 0.2

COLUMNS = columns(
    """
    scene | text | | the scene that was sent, or several in turn, with commas; null: as `stage` says
    delay_s | int | s | it shows everything so late
    is_blank | bool | | it shows nothing
    turn_s | int | s | how long each of several scenes is shown
    turns_in_race | bool | | they take turns also while `stage` has a race or a result
""",
    never_null={"delay_s", "is_blank", "turn_s", "turns_in_race"},
)


def view(contents: Callable[[], Contents]) -> RowViewKind:
    """The view ``screens``."""
    source = RowSource(contents=contents)
    return RowViewKind(
        name="screens",
        columns=COLUMNS,
        facts=(),
        build_source=lambda _argument: source,
        period_s=PERIOD_S,
        meaning="What staff sent to each screen; it is kept when screen or server start again.",
        id_meaning=f"the screen's name, or its four letters; `{ALL_SCREENS}` for screens without a row",
    )


def screens_contents(cards: Sequence[ScreenCard]) -> Contents:
    """The rows."""
    return Contents({card.screen: _row(card) for card in cards})


def _row(card: ScreenCard) -> Sequence[Value]:
    turn_s = card.turn_s or USUAL_TURN_S
    return (card.scene, card.delay_s, card.is_blank, turn_s, bool(card.turns_in_race))
