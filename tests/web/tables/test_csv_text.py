"""CSV follows RFC 4180, and no spreadsheet executes its cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.web.tables.columns import columns_of
from f1timings.web.tables.csv_text import csv_text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-5, "-5"),
        ({"motion": 3, "lap_data": 1}, "motion=3 lap_data=1"),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
    ],
)
def test_a_cell_is_plain_text_and_never_a_formula(value: object, expected: str) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text(columns_of(("a", "b")), [{"a": value, "b": 1}]), newline=""))
    assert row == {"a": expected, "b": "1"}


@given(
    st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1)
)
def test_any_text_is_read_back_with_at_most_an_apostrophe_added(texts: list[str]) -> None:
    table = csv_text(columns_of(("a", "b")), [{"a": text, "b": "x"} for text in texts])
    cells = [row["a"] for row in csv.DictReader(io.StringIO(table, newline=""))]
    assert [
        cell if cell == text else cell.removeprefix("'") for cell, text in zip(cells, texts, strict=True)
    ] == texts
