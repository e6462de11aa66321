"""The names of an erased person in exported files: replaced there, or the file is named to the user."""

from __future__ import annotations

import csv
import io
import os
import random
import re
import sys
import zipfile
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from f1timings.meeting.texts.names import NameReplacement
from f1timings.web.boards import exports
from f1timings.web.boards.erased_names import ErasedExports, ExportsOfErasure, erase_from_exports
from tests.stories import seeds

FILE = "Monza_20261122_201500_laptimes.csv"
NAMES = NameReplacement(["Max"], neutral="Former driver 1", others=["Max Verstappen", "MAX"])


def write(folder: Path, *cells: tuple[str, str], file: str = FILE) -> Path:
    """Export a board with these drivers and teams."""
    rows = [
        {"Position": place, "Driver": name, "Team": team, "Time_ms": 83_456, "Points": 25}
        for place, (name, team) in enumerate(cells, 1)
    ]
    written = exports.write_export(folder, "Monza", rows, now=datetime(2026, 11, 22, 20, 15))
    return (folder / written).rename(folder / exports.FOLDER / file)


def write_workbook(folder: Path, *cells: tuple[str, str]) -> Path:
    """Export a board with these drivers and teams as a workbook."""
    rows = [
        {"Position": place, "Driver": name, "Team": team, "Time_ms": 83_456, "Points": 25}
        for place, (name, team) in enumerate(cells, 1)
    ]
    now = datetime(2026, 11, 22, 20, 15)
    return folder / exports.write_export(folder, "Monza", rows, now=now, form=exports.ExportForm("xlsx"))


def sheet_in(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["board"].rows]


def names_in(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["Driver"] for row in csv.DictReader(file)]


def test_only_the_cells_of_the_person_change(tmp_path: Path) -> None:
    path = write(
        tmp_path, ("Max", "Team Max"), ("Max Verstappen", "Max"), ("Anna-Max", ""), ("max", ""), ("MAX", "")
    )
    before = path.read_bytes()
    assert ErasedExports(changed=(f"exports/{FILE}",)) == erase_from_exports(tmp_path, NAMES)
    expected = before.replace(b"1,Max,Team Max,", b"1,Former driver 1,Team Former driver 1,")
    assert expected.replace(b"4,max,", b"4,Former driver 1,") == path.read_bytes()
    assert ErasedExports() == erase_from_exports(tmp_path, NAMES)


def test_a_file_without_the_person_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path, ("Ann", "Max"))
    before = path.stat()
    assert ErasedExports() == erase_from_exports(tmp_path, NAMES)
    assert (before.st_ino, before.st_mtime_ns) == (path.stat().st_ino, path.stat().st_mtime_ns)


