"""The columns that compare a rig's running lap with the laps of its board, and predict where it ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, Protocol

from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.prediction.board_times import NO_REFERENCES, BoardTimes, ReferenceLap, References
from f1timings.live.prediction.reckoning import LapMoment, deltas, finished_sectors, is_timed, predict_ms
from f1timings.live.prediction.steady_place import SteadyPlace
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import Columns, layout_of
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.records import Session

COLUMNS: Final = columns("""
    entrant | text | | who gets the running lap: an id of the view `board`, which may have no row of it
    delta_best_ms | int | ms | the running lap against the entrant's best of the board, at the same place
    delta_first_ms | int | ms | likewise against the first place; null if the entrant has it
    delta_next_ms | int | ms | likewise against the place ahead, or the last place if the entrant has none
    next_place | int | | the position of that place
    predicted_ms | int | ms | the time of the running lap as predicted; null before the end of sector 1
    predicted_place | int | | the position with that time, if it is better than the entrant's best
""")
_NOTHING: Final[Row] = (None,) * len(COLUMNS)
_LONGEST_MS: Final = 3_600_000


class ReferenceBoards(Protocol):
    """The boards with which running laps are compared."""

    def get(self, circuit: str, entrant: str) -> BoardTimes | None:
        """The board of a circuit, with the references of an entrant; None until it is read."""


class DrivenCar(NamedTuple):
    """The own car of a rig, as a view reads it.

    Attributes:
        lap_data: the newest lap data of the session; None if there are none.
    """

    session: Session
    car: PlacedCar
    car_index: int
    lap_data: bytes | None


class _UsableReferences(NamedTuple):
    """References, the session with which they are compared, and what can be used of them."""

    of_board: References
    session: Session | None
    usable: References


class RunningLapReader:
    """Compares the running laps of one rig's own car.

    Args:
        rig: the key of the rig as people see it.
        boards: None compares nothing.
        clock: seconds.
    """

    def __init__(
        self,
        rig: str,
        *,
        boards: ReferenceBoards | None,
        people: Callable[[], KnownPeople],
        clock: Callable[[], float],
    ) -> None:
        self._rig = rig
        self._boards = boards
        self._people = people
        self._clock = clock
        self._place = SteadyPlace()
        self._references = _UsableReferences(NO_REFERENCES, None, NO_REFERENCES)

    def clear(self) -> Row:
        """The values of :data:`COLUMNS` while the rig drives no lap."""
        self._place.clear()
        return _NOTHING

    def values(self, driven: DrivenCar) -> Row:
        """The values of :data:`COLUMNS`."""
        circuit = driven.session.track
        if self._boards is None or circuit is None:
            return self.clear()
        entrant = self._people().entrant(self._rig, driven.car.participant)
        board, moment = self._boards.get(circuit, entrant), _moment(driven)
        if board is None or moment is None:
            self._place.clear()
            return (entrant, *_NOTHING[1:])
        of_board = board.references.get(entrant, NO_REFERENCES)
        references = self._usable(of_board, driven.session)
        differences = deltas(moment, references)
        is_invalid = driven.car.row is None or driven.car.row.is_invalid
        predicted_ms = None if is_invalid else predict_ms(moment, references)
        ahead = references.ahead
        return (
            entrant,
            *map(_rounded, differences),
            ahead.time.position if ahead is not None and differences.ahead is not None else None,
            _rounded(predicted_ms),
            self._steady_place(driven, board, own=of_board.own, predicted_ms=predicted_ms),
        )

    def _usable(self, of_board: References, session: Session) -> References:
        """The references that can be compared with laps of a session."""
        known = self._references
        if known.of_board is not of_board or known.session is not session:
            usable = References(*(_usable(lap, session) for lap in of_board))
            known = self._references = _UsableReferences(of_board, session, usable)
        return known.usable

    def _steady_place(
        self, driven: DrivenCar, board: BoardTimes, *, own: ReferenceLap | None, predicted_ms: float | None
    ) -> int | None:
        """The place that the lap would gain; None if it gains none, or does not count on the board."""
        if predicted_ms is None or not board.counts(driven.session):
            self._place.clear()
            return None
        is_better = own is None or predicted_ms < own.time.lap_time_ms
        place = board.place_of(predicted_ms) if is_better else None
        return self._place.show((driven.session.id, driven.car.lap_number), place, self._clock())


@cache
def _columns(packet_format: int) -> Columns:
    clock = "current_lap_time" if packet_format == 2020 else "current_lap_time_ms"
    return Columns(layout_of(packet_format, "lap_data"), (clock, "lap_distance"))


def _moment(driven: DrivenCar) -> LapMoment | None:
    """Where a timed lap is now; None if none is driven."""
    row, session = driven.car.row, driven.session
    if row is None or driven.lap_data is None or not session.track_length_m or not is_timed(row):
        return None
    clock, distance_m = _columns(session.packet_format).row(driven.lap_data, driven.car_index)
    clock_ms = clock * 1000.0 if session.packet_format == 2020 else clock
    # A comparison with NaN is false.
    if not 0 < clock_ms < _LONGEST_MS or not 0.0 <= distance_m <= session.track_length_m:
        return None
    return LapMoment(clock_ms, distance_m, finished_sectors(row))


def _usable(lap: ReferenceLap | None, session: Session) -> ReferenceLap | None:
    """A reference; None for another class of cars. On a circuit of another length, only its sectors count."""
    if lap is None or (lap.formula and session.formula and lap.formula != session.formula):
        return None
    if lap.clock is not None and lap.clock.length_m != session.track_length_m:
        return lap._replace(clock=None)
    return lap


def _rounded(ms: float | None) -> int | None:
    """In hundredths of a second: more would change at every look."""
    return None if ms is None else round(ms / 10) * 10
