"""Measure how far predicted lap times are from the laps as they were driven in the end.

Run ``python -m benchmarks.prediction``. Nothing is timed, so the machine need not be quiet. On several
circuits and in several formats, one simulated driver sets a lap, and another drives time trials, qualifyings
and races. Each of the second driver's laps is predicted twice, as the view ``rigs`` shows it: with the
driver's best so far, and as if only the other driver had a lap. Each prediction is compared with the time
that was stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, islice
from statistics import fmean, median, quantiles
from typing import Final, Literal, NamedTuple, cast

from f1timings.live.prediction.board_times import BoardTime, BoardTimes, ReferenceLap, References
from f1timings.live.views import rigs
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.people import Rules
from f1timings.packets import FORMATS, Columns, layout_of
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.simulator.scenario import TIMING_KINDS, ScenarioKind
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.timing.records import Lap, Session
from f1timings.traces.analysis.reference_clock import ReferenceClock
from f1timings.traces.blobs import decode
from f1timings.traces.lap_trace import LapTrace

LAPS: Final = 100
MOMENTS: Final = ("the end of sector 1", "the end of sector 2", "90 % of the distance")
_LAPS_OF_DRIVER: Final = 8
_TRACKS: Final = (17, 11, 10, 7, 20)
_KINDS: Final[tuple[ScenarioKind, ...]] = ("time_trial", "qualifying", "race")
_RIG: Final = "10.0.0.5"
_BEGAN_AT: Final = 1_795_363_000.0
_TIMED: Final = ("flying lap", "on track")
_SHOWN: Final = [column.name for column in rigs.COLUMNS]

_KNOWN: Final[Mapping[str, Literal["own", "leader"]]] = {
    "own best known": "own",
    "only the leader's lap known": "leader",
}
# With the own best, and with the leader's lap.
_Predicted = tuple[int | None, int | None]


class PredictedLap(NamedTuple):
    """A lap, its predictions, and the lap that was the driver's best before.

    Attributes:
        own / leader: predictions at each of :data:`MOMENTS`, ms, with the driver's best and with only the
            other driver's lap; None where nothing was predicted.
        own_best: None in a driver's first lap.
    """

    lap: Lap
    own: tuple[int | None, ...]
    leader: tuple[int | None, ...]
    own_best: BoardTime | None


class _Boards:
    """The board of one circuit; a driver's lap is on it at once."""

    def __init__(self, leader: ReferenceLap | None = None) -> None:
        self.entrants = References(first=leader)

    def get(self, _circuit: str, entrant: str) -> BoardTimes:
        return BoardTimes(rules=Rules(), times=(), references={entrant: self.entrants})


class Drive:
    """One simulated session, with the predictions of each lap of the rig's own car.

    Args:
        leader: the lap of another driver; None predicts from it nothing.
    """

    def __init__(self, scenario: Scenario, leader: ReferenceLap | None = None) -> None:
        self._scenario = scenario
        self._now = 0.0
        self._sessions = SessionWatch()
        self._pipeline = Pipeline(self._handle_entries)
        self._with_own, self._with_leader = _Boards(), _Boards(leader)
        self._views = [self._view(boards) for boards in (self._with_own, self._with_leader)]
        self._distance = Columns(layout_of(scenario.format, "lap_data"), ("lap_distance",))
        self._seen: dict[tuple[int, str], _Predicted] = {}
        self._ended: list[tuple[Lap, LapTrace]] = []

    @property
    def best(self) -> ReferenceLap | None:
        """The driver's best lap so far."""
        return self._with_own.entrants.own

    def laps(self) -> Iterator[PredictedLap]:
        """Drive, and give each finished lap that counts."""
        due = 0.0
        for at, _, data in simulate(self._scenario):
            self._now = _BEGAN_AT + at
            self._pipeline.feed(data, _RIG, 5000, 20777, self._now)
            if at >= due:
                due = at + rigs.PERIOD_S
                self._look()
            ended, self._ended = self._ended, []
            for lap, trace in ended:
                own, leader = self._predictions_of(lap)
                yield PredictedLap(lap, own, leader, self.best and self.best.time)
                self._put_on_board(lap, trace)

    def _view(self, boards: _Boards) -> rigs.RigsView:
        sources = RigSources(self._pipeline, self._sessions, clock=lambda: self._now, boards=boards)
        return rigs.RigsView(sources)

    def _handle_entries(self, entries: Sequence[Stamped]) -> None:
        self._sessions.handle_events(entry.event for entry in entries)
        self._ended += (
            (entry.event.lap, entry.trace)
            for entry in entries
            if isinstance(entry.event, LapRecorded)
            and entry.trace is not None
            and entry.event.lap.lap_time_ms is not None
            and entry.event.lap.is_valid is not False
        )

    def _look(self) -> None:
        """Keep what is predicted now, if it is the first look at a lap after one of the moments."""
        looks = [view.contents().rows.get(_RIG) for view in self._views]
        session, distance_m = self._session(), self._distance_m()
        if session is None or session.track_length_m is None or None in looks:
            return
        own, leader = (dict(zip(_SHOWN, row or (), strict=True)) for row in looks)
        lap, sector = own["lap"], own["sector"]
        # An out lap and a rolling start have the number of the lap after them, and negative distances.
        if not isinstance(lap, int) or own["driving"] not in _TIMED or distance_m < 0.0:
            return
        is_reached = (sector in (2, 3), sector == 3, distance_m >= 0.9 * session.track_length_m)
        for name in compress(MOMENTS, is_reached):
            seen = (own["predicted_ms"], leader["predicted_ms"])
            self._seen.setdefault((lap, name), cast("_Predicted", seen))

    def _session(self) -> Session | None:
        moment = self._pipeline.moment(_RIG)
        return None if moment is None else self._sessions.session(moment.session_id).session

    def _distance_m(self) -> float:
        session, data = self._session(), self._pipeline.taps.of(_RIG).get("lap_data")
        if session is None or session.player_car_index is None or data is None:
            return -1.0
        (distance_m,) = self._distance.row(data, session.player_car_index)
        return cast("float", distance_m)

    def _predictions_of(self, lap: Lap) -> Iterator[tuple[int | None, ...]]:
        """With the own best, and with the leader's lap."""
        seen = [self._seen.pop((lap.lap_number, name), (None, None)) for name in MOMENTS]
        return zip(*seen, strict=True)

    def _put_on_board(self, lap: Lap, trace: LapTrace) -> None:
        session, best = self._session(), self.best
        assert session is not None
        assert session.track_length_m
        assert lap.lap_time_ms is not None
        if best is None or lap.lap_time_ms < best.time.lap_time_ms:
            clock = ReferenceClock.of(decode(trace.blob()), float(session.track_length_m), lap.lap_time_ms)
            time = BoardTime("d:own", 1, lap.lap_time_ms, (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms))
            self._with_own.entrants = References(own=ReferenceLap(time, session.formula, clock))


