"""``rigs``: every rig that was heard, how it is doing, and where its own car is."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from f1timings.live.fanout.row_columns import Row, Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.freshness import LapClocks
from f1timings.live.views.lap_data import tyre_rows
from f1timings.live.views.rig_source import FACTS, DriverOf, Rigs, RigSource, row_of
from f1timings.packets import driver_status_name
from f1timings.rigs.registry import RigStatus

PERIOD_S = 0.25

_HEALTH = columns("""
    address | text | | where its datagrams come from
    port | int | | of that address
    format | int | | of its packets: 2020 to 2026
    game_year | int | | two digits, as the game says
    datagrams_per_s | int | 1/s | over the last two seconds
    rejected | int | | datagrams that were no packet, since the server's start
""")
_OWN = columns("""
    car_index | int | | its own car, or the one that it watches while it spectates
    participant | text | | who is in that car, as the game says
    driver | text | | who sits at the rig, as people said
    position | int | | of that car
    lap | int | | number of the lap under way
    lap_start_ms | int | ms | session time at which the lap under way began; null while its clock stands
    sector | int | | 1 to 3
    sector1_ms | int | ms | of the lap under way
    sector2_ms | int | ms | of the lap under way
    last_ms | int | ms | the lap before
    best_ms | int | ms | its best lap that counts
    is_invalid | bool | | the game counts the lap under way as invalid
    driving | text | | `garage`, `flying lap`, `in lap`, `out lap`, `on track`
    pit | text | | `none`, `pitting`, `in pit area`
    tyre | text | | visual compound
""")
COLUMNS = (*FACTS[:2], *_HEALTH, *FACTS[2:], *_OWN)
RIGS_FACTS = columns("""
    strays | text | | addresses that send only what is no packet: a list of [address, datagrams, usual reason]
""")

_RATE_OVER_S = 2.0
_MOST_STRAYS = 8


class _Rate:
    """Datagrams a second."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, int]] = deque()

    def of(self, count: int, now: float) -> int | None:
        """None in the first half second, when nothing can be said yet."""
        self._counts.append((now, count))
        while len(self._counts) > 2 and now - self._counts[1][0] >= _RATE_OVER_S:
            self._counts.popleft()
        began, first = self._counts[0]
        return round((count - first) / (now - began)) if now - began >= _RATE_OVER_S / 4 else None


class _OneRig:
    """One row."""

    def __init__(self, source: RigSource, driver_of: DriverOf) -> None:
        self._source = source
        self._driver_of = driver_of
        self._clocks = LapClocks()
        self._rate = _Rate()
        self._told_rate: int | None = None
        source.begin()

    def close(self) -> None:
        self._source.end()

    def row(self, status: RigStatus, now: float) -> Row:
        source = self._source
        order = source.order
        session = source.known(order).session
        facts = list(source.facts(order, session_now := source.now(session)).values())
        health: tuple[Value, ...] = (
            status.address,
            status.port,
            status.packet_format,
            status.game_year,
            self._steady_rate(status, now),
            status.rejected.total(),
        )
        return (*facts[:2], *health, *facts[2:], *self._own(source.own_car(session_now)))

    def _steady_rate(self, status: RigStatus, now: float) -> int | None:
        """The rate, told anew only where it really is another: it is never quite the same."""
        rate, told = self._rate.of(status.datagrams, now), self._told_rate
        if rate is None or told is None or abs(rate - told) > max(3, told // 20) or not rate:
            self._told_rate = rate
        return self._told_rate

    def _own(self, car_index: int | None) -> Row:
        source = self._source
        order = source.order
        session = source.known(order).session
        row = row_of(order, car_index)
        driver = self._driver_of(source.rig)
        if row is None or order is None or session is None or car_index is None:
            return (car_index, None, driver, *(None for _ in _OWN[3:]))
        laps = source.laps(session)
        lap = laps[car_index] if laps else None
        status = source.newest("car_status", session)
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
            tyre_rows(status)[car_index].compound if status is not None else None,
        )


class RigsView:
    """Makes the rows of all rigs."""

    def __init__(
        self,
        rigs: Rigs,
        source_of: Callable[[str], RigSource],
        driver_of: DriverOf,
        clock: Callable[[], float],
    ) -> None:
        self._rigs = rigs
        self._source_of = source_of
        self._driver_of = driver_of
        self._clock = clock
        self._known: dict[str, _OneRig] = {}

    def contents(self) -> Contents:
        """What the view shows now."""
        now, rows = self._clock(), {}
        for key, status in self._rigs.rigs.items():
            one = self._known.get(key)
            if one is None:
                one = self._known[key] = _OneRig(self._source_of(key), self._driver_of)
            rows[key] = one.row(status, now)
        return Contents(rows, {"strays": _strays(self._rigs)})

    def end(self) -> None:
        """Nobody looks any more."""
        for one in self._known.values():
            one.close()
        self._known.clear()


def _strays(rigs: Rigs) -> list[Value]:
    """Those that sent most, of addresses that are no rig."""
    strays = Counter({address: reasons.total() for address, reasons in rigs.strays.items()})
    return [
        [address, count, rigs.strays[address].most_common(1)[0][0]]
        for address, count in strays.most_common(_MOST_STRAYS)
    ]
