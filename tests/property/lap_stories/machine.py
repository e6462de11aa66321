"""The server of a story, in this process: its parts as the application connects them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

import pytest
from sqlalchemy import Connection, select

from f1timings import clock
from f1timings.clock import ServerClock
from f1timings.meeting.people import Act
from f1timings.pipeline import Pipeline
from f1timings.store import Desk, Stamped, Store, sqlite_url
from f1timings.store.counter import ClockKeeper
from f1timings.store.reads.recall import StoreArchive, recall, recall_rigs
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps
from tests.migrated import copy_migrated

LISTEN_PORT = 20_777
_BEGINS_AT = 1_790_000_000.0
# The database stores whole ones.
_MICROSECOND_S = 1e-6

T = TypeVar("T")


class StoredRow(NamedTuple):
    """A lap in the database, as far as a story knows about it."""

    rig: str
    car_index: int
    lap_number: int
    lap_time_ms: int | None
    state: str
    session_id: str
    driver_id: str | None
    basis: str | None
    is_own_car: bool


class Machine:
    """The computer of the server: its clocks, and the server process on it.

    Attributes:
        now: seconds since the story began.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self._wall_offset = 0.0
        self._newest_stored = 0.0
        self._folder = folder
        self._store: Store | None = None
        self._pending: list[Stamped] = []
        copy_migrated(folder)
        patch.setattr(clock, "time", SimpleNamespace(time=self._wall))

    @property
    def is_up(self) -> bool:
        """Whether the server runs."""
        return self._store is not None

    def start(self) -> None:
        """Start the server as the application does."""
        self._clock = ServerClock(lambda: self.now + 1_000.0, lambda: "one start of the machine")
        self._store = Store.open(
            sqlite_url(self._folder), clock=self._clock.now, advance_to=self._clock.advance_to
        )
        self._keeper = ClockKeeper(self._store.transact, self._clock)
        assert self._clock.now() >= self._newest_stored - _MICROSECOND_S, "server time went back"
        self._keeper.resume()
        reads = self._store.reads.as_recorded()
        self._pipeline = Pipeline(
            self._pending.extend,
            recall(reads),
            recall_rigs(reads),
            archive=StoreArchive(reads, lambda: self._pending),
        )

    def stop(self, *, loses_pending: bool) -> None:
        """End the server: it stores what it has, or it is killed before that."""
        assert self._store is not None
        if loses_pending:
            self._pending.clear()
        else:
            self._keeper.save()
            self._newest_stored = self._clock.now()
        self.commit()
        self._store.close()
        self._store = None

    def step_wall_clock(self, seconds: float) -> None:
        """Set the wall clock of the machine ahead or back."""
        self._wall_offset += seconds

    def receive(self, data: bytes, address: str, port: int) -> None:
        """Give a datagram to the server."""
        self._pipeline.feed(data, address, port, LISTEN_PORT, self._clock.now())

    def tick(self) -> None:
        """Do what the server does twice a second."""
        step_s = self._clock.follow_wall_clock()
        if step_s:
            self._pipeline.follow_step(step_s)
        self._pipeline.tick(self._clock.now())
        self.commit()

    def commit(self) -> None:
        """Store what was timed."""
        assert self._store is not None
        if self._pending:
            self._newest_stored = max(entry.received_at for entry in self._pending)
            self._store.submit(list(self._pending))
            self._pending.clear()
            self._store.flush()
            assert 0 == self._store.writer_state().rejected

    def act(self, action: Callable[[Desk], T]) -> T:
        """Perform an act of the staff."""
        assert self._store is not None
        return self._store.act("Marta", action)

    def card_of(self, address: str, port: int) -> str | None:
        """The rig that an endpoint is to the server, as the screens show it; None until that is settled."""
        assert self._store is not None
        rig = next(
            (rig for rig in self._pipeline.rigs.values() if (rig.address, rig.port) == (address, port)), None
        )
        return None if rig is None else rig.key

    def is_live(self, rig: str) -> bool:
        """Whether a rig sends at this moment."""
        status = self._pipeline.rigs.get(rig)
        return status is not None and status.is_live(self._clock.now())

    def newest_act(self) -> str:
        """The id of the newest act."""
        return self.act(lambda desk: max(desk.list_records(Act), key=lambda act: act.seq).id)

    def rows(self) -> list[StoredRow]:
        """The laps in the database."""
        assert self._store is not None
        columns = [(laps if name in laps.c else attributions).c[name] for name in StoredRow._fields]
        query = select(*columns).join_from(laps, attributions, laps.c.id == attributions.c.lap_id)

        def read(connection: Connection) -> list[Any]:
            return list(connection.execute(query.order_by(laps.c.seq)))

        return [StoredRow(*row) for row in self._store.transact(read)]

    def _wall(self) -> float:
        return _BEGINS_AT + self.now + self._wall_offset
