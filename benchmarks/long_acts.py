"""Measure the acts that change the driver or the board of 10,000 laps.

Run ``python -m benchmarks.long_acts``. One driver was at one rig for 500 sessions of 20 laps. The figures are
the processor time of the process for one act, and that of its longest transaction, during which no lap that
is driven becomes official.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, event

from benchmarks.leaderboard import build_entries
from benchmarks.measuring import Spread
from f1timings.meeting.people import Act, Driver, Meeting
from f1timings.store import Desk, Stamped, Store, sqlite_url
from f1timings.store.acts import assignments, drivers, meetings
from f1timings.store.acts.undo import undo_act
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, SessionChanged

LAPS: Final = 10_000
ROUNDS: Final = 3
AIM_MS: Final = 250.0
_RIG: Final = "10.0.0.0"
_RIGS: Final = 8
_START: Final = 1_795_000_000.0
_AT_ONCE: Final = 2_000


class Spent(NamedTuple):
    """What an act takes, in milliseconds of processor time."""

    whole_ms: float
    longest_ms: float


def measure_act(store: Store, action: Callable[[Desk], Any]) -> Spent:
    """Perform an act."""
    transactions: list[float] = []
    engine = store._writer_engine

    def begin(_: Connection) -> None:
        transactions.append(-time.process_time_ns() / 1e6)

    def commit(_: Connection) -> None:
        transactions[-1] += time.process_time_ns() / 1e6

    began = time.process_time_ns()
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", commit)
    store.act("Marshal", action)
    event.remove(engine, "begin", begin)
    event.remove(engine, "commit", commit)
    return Spent((time.process_time_ns() - began) / 1e6, max(transactions))


def measure_round() -> dict[str, Spent]:
    """What each act takes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(sqlite_url(Path(folder)), clock=time.time) as store,
    ):
        entries = [entry for entry in build_entries(LAPS * _RIGS, Random(1)) if _rig_of(entry) == _RIG]
        for start in range(0, len(entries), _AT_ONCE):
            store.submit(entries[start : start + _AT_ONCE])
            store.flush()
        first, second = (store.act("Marshal", partial(drivers.add, name=name)) for name in ("Ann", "Bo"))
        since = instant(_START - 60.0)
        seat = partial(assignments.assign, rig=_RIG, since=since)
        spent = {"assign 10,000 laps": measure_act(store, partial(seat, driver_id=first.id))}
        spent["assign them to another driver"] = measure_act(store, partial(seat, driver_id=second.id))
        spent["undo that"] = measure_act(store, partial(undo_act, act_id=_newest_act(store)))
        (former,) = store.reads.list_records(Driver, id=first.id)
        merge = partial(drivers.merge, driver_id=first.id, into_id=second.id, version=former.seq)
        spent["merge their driver into another one"] = measure_act(store, merge)
        (meeting,) = store.reads.list_records(Meeting)
        clear = partial(meetings.clear_board, meeting_id=meeting.id, circuit="Monza", confirm="Monza")
        spent["clear their board"] = measure_act(store, clear)
        spent["undo the clearing"] = measure_act(store, partial(undo_act, act_id=_newest_act(store)))
        return spent


def _rig_of(entry: Stamped) -> str:
    event = entry.event
    assert isinstance(event, SessionChanged | LapRecorded)
    return event.session.rig if isinstance(event, SessionChanged) else event.lap.rig


def _newest_act(store: Store) -> str:
    return max(store.reads.list_records(Act), key=lambda act: act.seq).id


def main() -> None:
    """Print the figures."""
    rounds = [measure_round() for _ in range(ROUNDS)]
    print(f"{ROUNDS} rounds; aim: no transaction longer than {AIM_MS:g} ms")
    for name in rounds[0]:
        whole = Spread.of(spent[name].whole_ms for spent in rounds)
        longest = Spread.of(spent[name].longest_ms for spent in rounds)
        print(f"  {name}: {whole:.0f} ms, longest transaction {longest:.0f} ms")


if __name__ == "__main__":
    main()
