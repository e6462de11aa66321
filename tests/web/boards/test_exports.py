"""The board as a file: its columns are one table, and an entry in the table is a column of the file."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from f1timings.store import BoardEntry
from f1timings.web.boards import exports
from tests.web.world import World, open_world


def export(world: World, folder: Path) -> list[dict[str, str]]:
    path = exports.export_board(world.store.reads, folder, datetime(2026, 11, 22, 20, 15))
    return list(csv.DictReader((folder / path).read_text("utf-8").splitlines()))


def laps_text(entry: BoardEntry) -> str:
    return f"{entry.standing.best.laps} laps"


def test_an_entry_in_the_table_is_a_column_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_world(tmp_path) as world:
        world.commit_race()
        before = export(world, tmp_path)
        monkeypatch.setitem(exports.FIELDS, "New column", laps_text)
        after = export(world, tmp_path)
    assert before
    assert [*before[0], "New column"] == [*after[0]]
    assert [[*line.values()] for line in before] == [[*line.values()][:-1] for line in after]
    assert all(line["New column"].endswith(" laps") for line in after)
