"""Which datagram of a rig is the first that shows a completed lap.

For a lap that ends while the rig sends, it is the lap data with the next lap number. For a lap from before
the first datagram, it is the first session history of its car.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from f1timings.packets import Columns, Scalars, identify, layout_of, read_session_uid
from f1timings.simulator import Emission


class LapEnding(NamedTuple):
    """The first datagram that shows a completed lap.

    Attributes:
        at: when it is sent, in seconds of the traffic.
        is_earlier: the lap ended before the first datagram of the rig.
    """

    at: float
    rig: int
    session_uid: int
    car: int
    lap_number: int
    is_earlier: bool


class _CarLaps:
    """The laps of one car that were shown so far."""

    def __init__(self, running: int) -> None:
        self._first_running = running
        self._running = running
        self._shown: set[int] = set()

    def run(self, running: int) -> list[int]:
        """Note the number of the running lap, and return the laps that it ends."""
        ended = range(self._running, running)
        self._running = max(self._running, running)
        return self.show(ended)

    def show(self, laps: Iterable[int]) -> list[int]:
        """Note completed laps, and return those that were not shown before."""
        new = [lap for lap in laps if lap not in self._shown]
        self._shown.update(new)
        return new

    def is_earlier(self, lap_number: int) -> bool:
        """Whether a lap ended before the first lap data."""
        return lap_number < self._first_running


class _Reader:
    """Reads the lap data and session histories of one format."""

    def __init__(self, packet_format: int) -> None:
        self.lap_data = layout_of(packet_format, "lap_data")
        self.history = layout_of(packet_format, "session_history")
        self._numbers = Columns(self.lap_data, ("current_lap_num",))
        self._listed_car = Scalars(self.history, ("car_idx", "num_laps"))
        self._listed_times = Columns(self.history, ("lap_time_ms",), "lap_history_data")

    def running_laps(self, lap_data: bytes) -> list[int]:
        """The number of the lap that each car is on."""
        return [number for (number,) in self._numbers.rows(lap_data)]

    def listed_laps(self, history: bytes) -> tuple[int, list[int]]:
        """The car of a session history, and its laps with a time."""
        car, count = self._listed_car.read(history)
        times = self._listed_times.rows(history)[:count]
        return car, [at + 1 for at, (time_ms,) in enumerate(times) if time_ms]


def find_endings(emissions: Iterable[Emission], packet_format: int) -> Iterator[LapEnding]:
    """Find the datagrams that first show a completed lap; each rig drives one session without flashbacks."""
    reader = _Reader(packet_format)
    rigs: dict[int, list[_CarLaps]] = {}
    for at, rig, data in emissions:
        layout = identify(data)
        if layout is reader.lap_data:
            numbers = reader.running_laps(data)
            cars = rigs.get(rig) or rigs.setdefault(rig, [_CarLaps(number) for number in numbers])
            shown = [(car, lap) for car, number in enumerate(numbers) for lap in cars[car].run(number)]
        elif layout is reader.history and rig in rigs:
            car, listed = reader.listed_laps(data)
            shown = [(car, lap) for lap in rigs[rig][car].show(listed)]
        else:
            continue
        uid = read_session_uid(data, layout)
        for car, lap in shown:
            yield LapEnding(at, rig, uid, car, lap, rigs[rig][car].is_earlier(lap))
