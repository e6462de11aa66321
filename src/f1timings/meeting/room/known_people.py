"""The names of people as screens show them, and which of them sits in a car that is driven now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from f1timings.meeting.lobbies import NO_NAME
from f1timings.timing.records import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeople:
    """The names of people, as screens show them.

    Attributes:
        at_rigs: of the driver at a rig, by the rig's key; None where staff stated that it is nobody known.
        by_game_name: of the driver behind a name in the games.
        ids_at_rigs / ids_by_game_name: the ids of these drivers.
    """

    at_rigs: Mapping[str, str | None] = field(default_factory=dict)
    by_game_name: Mapping[str, str] = field(default_factory=dict)
    ids_at_rigs: Mapping[str, str] = field(default_factory=dict)
    ids_by_game_name: Mapping[str, str] = field(default_factory=dict)

    def entrant(self, rig: str, game_name: str | None) -> str:
        """Who gets the laps of a rig's own car on a board: ``d:<driver>``, or ``r:<rig>`` for a rig alone.

        Args:
            game_name: the driver of the car, as the game names them.
        """
        if rig in self.at_rigs:
            driver_id = self.ids_at_rigs.get(rig)
        elif game_name is None or game_name == NO_NAME:
            driver_id = None
        else:
            driver_id = self.ids_by_game_name.get(game_name)
        return f"r:{rig}" if driver_id is None else f"d:{driver_id}"

    def in_car(self, rig: str | None, participant: Participant | None) -> str | None:
        """The person in a car, decided as for its laps: by the rig, else by the name in the game.

        Args:
            rig: the rig whose own car it is, None if it is nobody's as far as known.
        """
        if rig is not None and rig in self.at_rigs:
            return self.at_rigs[rig]
        if participant is None or participant.name is None or participant.name == NO_NAME:
            return None
        if rig is None and participant.is_driven_by_game:
            return None
        return self.by_game_name.get(participant.name)
