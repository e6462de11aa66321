"""The view ``screens`` has what was sent to each screen, and is read only when that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from f1timings.live.stage.record_watch import RecordWatch
from f1timings.live.stage.screens_view import COLUMNS, screens_contents
from f1timings.meeting.people import GameName
from f1timings.meeting.room.records import ScreenCard


@dataclass
class Act:
    """An act that changed records."""

    changes: Sequence[tuple[object, object]]


def test_an_act_on_a_screen_is_read_and_any_other_costs_nothing() -> None:
    stored = [ScreenCard(screen="TV", scene="race", delay_s=5)]
    reads: list[int] = []

    def read(_kind: type[ScreenCard]) -> Sequence[ScreenCard]:
        reads.append(1)
        return list(stored)

    cards = RecordWatch(ScreenCard, read, screens_contents)
    names = ["scene", "delay_s", "is_blank", "turn_s", "turns_in_race"]
    assert names == [column.name for column in COLUMNS]
    assert {"TV": ("race", 5, False, 15, False)} == cards.contents().rows
    cards.after_act(Act([(None, GameName(name="Ana", driver_id=None))]))
    assert 1 == len(reads)
    before = stored[0]
    stored.clear()
    cards.after_act(Act([(before, None)]))
    assert ({}, 2) == (cards.contents().rows, len(reads))
