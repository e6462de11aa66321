"""The list of lap classes, and everything that derives from it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from f1timings.errors import QueryError
from f1timings.meeting.attribution import Attribution, LapFacts, SessionFacts
from f1timings.meeting.boards import LeaderboardQuery
from f1timings.meeting.lap_class import (
    CLASS_NAMES,
    CLASSES_OF_LAP,
    LAP_CLASSES,
    ROW_CLASSES,
    SESSION_CLASSES,
    class_values,
)
from f1timings.meeting.people import Rules
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps, sessions
from f1timings.timing.records import Lap, Session
from f1timings.web.boards.bodies import LEADERBOARD_ROW, LeaderboardRowBody
from f1timings.web.boards.routes import LeaderboardFilters


def names(record: type[Any]) -> set[str]:
    return {field.name for field in fields(record)}


def test_each_class_has_a_column_in_both_tables_of_boards() -> None:
    assert set(CLASS_NAMES) <= set(board_bests.c.keys()) & set(attributions.c.keys())


def test_the_value_of_each_class_is_a_field_and_a_column_of_its_source() -> None:
    assert {entry.name for entry in SESSION_CLASSES} <= names(Session) & set(sessions.c.keys())
    assert {entry.name for entry in CLASSES_OF_LAP} <= names(Lap) & set(laps.c.keys())


def test_each_rule_of_a_class_is_a_field_of_the_rules() -> None:
    assert {entry.rule for entry in LAP_CLASSES if entry.rule} <= names(Rules)


def test_the_values_of_a_lap_are_in_the_order_of_the_list() -> None:
    found = class_values(
        tuple(entry.name for entry in SESSION_CLASSES),
        tuple(entry.name for entry in CLASSES_OF_LAP),
        is_manual=True,
    )
    assert tuple(True if name == "is_manual" else name for name in CLASS_NAMES) == found


def test_each_class_is_a_filter_of_the_api() -> None:
    names_in_api = {entry.api_name for entry in LAP_CLASSES}
    assert names_in_api == LeaderboardFilters.model_fields.keys() - {"meeting", "circuit", "limit"}


def test_rows_of_a_leaderboard_show_their_classes_in_a_stable_order() -> None:
    shown = [entry.api_name for entry in ROW_CLASSES]
    assert ["start", "compound", "weather", "assists", "session_type", "format"] == shown
    assert list(LEADERBOARD_ROW) == list(LeaderboardRowBody.model_fields)


@pytest.mark.parametrize("record", [LapFacts, SessionFacts, Attribution])
def test_records_are_built_with_keywords_only(record: type[Any]) -> None:
    with pytest.raises(TypeError, match="positional"):
        record(*range(len(fields(record))))


@pytest.mark.parametrize(
    ("filters", "message"),
    [({"compuond": "soft"}, "no lap class 'compuond'"), ({"packet_format": "2025"}, "must be of type int")],
)
def test_a_filter_that_is_not_a_class_is_refused(filters: dict[str, Any], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        LeaderboardQuery.of(**filters)
