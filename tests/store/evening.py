"""Sessions, participants and laps of two rigs, and what people enter, for the store's tests of boards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select

from f1timings.meeting.people import Assignment, Driver, GameName
from f1timings.store import Desk, LeaderboardQuery, Stamped, Store
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.column_types import instant
from f1timings.store.tables.people import attributions
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged
from f1timings.timing.records import Lap, LapState, Participant, Session, lap_id, session_id
from tests.store.events import ARRIVED

LEFT, RIGHT = "192.0.2.7", "192.0.2.8"


def session(rig: str = LEFT, uid: int = 7, **facts: Any) -> Session:
    """A time trial at Monza; the rig's own car is number 0."""
    known: dict[str, Any] = {
        "packet_format": 2025,
        "track": "Monza",
        "session_type": "Time Trial",
        "is_online": False,
        "player_car_index": 0,
    }
    return Session(id=session_id(rig, uid, 0), rig=rig, uid=uid, epoch=0, **(known | facts))


def session_event(race: Session, minute: float = 0) -> Stamped:
    return Stamped(ARRIVED + 60 * minute, SessionChanged(race))


def participants_event(race: Session, *names: str | None, minute: float = 0) -> Stamped:
    """Participants in the cars from number 0 on; race numbers follow from names, so that all rigs agree."""
    cars = tuple(
        Participant(
            session_id=race.id,
            car_index=car,
            name=name,
            team_id=2,
            team="Williams",
            race_number=sum(map(ord, name)) % 99,
            is_ai=False,
            is_player=car == 0,
            driver_id=255,
            nationality=None,
        )
        for car, name in enumerate(names)
        if name is not None
    )
    return Stamped(ARRIVED + 60 * minute, ParticipantsChanged(race.id, cars))


def lap_event(race: Session, number: int, time_ms: int | None, car: int = 0, **facts: Any) -> Stamped:
    """A lap that ends ``number`` times two minutes after the session was opened."""
    began_at = ARRIVED + 120 * (number - 1)
    third = None if time_ms is None else time_ms // 3
    known: dict[str, Any] = {
        "participant": None,
        "sector1_ms": third,
        "sector2_ms": third,
        "sector3_ms": None if time_ms is None or third is None else time_ms - 2 * third,
        "is_valid": True,
        "compound": "soft",
        "state": LapState.COMPLETED if time_ms is not None else LapState.PARTIAL,
        "recovered": False,
    }
    lap = Lap(
        id=lap_id(race.id, car, number, 0),
        session_id=race.id,
        session_uid=race.uid,
        rig=race.rig,
        car_index=car,
        lap_number=number,
        branch=0,
        lap_time_ms=time_ms,
        **(known | facts),
    )
    return Stamped(began_at + 119, LapRecorded(lap), began_at)


def store_events(store: Store, *entries: Stamped) -> None:
    """Store entries and wait until they are official."""
    store.submit(entries)
    store.flush()
    assert 0 == store.writer_state().rejected


def store_records(store: Store, *records: Any) -> None:
    """Store records in one act."""

    def action(desk: Desk) -> None:
        for record in records:
            desk.store_record(record)

    store.act("Marta", action)


def delete_record(store: Store, record: Any) -> None:
    store.act("Marta", lambda desk: desk.delete_record(record))


def driver(name: str, number: int = 1, **facts: Any) -> Driver:
    known: dict[str, Any] = {
        "team": "",
        "colour": None,
        "race_number": None,
        "nickname": None,
        "shows_name": True,
        "shown_name": name,
        "pin": None,
        "token": f"token of {name}",
        "is_deleted": False,
        "merged_into": None,
        "created_at": instant(ARRIVED),
    }
    return Driver(id=name.lower(), number_here=number, name=name, **(known | facts))


def assignment(
    name: str | None, rig: str = LEFT, since: float = 0, until: float | None = None, **facts: Any
) -> Assignment:
    """An assignment; its times are minutes after the first session was opened."""
    end = None if until is None else instant(ARRIVED + 60 * until)
    known: dict[str, Any] = {"id": f"{name} at {rig}", "is_default": False, "by": "Marta"}
    begin = instant(ARRIVED + 60 * since)
    return Assignment(rig=rig, driver_id=name, since=begin, until=end, **(known | facts))


def game_name(name: str, driver_id: str | None) -> GameName:
    return GameName(name, driver_id)


def best_laps(store: Store, **query: Any) -> list[tuple[str, int | None]]:
    """The names and best laps on a board, that of the open meeting by default."""
    entries = store.reads.get_leaderboard(LeaderboardQuery.of(**query)).entries
    return [(entry.name, entry.standing.best.best_lap_ms) for entry in entries]


def read_derived(store: Store) -> tuple[set[Any], set[Any]]:
    """The rows of the tables that are computed from the others: attributions and best laps."""

    def read(connection: Connection) -> tuple[set[Any], set[Any]]:
        rows = [set(map(tuple, connection.execute(select(table)))) for table in (attributions, board_bests)]
        return rows[0], rows[1]

    return store.transact(read)


def delete_derived(store: Store) -> None:
    """Empty the computed tables, as in a database from before there were attributions."""

    def forget(connection: Connection) -> None:
        for table in (board_bests, attributions):
            connection.execute(delete(table))

    store.transact(forget)
