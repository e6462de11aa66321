"""A view's sheet: a snapshot and the updates after it give the view's contents, wherever they begin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.live.fanout.row_columns import columns
from f1timings.live.fanout.sheet import Contents, Sheet
from tests.live.screens import ReceivedViews

COLUMNS = columns("""
    position | int | | a
    name | text | | b
    gap_ms | int | ms | c
""")

VALUES = st.none() | st.integers(0, 3) | st.sampled_from(["a", "ü", "<img>"])
ROWS = st.dictionaries(st.sampled_from("abcde"), st.tuples(VALUES, VALUES, VALUES))
FACTS = st.dictionaries(st.sampled_from(["flag", "state", "lap"]), VALUES)
STATES = st.lists(st.builds(Contents, ROWS, FACTS), min_size=1, max_size=12)


def receive(views: ReceivedViews, message: Any) -> None:
    views.handle_message(json.loads(message.payload))


def rows_by_id(contents: Contents) -> dict[str, list[Any]]:
    return {id_: [id_, *row] for id_, row in contents.rows.items()}


def known_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that are not null; a removed fact is null."""
    return {name: value for name, value in facts.items() if value is not None}


@given(STATES, st.data())
def test_a_snapshot_and_the_updates_after_it_give_the_contents_of_the_view(
    states: list[Contents], data: st.DataObject
) -> None:
    sheet, views = Sheet("board", COLUMNS, "e"), ReceivedViews()
    start = data.draw(st.integers(0, len(states) - 1), "first snapshot after")
    update_points = data.draw(st.sets(st.integers(0, len(states) - 1)), "updates sent after")
    for at, state in enumerate(states):
        sheet.apply(state)
        if at == start:
            receive(views, sheet.snapshot(1.0))
        elif (
            at > start
            and (at in update_points or at == len(states) - 1)
            and views.views["board"]["seq"] < sheet.seq
        ):
            receive(views, sheet.update(views.views["board"]["seq"]))
    assert views.lost == 0
    assert views.views["board"]["rows"] == rows_by_id(states[-1])
    assert known_facts(views.views["board"]["facts"]) == known_facts(dict(states[-1].facts))


@given(STATES, st.integers(1, 4))
def test_a_screen_that_resumes_shows_the_same_as_one_that_stayed(
    states: list[Contents], remembered: int
) -> None:
    sheet, stayed, left = (
        Sheet("board", COLUMNS, "e", remembered=remembered),
        ReceivedViews(),
        ReceivedViews(),
    )
    sheet.apply(states[0])
    for views in (stayed, left):
        receive(views, sheet.snapshot(1.0))
    for state in states[1:]:
        if sheet.apply(state):
            receive(stayed, sheet.update(sheet.seq - 1))
    position = left.views["board"]["seq"]
    if not sheet.remembers(position):
        receive(left, sheet.snapshot(1.0))
    elif position != sheet.seq:
        receive(left, sheet.update(position))
    assert left.views["board"]["rows"] == stayed.views["board"]["rows"]
    assert known_facts(left.views["board"]["facts"]) == known_facts(stayed.views["board"]["facts"])
    assert left.views["board"]["seq"] == stayed.views["board"]["seq"] == sheet.seq


def test_equal_contents_create_no_update() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    assert sheet.apply(Contents({"a": (1, "x", None)}, {"flag": "green"}))
    assert not sheet.apply(Contents({"a": (1, "x", None)}, {"flag": "green"}))
    assert sheet.seq == 1


def test_an_update_names_only_what_changed() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    sheet.apply(Contents({"a": (1, "x", None), "b": (2, "y", 5)}, {"flag": "green", "lap": 1}))
    sheet.apply(Contents({"a": (2, "x", None), "c": (1, "z", None)}, {"flag": "green", "lap": 2}))
    assert json.loads(sheet.update(1).payload) == {
        "view": "board",
        "seq": 2,
        "rows": {"a": {"1": 2}, "c": {"1": 1, "2": "z"}},
        "gone": ["b"],
        "facts": {"lap": 2},
    }


def test_missed_updates_are_joined_with_the_newest_values() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    for gap in range(1, 6):
        sheet.apply(Contents({"a": (1, "x", gap)}))
    assert json.loads(sheet.update(2).payload) == {
        "view": "board",
        "seq": 5,
        "since": 2,
        "rows": {"a": {"3": 5}},
    }


def test_a_row_that_was_removed_and_added_again_is_sent_whole() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    for rows in ({"a": (1, "x", 7)}, {}, {"a": (1, None, None)}):
        sheet.apply(Contents(rows))
    assert json.loads(sheet.update(1).payload) == {
        "view": "board",
        "seq": 3,
        "since": 1,
        "rows": {"a": {"1": 1}},
        "gone": ["a"],
    }


def test_forgotten_updates_cannot_be_joined() -> None:
    sheet = Sheet("board", COLUMNS, "e", remembered=2)
    for gap in range(5):
        sheet.apply(Contents({"a": (1, "x", gap)}))
    assert [sheet.remembers(seq) for seq in range(7)] == [False, False, False, True, True, True, False]
    with pytest.raises(LookupError):
        sheet.update(2)


def test_an_update_is_encoded_once_for_all_screens() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    for gap in range(3):
        sheet.apply(Contents({"a": (1, "x", gap)}))
    assert sheet.update(2) is sheet.update(2)
    assert sheet.update(2).framed is sheet.update(2).framed


def test_a_snapshot_carries_the_time_at_which_it_is_sent() -> None:
    sheet = Sheet("board", COLUMNS, "e")
    sheet.apply(Contents({"a": (1, "ü", None)}, {"flag": None}))
    first, second = (json.loads(sheet.snapshot(at).payload) for at in (1.0, 2.0))
    assert first == {
        "view": "board",
        "epoch": "e",
        "seq": 1,
        "snapshot": {
            "columns": ["id", "position", "name", "gap_ms"],
            "rows": [["a", 1, "ü", None]],
            "facts": {"flag": None},
            "server_time": "1970-01-01T00:00:01.000Z",
        },
    }
    assert second["snapshot"]["server_time"] == "1970-01-01T00:00:02.000Z"


def test_a_column_of_an_unknown_type_or_a_repeated_name_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown column type: fast"):
        columns("speed | fast | | x")
    with pytest.raises(ValueError, match="name is repeated"):
        columns("a | int | | x\na | int | | y")


def test_choices_and_values_that_are_never_null_name_known_columns() -> None:
    (state, position) = columns(
        "state | text | | x\nposition | int | | y", choices={"state": ("live",)}, never_null={"position"}
    )
    assert (("live",), True) == (state.choices, state.is_nullable)
    assert ((), False) == (position.choices, position.is_nullable)
    with pytest.raises(ValueError, match="unknown columns: lap, stat"):
        columns("state | text | | x", choices={"stat": ("live",)}, never_null={"lap"})
