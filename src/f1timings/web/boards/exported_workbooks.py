"""The cells in exported workbooks (XLSX), changed in place if no other program has saved the workbook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

from f1timings.web.tables.workbook import AUTHOR

Changes = Mapping[str, str]
_SHEET: Final = "xl/worksheets/sheet1.xml"
_SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_PROPERTIES: Final = "docProps/core.xml"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _TEXT, _VALUE = f"{{{_MAIN}}}row", f"{{{_MAIN}}}is/{{{_MAIN}}}t", f"{{{_MAIN}}}v"
_CREATOR: Final = "{http://purl.org/dc/elements/1.1/}creator"
_CREATED: Final = "{http://purl.org/dc/terms/}created"
_MODIFIED: Final = "{http://purl.org/dc/terms/}modified"
# A board has kilobytes; more is no export, and would take the memory of the server.
_LARGEST_PART: Final = 1 << 24
# A character that XML does not allow, as workbooks write it; they write a text that looks so like that too.
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

ElementTree.register_namespace("", _MAIN)


def change_workbook(content: bytes, change: Callable[[Mapping[str, str]], Changes]) -> bytes | None:
    """Change texts in an exported workbook.

    Args:
        content: of the file.
        change: receives the cells of one row by the names of their columns; returns those to change.

    Returns:
        The new content, the same content if nothing changes, None if it is no workbook as this program
        writes it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            if not _is_as_written(workbook):
                return None
            sheet = ElementTree.fromstring(_read(workbook, _SHEET))
            return _replace_sheet(workbook, sheet) if _change_rows(sheet, change) else content
    except (zipfile.BadZipFile, KeyError, ParseError, ValueError, NotImplementedError, EOFError):
        return None


def _is_as_written(workbook: zipfile.ZipFile) -> bool:
    """Whether this program wrote the workbook last: other programs put texts into a part of their own."""
    if _SHARED_TEXTS in workbook.namelist():
        return False
    properties = ElementTree.fromstring(_read(workbook, _PROPERTIES))
    created = properties.findtext(_CREATED)
    return (
        properties.findtext(_CREATOR) == AUTHOR
        and created is not None
        and created == properties.findtext(_MODIFIED)
    )


def _read(workbook: zipfile.ZipFile, part: str) -> bytes:
    """Read a part of a workbook.

    Raises:
        KeyError: there is no such part.
        ValueError: it is too large.
    """
    if workbook.getinfo(part).file_size > _LARGEST_PART:
        raise ValueError(part)
    return workbook.read(part)


def _change_rows(sheet: Element, change: Callable[[Mapping[str, str]], Changes]) -> bool:
    """Change the rows below the header line; return whether anything has changed."""
    header, *rows = [{_column(cell): cell for cell in row} for row in sheet.iter(_ROW)] or [{}]
    columns = {_cell_text(cell): column for column, cell in header.items()}
    is_changed = False
    for row in rows:
        cells = {name: _cell_text(row[column]) for name, column in columns.items() if column in row}
        for name, text in change(cells).items():
            place = row[columns[name]].find(_TEXT)
            if place is not None and cells[name] != text:
                place.text = text
                is_changed = True
    return is_changed


def _column(cell: Element) -> str:
    """The letters of a cell's column, such as ``B`` of ``B2``."""
    return cell.get("r", "").rstrip("0123456789")


def _cell_text(cell: Element) -> str:
    text = cell.findtext(_TEXT) or cell.findtext(_VALUE) or ""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _replace_sheet(workbook: zipfile.ZipFile, sheet: Element) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in workbook.infolist():
            is_sheet = part.filename == _SHEET
            content = ElementTree.tostring(sheet, "UTF-8", xml_declaration=True) if is_sheet else None
            changed.writestr(part, _read(workbook, part.filename) if content is None else content)
    return out.getvalue()
