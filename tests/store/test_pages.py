"""Lists: filters, orders and pages that stay right while rows come in."""

from __future__ import annotations

import base64
import json
import operator
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from f1timings.errors import QueryError
from f1timings.store import (
    LAP_FIELDS,
    RIG_FIELDS,
    SESSION_FIELDS,
    Condition,
    Listing,
    Page,
    Store,
    StoredLap,
    StoredRig,
    StoredSession,
)
from f1timings.timing.events import SessionChanged
from f1timings.timing.records import LapState, session_id
from tests.store.conftest import OpenStore
from tests.store.events import lap, laps, opening, rig, session, stamped

List = Callable[[Page, Sequence[Condition]], Listing[Any]]
_COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


@pytest.fixture
def full(open_store: OpenStore) -> Store:
    """Three rigs, six sessions and sixty laps that differ in every field, some of them unknown."""
    chance = random.Random(7)
    ticks = iter(range(1_760_000_000, 1_770_000_000, 7))
    store = open_store(clock=lambda: next(ticks), max_batch=10)
    store.submit(_rigs() + _sessions())
    for number in range(1, 61):
        recorded = lap(
            chance.randrange(22),
            number,
            chance.randrange(2),
            rig=f"192.0.2.{chance.randrange(3)}",
            participant=chance.choice(["haug", "alba", None]),
            lap_time_ms=chance.choice([None, 83_000, 83_456, 90_000]),
            sector1_ms=chance.choice([None, 27_000, 27_001]),
            is_valid=chance.choice([None, True, False]),
            compound=chance.choice([None, "hard", "soft"]),
            state=chance.choice(list(LapState)),
            recovered=chance.choice([True, False]),
        )
        store.submit(laps(recorded, after_s=float(chance.randrange(100))))
    store.flush(10)
    return store


def _rigs() -> list[Any]:
    years = (None, 24, 25)
    return [
        stamped(rig(key=f"192.0.2.{n}", port=50_000 - n, game_year=years[n], packet_format=None), float(n))
        for n in range(3)
    ]


def _sessions() -> list[Any]:
    opened = [
        session(
            n,
            rig=f"192.0.2.{n % 3}",
            track=(None, "Monza", "Spa")[n % 3],
            is_online=(None, True, False)[n % 3],
            total_laps=(None, 5)[n % 2],
            is_ended=n > 3,
        )
        for n in range(1, 6)
    ]
    return [stamped(SessionChanged(one), float(-one.epoch)) for one in (session(), *opened)]


def _lap_value(stored: StoredLap, field: str) -> Any:
    found = getattr(stored if hasattr(stored, field) else stored.lap, field)
    return str(found) if field in ("session_uid", "state") else found


def _session_value(stored: StoredSession, field: str) -> Any:
    if field == "session_uid":
        return str(stored.session.uid)
    return getattr(stored if hasattr(stored, field) else stored.session, field)


def _rig_value(stored: StoredRig, field: str) -> Any:
    return getattr(stored if hasattr(stored, field) else stored.rig, field)


_LISTS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "laps": (LAP_FIELDS, _lap_value),
    "sessions": (SESSION_FIELDS, _session_value),
    "rigs": (RIG_FIELDS, _rig_value),
}


