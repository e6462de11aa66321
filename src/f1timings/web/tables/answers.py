"""Answers that are files: a table as CSV or as a workbook."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from os import SEEK_END
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Final

from fastapi.responses import Response, StreamingResponse

from f1timings.web.http.negotiation import CSV, XLSX
from f1timings.web.http.problems import ProblemError
from f1timings.web.tables.columns import TableColumn
from f1timings.web.tables.csv_text import CsvForm, csv_parts
from f1timings.web.tables.workbook import WorkbookTooLong, write_workbook

_CHUNK_BYTES: Final = 1 << 16
_LONGEST_WORD: Final = 60
# A large workbook takes seconds of processor time, which the timing of laps needs.
_writing: Final = Lock()
_LONGEST_WAIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a list.

    Attributes:
        name: of the file without its extension, and of the sheet in a workbook.
        columns: in their order.
        pages: the rows, as JSON values by field.
    """

    name: str
    columns: Sequence[TableColumn]
    pages: Iterable[Sequence[Mapping[str, object]]]


def csv_answer(table: Table, form: CsvForm, headers: Mapping[str, str]) -> Response:
    """Answer a table as CSV; each page is read when the client has received the page before."""
    parts = csv_parts(table.columns, table.pages, form)
    headers = {**headers, **file_header(f"{table.name}.csv")}
    media_type = f"{CSV}; charset=utf-8"
    if isinstance(table.pages, Sequence):
        return Response("".join(parts), media_type=media_type, headers=headers)
    return StreamingResponse(parts, media_type=media_type, headers=headers)


def workbook_answer(table: Table, headers: Mapping[str, str]) -> Response:
    """Answer a table as a workbook, which is complete before the answer begins.

    Raises:
        ProblemError: there are too many rows, or other workbooks are being written.
    """
    with _one_at_a_time(), ExitStack() as files:
        file = files.enter_context(TemporaryFile())
        try:
            write_workbook(file, table.name, table.columns, rows=chain.from_iterable(table.pages))
        except WorkbookTooLong as error:
            raise ProblemError("invalid-request", str(error)) from error
        size = file.seek(0, SEEK_END)
        headers = {**headers, **file_header(f"{table.name}.xlsx"), "Content-Length": str(size)}
        return StreamingResponse(_chunks(file, files.pop_all()), media_type=XLSX, headers=headers)


def file_header(name: str) -> dict[str, str]:
    """The header by which a browser saves an answer under this name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def file_word(text: str, default: str) -> str:
    """A text as a part of a file name that any file system accepts: at most 60 of A-Z, a-z, 0-9, - and _.

    Args:
        default: for a text without such a character.
    """
    plain = unicodedata.normalize("NFKD", text)
    allowed = "".join(
        character
        for character in plain
        if character.isascii() and (character.isalnum() or character in "-_ ")
    )
    return "_".join(allowed.split())[:_LONGEST_WORD].strip("_") or default


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait until no other workbook is being written for an answer.

    Raises:
        ProblemError: others are being written for too long.
    """
    if not _writing.acquire(timeout=_LONGEST_WAIT_S):
        raise ProblemError(
            "unavailable", "Other workbooks are being written. Try again in a minute, or use format=csv."
        )
    try:
        yield
    finally:
        _writing.release()


def _chunks(file: IO[bytes], files: ExitStack) -> Iterator[bytes]:
    with files:
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
