"""An evening at several rigs for the store's tests: sessions, who is in them, laps, and what people enter."""

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


def opened(of: Session, minute: float = 0) -> Stamped:
    return Stamped(ARRIVED + 60 * minute, SessionChanged(of))


def seated(of: Session, *names: str | None, minute: float = 0) -> Stamped:
    """People in the cars from number 0 on, with race numbers by name, so that all rigs see the same."""
    cars = tuple(
        Participant(
            session_id=of.id,
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
    return Stamped(ARRIVED + 60 * minute, ParticipantsChanged(of.id, cars))


def driven(of: Session, number: int, time_ms: int | None, car: int = 0, **facts: Any) -> Stamped:
    """A lap that ends so many times two minutes after the session was opened."""
    begins = ARRIVED + 120 * (number - 1)
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
        id=lap_id(of.id, car, number, 0),
        session_id=of.id,
        session_uid=of.uid,
        rig=of.rig,
        car_index=car,
        lap_number=number,
        branch=0,
        lap_time_ms=time_ms,
        **(known | facts),
    )
    return Stamped(begins + 119, LapRecorded(lap), begins)


def write(store: Store, *entries: Stamped) -> None:
    """Store these and wait until they are official."""
    store.submit(entries)
    store.flush()
    assert 0 == store.writer_state().rejected


def put(store: Store, *records: Any) -> None:
    """One act that keeps these."""

    def action(desk: Desk) -> None:
        for record in records:
            desk.store_record(record)

    store.act("Marta", action)


def take_away(store: Store, record: Any) -> None:
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


def sits(
    name: str | None, rig: str = LEFT, since: float = 0, until: float | None = None, **facts: Any
) -> Assignment:
    """Minutes after the first session was opened."""
    end = None if until is None else instant(ARRIVED + 60 * until)
    known: dict[str, Any] = {"id": f"{name} at {rig}", "is_default": False, "by": "Marta"}
    begin = instant(ARRIVED + 60 * since)
    return Assignment(rig=rig, driver_id=name, since=begin, until=end, **(known | facts))


def named(name: str, driver_id: str | None) -> GameName:
    return GameName(name, driver_id)


def board(store: Store, **query: Any) -> list[tuple[str, int | None]]:
    """Who stands on the open meeting's board, with what."""
    found = store.reads.get_leaderboard(LeaderboardQuery.of(**query)).entries
    return [(entry.name, entry.standing.best.best_lap_ms) for entry in found]


def derived(store: Store) -> tuple[set[Any], set[Any]]:
    """All that is worked out of the rest."""

    def read(connection: Connection) -> tuple[set[Any], set[Any]]:
        rows = [set(map(tuple, connection.execute(select(one)))) for one in (attributions, board_bests)]
        return rows[0], rows[1]

    return store.transact(read)


def forget_derived(store: Store) -> None:
    """As if the database were from before there were attributions."""

    def forget(connection: Connection) -> None:
        for table in (board_bests, attributions):
            connection.execute(delete(table))

    store.transact(forget)
