"""The view of rigs compares the running lap of each rig with the laps of its board, and only while it can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from f1timings.live.prediction.board_times import BoardTimes
from f1timings.live.prediction.steady_place import LASTS_S
from f1timings.meeting.people import Rules
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import FORMATS
from tests.live.prediction.boards import LENGTH_M, board_of, board_time
from tests.live.rig_setup import RIG, RigSetup

ADA, BEN, CLEO = (
    board_time("d:ada", 1, 80_000),
    board_time("d:ben", 2, 82_000),
    board_time("d:cleo", 3, 90_000),
)
BOARD = board_of(ADA, BEN, CLEO)
FLYING, OUT_LAP, GARAGE = 1, 3, 0
MONZA, FORMULA = 11, 0


class Boards:
    """The boards as a test has them."""

    def __init__(self, board: BoardTimes | None) -> None:
        self.board = board
        self.asked: set[tuple[str, str]] = set()

    def get(self, circuit: str, entrant: str) -> BoardTimes | None:
        self.asked.add((circuit, entrant))
        return self.board


class BensRig:
    """Ben's rig in a time trial at a circuit of 5 km, on lap 2."""

    def __init__(self, board: BoardTimes | None = BOARD, packet_format: int = 2025, **session: Any) -> None:
        self.boards = Boards(board)
        self.setup = RigSetup(packet_format, boards=self.boards)
        self.setup.people = KnownPeople(at_rigs={RIG: "Ben"}, ids_at_rigs={RIG: "ben"})
        self.rigs = self.setup.follow("rigs")
        facts = {"track_id": MONZA, "track_length": int(LENGTH_M), "formula": FORMULA} | session
        self.setup.send("session", 0.0, **facts)
        self.at = 0.0

    def look(self, clock_ms: int, distance_m: float, **car: Any) -> dict[str, Any]:
        """The row of the rig after this lap data; the sectors are Ben's."""
        self.at += 0.1
        is_seconds = self.setup.format == 2020
        clock: dict[str, Any] = (
            {"current_lap_time": clock_ms / 1000} if is_seconds else {"current_lap_time_ms": clock_ms}
        )
        known = {"current_lap_num": 2, "driver_status": FLYING, "result_status": 2, "car_position": 1}
        place = {"lap_distance": distance_m, "sector": int(distance_m * 3 / LENGTH_M)}
        self.setup.send("lap_data", self.at, cars={0: known | clock | place | car})
        return self.rigs.rows[RIG]

    def wait(self, seconds: float) -> None:
        self.at += seconds

    def row_after(self, seconds: float) -> dict[str, Any]:
        self.setup.now += seconds
        return self.rigs.rows[RIG]


COMPARED = (
    "delta_best_ms",
    "delta_first_ms",
    "delta_next_ms",
    "next_place",
    "predicted_ms",
    "predicted_place",
)
BLANK = dict.fromkeys(COMPARED)


def compared(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in COMPARED}


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_differences_are_those_at_the_place_of_the_car(packet_format: int) -> None:
    row = BensRig(packet_format=packet_format).look(20_000, 1_250.0)
    assert row["entrant"] == "d:ben"
    deltas = {"delta_best_ms": -500, "delta_first_ms": 0, "delta_next_ms": 0, "next_place": 1}
    assert compared(row) == {**deltas, "predicted_ms": None, "predicted_place": None}


def test_from_the_end_of_the_first_sector_on_the_lap_is_predicted() -> None:
    rig = BensRig()
    assert rig.look(26_000, 1_600.0)["predicted_ms"] is None
    assert rig.look(40_000, 2_500.0)["predicted_ms"] == 81_000


def test_a_place_is_predicted_once_the_gain_has_lasted() -> None:
    rig = BensRig()
    assert rig.look(38_900, 2_500.0)["predicted_place"] is None
    rig.wait(LASTS_S)
    row = rig.look(40_540, 2_600.0)
    assert (row["predicted_place"], row["predicted_ms"]) == (1, 79_900)


def test_no_place_is_predicted_without_a_gain() -> None:
    rig = BensRig()
    rig.look(42_000, 2_500.0)
    rig.wait(LASTS_S)
    row = rig.look(43_700, 2_600.0)
    assert (row["predicted_place"], row["predicted_ms"]) == (None, 83_060)


