"""``rigs`` and ``rig:<rig>``: the rigs heard since the server's start, their streams, and their own cars."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping

from f1timings.live.fanout.row_columns import Row, Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.prediction.running_lap_reader import COLUMNS as PREDICTION
from f1timings.live.prediction.running_lap_reader import DrivenCar
from f1timings.live.views.freshness import LIVE, LapClocks
from f1timings.live.views.lap_data import NewestTyres, sector_from_1
from f1timings.live.views.rig_facts import FACTS, RigFactReader
from f1timings.live.views.rig_source import RigSources, own_car
from f1timings.live.views.rows.last_built import LastBuilt
from f1timings.live.views.rows.session_datagrams import NewestDatagrams
from f1timings.packets import driver_status_name, pit_status_name
from f1timings.rigs.registry import RigStatus
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.records import Session
from f1timings.timing.running_order import SessionMoment
from f1timings.units import known

PERIOD_S = 0.25

_HEALTH = columns("""
    address | text | | the address that its datagrams come from
    port | int | | the port that its datagrams come from
    format | int | | packet format, a year such as 2025
    game_year | int | | two digits, as the game states it
    datagrams_per_s | int | 1/s | over the last two seconds
    rejected | int | | datagrams that were not valid packets, since the server's start
""")
_OWN = columns("""
    car_index | int | | its own car, or the car that it watches while it spectates
    participant | text | | the driver of that car, as the game names them
    driver | text | | the driver assigned to the rig
    position | int | | of that car
    lap | int | | number of the current lap
    lap_start_ms | int | ms | session time at which the current lap began; null while its clock is stopped
    sector | int | | 1 to 3
    sector1_ms | int | ms | of the current lap
    sector2_ms | int | ms | of the current lap
    last_ms | int | ms | the previous lap
    best_ms | int | ms | its best lap that counts
    is_invalid | bool | | the game counts the current lap as invalid
    driving | text | | `garage`, `flying lap`, `in lap`, `out lap`, `on track`
    pit | text | | `none`, `pitting`, `in pit area`
    tyre | text | | visual compound
""")
COLUMNS = (*FACTS[:2], *_HEALTH, *FACTS[2:], *_OWN, *PREDICTION)
RIGS_FACTS = columns("""
    strays | list | | addresses that send no valid packets: a list of [address, datagrams, most common reason]
""")

_RATE_PERIOD_S = 2.0
_MAX_STRAYS = 8


class _Rate:
    """Datagrams per second."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, int]] = deque()

    def of(self, count: int, now: float) -> int | None:
        """The rate over the last two seconds; None in the first half second."""
        self._counts.append((now, count))
        while len(self._counts) > 2 and now - self._counts[1][0] >= _RATE_PERIOD_S:
            self._counts.popleft()
        began, first = self._counts[0]
        return round((count - first) / (now - began)) if now - began >= _RATE_PERIOD_S / 4 else None


