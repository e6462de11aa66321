"""The times of one board, with which running laps are compared: their drivers and their places. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from f1timings.meeting.people import Rules
from f1timings.timing.records import Session
from f1timings.traces.analysis.reference_clock import ReferenceClock

Sectors = tuple[int | None, int | None, int | None]


class BoardTime(NamedTuple):
    """The best lap of one entrant.

    Attributes:
        entrant: ``d:<driver>`` or ``r:<rig>``.
        position: on the board.
        sectors: of the lap, ms.
    """

    entrant: str
    position: int
    lap_time_ms: int
    sectors: Sectors


class ReferenceLap(NamedTuple):
    """A lap of the board with which running laps are compared.

    Attributes:
        formula: the class of cars; None if it is not known.
        clock: by distance; None for a lap without a trace, which can be compared at its sectors only.
    """

    time: BoardTime
    formula: str | None = None
    clock: ReferenceClock | None = None


class References(NamedTuple):
    """The laps of one board with which the lap of one entrant is compared; None where there is none.

    Attributes:
        own: the entrant's best.
        first: the best of the board, if another entrant has it.
        ahead: the place ahead of the entrant; without an own lap, the last place.
    """

    own: ReferenceLap | None = None
    first: ReferenceLap | None = None
    ahead: ReferenceLap | None = None


NO_REFERENCES = References()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTimes:
    """One board.

    Attributes:
        rules: which laps count on it.
        times: by position.
        references: by entrant, of those that drive.
    """

    rules: Rules
    times: Sequence[BoardTime]
    references: Mapping[str, References] = field(default_factory=dict)
    _lap_times_ms: Sequence[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the lap times alone, in which a place is found quickly."""
        object.__setattr__(self, "_lap_times_ms", [time.lap_time_ms for time in self.times])

    def counts(self, session: Session) -> bool:
        """Whether a lap under way in a session is sure to count, if it stays valid.

        Whether a lap was driven without assists is not known before its end.
        """
        return (
            self.rules.assists_allowed
            and _allows(self.rules.session_types, session.session_type)
            and _allows(self.rules.formats, session.packet_format)
        )

    def place_of(self, time_ms: float) -> int:
        """The position that an entrant would have with this time as best lap."""
        return bisect_left(self._lap_times_ms, time_ms) + 1

    def needed(self, entrant: str) -> tuple[BoardTime | None, BoardTime | None, BoardTime | None]:
        """The entrant's own time, the first one, and the one ahead: see :class:`References`."""
        if not self.times:
            return None, None, None
        own = next((time for time in self.times if time.entrant == entrant), None)
        if own is None:
            return None, self.times[0], self.times[-1]
        ahead = bisect_left(self.times, own.position, key=attrgetter("position"))
        return own, self.times[0] if ahead else None, self.times[ahead - 1] if ahead else None


def _allows(allowed: Sequence[object] | None, value: object) -> bool:
    return allowed is None or value in allowed
