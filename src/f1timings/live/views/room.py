"""``room``: which circuits the rigs drive now, and what decides which board is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.room.circuit import count_rigs
from f1timings.meeting.room.records import BoardChoice

PERIOD_S = 0.5

COLUMNS = columns(
    """
    circuit | text | | its name in the game
    rigs | int | | that drive there; a rig counts until it is offline
    is_shown | bool | | its board is shown
""",
    never_null={"circuit", "rigs", "is_shown"},
)
FACTS = columns("""
    held | text | | the circuit that a person set; null follows the rigs
    followed | text | | the circuit of the room, shown while none is held; null before any rig has driven
""")


def view(contents: Callable[[], Contents]) -> RowViewKind:
    """The view ``room``."""
    source = RowSource(contents=contents)
    return RowViewKind(
        name="room",
        columns=COLUMNS,
        facts=FACTS,
        build_source=lambda _argument: source,
        period_s=PERIOD_S,
        meaning="The circuits that rigs drive now, and whether a person holds the board at one.",
        id_meaning="the circuit's key, equal for all names of it",
    )


def room_contents(choice: BoardChoice, driving: Mapping[str, str]) -> Contents:
    """The rows and facts.

    Args:
        driving: the circuit of each rig that is driving, by the rig's key.
    """
    shown = circuit_key(choice.held or choice.followed)
    rows = {key: (circuit, rigs, key == shown) for key, (circuit, rigs) in count_rigs(driving).items()}
    return Contents(rows, {"held": choice.held, "followed": choice.followed})
