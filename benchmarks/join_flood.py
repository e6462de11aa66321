"""Measure how long a lap waits for its commit while many rigs join at once.

Run ``python -m benchmarks.join_flood``. Each rig joins a race of twenty cars in the middle: the store gets
the rig, its session, its participants, and the laps and stints that the game lists, all at once. Meanwhile
laps end at a rig that was there before, each of them when the one before is announced. The time is processor
time of the process, from the submission of a lap to its announcement. No server is started, so nothing else
needs the interpreter lock.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from benchmarks.measuring import Spread, quantile
from benchmarks.stored_laps import completed_lap
from f1timings.rigs.registry import RigSeen
from f1timings.store import Committed, Stamped, Store, StoredEvent, sqlite_url
from f1timings.timing.events import (
    CountersRead,
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
)
from f1timings.timing.occurrences import Stint, stint_id
from f1timings.timing.records import Participant, Session, session_id

RIGS: Final = 64
CARS: Final = 20
LISTED_LAPS: Final = 2
ROUNDS: Final = 7
_AT: Final = 1_795_000_000.0
_LONGEST_S: Final = 60.0


def session_of(rig: int) -> Session:
    """The race of a rig."""
    name = f"10.0.0.{rig}"
    return Session(
        id=session_id(name, rig + 1, 0),
        rig=name,
        uid=rig + 1,
        epoch=0,
        packet_format=2025,
        track="Monza",
        session_type="Race",
        is_race=True,
        is_online=False,
        player_car_index=0,
    )


def lap_of(rig: int, car: int, number: int, *, is_listed: bool = False) -> Stamped:
    """A lap of a car that ended now, or that the game lists."""
    session = session_of(rig)
    sectors = [30_000 + 7 * car + number] * 3
    lap = completed_lap(
        session_id=session.id,
        session_uid=session.uid,
        rig=session.rig,
        lap_number=number,
        sectors=sectors,
        car_index=car,
        participant=f"DRIVER {car}",
        recovered=is_listed,
    )
    return Stamped(_AT + number, LapRecorded(lap), None if is_listed else _AT + number - 90.0)


def join(rig: int) -> Iterator[Stamped]:
    """What the store gets when a rig joins its race in the middle."""
    session = session_of(rig)
    seen = RigSeen(
        key=session.rig,
        address=session.rig,
        port=50_000,
        listen_port=20_777,
        packet_format=2025,
        game_year=25,
    )
    counters = CountersRead(session_id=session.id, session_time_s=200.0, frame=1, overall_frame=1)
    people = ParticipantsChanged(session.id, _people_of(session))
    events: list[StoredEvent] = [seen, SessionChanged(session), counters, people]
    yield from (Stamped(_AT, event) for event in events)
    for car in range(CARS):
        yield from (lap_of(rig, car, number, is_listed=True) for number in range(1, LISTED_LAPS + 1))
        stint = Stint(
            id=stint_id(session.id, car, 1),
            session_id=session.id,
            car_index=car,
            number=1,
            first_lap=1,
            last_lap=None,
            compound="soft",
            actual_compound="C4",
        )
        yield Stamped(_AT, OccurrenceRecorded(stint))


def _people_of(session: Session) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            session_id=session.id,
            car_index=car,
            name=f"DRIVER {car}",
            team_id=car // 2,
            team="Williams",
            race_number=car + 1,
            is_ai=car > 0,
            is_player=car == 0,
            driver_id=None,
            nationality=None,
        )
        for car in range(CARS)
    )


class Wait:
    """The lap that waits for its announcement."""

    def __init__(self) -> None:
        self._lap_id: str | None = None
        self._is_announced = Event()
        self._ended_ns = 0

    def handle(self, committed: Sequence[Committed]) -> None:
        """Note the processor time if the lap is among what was committed."""
        if any(change.lap is not None and change.lap.lap.id == self._lap_id for change in committed):
            self._ended_ns = time.process_time_ns()
            self._is_announced.set()

    def spent_ms(self, store: Store, entry: Stamped) -> float:
        """Submit a lap, and return the processor time until it is announced."""
        assert isinstance(entry.event, LapRecorded)
        self._lap_id = entry.event.lap.id
        self._is_announced.clear()
        began_ns = time.process_time_ns()
        store.submit([entry])
        if not self._is_announced.wait(_LONGEST_S):
            raise TimeoutError("a lap was not announced")
        return (self._ended_ns - began_ns) / 1e6


def measure_round() -> tuple[list[float], float]:
    """The sorted waits of the laps while the rigs joined, and the processor time of everything, in ms."""
    wait = Wait()
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(sqlite_url(Path(folder)), clock=time.time, on_committed=wait.handle) as store,
    ):
        store.submit(list(join(0)))
        store.flush()
        flood = [entry for rig in range(1, RIGS + 1) for entry in join(rig)]
        began_ns = time.process_time_ns()
        store.submit(flood)
        waits: list[float] = []
        while store.writer_state().queued:
            lap, car = divmod(len(waits), CARS)
            waits.append(wait.spent_ms(store, lap_of(0, car, LISTED_LAPS + 1 + lap)))
        store.flush()
        return sorted(waits), (time.process_time_ns() - began_ns) / 1e6


def main() -> None:
    """Print the figures."""
    rounds = [measure_round() for _ in range(ROUNDS)]
    counts = Spread.of(len(waits) for waits, _ in rounds)
    median, worst = (Spread.of(quantile(waits, share) for waits, _ in rounds) for share in (0.5, 0.99))
    entries = RIGS * sum(1 for _ in join(0))
    print(
        f"{RIGS} rigs join at once with {entries} records; {ROUNDS} rounds, {counts:.0f} laps end meanwhile"
    )
    print(f"  from a lap to its announcement p50 {median:.1f} ms, p99 {worst:.1f} ms of processor time")
    print(f"  everything is stored after {Spread.of(total for _, total in rounds):.0f} ms of processor time")


if __name__ == "__main__":
    main()
