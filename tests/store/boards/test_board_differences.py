"""A row of a board changes by the difference, and always equals what all its laps add up to."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from f1timings.meeting.people import Clearing, Meeting
from f1timings.store import Stamped, Store
from f1timings.store.boards import attributions, bests
from f1timings.store.boards.bests import rebuild_boards
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.column_types import instant
from tests.sql_statements import statements
from tests.store.conftest import OpenStore
from tests.store.evening import (
    LEFT,
    RIGHT,
    assignment,
    delete_record,
    driver,
    lap_event,
    session,
    session_event,
    store_events,
    store_records,
)
from tests.store.events import ARRIVED

# Few values, so that many laps have equal times, and many sectors are equally fast.
TIMES = (None, 90_000, 90_001, 90_002, 91_000)
SECTORS = (None, 30_000, 30_001)


def rows(store: Store) -> list[dict[str, Any]]:
    with store._reader_engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(board_bests).order_by("id")).mappings()]


def rebuilt(store: Store) -> list[dict[str, Any]]:
    """The rows that all laps add up to; they are stored from now on."""
    with store._writer_engine.begin() as connection:
        rebuild_boards(connection)
    return rows(store)


def random_lap(rng: random.Random) -> Stamped:
    race = session(rng.choice((LEFT, RIGHT)))
    facts: dict[str, Any] = {f"sector{sector}_ms": rng.choice(SECTORS) for sector in (1, 2, 3)}
    return lap_event(
        race,
        rng.randint(1, 9),
        rng.choice(TIMES),
        is_valid=rng.random() < 0.7,
        compound=rng.choice(("soft", "soft", "hard", None)),
        **facts,
    )


@pytest.mark.parametrize("most_removed", [0, 2, 20], ids=["derived", "both", "by difference"])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_corrections_each_row_is_what_its_laps_add_up_to(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch, seed: int, most_removed: int
) -> None:
    monkeypatch.setattr(bests, "_MOST_REMOVED", most_removed)
    rng = random.Random(seed)
    store = open_store()
    store_events(store, session_event(session(LEFT)), session_event(session(RIGHT)))
    for _ in range(15):
        store_events(store, *(random_lap(rng) for _ in range(rng.randint(1, 5))))
        found = rows(store)
        assert found
        assert rebuilt(store) == found


def act_at_random(rng: random.Random, store: Store, present: dict[str, Any]) -> None:
    """Clear the board, assign a driver to a rig, or take one of these back; ``present`` is by id."""
    (meeting,) = store.reads.list_records(Meeting)
    minute = rng.randint(0, 20)
    cleared_at = instant(ARRIVED + 60 * minute)
    record = rng.choice(
        (
            Clearing(id="c", meeting_id=meeting.id, circuit_key="monza", at=cleared_at, by="Marta"),
            assignment("ann", LEFT, since=minute),
            assignment("ann", RIGHT, since=minute),
            assignment("bob", RIGHT, since=minute, until=minute + 4),
        )
    )
    if record.id in present:
        delete_record(store, present.pop(record.id))
    else:
        store_records(store, record)
        present[record.id] = record


@pytest.mark.parametrize(
    ("most_removed", "laps_at_once"),
    [(0, 500), (2, 500), (20, 500), (20, 2)],
    ids=["derived", "both", "by difference", "in pieces"],
)
@pytest.mark.parametrize("seed", range(3))
def test_clearings_and_assignments_between_corrections_leave_each_row_right(
    open_store: OpenStore,
    monkeypatch: pytest.MonkeyPatch,
    *,
    seed: int,
    most_removed: int,
    laps_at_once: int,
) -> None:
    monkeypatch.setattr(bests, "_MOST_REMOVED", most_removed)
    monkeypatch.setattr(attributions, "LAPS_AT_ONCE", laps_at_once)
    rng = random.Random(seed)
    store = open_store()
    store_records(store, driver("ann"), driver("bob", 2))
    store_events(store, session_event(session(LEFT)), session_event(session(RIGHT)))
    present: dict[str, Any] = {}
    entrants = set()
    for _ in range(15):
        act_at_random(rng, store, present)
        found = rows(store)
        assert rebuilt(store) == found
        store_events(store, *(random_lap(rng) for _ in range(rng.randint(1, 8))))
        found = rows(store)
        assert rebuilt(store) == found
        entrants |= {row["entrant"] for row in found}
    assert len(entrants) == 4, "both drivers, and both rigs without one"


def with_laps(store: Store, count: int) -> None:
    """Give the left rig laps: number 2 is the best one, number 3 has the best sector, number 4 is slow."""
    times, sectors = {2: 80_000, 4: 99_000}, {3: {"sector1_ms": 10_000}}
    laps = [
        lap_event(session(LEFT), number, times.get(number, 90_000 + number), **sectors.get(number, {}))
        for number in range(1, count + 1)
    ]
    store_events(store, session_event(session(LEFT)), *laps)


@pytest.mark.parametrize(
    ("number", "reads"),
    [(2, ["LIMIT", "min("]), (3, ["min("]), (4, [])],
    ids=["the best lap", "the best sector", "a slow lap"],
)
def test_a_correction_reads_only_what_the_lap_decided(
    open_store: OpenStore, number: int, reads: list[str]
) -> None:
    store = open_store()
    with_laps(store, 60)
    # Once, so that what is remembered of the board is the same for each.
    store_events(store, lap_event(session(LEFT), 61, 95_000))
    with statements(store._writer_engine) as run:
        time_ms = {2: 80_000, 4: 99_000}.get(number, 90_000 + number)
        store_events(store, lap_event(session(LEFT), number, time_ms, is_valid=False))
    board = [text for text in run if "FROM attributions" in text and "meeting_id = " in text]
    assert len(reads) == len(board)
    for mark, text in zip(reads, board, strict=True):
        assert mark in text
    assert {"UPDATE"} == {text.split()[0] for text in run if "board_bests" in text}
    (row,) = rows(store)
    best_ms = 90_001 if number == 2 else 80_000
    assert (61, 60, best_ms) == (row["laps"], row["valid_laps"], row["best_lap_ms"])
    assert [row] == rebuilt(store)


def test_many_laps_that_get_another_driver_are_updated_together(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, 80)
    store_records(store, driver("ann"))
    with statements(store._writer_engine) as run:
        store_records(store, assignment("ann", LEFT))
    assert 1 == sum(text.startswith("UPDATE attributions") for text in run)
    (row,) = rows(store)
    assert ("d:ann", 80) == (row["entrant"], row["laps"])
    assert [row] == rebuilt(store)
    assert {"ann"} == {lap.driver_id for lap in store.reads.list_laps().items}


def test_a_row_without_laps_is_gone(open_store: OpenStore) -> None:
    store = open_store()
    store_events(store, session_event(session(LEFT)), lap_event(session(LEFT), 1, 90_000, compound="soft"))
    store_events(store, lap_event(session(LEFT), 1, 90_000, compound="hard"))
    assert ["hard"] == [row["compound"] for row in rows(store)]
    with store._reader_engine.connect() as connection:
        assert 1 == connection.execute(select(func.count()).select_from(board_bests)).scalar_one()


def test_clearing_a_board_reads_no_lap_from_before(open_store: OpenStore) -> None:
    store = open_store()
    with_laps(store, 30)
    before = rows(store)
    (meeting,) = store.reads.list_records(Meeting)
    cleared_at = instant(ARRIVED + 86_400)
    clearing = Clearing(id="c", meeting_id=meeting.id, circuit_key="monza", at=cleared_at, by="Marta")
    with statements(store._writer_engine) as run:
        store_records(store, clearing)
    sums = [text for text in run if "AS valid_laps" in text or "row_number" in text]
    assert [True, True] == [has_bound(text) for text in sums]
    assert [] == rows(store)
    with statements(store._writer_engine) as run:
        delete_record(store, clearing)
    assert not any(map(has_bound, run))
    assert before == rows(store)


def has_bound(statement: str) -> bool:
    """Whether the laps that a statement reads begin at a moment, which the index finds."""
    return re.search(r"recorded_at >= [?%]", statement) is not None
