"""``tower:<rig>``: the live running order of the session that a rig drives, one row per car.

A screen reads it eight times a second, while most of it changes once per lap. So each part reports the cars
that changed, and only their rows are built again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import compress
from operator import is_not

from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.flags import BIT, result_bits
from f1timings.live.views.rig_facts import FACTS
from f1timings.live.views.rig_source import RigSource, RigSources
from f1timings.live.views.rows.lap_starts import RunningLapStarts
from f1timings.live.views.rows.marks import MARKS, SessionMarks, TimedCar
from f1timings.live.views.rows.states import DrivingStates, RaceState, RaceStates
from f1timings.live.views.session_watch import WatchedSession
from f1timings.packets import session_kind
from f1timings.packets.ids.sessions import SESSION_KINDS
from f1timings.timing.records import Session
from f1timings.timing.running_order import GAPS, OrderRow, RunningOrder

PERIOD_S = 0.125

COLUMNS = columns(
    """
    position | int | | 1-based, without gaps; rows are drawn in this order, cars that are out last
    participant | text | | the driver, as the game names them
    person | text | | the driver at the rig whose own car it is, else the driver behind the name in the game
    team | text | | the team, as the game names it
    race_number | int | | on the car
    lap | int | | number of the current lap
    lap_start_ms | int | ms | session time at which the current lap began; null while its clock is stopped
    sector | int | | 1 to 3
    sector1_ms | int | ms | of the current lap; null until driven
    sector2_ms | int | ms | of the current lap; null until driven
    last_ms | int | ms | the previous lap
    last_sector1_ms | int | ms | of the previous lap
    last_sector2_ms | int | ms | of the previous lap
    last_sector3_ms | int | ms | of the previous lap
    best_ms | int | ms | its best lap that counts
    sector1_mark | text | | of the newest time in sector 1: of the current lap, else of the previous one
    sector2_mark | text | | of the newest time in sector 2
    sector3_mark | text | | of the newest time in sector 3
    last_mark | text | | of the previous lap
    is_fastest | bool | | its best lap is the fastest of the session
    gap_ms | int | ms | to the leader: in a race on the road, otherwise between best laps
    interval_ms | int | ms | to the car ahead
    laps_down | int | laps | behind the leader, in a race
    gained | int | places | since the start, in a race; negative if lost
    tyre | text | | visual compound
    tyre_age | int | laps | driven on this set
    stops | int | | pit stops; null in format 2020
    penalties_s | int | s | added to its time
    drive_throughs | int | | drive-through penalties that are not served; null in format 2020
    stop_gos | int | | stop-and-go penalties that are not served; null in format 2020
    warnings | int | | of all kinds; null in format 2020
    track_limits | int | | warnings for corners that were cut; null up to format 2022
    wing | text | | the DRS flap, from 2026 on the active aero
    is_overtaking | bool | | the overtake mode of 2026 is on; null where there is none
    flags | flags | | see the table of bits
""",
    choices={
        **dict.fromkeys(("sector1_mark", "sector2_mark", "sector3_mark", "last_mark"), MARKS),
        "wing": ("open", "allowed", "closed"),
    },
    never_null={"position", "is_fastest", "flags"},
)
# The gap, the interval and the laps down are neighbours here, as they are in a row of the running order.
_GAPS_AT = [column.name for column in COLUMNS].index("gap_ms")
TOWER_FACTS = (
    *FACTS,
    *columns(
        """
    session_kind | text | | which columns make sense; null for a session of an unknown type
    is_final | bool | | the order is that of the game's result
""",
        choices={"session_kind": SESSION_KINDS},
    ),
)


def view(sources: RigSources) -> RowViewKind:
    """The view ``tower:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        return RowSource(contents=Tower(source).contents, start=source.start, stop=source.stop)

    return RowViewKind(
        name="tower",
        columns=COLUMNS,
        facts=TOWER_FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        meaning="The running order of the session that a rig drives, or drove last.",
    )


