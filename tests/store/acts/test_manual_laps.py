"""A lap typed by hand is a lap like any other, in a session that no list of sessions shows."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.errors import ActInvalid
from f1timings.meeting.people import Driver, ManualLap
from f1timings.store import Condition, Page, Store, StoredLap
from f1timings.store.acts import drivers, meetings
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.acts.marks import Ruling, SeenRevision, mark_laps
from f1timings.store.acts.undo import undo_act
from f1timings.store.reads.recall import recall
from f1timings.timing.records import LapState
from tests.store.conftest import OpenStore
from tests.store.events import lap, lap_events, rig_and_session


class Club:
    """A store with one driver, for whom laps are typed."""

    def __init__(self, open_store: OpenStore) -> None:
        self.store: Store = open_store()
        self.anna: Driver = self.store.act(
            "Marta", lambda desk: drivers.upsert_driver(desk, "Anna", "Tigers")
        )

    def type(self, time: str, circuit: str | None = None, reason: str | None = None) -> StoredLap:
        def action(desk: Desk) -> StoredLap:
            return record_manual_lap(
                desk, meetings.get_open_meeting(desk), self.anna, typed=time, circuit=circuit, reason=reason
            )

        made = self.store.act("Marta", action)
        found = self.store.reads.get_lap(made.lap.id)
        assert found is not None
        return found

    def mark(self, lap_id: str, ruling: Ruling) -> StoredLap:
        seen = self.store.reads.get_lap(lap_id)
        assert seen is not None
        self.store.act("Nils", lambda desk: mark_laps(desk, [SeenRevision(lap_id, seen.revision)], ruling))
        found = self.store.reads.get_lap(lap_id)
        assert found is not None
        return found

    def undo(self) -> None:
        newest = self.store.reads.list_acts(Page(limit=1)).items[0]
        self.store.act("Marta", lambda desk: undo_act(desk, newest.id))

    def listed(self, **equal: Any) -> list[StoredLap]:
        where = [Condition(name, "eq", value) for name, value in equal.items()]
        return list(self.store.reads.list_laps(where=where).items)


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    return Club(open_store)


def test_a_typed_lap_has_driver_circuit_and_the_text_as_typed(club: Club) -> None:
    made = club.type("1.23,4", "Monza", "By stopwatch")
    assert (83_400, LapState.COMPLETED, True) == (made.lap.lap_time_ms, made.lap.state, made.lap.is_valid)
    assert ("Anna", club.anna.id, "manual") == (made.driver, made.driver_id, made.basis)
    assert ("Monza", "1.23,4") == (made.circuit, made.typed)
    assert ("Marta", "By stopwatch") == (made.marked_by, made.reason)
    assert [made] == club.listed(source="manual", driver="Anna", circuit="Monza")
    assert [] == club.listed(source="telemetry")


def test_laps_of_one_circuit_are_numbered_in_one_session(club: Club) -> None:
    made = [club.type("83.1", "Monza"), club.type("83.2", "  MONZA "), club.type("83.3", "Spa")]
    assert [1, 2, 1] == [stored.lap.lap_number for stored in made]
    assert made[0].lap.session_id == made[1].lap.session_id != made[2].lap.session_id
    assert made[0].lap.session_id.endswith("~monza")


@pytest.mark.parametrize("circuit", ["-", "a/b", "50 % ~ 50", "モンツァ", "=1+1", "x" * 80, "?&#"])
def test_a_circuit_may_have_any_name(club: Club, circuit: str) -> None:
    made = club.type("83.456", circuit)
    assert circuit == made.circuit
    assert not set(made.lap.session_id) & set("/?#%&=")


def test_without_a_circuit_a_lap_gets_the_circuit_of_the_meeting_or_of_the_rigs(club: Club) -> None:
    assert club.type("83.456").circuit is None
    club.store.submit(rig_and_session())
    club.store.flush(60)
    assert "Monza" == club.type("83.456").circuit
    assert club.type("83.456", "").circuit is None
    meeting = club.store.act("Marta", meetings.get_open_meeting)
    club.store.act("Marta", lambda desk: meetings.edit(desk, meeting.id, None, circuit="Spa"))
    assert "Spa" == club.type("83.456").circuit


def test_sessions_of_typed_laps_are_not_listed_and_no_game_continues_them(club: Club) -> None:
    made = club.type("83.456", "Monza")
    assert () == club.store.reads.list_sessions().items
    assert {} == recall(club.store.reads)
    session = club.store.reads.get_session(made.lap.session_id)
    assert session is not None
    assert ("Monza", 0) == (session.session.track, session.session.uid)


def test_an_undone_lap_no_longer_counts_and_is_back_when_that_is_undone(club: Club) -> None:
    made = club.type("83.456", "Monza")
    club.undo()
    gone = club.store.reads.get_lap(made.lap.id)
    assert gone is not None
    assert (LapState.DELETED, None) == (gone.lap.state, gone.typed)
    club.undo()
    back = club.store.reads.get_lap(made.lap.id)
    assert back is not None
    assert (LapState.COMPLETED, 83_456, "83.456") == (back.lap.state, back.lap.lap_time_ms, back.typed)
    assert [1, 2, 3] == [stored.revision for stored in club.store.reads.list_lap_revisions(made.lap.id)]


def test_a_corrected_time_can_be_undone(club: Club) -> None:
    made = club.type("83.456", "Monza")
    corrected = club.mark(made.lap.id, Ruling(time="1:22.000", reason="A slip"))
    assert (82_000, "1:22.000", "Nils", "A slip", 2) == (
        corrected.lap.lap_time_ms,
        corrected.typed,
        corrected.marked_by,
        corrected.reason,
        corrected.revision,
    )
    club.undo()
    assert [83_456] == [stored.lap.lap_time_ms for stored in club.listed()]


def test_a_typed_lap_is_deleted_and_restored(club: Club) -> None:
    made = club.type("83.456", "Monza")
    deleted = club.mark(made.lap.id, Ruling(is_deleted=True))
    assert (LapState.DELETED, "83.456") == (deleted.lap.state, deleted.typed)
    assert LapState.COMPLETED is club.mark(made.lap.id, Ruling(is_deleted=False)).lap.state


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"time": "1:99.000"}, "time"),
        ({"time": "nan"}, "time"),
        ({"time": "83", "circuit": "\x00"}, "circuit"),
        ({"time": "83", "circuit": "x" * 81}, "circuit"),
        ({"time": "83", "reason": "\ud800"}, "reason"),
    ],
)
def test_an_invalid_lap_is_refused_and_stores_nothing(club: Club, facts: dict[str, str], field: str) -> None:
    with pytest.raises(ActInvalid) as refusal:
        club.type(**facts)
    assert field == refusal.value.field
    assert [] == club.listed()
    assert [] == club.store.reads.list_records(ManualLap)


def test_typed_laps_and_laps_of_the_games_are_listed_together(club: Club) -> None:
    club.type("83.456", "Monza")
    club.store.submit([*rig_and_session(), *lap_events(lap())])
    club.store.flush(60)
    assert {"manual", lap().rig} == {stored.lap.rig for stored in club.listed()}
