"""Lists: filters, sort orders, and pages that stay correct while rows are added."""

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
from tests.store.events import lap, lap_events, rig, rig_and_session, session, stamp
from tests.waiting import LONGEST_WAIT_S

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
def filled_store(open_store: OpenStore) -> Store:
    """Three rigs, six sessions and sixty laps that differ in every field; some values are null."""
    chance = random.Random(7)
    ticks = iter(range(1_760_000_000, 1_770_000_000, 7))
    store = open_store(clock=lambda: next(ticks), max_batch=10)
    store.submit(_rigs() + _sessions())
    # Otherwise finished laps may be stored before the other sessions.
    store.flush(LONGEST_WAIT_S)
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
        store.submit(lap_events(recorded, after_s=float(chance.randrange(100))))
    store.flush(LONGEST_WAIT_S)
    return store


def _rigs() -> list[Any]:
    years = (None, 24, 25)
    return [
        stamp(rig(key=f"192.0.2.{n}", port=50_000 - n, game_year=years[n], packet_format=None), float(n))
        for n in range(3)
    ]


def _sessions() -> list[Any]:
    sessions = [
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
    return [stamp(SessionChanged(race), float(-race.epoch)) for race in (session(), *sessions)]


def _lap_value(stored: StoredLap, field: str) -> Any:
    # Only lists know these: no lap here has a trace, and no session a type.
    of_lists = {"has_trace": False, "session_type": None, "session_kind": None}
    if field in of_lists:
        return of_lists[field]
    value = getattr(stored if hasattr(stored, field) else stored.lap, field)
    return str(value) if field in ("session_uid", "state") else value


def _session_value(stored: StoredSession, field: str) -> Any:
    if field == "session_uid":
        return str(stored.session.uid)
    return getattr(stored if hasattr(stored, field) else stored.session, field)


def _rig_value(stored: StoredRig, field: str) -> Any:
    return getattr(stored if hasattr(stored, field) else stored.rig, field)


_LISTS: dict[str, tuple[Any, Callable[..., Any]]] = {
    "list_laps": (LAP_FIELDS, _lap_value),
    "list_sessions": (SESSION_FIELDS, _session_value),
    "list_rigs": (RIG_FIELDS, _rig_value),
}


@pytest.mark.parametrize("name", _LISTS)
def test_a_filter_by_any_field_compares_as_python_does(filled_store: Store, name: str) -> None:
    fields, value_of = _LISTS[name]
    read: List = getattr(filled_store.reads, name)
    all_rows = read(Page(1000), ()).items
    for field in fields:
        values = [value_of(row, field) for row in all_rows]
        known = sorted({value for value in values if value is not None})
        for value in known[:: max(1, len(known) // 3)]:
            for op, compare in _COMPARE.items():
                expected = [
                    row
                    for row, row_value in zip(all_rows, values, strict=True)
                    if row_value is not None and compare(row_value, value)
                ]
                matching = read(Page(1000), (Condition(field, op, value),)).items
                assert expected == list(matching), (field, op, value)


@pytest.mark.parametrize("name", _LISTS)
def test_null_matches_only_filters_by_null(filled_store: Store, name: str) -> None:
    fields, value_of = _LISTS[name]
    read: List = getattr(filled_store.reads, name)
    all_rows = read(Page(1000), ()).items
    for field in fields:
        null = [row for row in all_rows if value_of(row, field) is None]
        not_null = [row for row in all_rows if value_of(row, field) is not None]
        assert null == list(read(Page(1000), (Condition(field, "eq", None),)).items), field
        assert not_null == list(read(Page(1000), (Condition(field, "ne", None),)).items), field


@pytest.mark.parametrize("name", _LISTS)
def test_every_field_sorts_in_both_directions_over_small_pages_with_null_last(
    filled_store: Store, name: str
) -> None:
    fields, value_of = _LISTS[name]
    read: List = getattr(filled_store.reads, name)
    all_rows = read(Page(1000), ()).items
    for field in fields:
        for sign in ("", "-"):
            expected = _sorted(all_rows, partial(value_of, field=field), sign == "-")
            assert expected == _read_pages(read, sign + field, 17), sign + field


def _sorted(rows: Sequence[Any], value: Callable[[Any], Any], descending: bool) -> list[Any]:
    """By value, equal values by seq in the same direction, null last."""
    not_null = [row for row in rows if value(row) is not None]
    null = [row for row in rows if value(row) is None]
    not_null.sort(key=lambda row: (value(row), row.seq), reverse=descending)
    null.sort(key=lambda row: row.seq, reverse=descending)
    return not_null + null


def _read_pages(read: List, sort: str | None, limit: int) -> list[Any]:
    """The rows of all pages."""
    rows: list[Any] = []
    cursor: str | None = None
    for _ in range(100):
        page = read(Page(limit, cursor, sort), ())
        rows += page.items
        cursor = page.next
        if cursor is None:
            return rows
    raise AssertionError("the pages never end")


def test_a_row_must_match_every_condition(filled_store: Store) -> None:
    where = (Condition("lap_time_ms", "lt", 90_000), Condition("is_valid", "eq", True))
    matching = filled_store.reads.list_laps(Page(1000), where).items
    all_rows = filled_store.reads.list_laps(Page(1000)).items
    expected = [row for row in all_rows if row.lap.is_valid and (row.lap.lap_time_ms or 90_000) < 90_000]
    assert expected == list(matching)
    assert 0 < len(expected) < len(all_rows)


@pytest.mark.parametrize("sort", ["lap_time_ms", "-lap_time_ms", "official_at", "lap_number", "-car_index"])
def test_pages_stay_correct_while_rows_are_added(store: Store, sort: str) -> None:
    chance = random.Random(11)
    first_laps = [lap(n % 22, n, lap_time_ms=chance.choice([None, *range(5)])) for n in range(1, 81)]
    store.submit([*rig_and_session(), *lap_events(*first_laps)])
    store.flush(LONGEST_WAIT_S)
    listed: list[str] = []
    cursor, number = None, 1000
    while True:
        page = store.reads.list_laps(Page(9, cursor, sort))
        listed += [stored.lap.id for stored in page.items]
        if (cursor := page.next) is None:
            break
        number += 1
        store.submit(lap_events(lap(number % 22, number, lap_time_ms=chance.choice([None, *range(5)]))))
        store.flush(LONGEST_WAIT_S)
    assert len(listed) == len(set(listed))
    assert {first_lap.id for first_lap in first_laps} <= set(listed)


def test_default_orders_are_oldest_first(filled_store: Store) -> None:
    reads = filled_store.reads
    assert list(range(10, 70)) == [stored.seq for stored in _read_pages(reads.list_laps, None, 17)]
    assert [5, 4, 3, 2, 1, 0] == [
        stored.session.epoch for stored in _read_pages(reads.list_sessions, None, 4)
    ]
    assert [0, 1, 2] == [int(stored.rig.key[-1]) for stored in _read_pages(reads.list_rigs, None, 1)]


def test_a_full_last_page_has_no_next(filled_store: Store) -> None:
    assert filled_store.reads.list_laps(Page(60)).next is None
    assert filled_store.reads.list_laps(Page(59)).next is not None


_WRONG_QUERIES = {
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
    "a lone surrogate": (Page(), Condition("participant", "eq", "\udc00"), "must be text"),
    "a comparison with null": (Page(), Condition("lap_time_ms", "lt", None), "by eq and ne only"),
    "an unknown order": (Page(sort="speed"), None, "there is no field 'speed'"),
    "two signs": (Page(sort="--seq"), None, "there is no field '-seq'"),
    "an empty order": (Page(sort=""), None, "there is no field ''"),
    "a limit of no row": (Page(limit=0), None, "from 1 to 1000"),
    "a limit of too many rows": (Page(limit=1001), None, "from 1 to 1000"),
}


@pytest.mark.parametrize(("page", "condition", "message"), _WRONG_QUERIES.values(), ids=_WRONG_QUERIES.keys())
def test_a_wrong_query_is_refused_with_what_is_allowed(
    store: Store, page: Page, condition: Condition | None, message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        store.reads.list_laps(page, () if condition is None else (condition,))


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63)])
def test_numbers_wider_than_the_column_can_be_compared(filled_store: Store, value: int) -> None:
    matching = filled_store.reads.list_laps(Page(1000), (Condition("lap_number", "lt", value),)).items
    assert (60 if value > 0 else 0) == len(matching)


def test_times_at_the_ends_of_the_calendar_can_be_compared(filled_store: Store) -> None:
    for moment, expected in ((datetime.max, 60), (datetime.min, 0)):
        condition = Condition("official_at", "lt", moment.replace(tzinfo=UTC))
        assert expected == len(filled_store.reads.list_laps(Page(1000), (condition,)).items)


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
def test_a_cursor_that_the_list_did_not_return_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(QueryError, match="cursor"):
        store.reads.list_laps(Page(cursor=cursor, sort="official_at"))


def test_the_lap_count_of_a_session_counts_its_own_laps_only(filled_store: Store) -> None:
    counts = {stored.session.id: stored.lap_count for stored in filled_store.reads.list_sessions().items}
    assert 60 == counts.pop(session().id)
    assert [0] * 5 == list(counts.values())
    assert session_id("192.0.2.7", 2**64 - 1, 1) in counts