class Tower:
    """The rows of one rig; a row that has not changed is the same object as at the look before."""

    def __init__(self, source: RigSource) -> None:
        self._source = source
        self._starts = RunningLapStarts()
        self._race = RaceStates()
        self._driving = DrivingStates()
        self._marks = SessionMarks()
        self._order_rows: tuple[OrderRow, ...] = ()
        self._order: dict[int, OrderRow] = {}
        self._kind: tuple[str | None, str | None] = (None, None)
        self._people: Mapping[int, str] = {}
        self._own: int | None = None
        self._session: Session | None = None
        self._participants: object = None
        self._rows: dict[str, Row] = {}

    def contents(self) -> Contents:
        """The rows and facts now."""
        source = self._source
        order = source.order
        watched = source.session_of(order)
        session = watched.session
        now = source.now(session)
        facts = source.facts(order, now)
        facts["session_kind"] = self._kind_of(session)
        facts["is_final"] = order.is_final if order is not None else None
        if order is None or session is None:
            self._rows = {}
            return Contents({}, facts)
        self._update(order, session, watched, own=source.own_car(now))
        return Contents(self._rows, facts)

    def _update(
        self, order: RunningOrder, session: Session, watched: WatchedSession, *, own: int | None
    ) -> None:
        """Build again the rows of the cars that changed."""
        newest = self._source.datagrams(session).newest
        lap_data = newest("lap_data")
        changed = {
            *self._race.look(lap_data),
            *self._driving.look(newest, session.packet_format),
            *self._starts.look(lap_data, order.session_time_ms),
        }
        changed |= self._look_at_people(watched, own)
        in_order, with_gaps = self._look_at_order(order)
        changed |= in_order
        changed |= self._look_at_marks(changed)
        if changed or with_gaps:
            rows = dict(self._rows)
            for car in with_gaps - changed:
                rows[str(car)] = _with_gaps(rows[str(car)], self._order[car])
            for car in changed:
                rows.pop(str(car), None)
                if car in self._order:
                    rows[str(car)] = self._row(self._order[car], session, watched)
            self._rows = rows

    def _kind_of(self, session: Session | None) -> str | None:
        name = None if session is None else session.session_type
        if name != self._kind[0]:
            self._kind = name, session_kind(name)
        return self._kind[1]

    def _look_at_people(self, watched: WatchedSession, own: int | None) -> set[int]:
        """The cars of which the people, or the marking as the rig's own, may have changed."""
        people = self._source.people(watched)
        changed: set[int] = set()
        if (
            people is not self._people
            or watched.session is not self._session
            or watched.participants is not self._participants
        ):
            changed |= self._order.keys()
        if own != self._own:
            changed |= {car for car in (own, self._own) if car is not None}
        self._people, self._session, self._participants = people, watched.session, watched.participants
        self._own = own
        return changed

    def _look_at_order(self, order: RunningOrder) -> tuple[set[int], set[int]]:
        """The cars whose row in the order changed, and those where only the gaps changed."""
        if order.rows is self._order_rows:
            return set(), set()
        before, self._order_rows = self._order_rows, order.rows
        if len(before) != len(order.rows):
            self._order = {row.car_index: row for row in order.rows}
            return {row.car_index for row in (*before, *order.rows)}, set()
        # A car in another place has another row.
        pairs = list(compress(zip(order.rows, before, strict=True), map(is_not, order.rows, before)))
        only_gaps = {row.car_index for row, known in pairs if _differ_in_gaps_only(row, known)}
        for _, known in pairs:
            del self._order[known.car_index]
        for row, _ in pairs:
            self._order[row.car_index] = row
        return {row.car_index for pair in pairs for row in pair} - only_gaps, only_gaps

    def _look_at_marks(self, changed: Collection[int]) -> set[int]:
        """The cars whose marks changed; a changed car may have other times."""
        timed = {
            car: None if row is None else TimedCar.of(row, self._race.of(car).is_invalid)
            for car, row in ((car, self._order.get(car)) for car in changed)
        }
        return self._marks.look(timed)

    def _row(self, row: OrderRow, session: Session, watched: WatchedSession) -> Row:
        at = row.car_index
        race, driving = self._race.of(at), self._driving.of(at)
        timed, marks = self._marks.of(at)
        participant = watched.participants.get(at)
        is_game = participant is not None and participant.is_driven_by_game and at != session.player_car_index
        flags = (
            race.bits
            | result_bits(row.result_status)
            | (BIT["own"] if at == self._own else 0)
            | (BIT["ai"] if is_game else 0)
            | (BIT["leader"] if row.position == 1 else 0)
        )
        return (
            row.position,
            row.participant,
            self._people.get(at),
            participant.team if participant else None,
            participant.race_number if participant else None,
            row.lap_number,
            self._starts.of(at),
            race.sector,
            *row.sectors_ms,
            row.last_lap_ms,
            *timed.last_sectors_ms,
            row.best_lap_ms,
            *marks.sectors,
            marks.last,
            marks.is_fastest,
            row.gap_ms,
            row.interval_ms,
            row.laps_down,
            _gained(row, race) if session.is_race else None,
            driving.tyre,
            driving.tyre_age,
            race.stops,
            race.penalties_s,
            race.drive_throughs,
            race.stop_gos,
            race.warnings,
            race.track_limits,
            driving.wing,
            driving.is_overtaking,
            flags,
        )


def _differ_in_gaps_only(row: OrderRow, other: OrderRow) -> bool:
    return row[: GAPS.start] == other[: GAPS.start] and row[GAPS.stop :] == other[GAPS.stop :]


def _with_gaps(cells: Row, row: OrderRow) -> Row:
    return (*cells[:_GAPS_AT], row.gap_ms, row.interval_ms, row.laps_down, *cells[_GAPS_AT + 3 :])


def _gained(row: OrderRow, race: RaceState) -> int | None:
    return None if race.grid_position is None else race.grid_position - row.position