class _RigRowReader:
    """Builds the row of one rig, without a running order: of its session, only the own car is shown."""

    def __init__(self, sources: RigSources, rig: str) -> None:
        self._telemetry = sources.telemetry
        self._sessions = sources.sessions
        self._driver_at = sources.driver_at
        self._rig = rig
        self._facts = RigFactReader()
        self._newest = NewestDatagrams()
        self._clocks = LapClocks()
        self._row: Row = ()
        self._car: LastBuilt[Row] = LastBuilt()
        self._tyres = NewestTyres()
        self._running = sources.running_lap(rig)
        self._rate = _Rate()
        self._published_rate: int | None = None

    def row(self, status: RigStatus, now: float) -> Row:
        """The row now; the same object while it does not change."""
        moment = self._telemetry.moment(status.key)
        watched = self._sessions.session(None if moment is None else moment.session_id)
        newest, session = self._telemetry.taps.of(status.key), watched.session
        session_now = self._newest.session_now(newest, session)
        facts = self._facts.values(status, now, moment=moment, watched=watched, now=session_now)
        car_index = own_car(status, session_now)
        if moment is None or session is None or car_index is None:
            own = self._no_car(car_index)
        else:
            own = self._own(status.key, moment, session, car_index=car_index, is_live=facts[0] == LIVE)
        row = (
            *facts[:2],
            status.address,
            status.port,
            status.packet_format,
            status.game_year,
            self._steady_rate(status, now),
            sum(status.rejected.values()),
            *facts[2:],
            *own,
        )
        if row != self._row:
            self._row = row
        return self._row

    def _steady_rate(self, status: RigStatus, now: float) -> int | None:
        """The rate, changed only if it differs by more than 5 % or 3: it is never exactly constant."""
        rate, published = self._rate.of(status.datagrams, now), self._published_rate
        if rate is None or published is None or abs(rate - published) > max(3, published // 20) or not rate:
            self._published_rate = rate
        return self._published_rate

    def _own(
        self,
        key: str,
        moment: SessionMoment,
        session: Session,
        *,
        car_index: int,
        is_live: bool,
    ) -> Row:
        """The cells of the own car; a rig that does not send, or watches another car, drives no lap."""
        placed = self._telemetry.placed_car(key, car_index)
        if placed is None:
            return self._no_car(car_index)
        (car, clock_ms), year = placed, session.packet_format
        newest = self._newest.of(self._telemetry.taps.of(key), session)
        tyres, is_driving = newest.newest("car_status"), is_live and car_index == session.player_car_index
        return (
            car_index,
            car.participant,
            self._driver_at(self._rig),
            car.position,
            car.lap_number,
            self._clocks.start_ms(car_index, moment.session_time_ms, clock_ms),
            *self._car.get((car, year), lambda: _cells_of(car, year)),
            None if tyres is None else self._tyres.look(tyres, car_index).compound,
            *(
                self._running.values(DrivenCar(session, car, car_index, newest.newest("lap_data")))
                if is_driving
                else self._running.clear()
            ),
        )

    def _no_car(self, car_index: int | None) -> Row:
        nothing = (None for _ in _OWN[3:])
        return (car_index, None, self._driver_at(self._rig), *nothing, *self._running.clear())


def _cells_of(car: PlacedCar, packet_format: int) -> Row:
    """The cells from the sector to the pit status."""
    row = car.row
    return (
        sector_from_1(row.sector) if row else None,
        known(row.sector1_ms) if row else None,
        known(row.sector2_ms) if row else None,
        car.last_lap_ms,
        car.best_lap_ms,
        row.is_invalid if row else None,
        driver_status_name(packet_format, row.driver_status) if row else None,
        pit_status_name(packet_format, row.pit_status) if row else None,
    )


def view(sources: RigSources) -> RowViewKind:
    """The view ``rigs``."""

    def build_source(_argument: str) -> RowSource:
        rigs = RigsView(sources)
        return RowSource(contents=rigs.contents)

    return RowViewKind(
        name="rigs",
        columns=COLUMNS,
        facts=RIGS_FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        meaning="Every rig that was heard since the server's start, and its own car.",
        id_meaning="the rig's key, as in `/api/v1/rigs`",
    )


class RigsView:
    """Builds the rows of all rigs, or of one.

    Args:
        only: the key of the only rig; None has all of them.
    """

    def __init__(self, sources: RigSources, only: str | None = None) -> None:
        self._sources = sources
        self._only = only
        self._readers: dict[str, _RigRowReader] = {}

    def contents(self) -> Contents:
        """The rows and facts now."""
        telemetry = self._sources.telemetry
        now, rows = self._sources.clock(), {}
        statuses = {
            key: status
            for key, status in self._sources.joined.statuses().items()
            if self._only in (None, key)
        }
        for key in self._readers.keys() - statuses.keys():
            del self._readers[key]
        for key, status in statuses.items():
            reader = self._readers.get(key)
            if reader is None:
                reader = self._readers[key] = _RigRowReader(self._sources, key)
            rows[key] = reader.row(status, now)
        return Contents(rows, {} if self._only else {"strays": _strays(telemetry.strays)})


def _strays(strays: Mapping[str, Counter[str]]) -> list[Value]:
    """The addresses that sent most, of those that are not rigs."""
    totals = Counter({address: reasons.total() for address, reasons in strays.items()})
    return [
        [address, count, strays[address].most_common(1)[0][0]]
        for address, count in totals.most_common(_MAX_STRAYS)
    ]


def view_of_one(sources: RigSources) -> RowViewKind:
    """The view ``rig:<rig>``, for a phone that needs one row."""

    def build_source(rig: str) -> RowSource:
        own = RigsView(sources, only=rig)
        return RowSource(contents=own.contents)

    return RowViewKind(
        name="rig",
        columns=COLUMNS,
        facts=(),
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        meaning="The row that a rig has in `rigs`; none before it was heard. It has no facts.",
        id_meaning="the rig's key, as in `/api/v1/rigs`",
    )
