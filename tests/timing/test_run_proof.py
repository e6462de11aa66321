"""After a gap laps are of the same run or of another one; only a history that can be compared shows which."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.timing.engine import Engine, KnownSession
from f1timings.timing.events import CountersRead, EngineEvent
from tests.timing.one_game import Game

# A rival on its first lap, which has no recorded lap.
RIVAL: dict[str, Any] = {"current_lap_num": 1, "result_status": 2, "driver_status": 4, "lap_distance": 9.0}


class RestartedGame(Game):
    """A race of two cars; the server restarts after the first lap of car 0."""

    def __init__(self) -> None:
        super().__init__(2025)
        self._counters: CountersRead | None = None
        self.session()
        self.whole_lap(1, 90_000, others={1: RIVAL})
        self.drive(2, 6, last=90_000, others={1: RIVAL})

    def handle_events(self, events: Any) -> None:
        listed: list[EngineEvent] = list(events)
        super().handle_events(listed)
        for event in listed:
            if isinstance(event, CountersRead):
                self._counters = event

    def restart_server(self) -> None:
        (session,) = self.sessions.values()
        known = KnownSession(session, list(self.laps.values()), counters=self._counters)
        self.engine = Engine("10.0.0.5", {self.uid: known})

    def timed(self) -> dict[tuple[int, int], tuple[int | None, str]]:
        """Time and state of the laps of car 0, by epoch and number."""
        return {
            (int(lap.session_id.rpartition("~")[2]), lap.lap_number): (lap.lap_time_ms, lap.state.value)
            for lap in self.laps.values()
            if lap.car_index == 0 and lap.lap_time_ms is not None
        }


@pytest.fixture
def game() -> RestartedGame:
    return RestartedGame()


def drive_lap_3(game: RestartedGame) -> None:
    """The game goes on far behind the lap that is recorded; its lap data show nothing of that lap."""
    game.now = 300.0
    game.whole_lap(3, 80_000, last=85_000, others={1: RIVAL})
    game.drive(4, 6, last=80_000, others={1: RIVAL})


def test_a_history_that_shows_nothing_leaves_the_laps_since_a_gap_unproven(game: RestartedGame) -> None:
    game.restart_server()
    drive_lap_3(game)
    game.history(1, 0)
    game.history(0, 88_000, 85_000, 80_000, 0)
    game.session()
    assert {
        (0, 1): (90_000, "completed"),
        (0, 3): (80_000, "superseded"),
        (1, 1): (88_000, "completed"),
        (1, 2): (85_000, "completed"),
        (1, 3): (80_000, "completed"),
    } == game.timed()


def test_a_history_of_the_same_run_proves_the_laps_since_a_gap(game: RestartedGame) -> None:
    game.restart_server()
    drive_lap_3(game)
    game.history(1, 0)
    game.history(0, 90_000, 85_000, 80_000, 0)
    assert {1: 90_000, 2: 85_000, 3: 80_000} == {
        number: times[0] for (_, number), times in game.timed().items()
    }
    assert 1 == len(game.sessions)


def test_a_lap_that_a_history_of_another_run_completed_is_as_before(game: RestartedGame) -> None:
    game.handle_events(game.engine.finish())
    game.drive(2, 8_000, last=90_000, others={1: {**RIVAL, "current_lap_time_ms": 98_000}})
    partial = {lap.id: lap for lap in game.laps.values() if lap.lap_time_ms is None}
    game.restart_server()
    drive_lap_3(game)
    game.history(1, 95_000, 0)
    game.history(0, 88_000, 85_000, 80_000, 0)
    assert partial == {id_: game.laps[id_] for id_ in partial}
    assert {1, 2} & {lap.lap_number for lap in partial.values()}


def test_where_nothing_was_recorded_before_a_gap_the_next_gap_is_judged_by_the_laps_since(
    game: RestartedGame,
) -> None:
    game.laps.clear()
    game.restart_server()
    game.drive(2, 40_000, last=90_000, others={1: RIVAL})
    game.history(0, 90_000, 0)
    drive_lap_3(game)
    game.history(0, 88_000, 85_000, 80_000, 0)
    game.session()
    assert {(0, 1): (90_000, "completed"), (0, 3): (80_000, "superseded")}.items() <= game.timed().items()
    assert {1: 88_000, 2: 85_000, 3: 80_000} == {
        number: time_ms for (epoch, number), (time_ms, _) in game.timed().items() if epoch
    }


def test_of_two_gaps_in_a_row_the_second_is_judged_if_nothing_was_recorded_before_the_first(
    game: RestartedGame,
) -> None:
    game.laps.clear()
    game.restart_server()
    game.whole_lap(2, 85_000, last=90_000, others={1: RIVAL})
    game.drive(3, 6, last=85_000, others={1: RIVAL})
    drive_lap_3(game)
    game.history(0, 88_000, 84_000, 80_000, 0)
    game.session()
    assert (85_000, "completed") == game.timed()[0, 2]
    assert {1: 88_000, 2: 84_000, 3: 80_000} == {
        number: time_ms for (epoch, number), (time_ms, _) in game.timed().items() if epoch
    }
