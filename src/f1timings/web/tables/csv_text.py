"""Rows as CSV text (RFC 4180) that a spreadsheet shows and never executes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from f1timings.units import minutes_text
from f1timings.web.tables.columns import TableColumn

# Spreadsheets treat a cell that begins like this as a formula; the last four are full-width forms.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"


class CsvForm(NamedTuple):
    """How a table is written as CSV.

    Attributes:
        delimiter: the character between two cells.
        has_bom: the text begins with a byte order mark, by which Excel recognises UTF-8.
    """

    delimiter: str = ","
    has_bom: bool = False


PLAIN_CSV: Final = CsvForm()


def csv_text(
    columns: Sequence[TableColumn], rows: Iterable[Mapping[str, object]], form: CsvForm = PLAIN_CSV
) -> str:
    """Return rows as CSV; arguments as for :func:`csv_parts`."""
    return "".join(csv_parts(columns, [rows], form))


def csv_parts(
    columns: Sequence[TableColumn], pages: Iterable[Iterable[Mapping[str, object]]], form: CsvForm
) -> Iterator[str]:
    """Yield CSV in parts: a header line, CRLF line ends, null as an empty cell, ``true`` and ``false``.

    Args:
        columns: in their order.
        pages: the rows, as JSON values by field; each page is one part.
        form: the separator, and whether there is a byte order mark.
    """
    begin = _BYTE_ORDER_MARK if form.has_bom else ""
    yield begin + _lines([[column.name for column in columns]], form)
    for rows in pages:
        yield _lines(([_column_text(column, row) for column in columns] for row in rows), form)


def guarded(text: str) -> str:
    """Return a text as a cell that no spreadsheet executes: after an apostrophe if it begins as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def without_guard(cell: str) -> str:
    """Return the text of a cell without the apostrophe that keeps a spreadsheet from executing it."""
    is_guarded = cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS)
    return cell[1:] if is_guarded else cell


def mapping_text(value: Mapping[str, object]) -> str:
    """Return a JSON object as the text of one cell, such as ``motion=3 lap_data=1``."""
    return " ".join(f"{key}={_cell_text(item)}" for key, item in value.items() if item is not None)


def _lines(rows: Iterable[Sequence[str]], form: CsvForm) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=form.delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _column_text(column: TableColumn, row: Mapping[str, object]) -> str:
    value = row[column.field]
    return minutes_text(value) if column.is_time and isinstance(value, int) else _cell_text(value)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Mapping):
        return mapping_text(value)
    return str(value)
