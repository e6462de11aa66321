"""The tables in exported files, also in the form in which a spreadsheet has saved them."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

NAME, TEAM = "Driver", "Team"
_OTHER_COLUMNS: Final = {"Position", "Time"}
# A spreadsheet saves a file with the separator and the encoding of its country.
_SEPARATORS: Final = ",;\t"
# The encodings of Windows in western and central Europe and in Turkey, and of macOS. The content does not
# show which of them it is.
_OLDER_ENCODINGS: Final = ("cp1252", "cp1250", "cp1254", "mac_roman")
_BYTE_ORDER_MARK: Final = "\ufeff"
_MARKED_ENCODINGS: Final[Mapping[bytes, str]] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class DecodedText:
    """What the content of a file says in one encoding.

    Attributes:
        begin: the mark of the encoding, if there is one; not a part of the text.
    """

    text: str
    encoding: str
    begin: str


def decoded_texts(content: bytes) -> Iterator[DecodedText]:
    """Yield what a content says: in the encoding of its mark, else in UTF-8, else in each older encoding."""
    marked = next((name for mark, name in _MARKED_ENCODINGS.items() if content.startswith(mark)), None)
    for encoding in ("utf-8", *_OLDER_ENCODINGS) if marked is None else (marked,):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            begin = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
            yield DecodedText(text.removeprefix(begin), encoding, begin)
            if encoding == "utf-8":
                return  # Text of an older encoding is never UTF-8 by chance, except for ASCII.


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTable:
    """The table in an exported file.

    Attributes:
        rows: the cells; the first row has the names of the columns.
    """

    rows: Sequence[Sequence[str]]
    separator: str
    encoding: str
    begin: str
    line_end: str

    def to_bytes(self) -> bytes:
        """The content of the file."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.separator, lineterminator=self.line_end).writerows(self.rows)
        return (self.begin + out.getvalue()).encode(self.encoding)


def read_tables(content: bytes) -> Iterator[ExportedTable]:
    """Yield the table of an exported file in each encoding that fits; nothing if it is no such table."""
    for decoded in decoded_texts(content):
        table = _read_table(decoded)
        if table is not None:
            yield table


def _read_table(decoded: DecodedText) -> ExportedTable | None:
    for separator in _SEPARATORS:
        rows = _rows(decoded.text, separator)
        if rows and {NAME, *_OTHER_COLUMNS} <= {*rows[0]} and len({*rows[0]}) == len(rows[0]):
            return ExportedTable(
                rows=rows,
                separator=separator,
                encoding=decoded.encoding,
                begin=decoded.begin,
                line_end="\r\n" if "\r\n" in decoded.text else "\n",
            )
    return None


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []
