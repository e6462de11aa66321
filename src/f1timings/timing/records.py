"""Frozen records of what timing knows: sessions, participants, laps, classifications.

Each record is the whole truth about its row at one moment; a later record with the same key replaces it.
Times are integer milliseconds; an unknown value is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from f1timings.packets.ids.sessions import UNKNOWN_TYPE


def session_id(rig: str, uid: int, epoch: int) -> str:
    """The id of a session, derived from its key so that a rebuild gives the same id.

    Args:
        rig: the rig's key (its source address).
        uid: the game's session UID, 0 to 2**64 - 1.
        epoch: number of the run that the game made under this UID on this rig, 0 for the first.
    """
    return f"{rig}~{uid}~{epoch}"


def session_uid_of(id_: str) -> int:
    """The game UID in the id of a session."""
    return int(id_.split("~")[-2])


def lap_id(session: str, car_index: int, lap_number: int, branch: int) -> str:
    """The id of a lap, derived from its key (session, car, lap number, branch)."""
    return f"{session}~{car_index}~{lap_number}~{branch}"


# The driver ids of people, up to 2025 and from 2026 on. After the flag the game marks their cars as AI.
_HUMAN_IDS = frozenset({255, 65535})


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run of the game on one rig.

    Attributes:
        id: see :func:`session_id`.
        rig: key of the rig.
        uid: the game's session UID (unsigned 64 bits; decimal text outside).
        epoch: 0 for the first run under this UID.
        packet_format: a year, as in the header.
        game_year: two digits as the game sends them, None if it sends none.
        track_id / track: the game's id, and the circuit's name in that format's table.
        track_length_m: metres.
        session_type_id / session_type: the id as received, and its name; the name allows for the renumbering
            of 2024.
        is_race: points and race order apply.
        formula: name of the car class.
        total_laps: laps of a race; None outside races.
        is_online: an online game.
        player_car_index: the rig's own car, None while spectating.
        weather: name of the weather, None if unknown.
        equal_performance: all cars are equal; None where the game does not say (up to 2023).
        is_ended: the game ended the session, or another session has begun.
        continues: id of the session in which the game was saved, if this is the loaded save; None otherwise.
    """

    id: str
    rig: str
    uid: int
    epoch: int
    packet_format: int
    game_year: int | None = None
    track_id: int | None = None
    track: str | None = None
    track_length_m: int | None = None
    session_type_id: int | None = None
    session_type: str | None = None
    is_race: bool = False
    formula: str | None = None
    total_laps: int | None = None
    is_online: bool | None = None
    player_car_index: int | None = None
    weather: str | None = None
    equal_performance: bool | None = None
    is_ended: bool = False
    continues: str | None = None

    @property
    def known_type_id(self) -> int | None:
        """Its type; None while the game has none, or sends one that has no name."""
        return self.session_type_id if self.session_type not in (None, UNKNOWN_TYPE) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """The occupant of a car in one session, as the game names it (cleaned text)."""

    session_id: str
    car_index: int
    name: str | None
    team_id: int | None
    team: str | None
    race_number: int | None
    is_ai: bool
    is_player: bool
    driver_id: int | None
    nationality: str | None

    @property
    def is_driven_by_game(self) -> bool:
        """Whether it is a car of the game; False for a person's car that the game drives after the flag."""
        return self.is_ai and self.driver_id not in _HUMAN_IDS


class LapState(StrEnum):
    """Whether a lap counts, and if not, why."""

    COMPLETED = "completed"
    SUPERSEDED = "superseded"
    PARTIAL = "partial"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One lap of one car, line to line.

    Attributes:
        id: see :func:`lap_id`.
        lap_number: 1-based.
        branch: 0 for the first drive of this lap number, one more for each drive again after a flashback.
        lap_time_ms: None for a partial lap.
        is_valid: None where the game has not said.
        compound: visual compound that the lap was driven on (at its first sector line); a change in the pits
            at its end counts for the next lap, as the games count it.
        recovered: a lost datagram hid part of it; the session history or a later packet supplied that part.
        assists: all assists that were on at any moment of the lap, as sorted words joined by commas, ``none``
            if all were off; None where the game does not say: cars other than the rig's own, 2020, and laps
            whose start was not received.
        weather: the weather's name at the lap's start, ``mixed`` if it changed during the lap; None if the
            start of the lap was not received.
        start: how it began: ``flying``, ``standing`` or ``pit``; None if its beginning was not received (see
            :mod:`f1timings.timing.start_kinds`).
    """

    id: str
    session_id: str
    session_uid: int
    rig: str
    car_index: int
    participant: str | None
    lap_number: int
    branch: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    compound: str | None
    state: LapState
    recovered: bool
    assists: str | None = None
    weather: str | None = None
    start: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationEntry:
    """One car's row in the result of a session.

    An implausible number is None. ``total_time_ms`` excludes penalties, as the game sends it; ``points`` is 0
    outside races.
    """

    position: int
    car_index: int
    name: str | None
    laps: int | None
    best_lap_ms: int | None
    total_time_ms: int | None
    penalties_s: int | None
    status: str
    points: int | None
    grid_position: int | None
    pit_stops: int | None
