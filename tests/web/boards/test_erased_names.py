"""The names of an erased person in exported files: replaced there, or the file is named to the user."""

from __future__ import annotations

import csv
import random
from datetime import datetime
from pathlib import Path

import pytest

from f1timings.meeting.texts.names import NameReplacement
from f1timings.web.boards import exports
from f1timings.web.boards.erased_names import ErasedExports, ExportsOfErasure, erase_from_exports

FILE = "Monza_20261122_201500_laptimes.csv"
NAMES = NameReplacement(["Max"], neutral="Former driver 1", others=["Max Verstappen", "MAX"])


def write(folder: Path, *cells: tuple[str, str], file: str = FILE) -> Path:
    """Export a board with these drivers and teams."""
    rows = [
        {"Position": place, "Driver": name, "Team": team, "Time": "1:23.456", "Points": 25}
        for place, (name, team) in enumerate(cells, 1)
    ]
    written = exports.write_export(folder, "Monza", rows, now=datetime(2026, 11, 22, 20, 15))
    return (folder / written).rename(folder / exports.FOLDER / file)


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
    ("separator", "encoding"), [(";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8"), (",", "utf-8-sig")]
)
def test_a_file_that_a_spreadsheet_saved_keeps_its_form(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    path = write(tmp_path, ("Zoë", "Café"), ("Jürgen", ""))
    text = path.read_text("utf-8").replace(",", separator)
    path.write_text(text, encoding, newline="")
    erase_from_exports(tmp_path, NameReplacement(["Zoë"], neutral="Former driver 1"))
    assert text.replace("Zoë", "Former driver 1").encode(encoding) == path.read_bytes()


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


@pytest.mark.parametrize("seed", range(20))
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
