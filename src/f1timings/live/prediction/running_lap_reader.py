"""The columns that compare a rig's running lap with the laps of its board, and predict where it ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple, Protocol

from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.prediction.board_times import NO_REFERENCES, BoardTimes, ReferenceLap, References
from f1timings.live.prediction.reckoning import LapMoment, delta_ms, finished_sectors, is_timed, predict_ms
from f1timings.live.prediction.steady_place import SteadyPlace
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import Columns, layout_of
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.records import Session
from f1timings.traces.analysis.reference_clock import ClockPlaces

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


class _Opponents:
    """What the laps of an entrant are compared with in one session, prepared once for all looks.

    Attributes:
        session / board / entrant: for which it was prepared; ``board`` is None until it is read.
        own: the entrant's best of the board.
        usable: the references that can be compared with laps of the session.
        counts: a lap of the session counts on the board, if it stays valid.
        no_lap: the values of :data:`COLUMNS` while no timed lap is driven.
    """

    def __init__(self, session: Session, board: BoardTimes | None, entrant: str) -> None:
        of_board = NO_REFERENCES if board is None else board.references.get(entrant, NO_REFERENCES)
        self.session = session
        self.board = board
        self.entrant = entrant
        self.own = of_board.own
        self.usable = _usable_references(of_board, session)
        self.counts = board is not None and board.counts(session)
        self.no_lap: Row = (entrant, *_NOTHING[1:])
        is_comparable = board is not None and session.track_length_m
        self._places = ClockPlaces(float(session.track_length_m or 0)) if is_comparable else None
        self._ms_per_unit = 1000.0 if session.packet_format == 2020 else 1
        self._columns = _columns(session.packet_format)
        self._row: LapRow | None = None
        self._is_timed = False
        self._sectors: tuple[int | None, ...] = ()

    def are_of(self, session: Session, board: BoardTimes | None, entrant: str) -> bool:
        """Whether they were prepared for these."""
        return board is self.board and session is self.session and entrant == self.entrant

    def moment(self, data: bytes, car_index: int, row: LapRow) -> LapMoment | None:
        """Where a timed lap is now; None if none is driven."""
        if row is not self._row:
            self._row, self._is_timed, self._sectors = row, is_timed(row), finished_sectors(row)
        if not self._is_timed or self._places is None:
            return None
        clock, distance_m = self._columns.row(data, car_index)
        clock_ms, place = clock * self._ms_per_unit, self._places.at(distance_m)
        # A comparison with NaN is false.
        if place is None or not 0 < clock_ms < _LONGEST_MS:
            return None
        return clock_ms, place, self._sectors


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
        self._named: tuple[KnownPeople, str | None, str] | None = None
        self._opponents: _Opponents | None = None
        self._lap_data: bytes | None = None
        self._car: PlacedCar | None = None
        self._values: Row = _NOTHING

    def clear(self) -> Row:
        """The values of :data:`COLUMNS` while the rig drives no lap."""
        self._place.clear()
        self._car = None
        return _NOTHING

    def values(self, driven: DrivenCar) -> Row:
        """The values of :data:`COLUMNS`."""
        session, car, _, lap_data = driven
        if self._boards is None or session.track is None:
            return self.clear()
        entrant = self._entrant(car.participant)
        board, opponents = self._boards.get(session.track, entrant), self._opponents
        if opponents is None or not opponents.are_of(session, board, entrant):
            opponents = self._opponents = _Opponents(session, board, entrant)
        elif lap_data is self._lap_data and car is self._car and self._place.is_settled:
            return self._values
        self._lap_data, self._car = lap_data, car
        self._values = self._compare(driven, opponents)
        return self._values

    def _entrant(self, participant: str | None) -> str:
        people, named = self._people(), self._named
        if named is not None and named[0] is people and named[1] == participant:
            return named[2]
        entrant = people.entrant(self._rig, participant)
        self._named = people, participant, entrant
        return entrant

    def _compare(self, driven: DrivenCar, opponents: _Opponents) -> Row:
        _, car, car_index, lap_data = driven
        row, usable = car.row, opponents.usable
        moment = None if row is None or lap_data is None else opponents.moment(lap_data, car_index, row)
        if row is None or moment is None:
            self._place.clear()
            return opponents.no_lap
        own, first, ahead = usable
        own_ms, first_ms = delta_ms(moment, own), delta_ms(moment, first)
        ahead_ms = first_ms if ahead is first else delta_ms(moment, ahead)
        predicted_ms = None if row.is_invalid else predict_ms(moment, usable, own_ms)
        return (
            opponents.entrant,
            _rounded(own_ms),
            _rounded(first_ms),
            _rounded(ahead_ms),
            None if ahead is None or ahead_ms is None else ahead.time.position,
            _rounded(predicted_ms),
            self._steady_place(car, opponents, predicted_ms),
        )

    def _steady_place(self, car: PlacedCar, opponents: _Opponents, predicted_ms: float | None) -> int | None:
        """The place that the lap would gain; None if it gains none, or does not count on the board."""
        board, own = opponents.board, opponents.own
        if predicted_ms is None or board is None or not opponents.counts:
            self._place.clear()
            return None
        is_better = own is None or predicted_ms < own.time.lap_time_ms
        place = board.place_of(predicted_ms) if is_better else None
        return self._place.show((opponents.session.id, car.lap_number), place, self._clock())


@cache
def _columns(packet_format: int) -> Columns:
    clock = "current_lap_time" if packet_format == 2020 else "current_lap_time_ms"
    return Columns(layout_of(packet_format, "lap_data"), (clock, "lap_distance"))


def _usable_references(references: References, session: Session) -> References:
    """The references that can be compared with laps of a session; equal ones stay one object."""
    own, first, ahead = references
    usable = _usable(first, session)
    return References(_usable(own, session), usable, usable if ahead is first else _usable(ahead, session))


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
