"""Session types (their numbers changed in 2024), and names for formulas, weather and safety car."""

from __future__ import annotations

from f1timings.packets.ids.names import Names, number

SESSION_TYPES = Names(
    number,
    {
        2020: """
            0 Unknown; 1 Practice 1; 2 Practice 2; 3 Practice 3; 4 Short Practice; 5 Qualifying 1
            6 Qualifying 2; 7 Qualifying 3; 8 Short Qualifying; 9 One-Shot Qualifying; 10 Race; 11 Race 2
            12 Time Trial
        """,
        2021: "12 Race 3; 13 Time Trial",
        2024: """
            10 Sprint Shootout 1; 11 Sprint Shootout 2; 12 Sprint Shootout 3; 13 Short Sprint Shootout
            14 One-Shot Sprint Shootout; 15 Race; 16 Race 2; 17 Race 3; 18 Time Trial
        """,
    },
)

FORMULAS = Names(
    number,
    {
        2020: "0 Modern; 1 Classic; 2 F2; 3 Generic",
        2022: "4 Beta; 5 Supercars; 6 Esports; 7 F2 2021",
        2023: "8 F1 World",
        2024: "9 F1 Elimination; gone: 5 7",
        2026: "13 F1 26",
    },
)
WEATHERS = Names(number, {2020: "0 clear; 1 light cloud; 2 overcast; 3 light rain; 4 heavy rain; 5 storm"})
SAFETY_CAR_STATUSES = Names(number, {2020: "0 none; 1 full; 2 virtual; 3 formation lap"})

_RACES = {"Race", "Race 2", "Race 3"}
_QUALIFYING = ("Qualifying", "Shootout")

#: The session type that the games send while they have none.
UNKNOWN_TYPE = "Unknown"
#: The session type in which only the player drives.
TIME_TRIAL = "Time Trial"
#: The kinds of known session types, see :func:`session_kind`.
SESSION_KINDS = ("race", "qualifying", "practice", "time trial")


def session_type_name(packet_format: int, game_year: int, type_id: int) -> str | None:
    """The session type, by the numbering that the sending game really uses.

    Args:
        game_year: from the header, 0 where it has none.
    """
    return SESSION_TYPES.name(_numbering(packet_format, game_year), type_id)


def _numbering(packet_format: int, game_year: int) -> int:
    """The format that numbers session types as this game does.

    F1 25 set to format 2023 sends game year 0 and the numbers of 2024 (observed: 18 for a time trial).
    F1 23 sends game year 23 and the numbers of 2023.
    """
    return 2024 if packet_format == 2023 and game_year != 23 else packet_format


def is_race_type(packet_format: int, game_year: int, type_id: int) -> bool:
    """Whether it is Race, Race 2 or Race 3, where the order on the road counts and points are given."""
    return session_type_name(packet_format, game_year, type_id) in _RACES


def is_time_trial(packet_format: int, game_year: int, type_id: int) -> bool:
    """Whether it is a Time Trial, with one driver and ghosts in the other cars."""
    return session_type_name(packet_format, game_year, type_id) == TIME_TRIAL


def is_qualifying(session_type: str | None) -> bool:
    """Whether a session type is a qualifying or a sprint shootout; False for an unknown type (None)."""
    return session_type is not None and any(word in session_type for word in _QUALIFYING)


def session_kind(session_type: str | None) -> str | None:
    """The one of :data:`SESSION_KINDS` to which a session type belongs; None for an unknown type."""
    if session_type == TIME_TRIAL:
        return "time trial"
    if is_qualifying(session_type):
        return "qualifying"
    if session_type in _RACES:
        return "race"
    return "practice" if session_type is not None and "Practice" in session_type else None
