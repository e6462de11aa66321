"""Stints: from histories, from the tyres where there is no history, completed by the result."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from f1timings.packets import FORMATS
from f1timings.timing.events import (
    EngineEvent,
)
from f1timings.timing.occurrences import (
    Stint,
)
from f1timings.timing.stints import ReportedStint, StintTracker, TyreSet
from tests.timing.stories import Game, Story, counting, occurrences, play, scenario

SOFT, MEDIUM = TyreSet("soft", "C5"), TyreSet("medium", "C4")


def shown(stints: list[Stint]) -> list[tuple[int, int | None, int | None, str | None]]:
    return [(stint.number, stint.first_lap, stint.last_lap, stint.compound) for stint in stints]


def stints_in(events: list[EngineEvent]) -> list[Stint]:
    return occurrences(events, Stint)


def history(game: Game, *stints: tuple[int, int, int], count: int | None = None, at_s: float = 11.0) -> bytes:
    rows: list[dict[str, Any]] = [
        {"end_lap": end, "tyre_actual_compound": actual, "tyre_visual_compound": visual}
        for end, actual, visual in stints
    ]
    return game.packet(
        "session_history",
        game.header(at_s),
        car_idx=0,
        num_laps=1,
        num_tyre_stints=len(rows) if count is None else count,
        tyre_stints_history_data=rows,
    )


def test_the_stints_of_a_history_follow_each_other() -> None:
    game = Game().opened()
    stints = stints_in(game.feed(history(game, (4, 17, 16), (255, 19, 18))))
    assert [(1, 1, 4, "soft"), (2, 5, None, "hard")] == shown(stints)
    assert ["C4", "C2"] == [stint.actual_compound for stint in stints]


def test_an_equal_history_changes_nothing() -> None:
    game = Game().opened()
    game.feed(history(game, (4, 17, 16), (255, 19, 18)))
    assert [] == stints_in(game.feed(history(game, (4, 17, 16), (255, 19, 18), at_s=12.0)))


def test_the_ninth_stint_has_no_place_in_the_history_and_is_read_from_the_car() -> None:
    game = Game().opened()
    tyres = {"actual_tyre_compound": 20, "visual_tyre_compound": 18}
    game.feed(game.packet("car_status", cars={0: tyres}))
    eight = [(lap, 17, 16) for lap in range(1, 9)]
    stints = stints_in(game.feed(history(game, *eight, count=9)))
    assert (9, 9, None, "hard") == shown(stints)[-1]
    assert 9 == len(stints)


def test_after_a_stint_without_an_end_the_next_has_no_beginning() -> None:
    game = Game().opened()
    stints = stints_in(game.feed(history(game, (255, 17, 16), (255, 19, 18))))
    assert [(1, 1, None, "soft"), (2, None, None, "hard")] == shown(stints)


def test_a_stint_that_is_missing_in_a_new_history_is_superseded() -> None:
    tracker = StintTracker("s")
    tracker.handle_history(0, [ReportedStint(4, SOFT), ReportedStint(None, MEDIUM)])
    changed = tracker.handle_history(0, [ReportedStint(None, SOFT)])
    assert [(1, None, False), (2, None, True)] == [
        (stint.number, stint.last_lap, stint.is_superseded) for stint in changed
    ]


def test_without_history_new_tyres_begin_a_stint_in_the_lap_after_the_old_tyres() -> None:
    tracker = StintTracker("s")
    checks = [(1, SOFT, 0), (4, SOFT, 3), (5, MEDIUM, 0), (6, MEDIUM, 1), (8, MEDIUM, 0)]
    changed = [tracker.handle_tyres(0, lap, tyres._replace(age_laps=age)) for lap, tyres, age in checks]
    assert [(1, 1, None, "soft")] == shown(changed[0])
    assert [(1, 1, 4, "soft"), (2, 5, None, "medium")] == shown(changed[2])
    assert [(2, 5, 7, "medium"), (3, 8, None, "medium")] == shown(changed[4])
    assert [[], []] == [changed[1], changed[3]]


def test_the_age_of_tyres_gives_the_first_lap_of_a_stint_under_way() -> None:
    assert [(1, 6, None, "soft")] == shown(StintTracker("s").handle_tyres(0, 10, SOFT._replace(age_laps=4)))


def test_a_flashback_to_before_a_change_of_tyres_undoes_it() -> None:
    tracker = StintTracker("s")
    tracker.handle_tyres(0, 4, SOFT._replace(age_laps=3))
    tracker.handle_tyres(0, 6, MEDIUM._replace(age_laps=1))
    changed = tracker.handle_rewind(0, 4)
    assert [(1, None, False), (2, None, True)] == [
        (stint.number, stint.last_lap, stint.is_superseded) for stint in changed
    ]


def test_stints_recorded_before_our_restart_go_on() -> None:
    earlier = StintTracker("s")
    known = earlier.handle_tyres(0, 4, SOFT._replace(age_laps=3))
    assert [(1, 1, 6, "soft"), (2, 7, None, "medium")] == shown(
        StintTracker("s", known).handle_tyres(0, 9, MEDIUM._replace(age_laps=2))
    )


def test_the_result_ends_the_last_stint_and_supplies_missing_stints() -> None:
    tracker = StintTracker("s")
    tracker.handle_tyres(0, 3, SOFT._replace(age_laps=2))
    changed = tracker.handle_classification(
        0, [ReportedStint(None, SOFT), ReportedStint(None, MEDIUM)], laps=9
    )
    assert [(2, None, 9, "medium")] == shown(changed)


@pytest.mark.parametrize("year", FORMATS)
def test_the_stints_of_a_race_agree_with_the_result_and_cover_all_laps(year: int) -> None:
    story = play(scenario("race", year))
    for car_index, car in story.raw_result.items():
        stints = of_car(story, car_index)
        visual = [stint.compound for stint in stints]
        assert car.num_tyre_stints == len(visual)
        assert visual == [NAMES[number] for number in car.tyre_stints_visual[: len(visual)]]
        assert [] == [(a, b) for a, b in pairwise(stints) if b.first_lap != (a.last_lap or 0) + 1]


def of_car(story: Story, car_index: int) -> list[Stint]:
    return sorted(
        (stint for stint in counting(story.stints) if stint.car_index == car_index),
        key=lambda stint: stint.number,
    )


NAMES = {16: "soft", 17: "medium", 18: "hard"}
