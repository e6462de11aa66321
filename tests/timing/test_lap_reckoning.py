"""Between which session times a lap began that only a session history shows."""

from __future__ import annotations

import pytest

from f1timings.timing.events import EngineEvent, LapRecorded
from tests.timing.one_game import Game


class Reckoned(Game):
    """A game that notes between which session times each lap began."""

    def __init__(self) -> None:
        super().__init__(2025)
        self.began: dict[int, tuple[float, float] | None] = {}

    def handle_events(self, events: list[EngineEvent]) -> None:  # type: ignore[override]
        super().handle_events(events)
        for event in events:
            if isinstance(event, LapRecorded):
                self.began[event.lap.lap_number] = event.began_between_s

    def return_on(self, lap: int, now: float, clock: int, *lap_times: int) -> None:
        """The network returns while the car is on a lap, and a history lists the laps before it."""
        self.now = now
        self.drive(lap, clock, last=lap_times[-1])
        self.history(0, *lap_times, 0)


def near(*bounds: float) -> tuple[float, ...]:
    return pytest.approx(bounds, abs=0.02)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("returns_at", "lap_2", "lap_3"),
    [(280.0, (90, 90), (181, 181)), (580.0, (90, 390), (181, 481))],
    ids=["one moment without a stop", "two bounds if the car may have stopped in the garage"],
)
def test_laps_lost_in_a_gap_began_between_two_moments(
    returns_at: float, lap_2: tuple[float, float], lap_3: tuple[float, float]
) -> None:
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    game.return_on(4, returns_at, 5_000, 90_000, 91_000, 94_000)
    assert near(*lap_2) == game.began[2]
    assert near(*lap_3) == game.began[3]


def test_laps_from_before_the_first_packet_began_after_the_session() -> None:
    game = Reckoned()
    game.session()
    game.return_on(3, 280.0, 5_000, 90_000, 91_000)
    assert near(0, 94) == game.began[1]
    assert near(90, 184) == game.began[2]


def test_a_lap_that_was_seen_to_begin_has_its_start_even_if_its_end_was_lost() -> None:
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.return_on(4, 280.0, 5_000, 90_000, 91_000, 94_000)
    assert near(90, 90) == game.began[2]


def test_a_lap_that_begins_again_within_a_sector_began_at_one_of_two_moments() -> None:
    """No column that is compared in each packet changes there."""
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    for now, lap, clock, last_ms in (
        (90.006, 2, 6, 90_000),
        (99.9, 2, 9_900, 90_000),
        (100.0, 2, 10, 90_000),
        (190.0, 2, 90_010, 90_000),
        (190.5, 3, 10, 90_500),
    ):
        game.now = now
        game.drive(lap, clock, last=last_ms)
    assert near(90, 99.99) == game.began[2]


def test_a_lap_that_begins_again_in_a_gap_began_at_one_of_two_moments() -> None:
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.return_on(4, 300.0, 5_000, 90_000, 91_000, 94_000)
    assert near(90, 110) == game.began[2]


def test_a_lap_with_its_time_in_lap_data_only_began_so_long_before_the_lap_after_it() -> None:
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    game.now = 280.0
    game.drive(4, 5_000, last=94_000)
    began = game.began[3]
    assert began is not None
    assert near(181) == began[1:]


def test_the_last_lap_of_a_session_began_before_the_time_that_it_took() -> None:
    game = Reckoned()
    game.session()
    game.whole_lap(1, 90_000)
    game.now = 300.0
    game.event(b"SEND")
    game.history(0, 90_000, 91_000)
    assert near(90, 209) == game.began[2]