def session_of(
    number: int, *, driver: int, laps: int = _LAPS_OF_DRIVER, kind: ScenarioKind | None = None
) -> Scenario:
    """The session of a driver: each number has its own circuit, format and, if none is given, kind."""
    return Scenario(
        kind or _KINDS[number % len(_KINDS)],
        FORMATS[number % len(FORMATS)],
        laps=laps,
        cars=2,
        seed=1000 * number + driver,
        track_id=_TRACKS[number % len(_TRACKS)],
        kinds=TIMING_KINDS,
    )


def lap_of_leader(number: int) -> ReferenceLap:
    """The best of three laps by another driver, in a time trial on the circuit of a session."""
    drive = Drive(session_of(number, driver=1, laps=3, kind="time_trial"))
    assert list(drive.laps())
    assert drive.best is not None
    return drive.best


def predicted_laps() -> Iterator[PredictedLap]:
    """Laps of one driver after the other, without end; a driver's first lap is never one of them."""
    number = 0
    while True:
        drive = Drive(session_of(number, driver=2), lap_of_leader(number))
        yield from (each for each in drive.laps() if each.own_best is not None)
        number += 1


class Errors(NamedTuple):
    """Predicted minus driven, ms.

    Attributes:
        median: of the sizes of the errors.
        most: the size that 95 % do not exceed.
    """

    laps: int
    mean: float
    median: float
    most: float

    @classmethod
    def of(cls, errors: Iterable[int]) -> Errors:
        """The errors of two or more predictions."""
        errors = list(errors)
        sizes = [abs(error) for error in errors]
        return cls(len(errors), fmean(errors), median(sizes), quantiles(sizes, n=20, method="inclusive")[-1])


def errors_of(laps: Sequence[PredictedLap], known: Literal["own", "leader"]) -> list[list[int]]:
    """The errors at each of the moments; a lap without a prediction has none."""
    return [
        [
            predicted_ms - each.lap.lap_time_ms
            for each in laps
            if (predicted_ms := getattr(each, known)[at]) is not None and each.lap.lap_time_ms is not None
        ]
        for at in range(len(MOMENTS))
    ]


def main() -> None:
    """Print the figures."""
    laps = list(islice(predicted_laps(), LAPS))
    drivers = len({each.lap.session_id for each in laps})
    print(f"{len(laps)} laps of {drivers} drivers; predicted minus driven, in ms")
    for title, known in _KNOWN.items():
        for moment, errors in zip(MOMENTS, errors_of(laps, known), strict=True):
            counted, mean, middle, most = Errors.of(errors)
            print(
                f"  {title}, at {moment}: mean {mean:+.0f}, median size {middle:.0f}, "
                f"95 % at most {most:.0f} ({counted} laps)"
            )


if __name__ == "__main__":
    main()