@pytest.mark.parametrize("name", ["=cmd()", 'O"Brien, Max', "'quoted'", "🏎️ Ágnes", "-"])
def test_any_name_is_found_in_its_cell(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, (name, ""), ("Ann", ""))
    erase_from_exports(tmp_path, NameReplacement([name], neutral="Former driver 1"))
    assert ["Former driver 1", "Ann"] == names_in(path)


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (";", "utf-8-sig"),
        (";", "cp1252"),
        (";", "mac_roman"),
        ("\t", "utf-8"),
        ("\t", "utf-16"),
        (",", "utf-8-sig"),
    ],
)
def test_a_file_that_a_spreadsheet_saved_keeps_its_form(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    path = write(tmp_path, ("Zoë", "Café"), ("Jürgen", ""))
    text = path.read_text("utf-8").replace(",", separator)
    path.write_text(text, encoding, newline="")
    erase_from_exports(tmp_path, NameReplacement(["Zoë"], neutral="Former driver 1"))
    assert text.replace("Zoë", "Former driver 1").encode(encoding) == path.read_bytes()


def test_only_the_cells_of_the_person_change_in_a_workbook(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path, ("Max", "Team Max"), ("Max Verstappen", "Max"), ("max", ""), ("Ann", "<&>")
    )
    before = sheet_in(path)
    assert ErasedExports(changed=(f"exports/{path.name}",)) == erase_from_exports(tmp_path, NAMES)
    before[1][1:3] = ["Former driver 1", "Team Former driver 1"]
    before[3][1] = "Former driver 1"
    assert before == sheet_in(path)
    assert b"Max" not in path.read_bytes()
    assert "[m]:ss.000" == openpyxl.load_workbook(path)["board"]["D2"].number_format
    assert ErasedExports() == erase_from_exports(tmp_path, NAMES)


@pytest.mark.parametrize(
    "name", ["=cmd()", " Max ", "'quoted'", "🏎️ Ágnes", "-", "<b>&amp;", "a\x01b", "_x41_"]
)
def test_any_name_is_found_in_a_workbook(tmp_path: Path, name: str) -> None:
    path = write_workbook(tmp_path, (name, name), ("Ann", "Audi"))
    erase_from_exports(tmp_path, NameReplacement([name], neutral="Former driver 1"))
    assert [["Former driver 1"] * 2, ["Ann", "Audi"]] == [row[1:3] for row in sheet_in(path)[1:]]


def saved_later(content: bytes) -> bytes:
    """A workbook with a later time of the last change, as programs save it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            is_core = name == "docProps/core.xml"
            after.writestr(name, re.sub(rb"20\d\d(?=[^<]*</dcterms:m)", b"2099", part) if is_core else part)
    return out.getvalue()


def with_shared_texts(content: bytes) -> bytes:
    """The same cells, with the texts in a part of their own, as spreadsheets write them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.set_properties({"author": "F1Timings"})
        sheet = workbook.add_worksheet("board")
        for number, row in enumerate(openpyxl.load_workbook(io.BytesIO(content))["board"].values):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return out.getvalue()


@pytest.mark.parametrize("save", [saved_later, with_shared_texts, lambda content: content[:-30]])
def test_a_workbook_that_another_program_saved_is_named(
    tmp_path: Path, save: Callable[[bytes], bytes]
) -> None:
    path = write_workbook(tmp_path, ("Max", ""))
    path.write_bytes(save(path.read_bytes()))
    before = path.read_bytes()
    assert ErasedExports(unchanged=(f"exports/{path.name}",)) == erase_from_exports(tmp_path, NAMES)
    assert before == path.read_bytes()


def test_a_file_that_cannot_be_written_is_named_and_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = write(tmp_path, ("Max", ""), file="Spa_20261122_201500_laptimes.csv")
    path = write(tmp_path, ("Max", ""))
    replace = Path.replace

    def refuse(source: Path, target: Path) -> Path:
        if target == path:
            raise PermissionError(13, "The process cannot access the file, because another process uses it")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", refuse)
    outcome = erase_from_exports(tmp_path, NAMES)
    assert ErasedExports(changed=(f"exports/{other.name}",), unchanged=(f"exports/{FILE}",)) == outcome
    assert ["Max"] == names_in(path)
    assert {path, other} == {*path.parent.iterdir()}
    monkeypatch.undo()
    again = outcome.then(erase_from_exports(tmp_path, NAMES))
    assert ErasedExports(changed=(f"exports/{FILE}", f"exports/{other.name}")) == again


def test_a_file_of_another_program_is_named_and_not_changed(tmp_path: Path) -> None:
    folder = write(tmp_path, ("Ann", "")).parent
    (folder / "notes.txt").write_text("Max was fast")
    (folder / "others.txt").write_text("Max Verstappen was fast")
    (folder / "Spa_20261122_201500_laptimes.csv").write_text("Name,Best\nMax,1:23.456\n")
    unchanged = ("exports/Spa_20261122_201500_laptimes.csv", "exports/notes.txt")
    assert ErasedExports(unchanged=unchanged) == erase_from_exports(tmp_path, NAMES)


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04\x14\x00" + bytes(range(256)),
        "Ann\r\nMax".encode("utf-16-be"),
        b"Ann was fast. " * (1 << 17),
        b"%PDF-1.4",
        b"{\\rtf1 M\\'61x}",
        b"\xef\xbb\xbf\xff",
    ],
    ids=["workbook", "utf-16 without a mark", "large", "pdf", "rich text", "torn utf-8"],
)
def test_a_file_that_cannot_be_searched_is_named(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path, ("Ann", "")).parent / "old"
    folder.mkdir()
    (folder / "board").write_bytes(content)
    (folder / "clean").write_bytes(b"Ann was fast")
    assert ErasedExports(unchanged=("exports/old/board",)) == erase_from_exports(tmp_path, NAMES)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1252", "cp1254", "mac_roman"]
)
def test_a_text_with_the_name_is_named_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    folder = write(tmp_path, ("Ann", "")).parent
    (folder / "notes.txt").write_bytes("Zoë was fast".encode(encoding))
    names = NameReplacement(["Zoë"], neutral="Former driver 1")
    assert ErasedExports(unchanged=("exports/notes.txt",)) == erase_from_exports(tmp_path, names)


def test_files_in_subfolders_are_changed_too(tmp_path: Path) -> None:
    path = write(tmp_path, ("Max", ""))
    (path.parent / "2026" / "november").mkdir(parents=True)
    moved = path.rename(path.parent / "2026" / "november" / FILE)
    assert ErasedExports(changed=(f"exports/2026/november/{FILE}",)) == erase_from_exports(tmp_path, NAMES)
    assert ["Former driver 1"] == names_in(moved)


