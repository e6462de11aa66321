"""Random acts and undos: undone in any order that is allowed, they lead back to the state before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from f1timings.errors import ActError
from f1timings.meeting.people import Driver, Meeting, QueueEntry, QueueState, RigCard
from f1timings.store import Desk, Store
from f1timings.store.acts import assignments, drivers, meetings, queue
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.acts.marks import SeenRevision, mark_laps
from f1timings.store.acts.undo import undo_act
from f1timings.store.boards import attributions
from f1timings.store.tables import people as tables
from f1timings.store.tables.timed import laps
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    RIGHT,
    best_laps,
    lap_event,
    participants_event,
    session,
    session_event,
    store_events,
)
from tests.store.events import ARRIVED
from tests.stories import seeds

_NAMES = ("RACER", "FRIEND", "GUEST")
_TABLES = (
    tables.meetings,
    tables.meeting_periods,
    tables.drivers,
    tables.rig_cards,
    tables.assignments,
    tables.game_names,
    tables.lap_marks,
    tables.manual_laps,
    tables.clearings,
    tables.queue,
)
State = Mapping[str, object]
Action = Callable[[Desk], object]


class Evening:
    """A store in which two rigs drive, and the acts of marshals who do anything in any order.

    Attributes:
        acts: every act since the beginning, undos too.
    """

    def __init__(self, open_store: OpenStore, random: Random) -> None:
        self._random = random
        self._second = 0
        self.store: Store = open_store(clock=self._clock)
        self.acts: list[str] = []
        for number, (rig, name) in enumerate(((LEFT, "RACER"), (RIGHT, "FRIEND"))):
            race = session(rig, 7 + number)
            laps_driven = (lap_event(race, lap, 90_000 + lap, participant=name) for lap in range(1, 4))
            store_events(
                self.store, session_event(race), participants_event(race, name, "GUEST"), *laps_driven
            )
        for name in ("Ann", "Ben", "Cem"):
            self.store.act("Marta", lambda desk, name=name: drivers.add(desk, name=name, pin=None))  # type: ignore[misc]

    def _clock(self) -> float:
        """The server's clock, by which each act is later than the one before."""
        self._second += 1
        return ARRIVED + 40 * self._second

    def read_state(self) -> State:
        """What people entered, and the laps and boards that follow from it; without the number of changes.

        Laps that were typed in and undone are left out, since they stay as deleted laps.
        """

        def read(connection: Connection) -> State:
            rows: dict[str, object] = {
                table.name: sorted(
                    repr({name: value for name, value in row.items() if name != "seq"})
                    for row in connection.execute(select(table)).mappings()
                )
                for table in _TABLES
            }
            column = tables.attributions.c
            owned = (laps.c.id, laps.c.state, laps.c.is_valid, column.driver_id, column.meeting_id)
            joined = select(*owned).join(tables.attributions, column.lap_id == laps.c.id)
            driven = laps.c.rig != "manual"
            rows["laps"] = sorted(map(repr, connection.execute(joined.where(driven))))
            return rows

        state = self.store.transact(read)
        return {**state, "board": best_laps(self.store)}

    def do(self, action: Action) -> bool:
        """Perform an act; False if it was refused or changed nothing."""
        newest = self._newest()
        try:
            self.store.act("Marta", action)
        except ActError:
            return False
        act = self._newest()
        if act == newest:
            return False
        self.acts.append(act)
        return True

    def undo(self, act_id: str) -> bool:
        """Undo an act; False if that was refused, and then nothing has changed."""
        before, count = self.read_state(), len(self.acts)
        is_done = self.do(lambda desk: undo_act(desk, act_id))
        assert is_done or (before, count) == (self.read_state(), len(self.acts))
        return is_done

    def in_force(self, since: int) -> list[str]:
        """The acts since a place in the log that nothing has undone, without undos."""
        found = (self.store.reads.get_act(act_id) for act_id in self.acts[since:])
        return [act.id for act in found if act is not None and act.undoes is None and act.undone_by is None]

    def undo_all_backwards(self, since: int) -> None:
        """Undo every act since a place in the log, the newest first, undos too."""
        for act_id in reversed(self.acts[since:]):
            act = self.store.reads.get_act(act_id)
            assert act is not None
            assert self.undo(act_id), act

    def random_act(self) -> Action:
        """What a marshal may do next; it may be refused."""
        return self._random.choice(
            (
                self._assign, self._take_turns, self._default, self._edit_driver, self._add_driver,
                self._delete_driver, self._merge, self._map_name, self._mark, self._type_lap, self._join,
                self._change_queue, self._call, self._make_meeting, self._reopen, self._edit_meeting,
                self._clear, self._edit_card,
            )
        )()  # fmt: skip

    # Acts ------------------------------------------------------------------------------------------------

    def _assign(self) -> Action:
        rig, driver_id = self._rig(), self._random.choice((*self._drivers(), None))
        return lambda desk: assignments.assign(desk, rig, driver_id)

    def _take_turns(self) -> Action:
        return lambda desk: assignments.swap(desk, LEFT, RIGHT)

    def _default(self) -> Action:
        rig, driver_id = self._rig(), self._random.choice((*self._drivers(), None))
        return lambda desk: assignments.set_default(desk, rig, driver_id)

    def _edit_driver(self) -> Action:
        driver = self._some(Driver)
        facts = self._random.choice(
            (
                {"team": "Red"}, {"team": "Blue"}, {"pin": "1111"}, {"name": "Zoe"}, {"name": "Max"},
                {"nickname": "Zip"}, {"shows_name": False}, {"shows_name": True}, {"race_number": 44},
            )
        )  # fmt: skip
        return lambda desk: drivers.edit(desk, driver.id, driver.seq, **facts)

    def _add_driver(self) -> Action:
        name = self._random.choice(("Dora", "Emil", "Zoe"))
        return lambda desk: drivers.add(desk, name=name)

    def _delete_driver(self) -> Action:
        driver = self._some(Driver)
        return lambda desk: drivers.remove(desk, driver.id, driver.seq)

    def _merge(self) -> Action:
        driver, into = self._some(Driver), self._some(Driver)
        return lambda desk: drivers.merge(desk, driver.id, into_id=into.id, version=driver.seq)

    def _map_name(self) -> Action:
        name, driver_id = self._random.choice(_NAMES), self._random.choice((*self._drivers(), None))
        return lambda desk: drivers.map_game_name(desk, name, driver_id)

    def _mark(self) -> Action:
        lap = self._random.choice(self.store.reads.list_laps().items)
        ruling: Any = self._random.choice(
            ({"is_deleted": True}, {"is_deleted": False}, {"is_valid": False, "reason": "cut"},
             {"is_valid": None}, {"driver_id": self._random.choice(self._drivers())}, {"driver_id": ""})
        )  # fmt: skip
        return lambda desk: mark_laps(desk, [SeenRevision(lap.lap.id, lap.revision)], ruling)

    def _type_lap(self) -> Action:
        name = self._random.choice(("Ann", "Ben", "Fay"))

        def action(desk: Desk) -> None:
            driver = drivers.upsert_driver(desk, name, "")
            record_manual_lap(desk, meetings.get_open_meeting(desk), driver, typed="1:31.000")

        return action

    def _join(self) -> Action:
        driver_id, rank = self._random.choice(self._drivers()), self._random.choice((None, 1, 2))
        return lambda desk: queue.join(desk, driver_id, rank)

    def _change_queue(self) -> Action:
        entries = self.store.reads.list_records(QueueEntry)
        if not entries:
            return self._join()
        entry = self._random.choice(entries)
        if self._random.random() < 0.3:
            return lambda desk: queue.leave(desk, entry.id)
        state = self._random.choice((QueueState.WAITING, QueueState.DONE))
        return lambda desk: queue.edit(desk, entry.id, entry.seq, state=state)

    def _call(self) -> Action:
        rig = self._rig()
        return lambda desk: queue.call_next(desk, rig)

    def _make_meeting(self) -> Action:
        is_open, keep_seats = self._random.random() < 0.7, self._random.random() < 0.5
        return lambda desk: meetings.create(desk, "Cup", is_open=is_open, keep_seats=keep_seats)

    def _reopen(self) -> Action:
        meeting, keep_seats = self._some(Meeting), self._random.random() < 0.5
        return lambda desk: meetings.reopen(desk, meeting.id, None, keep_seats=keep_seats)

    def _edit_meeting(self) -> Action:
        meeting = self._some(Meeting)
        facts = self._random.choice(({"name": "Final"}, {"circuit": "Spa"}, {"circuit": None}))
        return lambda desk: meetings.edit(desk, meeting.id, None, **facts)

    def _clear(self) -> Action:
        meeting = self._some(Meeting)
        return lambda desk: meetings.clear_board(desk, meeting.id, circuit="Monza", confirm="Monza")

    def _edit_card(self) -> Action:
        rig, facts = self._rig(), self._random.choice(({"name": "By the bar"}, {"name": None}, {"place": 3}))

        def action(desk: Desk) -> None:
            card = desk.get_record(RigCard, rig)
            assignments.edit_card(desk, rig, 0 if card is None else card.seq, **facts)

        return action

    def _rig(self) -> str:
        return self._random.choice((LEFT, RIGHT))

    def _drivers(self) -> list[str]:
        return [driver.id for driver in self.store.reads.list_records(Driver)]

    def _some(self, kind: type[Any]) -> Any:
        return self._random.choice(self.store.reads.list_records(kind))

    def _newest(self) -> str:
        return self.store.reads.list_acts().items[0].id


