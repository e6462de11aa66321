"""Measure the acts that change the driver or the board of 10,000 laps: meanwhile no lap becomes official.

Run ``python -m benchmarks.long_acts``. One driver was at one rig for 500 sessions of 20 laps. The time is
processor time of the process for one act, which is one transaction.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

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


def spent_ms(store: Store, action: Callable[[Desk], Any]) -> float:
    """The processor time of an act, in milliseconds."""
    began = time.process_time_ns()
    store.act("Marshal", action)
    return (time.process_time_ns() - began) / 1e6


def measure_round() -> dict[str, float]:
    """The processor time of each act, in milliseconds."""
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
        spent = {"assign 10,000 laps": spent_ms(store, partial(seat, driver_id=first.id))}
        spent["assign them to another driver"] = spent_ms(store, partial(seat, driver_id=second.id))
        spent["undo that"] = spent_ms(store, partial(undo_act, act_id=_newest_act(store)))
        (former,) = store.reads.list_records(Driver, id=first.id)
        merge = partial(drivers.merge, driver_id=first.id, into_id=second.id, version=former.seq)
        spent["merge their driver into another one"] = spent_ms(store, merge)
        (meeting,) = store.reads.list_records(Meeting)
        clear = partial(meetings.clear_board, meeting_id=meeting.id, circuit="Monza", confirm="Monza")
        spent["clear their board"] = spent_ms(store, clear)
        spent["undo the clearing"] = spent_ms(store, partial(undo_act, act_id=_newest_act(store)))
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
    print(f"{ROUNDS} rounds; aim: at most {AIM_MS:g} ms each")
    for name in rounds[0]:
        print(f"  {name}: {Spread.of(spent[name] for spent in rounds):.0f} ms")


if __name__ == "__main__":
    main()
