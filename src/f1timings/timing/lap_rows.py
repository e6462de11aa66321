"""Reads the columns of a lap data packet that the lap logic needs, without decoding the rest."""

from __future__ import annotations

from typing import Any, NamedTuple

from f1timings.packets import Columns, Fingerprint, Layout
from f1timings.timing.plausible import PLAUSIBLE, Plausibility
from f1timings.units import ms_from_parts

# The slow columns of a row do not change for most of a lap; while they are equal, nothing has happened. They
# are in the order of the packet, which is the cheapest to read.
_TIMES_2020 = ("last_lap_time", "sector1_time_ms", "sector2_time_ms")
_TIMES_2021 = ("last_lap_time_ms", "sector1_time_ms", "sector2_time_ms")
_TIMES_2023 = (
    "last_lap_time_ms",
    "sector1_time_ms",
    "sector1_time_minutes",
    "sector2_time_ms",
    "sector2_time_minutes",
)
_STEPS = ("current_lap_num", "pit_status", "sector", "current_lap_invalid", "driver_status", "result_status")


# A NamedTuple: one for each car that changes, up to 60 times a second.
class LapRow(NamedTuple):
    """One car's row in one lap data packet.

    Attributes:
        last_lap_ms: 0 before the first lap is complete.
        current_lap_ms: time since the line.
        sector1_ms / sector2_ms: 0 until driven; up to 2022 modulo 65,536.
        lap_distance_m: metres from the line, negative before the first crossing; None if unknown.
        session_time_s: the packet's session time.
        has_clock: ``current_lap_ms`` is known; otherwise it is 0.
    """

    lap_number: int
    sector: int
    is_invalid: bool
    pit_status: int
    driver_status: int
    result_status: int
    last_lap_ms: int
    sector1_ms: int
    sector2_ms: int
    current_lap_ms: int
    lap_distance_m: float | None
    session_time_s: float
    has_clock: bool = True


class LapReader:
    """Reads rows of one layout of lap data; an implausible number is 0, like an unknown one."""

    def __init__(self, layout: Layout, plausibility: Plausibility | None = None) -> None:
        self._plausibility = plausibility or Plausibility()
        year = layout.packet_format
        self._times = _TIMES_2020 if year == 2020 else _TIMES_2021 if year < 2023 else _TIMES_2023
        self.width = len(self._times) + len(_STEPS)
        self._in_seconds = year == 2020
        self._slow = Columns(layout, (*self._times, *_STEPS))
        self._status_at = self._slow.names.index("result_status")
        self._fingerprint = Fingerprint(layout, self._slow.names)
        clock = "current_lap_time" if self._in_seconds else "current_lap_time_ms"
        self._fast = Columns(layout, (clock, "lap_distance"))
        self._clock = Columns(layout, (clock,))
        self._fast_width = len(self._fast.names)
        latest_ms = PLAUSIBLE["lap_data.current_lap"].highest
        self._latest_clock = latest_ms / 1000.0 if self._in_seconds else latest_ms

    def slow_columns(self, data: bytes) -> tuple[Any, ...]:
        """The columns that change only when something happens, in one flat tuple, car after car."""
        return self._slow.flat(data)

    def fingerprint(self, data: bytes) -> int:
        """The slow columns as one number; while it is the same, nothing has happened."""
        return self._fingerprint.of(data)

    def slow_row(self, flat: tuple[Any, ...], car_index: int) -> tuple[Any, ...]:
        """The part of the slow columns that one car has."""
        return flat[car_index * self.width : (car_index + 1) * self.width]

    def statuses(self, flat: tuple[Any, ...]) -> tuple[int, ...]:
        """The result status of each car, as the packet has it; ``flat`` are its slow columns."""
        return flat[self._status_at :: self.width]

    def known_statuses(self, flat: tuple[Any, ...]) -> list[int]:
        """The result status of each car; 0 where it is not plausible, as in a row."""
        known = self._plausibility.known
        return [known("lap_data.result_status", status) or 0 for status in self.statuses(flat)]

    def clocks_and_distances(self, data: bytes) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The clock of each car's lap and its distance from the line, as the packet has them."""
        fast = self._fast.flat(data)
        return fast[::2], fast[1::2]

    def clock_ms(self, data: bytes, car_index: int) -> int | None:
        """Time of the car's lap so far; 0 while its clock waits, None if it is not plausible."""
        (clock,) = self._clock.row(data, car_index)
        if not self._is_clock(clock):
            return None
        return round(clock * 1000.0) if self._in_seconds else int(clock)

    def cars_without_clock(self, data: bytes) -> list[int]:
        """The cars for which the clock of the lap is not plausible; each is counted."""
        clocks, _ = self.clocks_and_distances(data)
        cars = [car_index for car_index, clock in enumerate(clocks) if not self._is_clock(clock)]
        for _ in cars:
            self._plausibility.count("lap_data.current_lap")
        return cars

    def row(self, flat: tuple[Any, ...], data: bytes, car_index: int, session_time_s: float) -> LapRow:
        """One car's row, from the flat tuple and the packet that the tuple was read from."""
        slow = self.slow_row(flat, car_index)
        last, *sectors, number, pit, sector, invalid, driver, result = slow
        s1, s2 = self._sectors(*sectors)
        fast = car_index * self._fast_width
        known = self._plausibility.known
        clock, distance = self._fast.flat(data)[fast : fast + self._fast_width]
        return LapRow(
            lap_number=known("lap_data.lap_number", number) or 0,
            sector=sector,
            is_invalid=bool(invalid),
            pit_status=pit,
            driver_status=driver,
            result_status=known("lap_data.result_status", result) or 0,
            last_lap_ms=self._milliseconds("lap_data.last_lap", last),
            sector1_ms=s1,
            sector2_ms=s2,
            current_lap_ms=self._milliseconds("lap_data.current_lap", clock),
            lap_distance_m=known("lap_data.lap_distance", distance),
            session_time_s=session_time_s,
            has_clock=self._is_clock(clock),
        )

    def _sectors(self, first: int, second: int, *rest: int) -> tuple[int, int]:
        """Sector 1 and 2 in ms; since 2023 each has a second part in minutes."""
        if rest:
            first, second = ms_from_parts(second, first), ms_from_parts(rest[1], rest[0])
        known = self._plausibility.known
        return known("lap_data.sector", first) or 0, known("lap_data.sector", second) or 0

    def _is_clock(self, value: float) -> bool:
        """Whether a value can be the clock of a lap, which waits at zero."""
        return 0.0 <= value <= self._latest_clock

    def _milliseconds(self, name: str, value: float) -> int:
        if self._in_seconds:
            return self._plausibility.known_ms(name, value) or 0
        return self._plausibility.known(name, int(value)) or 0