def test_files_and_folders_called_after_the_person_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path, ("Ann", "")).parent
    (folder / "max").mkdir()
    (folder / "max" / "notes.txt").write_text("Ann was fast")
    (folder / "laps_max_2026.txt").write_text("Ann was fast")
    unchanged = ("exports/laps_max_2026.txt", "exports/max")
    assert ErasedExports(unchanged=unchanged) == erase_from_exports(tmp_path, NAMES)


@pytest.mark.skipif(sys.platform == "win32", reason="links and such names need a Unix file system")
def test_links_and_unreadable_file_names_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path, ("Ann", "")).parent
    elsewhere = write(tmp_path / "elsewhere", ("Max", ""))
    (folder / "old").symlink_to(elsewhere.parent, target_is_directory=True)
    (folder / f"Spa_{FILE}").symlink_to(elsewhere)
    (folder / os.fsdecode(b"Max \xff")).touch()
    unchanged = ("exports/Max ?", f"exports/Spa_{FILE}", "exports/old")
    assert ErasedExports(unchanged=unchanged) == erase_from_exports(tmp_path, NAMES)
    assert ["Max"] == names_in(elsewhere)


def test_errors_of_the_file_system_do_not_end_the_erasure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = write(tmp_path, ("Max", ""), file=f".{FILE}.4711")
    path = write(tmp_path, ("Max", ""))
    notes = path.parent / "notes.txt"
    notes.write_text("Ann was fast")
    folder = path.parent / "closed"
    folder.mkdir()
    refused = {str(left), str(notes), str(folder)}
    for owner, function in ((Path, "unlink"), (Path, "read_bytes"), (os, "scandir")):
        monkeypatch.setattr(owner, function, refusing(getattr(owner, function), refused))

    files = ExportsOfErasure(tmp_path)
    files.erase(NAMES)
    outcome = files.erase_again()

    unchanged = (f"exports/{left.name}", "exports/closed", "exports/notes.txt")
    assert ErasedExports(changed=(f"exports/{FILE}",), unchanged=unchanged) == outcome
    assert ["Former driver 1"] == names_in(path)


def test_a_folder_of_exports_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, ("Max", "")).parent
    monkeypatch.setattr(os, "scandir", refusing(os.scandir, {str(folder)}))
    assert ErasedExports(unchanged=("exports",)) == erase_from_exports(tmp_path, NAMES)


def refusing(function: Callable[..., Any], refused: Collection[str]) -> Callable[..., Any]:
    """A function of the file system that may not touch some paths."""

    def call(path: Path | str, *rest: object, **options: object) -> Any:
        if str(path) in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return function(path, *rest, **options)

    return call


def test_while_the_database_waits_no_file_of_another_program_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, ("Max", "")).parent
    (folder / "notes.txt").write_text("Max was fast")
    files = ExportsOfErasure(tmp_path)
    read: list[str] = []
    read_bytes = Path.read_bytes

    def record_and_read(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", record_and_read)
        files.erase(NAMES)
    assert [FILE] == read
    expected = ErasedExports(changed=(f"exports/{FILE}",), unchanged=("exports/notes.txt",))
    assert expected == files.erase_again()


def test_a_file_that_was_written_during_the_erasure_is_changed_too(tmp_path: Path) -> None:
    files = ExportsOfErasure(tmp_path)
    first = write(tmp_path, ("Max", ""), file="Spa_20261122_201500_laptimes.csv")
    files.erase(NAMES)
    assert ["Former driver 1"] == names_in(first)
    path = write(tmp_path, ("Max", ""))
    assert ErasedExports(changed=(f"exports/{FILE}", f"exports/{first.name}")) == files.erase_again()
    assert ["Former driver 1"] == names_in(path)


def test_what_a_stopped_server_left_of_an_export_is_removed(tmp_path: Path) -> None:
    left = write(tmp_path, ("Max", ""), file=f".{FILE}.4711")
    assert ErasedExports() == erase_from_exports(tmp_path, NAMES)
    assert not left.exists()


def test_without_exports_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert ErasedExports() == erase_from_exports(tmp_path, NAMES)


@pytest.mark.parametrize("seed", seeds(8))
def test_names_of_other_people_stay_in_random_files(tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)
    parts = ["Max", "max", "Ver", "Zoë", "=", '"', ",", " ", "-", "'"]
    people = list({"".join(chosen.choices(parts, k=3)).strip().casefold(): 0 for _ in range(9)})
    people = [name for name in people if name]
    erased, others = people[0], people[1:]
    files = [
        write(tmp_path, *((name, name[::-1]) for name in chosen.sample(people, k=5)), file=f"{n:08}_{FILE}")
        for n in range(3)
    ]
    before = [names_in(path) for path in files]
    erase_from_exports(tmp_path, NameReplacement([erased], neutral="Former driver 1", others=others))
    guarded = {erased, f"'{erased}"}
    assert [["Former driver 1" if name in guarded else name for name in names] for names in before] == [
        names_in(path) for path in files
    ]
