"""Outlines are there again the next evening."""

from __future__ import annotations

from dataclasses import replace

import pytest

from f1timings.errors import StoreError
from f1timings.outlines.records import Outline, OutlineKey, PitLaneOutline
from f1timings.store.circuits.outlines import OutlineKeeper, store_outlines
from f1timings.store.tables.circuits import circuit_outlines
from tests.store.conftest import OpenStore

OUTLINE = Outline(
    key=OutlineKey(11, 2025),
    track_length_m=5793,
    points=((1.5, -2.5), (3.0, 4.0), (-5.2, 6.1)),
    sector2_start_m=1892.5,
    pit_lane=PitLaneOutline(entry_m=5480.2, exit_m=310.7, points=((1.0, 2.0), (3.0, 4.0))),
    marshal_zone_starts_m=(86.9, 410.2),
    laps=3,
    pit_passes=1,
    revision=4,
)


def test_a_reopened_database_has_the_newest_outline_of_each_circuit_and_format(
    open_store: OpenStore,
) -> None:
    store = open_store()
    other = replace(OUTLINE, key=OutlineKey(11, 2024), pit_lane=None)
    newer = replace(OUTLINE, revision=5)
    store.transact(lambda connection: store_outlines(connection, [OUTLINE, other]))
    store.transact(lambda connection: store_outlines(connection, [newer]))
    store.close()
    found = open_store().reads.list_outlines()
    assert [other, newer] == sorted(found, key=lambda outline: outline.key)


def test_an_outline_in_another_form_is_left_out(open_store: OpenStore) -> None:
    store = open_store()
    store.transact(lambda connection: store_outlines(connection, [OUTLINE]))
    store.transact(
        lambda connection: connection.execute(
            circuit_outlines.insert().values(track_id=7, packet_format=2025, outline={"points": 3})
        )
    )
    assert [OUTLINE] == store.reads.list_outlines()


def test_what_was_not_stored_is_stored_the_next_time_and_logged_once(
    open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store()
    changed = [OUTLINE]
    is_failing = True

    def take_changed() -> list[Outline]:
        taken, changed[:] = list(changed), []
        return taken

    def transact(work: object) -> object:
        if is_failing:
            raise StoreError("no space")
        return store.transact(work)  # type: ignore[arg-type]

    keeper = OutlineKeeper(transact, take_changed)
    for _ in range(2):
        keeper.collect()
        keeper.save()
    assert ["the outlines of circuits were not stored: no space"] == caplog.messages
    is_failing = False
    keeper.save()
    assert [OUTLINE] == store.reads.list_outlines()
