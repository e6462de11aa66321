"""The names of an erased person in ``exports/``: replaced in the files that this program wrote.

Only the cells of the person's own rows change. A file that may contain a name and cannot be changed is
reported, so that a person can look: another program has it open (a spreadsheet on Windows) or wrote it, or it
cannot be read or searched. No error of the file system ends an erasure.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from f1timings.meeting.texts.names import NameReplacement
from f1timings.web.boards.exported_tables import NAME, TEAM, decoded_texts, read_tables
from f1timings.web.boards.exported_workbooks import change_workbook
from f1timings.web.boards.exports import FOLDER, writing
from f1timings.web.tables.csv_text import without_guard

_EXPORT: Final = re.compile(r".+_\d{8}_\d{6}_laptimes\.(csv|xlsx)")
_UNFINISHED: Final = re.compile(r"\..+_laptimes\.(csv|xlsx)\.\d+")
# Larger files of other programs are reported without a search, which can take seconds per MiB.
_LARGEST_SEARCHED: Final = 1 << 20
# Characters that no text has, but nearly every other file: workbooks, pictures, archives.
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
# Files that look like texts and write letters in another way.
_CODED: Final = (b"%PDF-", b"{\\rtf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedExports:
    """What an erasure did to the files in ``exports/``, as paths relative to the data folder.

    Attributes:
        changed: files in which the neutral name is now.
        unchanged: files that may still contain a name and were not changed, and folders that could not be
            read or are called after the person.
    """

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    def then(self, later: ErasedExports) -> ErasedExports:
        """The outcome of two runs, of which the second tried again what the first could not change."""
        return ErasedExports(
            changed=tuple(sorted({*self.changed, *later.changed})), unchanged=later.unchanged
        )


def erase_from_exports(
    data_dir: Path, names: NameReplacement, *, is_search_wanted: bool = True
) -> ErasedExports:
    """Replace the names of a person in all exported files; each file is changed completely or not at all.

    Args:
        data_dir: the data folder.
        names: of the person.
        is_search_wanted: search the files of other programs too, which may take long.
    """
    with writing:
        files, unchanged = _find(data_dir / FOLDER, names)
        outcomes = {path: _erase_from(path, names, is_search_wanted=is_search_wanted) for path in files}
    unchanged += [path for path, is_changed in outcomes.items() if is_changed is None]
    return ErasedExports(
        changed=_shown([path for path, is_changed in outcomes.items() if is_changed], data_dir),
        unchanged=_shown(unchanged, data_dir),
    )


class ExportsOfErasure:
    """The exported files in one erasure: changed before the act is stored, and once more after it.

    Before, because nobody knows the names after it. After it, because a file that was written meanwhile has
    the names from before. Only then the files of other programs are searched: before, the database waits.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._names: NameReplacement | None = None
        self._outcome = ErasedExports()

    def erase(self, names: NameReplacement) -> None:
        """Erase the names in the files that this program wrote."""
        self._names = names
        self._outcome = erase_from_exports(self._data_dir, names, is_search_wanted=False)

    def erase_again(self) -> ErasedExports:
        """Erase the same names again, and search all files; return the outcome of both times."""
        assert self._names is not None
        return self._outcome.then(erase_from_exports(self._data_dir, self._names))


def _find(folder: Path, names: NameReplacement) -> tuple[list[Path], list[Path]]:
    """The files in a folder and in its sub-folders, and the folders to report.

    These are folders that cannot be read, are links to other places, or are called after the person.
    """
    files: list[Path] = []
    reported: list[Path] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            reported.append(Path(error.filename or folder))

    for parent, folders, file_names in os.walk(folder, onerror=note):
        files += [Path(parent, name) for name in file_names]
        below = [Path(parent, name) for name in folders]
        reported += [path for path in below if path.is_symlink() or _is_mentioned_in_name(path, names)]
    return files, reported


def _erase_from(path: Path, names: NameReplacement, *, is_search_wanted: bool) -> bool | None:
    """Erase the names in a file; remove what a stopped server left of a file that it had not finished.

    Returns:
        Whether it has changed; None if it may contain a name and was not changed.
    """
    try:
        if _UNFINISHED.fullmatch(path.name):
            path.unlink(missing_ok=True)
            return False
        if not path.is_file():
            return False
        # A link would be replaced, and the file behind it would keep the name.
        if _EXPORT.fullmatch(path.name) and not path.is_symlink():
            is_changed = _erase_from_export(path, names)
            if is_changed is not None:
                return is_changed
        return None if is_search_wanted and _may_mention(path, names) else False
    except FileNotFoundError:
        return None if os.path.lexists(path) else False  # removed meanwhile
    except OSError:
        return None


def _erase_from_export(path: Path, names: NameReplacement) -> bool | None:
    """Replace the names in an exported file; return whether it has changed, None if it is no such file.

    Raises:
        OSError: it cannot be read or written.
    """
    before = path.read_bytes()
    after = (_change_workbook if path.suffix == ".xlsx" else _change_table)(before, names)
    if after is not None and after != before:
        _overwrite(path, after)
    return None if after is None else after != before


def _change_workbook(content: bytes, names: NameReplacement) -> bytes | None:
    return change_workbook(content, lambda cells: _neutral_cells(cells, names))


def _change_table(content: bytes, names: NameReplacement) -> bytes | None:
    """Return the content with the neutral name; the same if nobody is named so, None if it is no table."""
    unchanged = None
    for table in read_tables(content):
        unchanged = content
        header = table.rows[0]
        rows = [
            header,
            *(_without_names(dict(zip(header, row, strict=False)), row, names) for row in table.rows[1:]),
        ]
        if rows != table.rows:
            return replace(table, rows=rows).to_bytes()
    return unchanged


def _without_names(cells: Mapping[str, str], row: Sequence[str], names: NameReplacement) -> Sequence[str]:
    """Return a row with the neutral name, if it is a row of the person; else the row itself."""
    changed = _neutral_cells(cells, names)
    if not changed:
        return row
    return [changed.get(column, cell) for column, cell in cells.items()] + [*row[len(cells) :]]


def _neutral_cells(cells: Mapping[str, str], names: NameReplacement) -> Mapping[str, str]:
    """Return the cells to change in a row, by the names of their columns; none if it is another person's."""
    name = cells.get(NAME, "")
    if not names.is_name(name) and not names.is_name(without_guard(name)):
        return {}
    changed = {NAME: names.neutral, TEAM: names.apply(cells.get(TEAM, ""))}
    return {column: text for column, text in changed.items() if column in cells}


def _may_mention(path: Path, names: NameReplacement) -> bool:
    """Whether a file of another program mentions the person, or cannot be searched.

    Raises:
        OSError: it cannot be read.
    """
    if path.stat().st_size > _LARGEST_SEARCHED or _is_mentioned_in_name(path, names):
        return True
    content = path.read_bytes()
    texts = [decoded.text for decoded in decoded_texts(content)]
    if content.startswith(_CODED) or not texts or _NO_TEXT.search(texts[0]):
        return True
    return any(names.apply(text) != text for text in texts)


def _is_mentioned_in_name(path: Path, names: NameReplacement) -> bool:
    words = path.name.replace("_", " ")
    return names.apply(words) != words


def _shown(paths: Sequence[Path], data_dir: Path) -> tuple[str, ...]:
    """Paths as people read them. A file name can have bytes that are no text, which JSON cannot contain."""
    shown = (path.relative_to(data_dir).as_posix() for path in paths)
    return tuple(sorted({text.encode("utf-8", "replace").decode() for text in shown}))


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
