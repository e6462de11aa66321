"""The comparison of a running lap, computed from the beginning at each look, in the plainest way."""

from __future__ import annotations

from f1timings.live.prediction.board_times import BoardTimes, ReferenceLap, References
from f1timings.live.prediction.steady_place import SteadyPlace
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.records import Session

Value = str | int | None


class PlainComparison:
    """What a rig's columns are, look by look."""

    def __init__(self) -> None:
        self._place = SteadyPlace()

    def values(
        self,
        *,
        board: BoardTimes | None,
        entrant: str,
        session: Session,
        row: LapRow,
        clock_ms: int,
        distance_m: float,
        now: float,
    ) -> tuple[Value, ...]:
        """The columns now."""
        is_on_lap = 0 < clock_ms < 3_600_000 and 0.0 <= distance_m <= (session.track_length_m or 0)
        is_timed = row.driver_status in (1, 4) and row.pit_status == 0 and row.result_status == 2
        if board is None or not is_timed or not is_on_lap or not session.track_length_m:
            self._place.clear()
            return (entrant, *[None] * 6)
        references = board.references.get(entrant, References())
        laps = [_usable(lap, session) for lap in references]
        sectors = [row.sector1_ms or None, row.sector2_ms or None][: row.sector]
        deltas = [_delta(lap, clock_ms, distance_m, sectors) for lap in laps]
        predicted_ms = _predicted(laps, deltas, clock_ms, distance_m) if row.sector else None
        if row.is_invalid:
            predicted_ms = None
        next_place = None if laps[2] is None or deltas[2] is None else laps[2].time.position
        place = self._shown(board, references.own, (session, row.lap_number), predicted_ms, now)
        return (entrant, *map(_rounded, deltas), next_place, _rounded(predicted_ms), place)

    def _shown(
        self,
        board: BoardTimes,
        own: ReferenceLap | None,
        lap: tuple[Session, int],
        predicted_ms: float | None,
        now: float,
    ) -> int | None:
        if predicted_ms is None or not board.counts(lap[0]):
            self._place.clear()
            return None
        is_better = own is None or predicted_ms < own.time.lap_time_ms
        place = 1 + sum(time.lap_time_ms < predicted_ms for time in board.times)
        return self._place.show((lap[0].id, lap[1]), place if is_better else None, now)


def _usable(lap: ReferenceLap | None, session: Session) -> ReferenceLap | None:
    if lap is None or (lap.formula and session.formula and lap.formula != session.formula):
        return None
    fits = lap.clock is not None and lap.clock.length_m == session.track_length_m
    return lap if fits else lap._replace(clock=None)


def _delta(
    lap: ReferenceLap | None, clock_ms: int, distance_m: float, sectors: list[int | None]
) -> float | None:
    if lap is None:
        return None
    if lap.clock is not None:
        then_ms = lap.clock.at_ms(distance_m)
        return None if then_ms is None else clock_ms - then_ms
    pairs = list(zip(sectors, lap.time.sectors, strict=False))
    if not pairs or None in [ms for pair in pairs for ms in pair]:
        return None
    return float(sum(driven - other for driven, other in pairs if driven is not None and other is not None))


def _predicted(
    laps: list[ReferenceLap | None], deltas: list[float | None], clock_ms: int, distance_m: float
) -> float | None:
    own, first, _ = laps
    if own is not None:
        return None if deltas[0] is None else own.time.lap_time_ms + deltas[0]
    then_ms = None if first is None or first.clock is None else first.clock.at_ms(distance_m)
    return None if first is None or not then_ms else first.time.lap_time_ms * clock_ms / then_ms


def _rounded(ms: float | None) -> int | None:
    return None if ms is None else round(ms / 10) * 10
