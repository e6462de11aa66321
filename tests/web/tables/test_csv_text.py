"""CSV follows RFC 4180, and no spreadsheet executes its cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.web.tables.columns import columns_of
from f1timings.web.tables.csv_text import CsvForm, csv_parts, csv_text


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


def test_each_page_is_read_when_its_part_is_wanted() -> None:
    read = []

    def pages() -> Iterator[list[dict[str, object]]]:
        for number in range(3):
            read.append(number)
            yield [{"a": number}]

    parts = csv_parts(columns_of(("a",)), pages(), CsvForm(";", has_bom=True))
    assert ("\ufeffa\r\n", []) == (next(parts), read)
    assert ("0\r\n", [0]) == (next(parts), read)
    assert ["1\r\n", "2\r\n"] == list(parts)


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (62_000, "1:02.000"),
        (59_999, "0:59.999"),
        (0, "0:00.000"),
        (4_500_001, "75:00.001"),
        (-211, "-0:00.211"),
    ],
)
def test_times_have_one_form_in_a_column_beside_their_milliseconds(milliseconds: int, expected: str) -> None:
    text = csv_text(columns_of(("gap_ms", "laps")), [{"gap_ms": milliseconds, "laps": 3}])
    assert f"gap,gap_ms,laps\r\n{expected},{milliseconds},3\r\n" == text


def test_an_unknown_time_is_empty_in_both_columns() -> None:
    assert "gap,gap_ms\r\n,\r\n" == csv_text(columns_of(("gap_ms",)), [{"gap_ms": None}])
