"""Running laps against laps of the board: the difference at this place, and where the lap would end."""
