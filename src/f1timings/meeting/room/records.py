"""What is stored about the room: its circuit, what decides which board is shown, and its screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The card of the screens that have none of their own.
ALL_SCREENS: Final = "*"
#: The longest delay of a screen.
LONGEST_DELAY_S: Final = 60
#: How long each of several scenes is shown, where nobody has set it.
USUAL_TURN_S: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCircuitChanged:
    """An event: most rigs of the open meeting drive another circuit than before.

    Attributes:
        circuit: its name in the game.
    """

    meeting_id: str
    circuit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChoice:
    """What decides which board of the open meeting is shown.

    Attributes:
        held: the circuit that a person set; None follows the rigs.
        followed: the stored circuit of the room; None before any rig has driven.
    """

    meeting_id: str
    held: str | None
    followed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCard:
    """What staff sent to a screen; it is kept when the screen or the server starts again.

    Attributes:
        screen: the screen's name, or its four letters if it has none; :data:`ALL_SCREENS` for the screens
            that have no card.
        scene: None lets the screen choose by itself; scenes with commas between them take turns.
        delay_s: it shows everything so late, in whole seconds.
        is_blank: it shows nothing.
        turn_s: how long each of several scenes is shown; None for :data:`USUAL_TURN_S`.
        turns_in_race: several scenes take turns also while the room is shown a race or its result. None and
            False show the race.
    """

    screen: str
    scene: str | None = None
    delay_s: int = 0
    is_blank: bool = False
    turn_s: int | None = None
    turns_in_race: bool | None = None
    seq: int = 0
