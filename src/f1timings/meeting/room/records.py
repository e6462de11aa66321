"""What is stored about the circuit of the room, and what decides which board is shown."""

from __future__ import annotations

from dataclasses import dataclass


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
