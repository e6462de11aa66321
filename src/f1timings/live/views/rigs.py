"""``rigs`` and ``rig:<rig>``: the rigs heard since the server's start, their streams, and their own cars."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping

from f1timings.live.fanout.row_columns import Row, Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.freshness import LapClocks
from f1timings.live.views.lap_data import lap_row, tyre_row
from f1timings.live.views.rig_source import FACTS, DriverAtRig, RigSource, RigSources, row_of
from f1timings.packets import driver_status_name
from f1timings.rigs.registry import RigStatus
from f1timings.timing.records import Session
from f1timings.timing.running_order import RunningOrder

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
COLUMNS = (*FACTS[:2], *_HEALTH, *FACTS[2:], *_OWN)
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
    """Builds the row of one rig."""

    def __init__(self, source: RigSource, driver_at: DriverAtRig) -> None:
        self._source = source
        self._driver_at = driver_at
        self._clocks = LapClocks()
        self._rate = _Rate()
        self._published_rate: int | None = None
        source.start()

    def stop(self) -> None:
        self._source.stop()

    def row(self, status: RigStatus, now: float) -> Row:
        source = self._source
        order = source.order
        session = source.session_of(order).session
        facts = list(source.facts(order, session_now := source.now(session)).values())
        health: tuple[Value, ...] = (
            status.address,
            status.port,
            status.packet_format,
            status.game_year,
            self._steady_rate(status, now),
            status.rejected.total(),
        )
        own = self._own(order, session, source.own_car(session_now))
        return (*facts[:2], *health, *facts[2:], *own)

    def _steady_rate(self, status: RigStatus, now: float) -> int | None:
        """The rate, changed only if it differs by more than 5 % or 3: it is never exactly constant."""
        rate, published = self._rate.of(status.datagrams, now), self._published_rate
        if rate is None or published is None or abs(rate - published) > max(3, published // 20) or not rate:
            self._published_rate = rate
        return self._published_rate

    def _own(self, order: RunningOrder | None, session: Session | None, car_index: int | None) -> Row:
        source = self._source
        row = row_of(order, car_index)
        driver = self._driver_at(source.rig)
        if row is None or order is None or session is None or car_index is None:
            return (car_index, None, driver, *(None for _ in _OWN[3:]))
        newest = source.datagrams(session).newest
        lap_data, status = newest("lap_data"), newest("car_status")
        lap = None if lap_data is None else lap_row(lap_data, car_index)
        return (
            car_index,
            row.participant,
            driver,
            row.position,
            row.lap_number,
            self._clocks.start_ms(car_index, order.session_time_ms, lap.clock_ms if lap else None),
            lap.sector if lap else None,
            lap.sector1_ms if lap else None,
            lap.sector2_ms if lap else None,
            row.last_lap_ms,
            row.best_lap_ms,
            lap.is_invalid if lap else None,
            driver_status_name(session.packet_format, lap.driver_status) if lap else None,
            row.pit_status,
            None if status is None else tyre_row(status, car_index).compound,
        )


def view(sources: RigSources) -> RowViewKind:
    """The view ``rigs``."""

    def build_source(_argument: str) -> RowSource:
        rigs = RigsView(sources)
        return RowSource(contents=rigs.contents, stop=rigs.stop)

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
            self._readers.pop(key).stop()
        for key, status in statuses.items():
            reader = self._readers.get(key)
            if reader is None:
                reader = self._readers[key] = _RigRowReader(self._sources.build(key), self._sources.driver_at)
            rows[key] = reader.row(status, now)
        return Contents(rows, {} if self._only else {"strays": _strays(telemetry.strays)})

    def stop(self) -> None:
        """Stop reading the rigs."""
        for reader in self._readers.values():
            reader.stop()
        self._readers.clear()


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
        return RowSource(contents=own.contents, stop=own.stop)

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
