"""The power fails at any moment: every announced lap is in what was synced to the disk, which is whole."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from f1timings.clock import ServerClock
from f1timings.store import DATABASE_FILE, Committed, Store, sqlite_url
from f1timings.store.acts import drivers
from tests.chaos.forms import count_of
from tests.chaos.power import USUAL_LAYER, Power, unreliable_power, why_no_power_loss
from tests.migrated import copy_migrated
from tests.store.events import lap, lap_events, rig_and_session
from tests.waiting import LONGEST_WAIT_S

pytestmark = pytest.mark.skipif(why_no_power_loss() is not None, reason=str(why_no_power_loss()))

_CARS = 22
_ROUNDS = count_of(200, 8)
_ROUNDS_PER_LOG = 4


class Evening:
    """A store, and losses of power when laps become official, and before each sync.

    Attributes:
        announced: the ids of the laps that are official.
        lost: how many of them were missing after a loss, over all losses.
        damaged: after how many losses the file was not whole.
    """

    def __init__(self, folder: Path, power: Power, chance: random.Random | None) -> None:
        self.announced: set[str] = set()
        self.losses = self.lost = self.damaged = 0
        self._power = power
        self._chance = chance
        self._after = folder / "after"
        self._after.mkdir()
        copy_migrated(folder)
        self.store = Store.open(
            sqlite_url(folder), clock=ServerClock().now, on_committed=self._announce, max_batch=40
        )
        power.before_sync = self._fail

    def drive(self, rounds: int) -> None:
        """Let 22 cars complete laps, and people act between them."""
        self.store.submit(rig_and_session())
        for number in range(1, rounds + 1):
            self.store.submit(lap_events(*(lap(car, number) for car in range(_CARS))))
            self.store.act("Test", partial(drivers.add, name=f"Driver {number}"))
            self.store.flush(LONGEST_WAIT_S)
            if number % _ROUNDS_PER_LOG == 0:
                self._empty_log()

    def _empty_log(self) -> None:
        """Write the log into the database file, as after an erasure."""
        self.store.transact(lambda _connection: None, lambda _result: self.store._writer.empty_log())

    def _announce(self, committed: list[Committed]) -> None:
        self.announced |= {change.lap.lap.id for change in committed if change.lap}
        self._fail()

    def _fail(self) -> None:
        """Look at what a loss of power at this moment would leave."""
        for file in self._after.iterdir():
            file.unlink()
        self._power.fail(self._after, self._chance)
        self.losses += 1
        try:
            address = f"file:{self._after / DATABASE_FILE}?vfs={USUAL_LAYER}"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                stored = {lap_id for (lap_id,) in connection.execute("SELECT id FROM laps")}
                is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            stored, is_whole = set(), False
        self.lost += len(self.announced - stored)
        self.damaged += not is_whole


@pytest.mark.parametrize("survives", ["nothing unsynced", "any part of it"])
def test_every_announced_lap_survives_a_loss_of_power(
    tmp_path: Path, survives: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with unreliable_power() as power:
        chance = None if survives == "nothing unsynced" else random.Random()
        evening = Evening(tmp_path, power, chance)
        with evening.store:
            evening.drive(_ROUNDS)
    assert evening.losses > 2 * _ROUNDS
    assert (0, 0) == (evening.lost, evening.damaged)
    assert [] == list(elsewhere.iterdir()), "SQLite lost the name of a file"


def test_without_a_sync_at_each_commit_laps_would_be_lost(tmp_path: Path) -> None:
    """The test itself notices a setting of SQLite that does not sync each commit."""
    with unreliable_power() as power:
        evening = Evening(tmp_path, power, None)
        with evening.store:
            evening.store.transact(lambda _connection: None)
            engine = evening.store._writer_engine
            event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA synchronous = NORMAL"))
            evening.drive(5)
    assert evening.lost > 0
