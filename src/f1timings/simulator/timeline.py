"""The story of one car in a session: phases of driving, and the planned events that fall into them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise
from typing import NamedTuple

FOREVER = 10**12
"""The end of a phase that never ends, milliseconds."""


class DriverStatus(IntEnum):
    """What a car is doing, by its number in the games."""

    GARAGE = 0
    FLYING_LAP = 1
    IN_LAP = 2
    OUT_LAP = 3
    ON_TRACK = 4


class PitStatus(IntEnum):
    """Whether a car is in the pits, by its number in the games."""

    NONE = 0
    PITTING = 1
    IN_PIT_AREA = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of time in which the distance of a car follows one table at one pace.

    Attributes:
        begins / ends: session clock in milliseconds; the end is not part of the phase.
        table: lap distance in metres by step.
        step: the step of the table at which the phase begins.
        rate: steps per millisecond.
        lap: lap number that the game shows.
        sector: 0 to 2.
        lap_began: session clock at which the clock of the running lap was zero, milliseconds.
    """

    begins: int
    ends: int
    table: Sequence[float]
    step: float
    rate: float
    lap: int
    sector: int
    lap_began: int
    driver_status: DriverStatus
    pit_status: PitStatus = PitStatus.NONE

    def distance_at(self, clock_ms: float) -> float:
        """Lap distance in metres at a moment of this phase."""
        step = self.step + (clock_ms - self.begins) * self.rate
        index = min(int(step), len(self.table) - 2)
        before = self.table[index]
        return before + (self.table[index + 1] - before) * (step - index)


class PlannedEventKind(StrEnum):
    """What can happen to a car at a moment."""

    INVALID = "invalid"
    WARNING = "warning"
    TIME_PENALTY = "time_penalty"
    DRIVE_THROUGH = "drive_through"
    STOP_GO = "stop_go"
    DRIVE_THROUGH_SERVED = "drive_through_served"
    STOP_GO_SERVED = "stop_go_served"
    TYRES = "tyres"
    COLLISION = "collision"
    RETIRED = "retired"


CHANCE = frozenset(
    {
        PlannedEventKind.INVALID,
        PlannedEventKind.WARNING,
        PlannedEventKind.TIME_PENALTY,
        PlannedEventKind.COLLISION,
    }
)
"""Events that need not happen again when the stretch is driven again."""


class PlannedEvent(NamedTuple):
    """Something that happens to a car.

    Attributes:
        at: session clock in milliseconds.
        value: seconds for a time penalty, the visual compound for tyres, the other car for a collision.
    """

    at: int
    kind: PlannedEventKind
    value: int = 0


@dataclass(frozen=True, slots=True)
class CarTimeline:
    """Everything that one car does, in order of time; the last phase never ends."""

    phases: tuple[Phase, ...]
    events: tuple[PlannedEvent, ...] = ()

    def crossings(self) -> Iterator[tuple[int, Phase]]:
        """The crossings of the line that end a lap or start its clock: each time, and the phase before it."""
        for before, after in pairwise(self.phases):
            if after.lap_began != before.lap_began:
                yield after.begins, before

    def lap_ends(self, lap: int) -> int | None:
        """When a lap was completed, ms; None if it was not."""
        return next((at for at, before in self.crossings() if before.lap == lap and _ends_lap(before)), None)

    def sector_begins(self, lap: int, sector: int) -> int | None:
        """When the car entered a sector of a lap, ms; None if it did not, or not from the line on."""
        for phase in self.phases:
            is_in_sector = phase.lap == lap and phase.sector == sector and phase.begins > 0
            if is_in_sector and phase.distance_at(phase.begins) > -1.0:
                return phase.begins
        return None

    def lap_begins(self, lap: int) -> int | None:
        """When the clock of the last start of a lap was zero, ms; None if the lap is not driven."""
        return max((phase.lap_began for phase in self.phases if phase.lap == lap), default=None)

    @property
    def retired_at(self) -> int | None:
        """When the car retired, ms; None if it did not."""
        return next((event.at for event in self.events if event.kind is PlannedEventKind.RETIRED), None)


def _ends_lap(before: Phase) -> bool:
    """Whether the crossing after this phase ends a lap, rather than an out lap or a rolling start."""
    return before.distance_at(before.ends) > 1.0