@pytest.mark.parametrize(
    "car",
    [
        {"driver_status": OUT_LAP},
        {"driver_status": GARAGE},
        {"pit_status": 1},
        {"result_status": 3},
        {"lap_distance": -50.0},
        {"lap_distance": LENGTH_M + 100},
        {"lap_distance": float("nan")},
        {"current_lap_time_ms": 0},
    ],
)
def test_nothing_is_compared_while_no_timed_lap_is_driven(car: dict[str, Any]) -> None:
    rig = BensRig()
    assert rig.look(40_000, 2_500.0)["delta_best_ms"] == -1_000
    assert compared(rig.look(40_100, 2_510.0, **car)) == BLANK


def test_an_invalid_lap_is_compared_but_predicts_nothing() -> None:
    row = BensRig().look(40_000, 2_500.0, current_lap_invalid=1)
    assert (row["delta_best_ms"], row["predicted_ms"], row["predicted_place"]) == (-1_000, None, None)


def test_a_rig_that_sends_nothing_is_not_compared() -> None:
    rig = BensRig()
    rig.look(40_000, 2_500.0)
    assert rig.row_after(1.0)["delta_best_ms"] == -1_000
    assert compared(rig.row_after(3.0)) == BLANK


def test_a_rig_that_watches_another_car_is_not_compared() -> None:
    rig = BensRig(is_spectating=1, spectator_car_index=3)
    assert compared(rig.look(40_000, 2_500.0)) == BLANK


def test_after_a_flashback_the_difference_follows_the_lap() -> None:
    rig = BensRig()
    assert rig.look(42_000, 2_500.0)["delta_best_ms"] == 1_000
    rig.at -= 0.05
    assert rig.look(20_000, 1_250.0)["delta_best_ms"] == -500


def test_a_car_that_goes_back_loses_what_the_clock_says() -> None:
    rig = BensRig()
    rig.look(40_000, 2_500.0)
    assert rig.look(45_000, 2_400.0)["delta_best_ms"] == 45_000 - 39_360


def test_without_a_board_nothing_is_compared() -> None:
    rig = BensRig(board=None)
    assert compared(rig.look(40_000, 2_500.0)) == BLANK
    assert rig.boards.asked == {("Monza", "d:ben")}


def test_laps_of_another_class_of_cars_are_not_compared() -> None:
    assert compared(BensRig(formula=2).look(40_000, 2_500.0)) == BLANK


def test_on_a_circuit_of_another_length_only_the_sectors_are_compared() -> None:
    rig = BensRig(track_length=5_100)
    sector = {"sector1_time_ms": 27_400, "sector": 1}
    assert compared(rig.look(20_000, 1_250.0)) == BLANK
    assert rig.look(40_000, 2_500.0, **sector)["delta_best_ms"] == 70


@pytest.mark.parametrize(
    "rules", [Rules(session_types=("Race",)), Rules(formats=(2020,)), Rules(assists_allowed=False)]
)
def test_a_lap_that_may_not_count_gets_no_place(rules: Rules) -> None:
    rig = BensRig(board=replace(BOARD, rules=rules), session_type=18)
    rig.look(39_000, 2_500.0)
    rig.wait(LASTS_S)
    row = rig.look(40_600, 2_600.0)
    assert (row["predicted_place"], row["predicted_ms"] is None) == (None, False)


def test_who_has_no_lap_is_compared_with_the_first_and_the_last_place() -> None:
    rig = BensRig()
    rig.setup.people = KnownPeople(at_rigs={RIG: "New"}, ids_at_rigs={RIG: "new"})
    row = rig.look(44_000, 2_500.0)
    assert (row["delta_best_ms"], row["delta_first_ms"], row["delta_next_ms"]) == (None, 4_000, -1_000)
    assert (row["next_place"], row["predicted_ms"]) == (3, 88_000)
    rig.wait(LASTS_S)
    assert rig.look(45_760, 2_600.0)["predicted_place"] == 3


@pytest.mark.parametrize(
    ("people", "entrant"),
    [
        (KnownPeople(), f"r:{RIG}"),
        (KnownPeople(at_rigs={RIG: "Ben"}, ids_at_rigs={RIG: "ben"}), "d:ben"),
        (KnownPeople(at_rigs={RIG: None}, ids_by_game_name={"BEN77": "ben"}), f"r:{RIG}"),
        (KnownPeople(ids_by_game_name={"BEN77": "ben"}), "d:ben"),
        (KnownPeople(ids_by_game_name={"Player": "ben"}), f"r:{RIG}"),
    ],
)
def test_the_lap_belongs_to_who_gets_it_on_the_board(people: KnownPeople, entrant: str) -> None:
    assert entrant == people.entrant(RIG, "BEN77")
