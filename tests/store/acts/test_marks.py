"""A marshal's decision about a lap overrules the game, whatever the game reports later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.people import Act, Driver, LapMark
from f1timings.store import CommittedAct, Page, Store, StoredLap
from f1timings.store.acts import drivers
from f1timings.store.acts.marks import Ruling, SeenRevision, mark_laps
from f1timings.store.acts.undo import undo_act
from f1timings.timing.records import Lap, LapState
from tests.store.conftest import OpenStore
from tests.store.events import lap, lap_events, rig_and_session

DELETED, COMPLETED, SUPERSEDED = LapState.DELETED, LapState.COMPLETED, LapState.SUPERSEDED
ID = lap().id
CUT = Ruling(is_deleted=True, reason="Cut the chicane")


class TimedLap:
    """A store with one lap that a game timed."""

    def __init__(self, open_store: OpenStore) -> None:
        self.acted: list[CommittedAct] = []
        self.store: Store = open_store(on_acted=self.acted.append)
        self.store.submit(rig_and_session())
        self.play(lap())

    def play(self, *recorded: Lap, after_s: float = 0.0) -> None:
        self.store.submit(lap_events(*recorded, after_s=after_s))
        self.store.flush(60)

    def mark(self, ruling: Ruling, revision: int | None = None, lap_id: str = ID, by: str = "Marta") -> None:
        seen = [SeenRevision(lap_id, self.now(lap_id).revision if revision is None else revision)]
        self.store.act(by, lambda desk: mark_laps(desk, seen, ruling))

    def undo(self) -> None:
        newest = self.store.reads.list_acts(Page(limit=1)).items[0]
        self.store.act("Marta", lambda desk: undo_act(desk, newest.id))

    def driver(self, name: str) -> Driver:
        return self.store.act("Marta", lambda desk: drivers.upsert_driver(desk, name, ""))

    def now(self, lap_id: str = ID) -> StoredLap:
        found = self.store.reads.get_lap(lap_id)
        assert found is not None
        return found

    @property
    def versions(self) -> tuple[StoredLap, ...]:
        return self.store.reads.list_lap_revisions(ID)

    @property
    def acts(self) -> tuple[Act, ...]:
        return self.store.reads.list_acts().items


@pytest.fixture
def timed(open_store: OpenStore) -> TimedLap:
    return TimedLap(open_store)


def test_a_deleted_lap_has_the_marshal_the_reason_and_what_the_game_reported(timed: TimedLap) -> None:
    before = timed.now()
    timed.mark(CUT)
    after = timed.now()
    assert (DELETED, COMPLETED, True) == (after.lap.state, after.game_state, after.game_is_valid)
    assert ("Marta", "Cut the chicane") == (after.marked_by, after.reason)
    assert lap() == after.as_timed
    assert after.seq > before.seq
    assert after.official_at > before.official_at
    assert (2, before.recorded_at, before.received_at) == (
        after.revision,
        after.recorded_at,
        after.received_at,
    )


def test_the_history_shows_every_decision(timed: TimedLap) -> None:
    timed.mark(CUT)
    timed.mark(Ruling(is_deleted=False, reason="The replay shows it was inside"), by="Nils")
    timed.mark(Ruling(is_valid=False))
    assert [
        (COMPLETED, True, None, None),
        (DELETED, True, "Marta", "Cut the chicane"),
        (COMPLETED, True, "Nils", "The replay shows it was inside"),
        (COMPLETED, False, "Marta", None),
    ] == [
        (version.lap.state, version.lap.is_valid, version.marked_by, version.reason)
        for version in timed.versions
    ]


def test_marked_laps_are_announced(timed: TimedLap) -> None:
    timed.mark(CUT)
    timed.undo()
    assert [(ID,), (ID,)] == [acted.lap_ids for acted in timed.acted]


def test_an_undone_mark_leaves_the_lap_as_the_game_reported_it(timed: TimedLap) -> None:
    timed.mark(Ruling(is_deleted=True, is_valid=False))
    timed.undo()
    assert (lap(), None, None, None) == (
        timed.now().lap,
        timed.now().game_state,
        timed.now().marked_by,
        timed.now().ruled_valid,
    )
    assert 3 == timed.now().revision
    timed.undo()
    assert (DELETED, False, "Marta") == (
        timed.now().lap.state,
        timed.now().lap.is_valid,
        timed.now().marked_by,
    )


REWOUND = lap(state=SUPERSEDED)
SLOWER = lap(lap_time_ms=84_000, is_valid=False, recovered=True)


@pytest.mark.parametrize("correction", [REWOUND, SLOWER], ids=["rewound", "corrected"])
def test_a_correction_by_the_game_never_removes_a_mark(timed: TimedLap, correction: Lap) -> None:
    timed.mark(Ruling(is_deleted=True, is_valid=True, reason="Tow"))
    timed.play(correction, after_s=5.0)
    now = timed.now()
    assert (DELETED, True, "Marta", "Tow") == (now.lap.state, now.lap.is_valid, now.marked_by, now.reason)
    assert correction == now.as_timed
    assert correction.lap_time_ms == now.lap.lap_time_ms
    timed.mark(Ruling(is_deleted=False, is_valid=None))
    assert correction == timed.now().lap


def test_a_fact_without_a_decision_follows_the_game(timed: TimedLap) -> None:
    timed.mark(CUT)
    timed.play(SLOWER, after_s=5.0)
    assert (DELETED, False) == (timed.now().lap.state, timed.now().lap.is_valid)


def test_a_verdict_equal_to_the_games_stays_when_the_game_changes_its_verdict(timed: TimedLap) -> None:
    timed.mark(Ruling(is_valid=True))
    timed.play(SLOWER, after_s=5.0)
    assert (True, False) == (timed.now().lap.is_valid, timed.now().game_is_valid)


@pytest.mark.parametrize("times", [1, 3])
def test_a_replayed_capture_does_not_change_a_marked_lap(timed: TimedLap, times: int) -> None:
    timed.play(SLOWER, after_s=5.0)
    timed.mark(CUT)
    before = timed.versions
    for _ in range(times):
        timed.play(lap(), after_s=0.0)
        timed.play(SLOWER, after_s=5.0)
    assert before == timed.versions


def test_a_replayed_capture_changes_nothing_after_an_undone_mark(timed: TimedLap) -> None:
    timed.play(SLOWER, after_s=5.0)
    timed.mark(CUT)
    timed.undo()
    before = timed.versions
    timed.play(lap(), after_s=0.0)
    timed.play(SLOWER, after_s=5.0)
    assert before == timed.versions


def test_the_same_decision_again_changes_nothing_whatever_the_revision(timed: TimedLap) -> None:
    for _ in range(3):
        timed.mark(CUT, revision=1)
    timed.mark(Ruling(is_deleted=True), revision=1)
    assert 2 == timed.now().revision
    assert 1 == len(timed.acts)


def test_a_decision_on_an_outdated_revision_is_refused_with_the_current_lap(timed: TimedLap) -> None:
    timed.mark(CUT)
    with pytest.raises(ActConflict) as refusal:
        timed.mark(Ruling(is_valid=False), revision=1)
    current = refusal.value.current
    assert isinstance(current, StoredLap)
    assert (2, DELETED) == (current.revision, current.lap.state)
    assert 2 == timed.now().revision


def test_a_claim_creates_a_revision_and_names_the_driver(timed: TimedLap) -> None:
    anna = timed.driver("Anna")
    timed.mark(Ruling(driver_id=anna.id, reason="She drove for Ben"))
    now = timed.now()
    assert (2, "Anna", anna.id, "claim") == (now.revision, now.driver, now.driver_id, now.basis)
    timed.mark(Ruling(driver_id=""))
    assert (3, None) == (timed.now().revision, timed.now().driver_id)


def test_several_laps_are_marked_in_one_act_all_or_none(timed: TimedLap) -> None:
    others = [lap(lap_number=number) for number in range(2, 6)]
    timed.play(*others)
    seen = [SeenRevision(ID, 1), *(SeenRevision(other.id, 1) for other in others)]
    stale = [*seen[:-1], SeenRevision(others[-1].id, 7)]
    with pytest.raises(ActConflict):
        timed.store.act("Marta", lambda desk: mark_laps(desk, stale, CUT))
    assert {COMPLETED} == {stored.lap.state for stored in timed.store.reads.list_laps().items}
    timed.store.act("Marta", lambda desk: mark_laps(desk, seen, CUT))
    assert {DELETED} == {stored.lap.state for stored in timed.store.reads.list_laps().items}
    assert 1 == len(timed.acts)
    timed.undo()
    assert {COMPLETED} == {stored.lap.state for stored in timed.store.reads.list_laps().items}


@pytest.mark.parametrize("lap_id", ["", "nothing", "\x00", "\ud800", "x" * 10_000, "%", "' OR 1=1 --"])
def test_an_unknown_lap_is_not_found(timed: TimedLap, lap_id: str) -> None:
    with pytest.raises(NotFound):
        timed.mark(CUT, revision=1, lap_id=lap_id)


@pytest.mark.parametrize(
    ("ruling", "field"),
    [
        ({}, None),
        ({"reason": "Because"}, None),
        ({"driver_id": "unknown"}, "driver_id"),
        ({"time": "1:23.456"}, "time"),
        ({"time": "abc"}, "time"),
        ({"is_deleted": True, "reason": "x" * 301}, "reason"),
        ({"is_deleted": True, "reason": "\x00"}, "reason"),
        ({"is_deleted": True, "reason": "\u202eeht tuc"}, "reason"),
    ],
)
def test_an_invalid_ruling_changes_nothing(timed: TimedLap, ruling: Any, field: str | None) -> None:
    with pytest.raises(ActInvalid) as refusal:
        timed.mark(ruling)
    assert field == refusal.value.field
    assert 1 == timed.now().revision


def test_a_mark_that_fails_half_way_changes_nothing(timed: TimedLap) -> None:
    """For the database this is the same as a kill half-way: one transaction, not committed."""

    def action(desk: Any) -> None:
        mark_laps(desk, [SeenRevision(ID, 1)], CUT)
        raise ActInvalid("lap-undecided")

    with pytest.raises(ActInvalid):
        timed.store.act("Marta", action)
    assert 1 == timed.now().revision
    assert [] == timed.store.reads.list_records(LapMark)
    assert 1 == len(timed.versions)


def test_marks_stay_after_a_restart_and_later_laps_change_only_what_the_game_reported(
    timed: TimedLap, open_store: OpenStore
) -> None:
    timed.mark(CUT)
    timed.store.close()
    again = open_store()
    again.submit(lap_events(replace(lap(), compound="medium"), after_s=9.0))
    again.flush(60)
    now = again.reads.get_lap(ID)
    assert now is not None
    assert (DELETED, "medium", COMPLETED) == (now.lap.state, now.lap.compound, now.as_timed.state)