@pytest.mark.parametrize("seed", seeds(4))
def test_acts_undone_in_any_allowed_order_lead_back_to_the_state_before(
    open_store: OpenStore, seed: int
) -> None:
    random = Random(seed)
    evening = Evening(open_store, random)
    _act_often(evening, random)
    before, since = evening.read_state(), len(evening.acts)
    _act_often(evening, random, undo_since=since)
    # An act that others need can be undone after them.
    while [act for act in _shuffled(evening.in_force(since), random) if evening.undo(act)]:
        pass
    assert [] == evening.in_force(since)
    assert before == evening.read_state()


@pytest.mark.parametrize("seed", seeds(4))
def test_acts_undone_backwards_lead_back_to_the_state_before_even_if_they_undid_earlier_acts(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Most of these acts touch more laps than that.
    monkeypatch.setattr(attributions, "LAPS_AT_ONCE", 1)
    random = Random(seed)
    evening = Evening(open_store, random)
    _act_often(evening, random)
    before, since = evening.read_state(), len(evening.acts)
    _act_often(evening, random, undo_since=0)
    for act in _shuffled(evening.in_force(since), random):
        evening.undo(act)
    evening.undo_all_backwards(since)
    assert before == evening.read_state()


def _act_often(evening: Evening, random: Random, undo_since: int | None = None) -> None:
    """Perform acts, and undo some of the newest since a place in the log.

    Args:
        undo_since: nothing is undone if it is None.
    """
    for _ in range(random.randint(4, 14)):
        undoable = [] if undo_since is None else evening.acts[undo_since:][-6:]
        if random.random() < 0.3 and undoable:
            evening.undo(random.choice(undoable))
        else:
            evening.do(evening.random_act())


def _shuffled(acts: list[str], random: Random) -> list[str]:
    return random.sample(acts, len(acts))
