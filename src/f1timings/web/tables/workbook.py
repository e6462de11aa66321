"""Rows as a workbook (XLSX) of one sheet: numbers, times and true or false stay values, text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, Final

from f1timings.errors import F1TimingsError
from f1timings.web.tables.columns import TableColumn
from f1timings.web.tables.csv_text import mapping_text

#: The author in the properties of every workbook; other programs that save it change its other properties.
AUTHOR: Final = "F1Timings"
#: The rows of a sheet, without the header line.
MOST_ROWS: Final = 1_048_575
# Minutes are not limited to 59, as in the text of CSV.
_TIME_FORMAT: Final = "[m]:ss.000"
_MS_PER_DAY: Final = 86_400_000
_NARROWEST, _BESIDE_NAME = 10, 3


class WorkbookTooLong(F1TimingsError):
    """There are more rows than a sheet can have; the text states what to do."""


def write_workbook(
    file: IO[bytes], title: str, columns: Sequence[TableColumn], *, rows: Iterable[Mapping[str, object]]
) -> None:
    """Write a workbook to a file.

    Args:
        file: an open file, to which the workbook is written at once.
        title: of the sheet.
        columns: in their order.
        rows: JSON values by field.

    Raises:
        WorkbookTooLong: there are too many rows.
    """
    # Few servers ever write a workbook, and the library would make each start longer.
    from xlsxwriter import Workbook

    with Workbook(file, {"constant_memory": True}) as workbook:
        workbook.set_properties({"author": AUTHOR})
        sheet = workbook.add_worksheet(title)
        _write_header(sheet, columns, workbook.add_format({"bold": True}))
        time_format = workbook.add_format({"num_format": _TIME_FORMAT})
        last = 0
        for last, row in enumerate(rows, 1):
            if last > MOST_ROWS:
                raise WorkbookTooLong(
                    f"A workbook has at most {MOST_ROWS} rows. Add filters, or use format=csv."
                )
            for at, column in enumerate(columns):
                cell_format = time_format if column.is_time else None
                _write_cell(sheet, (last, at), row[column.field], cell_format=cell_format)
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_header(sheet: Any, columns: Sequence[TableColumn], bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(_NARROWEST, len(column.name) + _BESIDE_NAME))
        sheet.write_string(0, at, column.name, bold)


def _write_cell(sheet: Any, place: tuple[int, int], value: object, *, cell_format: Any) -> None:
    """Write one cell: milliseconds in the format of times; a text is never a formula, however it begins."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, int | float):
        sheet.write_number(*place, value / _MS_PER_DAY if cell_format else value, cell_format)
    else:
        sheet.write_string(*place, mapping_text(value) if isinstance(value, Mapping) else str(value))
