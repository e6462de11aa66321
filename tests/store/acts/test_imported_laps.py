"""Laps of other servers in the store: imported once, deleted, forgotten with a person, on both databases."""

from __future__ import annotations

import pytest

from f1timings.errors import ActInvalid, NotFound
from f1timings.meeting.room import imported_laps as rules
from f1timings.meeting.room.imported_laps import ImportedFile, ImportedLap
from f1timings.store.acts.room import imported_laps as acts
from f1timings.traces.lap_files import LapFileHead, read_lap_file, write_lap_file
from tests.store.acts.test_erasure import Evening
from tests.store.conftest import OpenStore
from tests.store.contents import everything_in
from tests.traces.test_lap_files import BLOB, FACTS


def file_of(name: str | None = "Zoë", **changed: object) -> bytes:
    facts = {field: getattr(FACTS, field) for field in LapFileHead.__struct_fields__}
    return write_lap_file(LapFileHead(**(facts | {"name": name} | changed)), BLOB)


def bring(evening: Evening, data: bytes) -> ImportedLap:
    imported: ImportedLap = evening.act(acts.import_lap, read_lap_file(data), data)
    return imported


def listed(evening: Evening) -> list[ImportedLap]:
    return evening.store.reads.list_records(ImportedLap)


@pytest.fixture
def evening(open_store: OpenStore) -> Evening:
    return Evening(open_store)


def test_a_file_is_imported_once_and_kept_to_the_byte(evening: Evening) -> None:
    data = file_of()
    first, again = bring(evening, data), bring(evening, data)
    assert [first] == [again] == listed(evening)
    kept = evening.store.reads.get_record(ImportedFile, first.id)
    assert kept is not None
    assert data == kept.data
    assert ["A lap of Zoë was imported from a file."] == evening.sentences()


def test_a_deleted_lap_is_gone_with_its_file_and_can_be_imported_again(evening: Evening) -> None:
    lap = bring(evening, file_of(None))
    evening.act(acts.delete_imported_lap, lap.id)
    assert [] == listed(evening)
    assert None is evening.store.reads.get_record(ImportedFile, lap.id)
    with pytest.raises(NotFound):
        evening.act(acts.delete_imported_lap, lap.id)
    assert lap.id == bring(evening, file_of(None)).id
    assert "The imported lap of an unknown driver was deleted." == evening.sentences()[1]
    assert {False} == {act.can_undo for act in evening.store.reads.list_acts().items}


def test_there_is_a_limit(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST_IMPORTED_LAPS", 1)
    bring(evening, file_of("Anna"))
    with pytest.raises(ActInvalid, match="At most 1 imported laps"):
        bring(evening, file_of("Ben"))
    assert "Anna" == bring(evening, file_of("Anna")).name


def test_a_name_that_reverses_the_page_is_refused(evening: Evening) -> None:
    with pytest.raises(ActInvalid) as refused:
        bring(evening, file_of("Anna\u202e"))
    assert ("text-invisible-character", "name") == (refused.value.code, refused.value.field)
    assert [] == listed(evening)


def test_an_erased_person_takes_the_imported_laps_of_the_name_along(evening: Evening, url: str) -> None:
    anna = evening.add("Anna Rossi")
    for name in ("ANNA ROSSI", "Anna", "Ben"):
        bring(evening, file_of(name))
    evening.act(acts.delete_imported_lap, bring(evening, file_of("Anna Rossi", venue="Hall")).id)
    evening.erase(anna)
    assert {"Anna", "Ben"} == {lap.name for lap in listed(evening)}
    assert "anna rossi" not in everything_in(url).lower()


def test_the_record_has_every_fact_of_the_head() -> None:
    lap = acts.lap_of_file(read_lap_file(file_of(FACTS.name)), FACTS.driven_at)
    for name in FACTS.__struct_fields__:
        assert getattr(FACTS, name) == getattr(lap, name)
    assert rules.is_imported(lap.id)
