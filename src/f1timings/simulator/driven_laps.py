"""The laps that a simulated car has completed."""

from __future__ import annotations

from dataclasses import dataclass

ALL_VALID = 0x0F
"""The valid bits of a lap (bit 0) and its three sectors (bits 1 to 3), as in the session history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenLap:
    """A completed lap; all times are milliseconds.

    Attributes:
        valid_bits: as in the session history.
        compound: visual compound.
        ended_at: session clock.
        start: how it began: ``flying``, ``standing`` or ``pit``.
    """

    lap_number: int
    sector1_ms: int
    sector2_ms: int
    sector3_ms: int
    valid_bits: int
    compound: int
    ended_at: int
    start: str

    @property
    def lap_time_ms(self) -> int:
        """The sum of the sectors."""
        return self.sector1_ms + self.sector2_ms + self.sector3_ms

    @property
    def sectors(self) -> tuple[int, int, int]:
        """The three sectors."""
        return self.sector1_ms, self.sector2_ms, self.sector3_ms

    @property
    def times(self) -> tuple[int, int, int, int]:
        """The lap time and the three sectors."""
        return self.lap_time_ms, *self.sectors
