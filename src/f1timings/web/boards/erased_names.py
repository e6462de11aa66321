"""The names of an erased person in ``exports/``: replaced in the files that this program wrote.

Only the cells of the person's own rows change. A file that cannot be changed, such as one that is open in a
spreadsheet on Windows, is reported, so that a person can change it.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from f1timings.meeting.texts.names import NameReplacement
from f1timings.web.boards.exports import FOLDER, writing
from f1timings.web.http.csv_text import without_guard

_EXPORT: Final = re.compile(r".+_\d{8}_\d{6}_laptimes\.csv")
_UNFINISHED: Final = re.compile(r"\..+_laptimes\.csv\.\d+")
_NAME, _TEAM = "Driver", "Team"
_OTHER_COLUMNS: Final = {"Position", "Time"}
# A spreadsheet saves a file with the separator and the encoding of its country.
_SEPARATORS: Final = ",;\t"
_ENCODINGS: Final = ("utf-8", "cp1252")
_BYTE_ORDER_MARK: Final = "\ufeff"
# In larger files of other programs, nobody searches for a name.
_LARGEST_OTHER_FILE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedExports:
    """What an erasure did to the files in ``exports/``, as paths relative to the data folder.

    Attributes:
        changed: files in which the neutral name is now.
        unchanged: files that may still contain the name and could not be changed.
    """

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    def then(self, later: ErasedExports) -> ErasedExports:
        """The outcome of two runs, of which the second tried again what the first could not change."""
        return ErasedExports(
            changed=tuple(sorted({*self.changed, *later.changed})), unchanged=later.unchanged
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExportedTable:
    """The content of an exported file.

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


def erase_from_exports(data_dir: Path, names: NameReplacement) -> ErasedExports:
    """Replace the names of a person in all exported files; each file is changed completely or not at all."""
    changed, unchanged = [], []
    with writing:
        for path in _files(data_dir / FOLDER):
            try:
                is_changed = _erase_from_file(path, names)
            except OSError:
                is_changed = None
            if is_changed is None:
                unchanged.append(f"{FOLDER}/{path.name}")
            elif is_changed:
                changed.append(f"{FOLDER}/{path.name}")
    return ErasedExports(changed=tuple(changed), unchanged=tuple(unchanged))


class ExportsOfErasure:
    """The exported files in one erasure: changed before the act is stored, and once more after it.

    Before, because nobody knows the names after it. After it, because a file that was written meanwhile has
    the names from before.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._names: NameReplacement | None = None
        self._outcome = ErasedExports()

    def erase(self, names: NameReplacement) -> None:
        """Erase the names in all files."""
        self._names = names
        self._outcome = self._outcome.then(erase_from_exports(self._data_dir, names))

    def erase_again(self) -> ErasedExports:
        """Erase the same names again; return the outcome of both times."""
        assert self._names is not None
        self.erase(self._names)
        return self._outcome


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of the folder; remove what a stopped server left of files that it had not finished."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if _UNFINISHED.fullmatch(path.name):
            path.unlink(missing_ok=True)
        elif path.is_file():
            yield path


def _erase_from_file(path: Path, names: NameReplacement) -> bool | None:
    """Replace the names in a file.

    Returns:
        Whether it has changed; None if it is a file of another program that mentions the person.

    Raises:
        OSError: it cannot be read or written.
    """
    table = _read(path.read_bytes()) if _EXPORT.fullmatch(path.name) else None
    if table is None:
        return None if _is_mentioned_in(path, names) else False
    header = table.rows[0]
    rows = [
        header,
        *(_without_names(dict(zip(header, row, strict=False)), row, names) for row in table.rows[1:]),
    ]
    if rows == table.rows:
        return False
    _overwrite(path, replace(table, rows=rows).to_bytes())
    return True


def _without_names(cells: dict[str, str], row: Sequence[str], names: NameReplacement) -> Sequence[str]:
    """Return a row with the neutral name, if it is a row of the person; else the row itself."""
    name = cells.get(_NAME, "")
    if not names.is_name(name) and not names.is_name(without_guard(name)):
        return row
    changed = {_NAME: names.neutral, _TEAM: names.apply(cells.get(_TEAM, ""))}
    return [changed.get(column, cell) for column, cell in cells.items()] + [*row[len(cells) :]]


def _read(content: bytes) -> _ExportedTable | None:
    """Read the table of an exported file, None if it is no such table."""
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        begin = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        line_end = "\r\n" if "\r\n" in text else "\n"
        for separator in _SEPARATORS:
            rows = _rows(text.removeprefix(begin), separator)
            if rows and {_NAME, *_OTHER_COLUMNS} <= {*rows[0]} and len({*rows[0]}) == len(rows[0]):
                return _ExportedTable(
                    rows=rows, separator=separator, encoding=encoding, begin=begin, line_end=line_end
                )
    return None


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _is_mentioned_in(path: Path, names: NameReplacement) -> bool:
    if path.stat().st_size > _LARGEST_OTHER_FILE:
        return False
    text = path.read_bytes().decode("utf-8", "replace")
    return names.apply(text) != text


def _overwrite(path: Path, content: bytes) -> None:
    """Replace the content of a file, completely or not at all.

    Raises:
        OSError: the file cannot be written; on Windows also while another program has it open.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
