"""The numbers by which lap data give a car's status: its result, the pit lane, the garage.

The numbers are the same in all formats.
"""

from __future__ import annotations

from typing import Final

# Result statuses. 0 is an empty slot or a ghost, 1 a car that is not in the session.
ACTIVE: Final = 2
FINISHED: Final = 3
# 4 to 7: did not finish, disqualified, not classified, retired.

# Pit statuses.
NOT_IN_PITS: Final = 0
PITTING: Final = 1
IN_PIT_AREA: Final = 2

# Driver statuses; 1 to 4 are on the track.
IN_GARAGE: Final = 0
OUT_LAP: Final = 3


def has_car(result_status: int) -> bool:
    """Whether the slot holds a car of the session."""
    return result_status >= ACTIVE


def is_over(result_status: int) -> bool:
    """Whether the car's session is over: it finished, retired, or was disqualified."""
    return result_status >= FINISHED


def is_on_course(result_status: int) -> bool:
    """Whether the car drives, or has finished; other cars are out."""
    return result_status in (ACTIVE, FINISHED)
