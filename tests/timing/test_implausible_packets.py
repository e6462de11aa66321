"""A value that nobody can have driven is unknown, and is counted by its name; what was known before stays."""

from __future__ import annotations

from collections import Counter

import pytest

from f1timings.packets import FORMATS
from f1timings.timing.engine import Engine
from tests.timing.one_game import FINISHED, Game


class CountingGame(Game):
    """A game whose implausible values are counted."""

    def __init__(self, packet_format: int) -> None:
        super().__init__(packet_format)
        self.counts: Counter[str] = Counter()
        self.engine = Engine("10.0.0.5", implausible=self.counts)


@pytest.fixture(params=FORMATS)
def game(request: pytest.FixtureRequest) -> CountingGame:
    return CountingGame(request.param)


def test_an_unknown_circuit_or_type_does_not_replace_the_known_one(game: CountingGame) -> None:
    game.session(10, track=11)
    (before,) = game.sessions.values()
    game.now = 1.0
    game.session(255, track=127, weather=200, track_temperature=-128, air_temperature=127)
    (after,) = game.sessions.values()
    assert (before.track_id, before.track, before.session_type) == (11, "Monza", after.session_type)
    assert (after.track_id, after.track, after.session_type_id) == (11, "Monza", before.session_type_id)
    assert {
        "session.track": 1,
        "session.session_type": 1,
        "session.air_temperature": 1,
        "session.track_temperature": 1,
    }.items() <= game.counts.items()
    assert game.counts["session.weather"] >= 1


def test_an_unknown_circuit_is_unknown_from_the_start(game: CountingGame) -> None:
    game.session(255, track=127)
    (session,) = game.sessions.values()
    assert (None, None, None) == (session.track_id, session.track, session.session_type_id)


def test_a_participant_without_number_and_team_is_a_participant(game: CountingGame) -> None:
    nobodys = {"name": b"ANN", "race_number": 255, "team_id": 255, "nationality": 255}
    game.send("participants", num_active_cars=255, cars={0: nobodys})
    ((participant,),) = game.participants.values()
    assert ("ANN", None, None) == (participant.name, participant.race_number, participant.nationality)
    assert participant.team_id == (255 if game.format == 2020 else None)
    assert {"participants.race_number": 1, "participants.nationality": 1} == game.counts


def test_a_result_of_sentinels_is_a_place(game: CountingGame) -> None:
    game.session()
    game.classify(
        car0={
            "position": 1,
            "num_laps": 255,
            "num_pit_stops": 255,
            "penalties_time": 255,
            "grid_position": 255,
            "points": 255,
            "result_status": 3,
            "total_race_time": float("nan"),
        }
    )
    ((entry,),) = game.results
    assert (1, None, None, None) == (entry.position, entry.laps, entry.pit_stops, entry.penalties_s)
    assert (None, None, None) == (entry.grid_position, entry.points, entry.total_time_ms)


@pytest.mark.parametrize("number", [0, 255])
def test_a_packet_with_an_impossible_lap_number_changes_nothing(game: CountingGame, number: int) -> None:
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now += 0.02
    game.drive(number, 26, last=90_000)
    game.now += 0.02
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(2, 90_999, last=91_000, sectors=(30_000, 30_000), status=FINISHED)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()


def test_a_packet_of_an_impossible_status_changes_nothing(game: CountingGame) -> None:
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now += 0.02
    game.drive(2, 26, last=90_000, status=200)
    game.now += 0.02
    game.whole_lap(2, 91_000, last=90_000)
    game.drive(2, 90_999, last=91_000, sectors=(30_000, 30_000), status=FINISHED)
    assert [(1, 90_000, "completed"), (2, 91_000, "completed")] == game.times()
    assert 1 <= game.counts["lap_data.result_status"]


def test_a_history_of_no_car_changes_nothing() -> None:
    game = CountingGame(2025)
    game.session()
    game.history(200, 90_000, 0)
    assert {} == game.laps
    assert {"session_history.car": 1} == game.counts
