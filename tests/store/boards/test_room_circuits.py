"""The stored circuit of the room, which boards, typed laps and the older routes read."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations

from f1timings.meeting.people import Meeting, MeetingPeriod, MeetingState
from f1timings.meeting.room.records import BoardChoice, RoomCircuitChanged
from f1timings.store import LeaderboardQuery, Stamped, Store
from f1timings.store.acts import meetings, older
from f1timings.store.acts.manual_laps import record_manual_lap
from f1timings.store.engines import database_url, writer_engine
from f1timings.store.tables.column_types import instant
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    RIGHT,
    driver,
    lap_event,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(clock=lambda: ARRIVED)


def open_meeting(store: Store) -> Meeting:
    return store.reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]


def moves(store: Store, circuit: str, minute: float = 0) -> Stamped:
    """Most rigs of the open meeting drive there now."""
    event = RoomCircuitChanged(meeting_id=open_meeting(store).id, circuit=circuit)
    return Stamped(ARRIVED + 60 * minute, event)


def board_circuit(store: Store) -> str:
    return store.reads.get_leaderboard(LeaderboardQuery()).circuit


def test_a_newer_session_of_a_stray_rig_moves_neither_board_nor_typed_laps(store: Store) -> None:
    stray = session(RIGHT, 9, track="Spa")
    store_records(store, driver("Ann"))
    store_events(store, session_event(session(LEFT)), moves(store, "Monza"))
    store_events(store, session_event(stray, minute=1), lap_event(stray, 1, 120_000))
    assert "Monza" == board_circuit(store)
    assert "Monza" == store.reads.get_circuit(open_meeting(store).id)
    typed = store.act(
        "Marta",
        lambda desk: record_manual_lap(
            desk, meetings.get_open_meeting(desk), driver("Ann"), typed="1:23.456"
        ),
    )
    assert "Monza" == store.reads.list_laps_by_id([typed.lap.id])[0].circuit
    older_lap = store.act("Marta", lambda desk: older.save_lap(desk, name="Bob", team="X", time="1:24.000"))
    assert "Monza" == store.reads.list_laps_by_id([older_lap.lap.id])[0].circuit


def test_the_board_follows_the_room_and_keeps_its_circuit_when_opened_again(
    store: Store, open_store: OpenStore
) -> None:
    store_events(store, moves(store, "Monza"), moves(store, "Spa", minute=1))
    assert "Spa" == board_circuit(store)
    store.close()
    assert "Spa" == board_circuit(open_store())


def test_the_same_circuit_again_changes_nothing(store: Store) -> None:
    store_events(store, moves(store, "Monza"))
    before = store.act("Marta", lambda desk: desk.seq)
    store_events(store, moves(store, "Monza", minute=1))
    assert before == store.act("Marta", lambda desk: desk.seq)


def test_a_held_circuit_is_shown_and_the_room_is_known_beside_it(store: Store) -> None:
    meeting = open_meeting(store)
    assert BoardChoice(meeting_id=meeting.id, held=None, followed=None) == store.reads.get_board_choice()
    store_events(store, moves(store, "Monza"))
    store.act("Marta", lambda desk: meetings.edit(desk, meeting.id, None, circuit="Losail"))
    assert "Losail" == board_circuit(store)
    assert BoardChoice(meeting_id=meeting.id, held="Losail", followed="Monza") == (
        store.reads.get_board_choice()
    )


def test_each_meeting_has_a_room_of_its_own(store: Store) -> None:
    first = open_meeting(store)
    store_events(store, session_event(session(LEFT), minute=-1), moves(store, "Monza"))
    second = store.act("Marta", lambda desk: meetings.create(desk, "League"))
    assert store.reads.get_circuit(second.id) is None
    store_events(store, moves(store, "Spa", minute=1))
    circuits = [store.reads.get_circuit(meeting.id) for meeting in (first, second)]
    assert ["Monza", "Spa"] == circuits


def test_an_older_database_keeps_the_circuit_that_its_boards_showed(store: Store, url: str) -> None:
    first = open_meeting(store)
    later = replace(first, id="later", opened_at=instant(ARRIVED + 600))
    store_records(store, replace(first, state=MeetingState.ARCHIVED), later)
    store_records(store, MeetingPeriod(id="p", meeting_id="later", since=instant(ARRIVED + 600)))
    store_events(
        store,
        session_event(session(LEFT)),
        session_event(session(RIGHT, 9, track="Spa"), minute=1),
        session_event(session(LEFT, 10, track=None), minute=2),
        session_event(session(LEFT, 11, track="Imola"), minute=11),
    )
    shown = {meeting.id: store.reads.get_circuit(meeting.id) for meeting in (first, later)}
    store.close()
    engine = writer_engine(database_url(url))
    migration = importlib.import_module("f1timings.store.migrations.versions.0010_room_circuits")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.downgrade()
        migration.upgrade()
        rows = connection.exec_driver_sql("SELECT meeting_id, circuit FROM room_circuits").all()
    engine.dispose()
    assert {first.id: "Spa", "later": "Imola"} == shown == {row[0]: row[1] for row in rows}