@pytest.mark.parametrize("name", _LISTS)
def test_every_field_filters_as_python_would(full: Store, name: str) -> None:
    fields, value_of = _LISTS[name]
    rows: List = getattr(full.reads, name)
    everything = rows(Page(1000), ()).items
    for field in fields:
        values = [value_of(row, field) for row in everything]
        known = sorted({value for value in values if value is not None})
        for value in known[:: max(1, len(known) // 3)]:
            for op, compare in _COMPARE.items():
                expected = [
                    row
                    for row, own in zip(everything, values, strict=True)
                    if own is not None and compare(own, value)
                ]
                found = rows(Page(1000), (Condition(field, op, value),)).items
                assert expected == list(found), (field, op, value)


@pytest.mark.parametrize("name", _LISTS)
def test_null_is_asked_for_and_never_compared(full: Store, name: str) -> None:
    fields, value_of = _LISTS[name]
    rows: List = getattr(full.reads, name)
    everything = rows(Page(1000), ()).items
    for field in fields:
        unknown = [row for row in everything if value_of(row, field) is None]
        known = [row for row in everything if value_of(row, field) is not None]
        assert unknown == list(rows(Page(1000), (Condition(field, "eq", None),)).items), field
        assert known == list(rows(Page(1000), (Condition(field, "ne", None),)).items), field


@pytest.mark.parametrize("name", _LISTS)
def test_every_field_sorts_both_ways_with_the_unknown_last_over_small_pages(full: Store, name: str) -> None:
    fields, value_of = _LISTS[name]
    rows: List = getattr(full.reads, name)
    everything = rows(Page(1000), ()).items
    for field in fields:
        for sign in ("", "-"):
            expected = _sorted(everything, partial(value_of, field=field), sign == "-")
            assert expected == _paged(rows, sign + field, 17), sign + field


def _sorted(rows: Sequence[Any], value: Callable[[Any], Any], descending: bool) -> list[Any]:
    """By value, ties by seq in the same direction, the unknown last."""
    known = [row for row in rows if value(row) is not None]
    unknown = [row for row in rows if value(row) is None]
    known.sort(key=lambda row: (value(row), row.seq), reverse=descending)
    unknown.sort(key=lambda row: row.seq, reverse=descending)
    return known + unknown


def _paged(rows: List, sort: str | None, limit: int) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    for _ in range(100):
        page = rows(Page(limit, cursor, sort), ())
        found += page.items
        cursor = page.next
        if cursor is None:
            return found
    raise AssertionError("the pages never end")


def test_conditions_add_up(full: Store) -> None:
    where = (Condition("lap_time_ms", "lt", 90_000), Condition("is_valid", "eq", True))
    found = full.reads.list_laps(Page(1000), where).items
    everything = full.reads.list_laps(Page(1000)).items
    expected = [row for row in everything if row.lap.is_valid and (row.lap.lap_time_ms or 90_000) < 90_000]
    assert expected == list(found)
    assert 0 < len(expected) < len(everything)


@pytest.mark.parametrize("sort", ["lap_time_ms", "-lap_time_ms", "official_at", "lap_number", "-car_index"])
def test_pages_stay_right_while_rows_come_in(store: Store, sort: str) -> None:
    chance = random.Random(11)
    known = [lap(n % 22, n, lap_time_ms=chance.choice([None, *range(5)])) for n in range(1, 81)]
    store.submit([*opening(), *laps(*known)])
    store.flush(10)
    seen: list[str] = []
    cursor, number = None, 1000
    while True:
        page = store.reads.list_laps(Page(9, cursor, sort))
        seen += [stored.lap.id for stored in page.items]
        if (cursor := page.next) is None:
            break
        number += 1
        store.submit(laps(lap(number % 22, number, lap_time_ms=chance.choice([None, *range(5)]))))
        store.flush(10)
    assert len(seen) == len(set(seen))
    assert {one.id for one in known} <= set(seen)


def test_own_orders_are_oldest_first(full: Store) -> None:
    reads = full.reads
    assert list(range(10, 70)) == [stored.seq for stored in _paged(reads.list_laps, None, 17)]
    assert [5, 4, 3, 2, 1, 0] == [stored.session.epoch for stored in _paged(reads.list_sessions, None, 4)]
    assert [0, 1, 2] == [int(stored.rig.key[-1]) for stored in _paged(reads.list_rigs, None, 1)]


def test_a_last_page_that_is_just_full_has_no_next(full: Store) -> None:
    assert full.reads.list_laps(Page(60)).next is None
    assert full.reads.list_laps(Page(59)).next is not None


_WRONG = {
    "an unknown field": (Page(), Condition("lap_tiem_ms", "eq", 1), "there are: id, .*lap_time_ms"),
    "an unknown comparison": (Page(), Condition("lap_time_ms", "like", 1), "there are: eq, ne, lt"),
    "text for a number": (Page(), Condition("lap_time_ms", "lt", "90000"), "must be a whole number"),
    "true for a number": (Page(), Condition("lap_time_ms", "lt", True), "must be a whole number"),
    "a number for true": (Page(), Condition("is_valid", "eq", 1), "must be true or false"),
    "a number too large": (Page(), Condition("lap_time_ms", "lt", 2**63), "must be a whole number"),
    "a time without zone": (
        Page(),
        Condition("official_at", "lt", datetime(2026, 1, 1)),
        "a time with its zone",
    ),
    "text with NUL": (Page(), Condition("participant", "eq", "a\0"), "must be text"),
    "half of a pair": (Page(), Condition("participant", "eq", "\udc00"), "must be text"),
    "less than null": (Page(), Condition("lap_time_ms", "lt", None), "by eq and ne only"),
    "an unknown order": (Page(sort="speed"), None, "there is no field 'speed'"),
    "a doubled sign": (Page(sort="--seq"), None, "there is no field '-seq'"),
    "no order": (Page(sort=""), None, "there is no field ''"),
    "no row": (Page(limit=0), None, "from 1 to 1000"),
    "too many rows": (Page(limit=1001), None, "from 1 to 1000"),
}


@pytest.mark.parametrize(("page", "condition", "says"), _WRONG.values(), ids=_WRONG.keys())
def test_a_wrong_question_says_what_is_allowed(
    store: Store, page: Page, condition: Condition | None, says: str
) -> None:
    with pytest.raises(QueryError, match=says):
        store.reads.list_laps(page, () if condition is None else (condition,))


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
def test_numbers_wider_than_the_column_can_be_compared(full: Store, value: int) -> None:
    found = full.reads.list_laps(Page(1000), (Condition("lap_number", "lt", value),)).items
    assert (60 if value > 0 else 0) == len(found)


def test_times_of_any_zone_and_year_can_be_compared(full: Store) -> None:
    for moment, expected in ((datetime.max, 60), (datetime.min, 0)):
        condition = Condition("official_at", "lt", moment.replace(tzinfo=UTC))
        assert expected == len(full.reads.list_laps(Page(1000), (condition,)).items)


def _cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "?",
        "é",
        "nonsense",
        "\0",
        "[" * 5000,
        _cursor(),
        _cursor("official_at", 1),
        _cursor("official_at", "x", 1),
        _cursor("official_at", None, 1),
        _cursor("official_at", True, 1),
        _cursor("official_at", 1.5, 1),
        _cursor("official_at", 10**30, 1),
        _cursor("official_at", 1, None),
        _cursor("official_at", 1, 2**70),
        _cursor("official_at", 1, "1"),
        _cursor("-official_at", 1, 1),
        _cursor(["official_at"], 1, 1),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(QueryError, match="cursor"):
        store.reads.list_laps(Page(cursor=cursor, sort="official_at"))


def test_a_session_counts_its_own_laps_only(full: Store) -> None:
    counts = {stored.session.id: stored.lap_count for stored in full.reads.list_sessions().items}
    assert 60 == counts.pop(session().id)
    assert [0] * 5 == list(counts.values())
    assert session_id("192.0.2.7", 2**64 - 1, 1) in counts
