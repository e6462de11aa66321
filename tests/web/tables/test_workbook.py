"""Cells of a workbook are values, and any text in them stays that text."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from f1timings.web.tables import workbook
from f1timings.web.tables.columns import columns_of
from f1timings.web.tables.workbook import WorkbookTooLong, write_workbook


def cells(rows: Sequence[Mapping[str, object]]) -> list[list[Any]]:
    """Write rows and read the cells back, without the header line."""
    out = io.BytesIO()
    write_workbook(out, "laps", columns_of(rows[0]), rows=rows)
    sheet = openpyxl.load_workbook(out)["laps"]
    return [list(row) for row in sheet.iter_rows(min_row=2)]


def test_cells_are_numbers_times_true_or_false_or_empty() -> None:
    row = {"lap_time_ms": 62_000, "points": 25, "share": 0.5, "is_valid": True, "reason": None, "d": {"a": 1}}
    ((time, *others),) = cells([row])
    assert (timedelta(minutes=1, seconds=2), "[m]:ss.000") == (time.value, time.number_format)
    assert [62_000, 25, 0.5, True, None, "a=1"] == [cell.value for cell in others]


# Without "_": openpyxl does not read back what workbooks write for a text such as "_x0041_".
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="_")


@settings(max_examples=50)
@given(st.lists(st.text(alphabet=_CHARACTERS, min_size=1), min_size=1))
def test_any_text_is_read_back_as_the_same_text(texts: list[str]) -> None:
    texts = ["=1+1", "@SUM(A1)", "007", "http://x", *texts]
    read = [row[0] for row in cells([{"name": text} for text in texts])]
    assert {"s"} == {cell.data_type for cell in read}
    assert texts == [cell.value for cell in read]


def test_more_rows_than_a_sheet_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(WorkbookTooLong, match="at most 2 rows"):
        cells([{"a": 1}, {"a": 2}, {"a": 3}])
