"""``tower:<rig>``: the live running order of the session that a rig drives, one row per car."""

from __future__ import annotations

from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.flags import BIT, status_bits
from f1timings.live.views.freshness import LapClocks
from f1timings.live.views.lap_data import CarLap, TyreState, tyre_rows
from f1timings.live.views.rig_source import FACTS, RigSource, RigSources
from f1timings.timing.records import Session
from f1timings.timing.running_order import OrderRow, RunningOrder

PERIOD_S = 0.125

COLUMNS = columns(
    """
    position | int | | 1-based, without gaps; rows are drawn in this order
    participant | text | | the driver, as the game names them
    lap | int | | number of the current lap
    lap_start_ms | int | ms | session time at which the current lap began; null while its clock is stopped
    sector | int | | 1 to 3
    sector1_ms | int | ms | of the current lap; up to format 2022 the games wrap it at 65,536
    sector2_ms | int | ms | of the current lap; wraps in the same way
    last_ms | int | ms | the previous lap
    best_ms | int | ms | its best lap that counts
    gap_ms | int | ms | to the leader: in a race on the road, otherwise between best laps
    interval_ms | int | ms | to the car ahead
    laps_down | int | laps | behind the leader, in a race
    gained | int | places | since the start, in a race; negative if lost
    tyre | text | | visual compound
    tyre_age | int | laps | driven on this set
    stops | int | | pit stops
    penalties_s | int | s | added to its time
    flags | flags | | see the table of bits
""",
    never_null={"position"},
)


def view(sources: RigSources) -> RowViewKind:
    """The view ``tower:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        return RowSource(contents=Tower(source).contents, start=source.start, stop=source.stop)

    return RowViewKind(
        name="tower",
        columns=COLUMNS,
        facts=FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        meaning="The running order of the session that a rig drives, or drove last.",
    )


class Tower:
    """Builds the rows of one rig."""

    def __init__(self, source: RigSource) -> None:
        self._source = source
        self._clocks = LapClocks()

    def contents(self) -> Contents:
        """The rows and facts now."""
        source = self._source
        order = source.order
        session = source.session_of(order).session
        now = source.now(session)
        facts = source.facts(order, now)
        if order is None or session is None:
            return Contents({}, facts)
        laps = source.laps(session)
        status = source.newest("car_status", session)
        tyres = tyre_rows(status) if status is not None else []
        own = source.own_car(now)
        rows = {
            str(row.car_index): self._row(row, order=order, session=session, laps=laps, tyres=tyres, own=own)
            for row in order.rows
        }
        return Contents(rows, facts)

    def _row(
        self,
        row: OrderRow,
        *,
        order: RunningOrder,
        session: Session,
        laps: list[CarLap],
        tyres: list[TyreState],
        own: int | None,
    ) -> Row:
        at = row.car_index
        lap = laps[at] if at < len(laps) else None
        tyre = tyres[at] if at < len(tyres) else TyreState()
        start = self._clocks.start_ms(at, order.session_time_ms, lap.clock_ms if lap else None)
        participant = self._source.session_of(order).participants.get(at)
        bits = (
            (BIT["own"] if at == own else 0)
            | (BIT["ai"] if participant is not None and participant.is_ai else 0)
            | (BIT["leader"] if row.position == 1 else 0)
            | (lap_bits(session.packet_format, lap) if lap else 0)
        )
        return (
            row.position,
            row.participant,
            row.lap_number,
            start,
            lap.sector if lap else None,
            lap.sector1_ms if lap else None,
            lap.sector2_ms if lap else None,
            row.last_lap_ms,
            row.best_lap_ms,
            row.gap_ms,
            row.interval_ms,
            row.laps_down,
            lap.grid_position - row.position if session.is_race and lap and lap.grid_position else None,
            tyre.compound,
            tyre.age_laps,
            lap.pit_stops if lap else None,
            lap.penalties_s if lap else None,
            bits,
        )


def lap_bits(packet_format: int, lap: CarLap) -> int:
    """The flag bits of one row of lap data."""
    bits = status_bits(packet_format, lap.pit_status, lap.driver_status, lap.result_status)
    return bits | (BIT["invalid"] if lap.is_invalid else 0)
