"""Outlines are learned from clean laps, and no bad lap spoils one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from f1timings.outlines.agreement import ENOUGH
from f1timings.outlines.learning import CircuitLearner
from f1timings.outlines.records import Point, from_json, to_json
from f1timings.packets import FORMATS
from f1timings.simulator import Scenario
from tests.outlines.driving import (
    FACTS,
    KEY,
    KINDS,
    LENGTH_M,
    Driver,
    course_of_track,
    errors_m,
    learn,
    on_circle,
)

# The simulated cars keep up to 2.5 m beside the middle of the track; chords between samples add the rest.
TOLERANCE_M = 3.0
MONACO = 5


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_outline_is_the_course_of_the_simulator(packet_format: int) -> None:
    rate_hz = 20 if packet_format in (2021, 2024) else 60
    scenario = Scenario(
        "time_trial", packet_format, laps=2, cars=3, seed=1, rate_hz=rate_hz, track_id=MONACO, kinds=KINDS
    )
    outline = learn(scenario).circuit.outline
    course = course_of_track(MONACO)
    assert outline is not None
    assert (MONACO, packet_format) == outline.key
    count = len(outline.points)
    assert 300 <= count <= 500
    distances_m = [course.length_m * at / count for at in range(count)]
    assert max(errors_m(course, outline.points, distances_m)) < TOLERANCE_M
    starts_m = (outline.sector2_start_m, outline.sector3_start_m)
    assert pytest.approx(course.sector_starts_m[1:3], abs=8.0) == starts_m
    assert 16 == len(outline.marshal_zone_starts_m)
    assert outline.pit_lane is None


def test_the_pit_lane_is_learned_from_cars_in_the_pits() -> None:
    scenario = Scenario("race", 2025, laps=6, cars=4, seed=3, track_id=MONACO, pit_stops=1, kinds=KINDS)
    outline = learn(scenario).circuit.outline
    course = course_of_track(MONACO)
    assert outline is not None
    lane = outline.pit_lane
    assert lane is not None
    assert pytest.approx(course.pit_entry_m, abs=5.0) == lane.entry_m
    length_m = (lane.exit_m - lane.entry_m) % course.length_m
    steps = len(lane.points) - 1
    distances_m = [lane.entry_m + length_m * step / steps for step in range(steps + 1)]
    assert max(errors_m(course, lane.points, distances_m)) < 2 * TOLERANCE_M
    assert 2 == outline.pit_passes


def test_a_session_teaches_nothing_more_once_its_laps_agree_and_the_pit_lane_is_known() -> None:
    driver = Driver()
    driver.drive_laps(ENOUGH)
    assert driver.session.is_settled is False
    for _ in range(2):
        driver.drive(500.0, pit_status=1)
        driver.drive(LENGTH_M - 500.0)
    assert driver.session.is_settled is True


def test_a_time_trial_needs_no_pit_lane() -> None:
    driver = Driver(facts=FACTS._replace(has_pits=False))
    driver.drive_laps(ENOUGH)
    assert driver.session.is_settled is True


def test_the_outline_is_known_from_the_first_complete_lap() -> None:
    driver = Driver()
    driver.drive(50.0 + LENGTH_M - 5.0)
    assert 0 == driver.laps
    driver.drive(15.0)
    assert 1 == driver.laps
    assert largest_error_m(driver) < 0.1


def test_a_lap_that_was_begun_elsewhere_than_at_the_line_teaches_nothing() -> None:
    driver = Driver(distance_m=500.0)
    driver.drive(LENGTH_M - 400.0)
    assert driver.outline is None


@pytest.mark.parametrize(
    ("name", "value"), [("pit_status", 1), ("invalid", 1), ("step_m", 50.0)], ids=["pits", "invalid", "gap"]
)
def test_a_lap_that_is_not_clean_teaches_nothing(name: str, value: float) -> None:
    driver = Driver()
    driver.drive(2000.0)
    driver.drive(50.0, **{name: value})  # type: ignore[arg-type]
    driver.drive(LENGTH_M - 1990.0)
    assert 0 == driver.laps
    driver.drive(LENGTH_M + 10.0)
    assert 1 == driver.laps


@pytest.mark.parametrize("place", [(math.nan, 1.0), (0.0, 0.0), (1e30, 1.0), (9000.0, 9000.0)])
def test_a_place_that_no_car_can_have_teaches_nothing(place: Point) -> None:
    driver = Driver()
    driver.drive(2000.0)
    driver.drive(5.0, place=lambda _distance_m: place)
    driver.drive(LENGTH_M - 1900.0)
    assert driver.outline is None


def test_without_motion_nothing_is_invented() -> None:
    driver = Driver()
    driver.drive_laps(3, place=lambda _distance_m: (0.0, 0.0))
    assert driver.outline is None


def test_a_lap_with_a_flashback_teaches_nothing() -> None:
    driver = Driver()
    driver.drive(2000.0)
    driver.distance_m, driver.frame = 1800.0, driver.frame - 200
    driver.drive(LENGTH_M - 1790.0)
    assert driver.outline is None


def test_a_lap_beside_the_track_changes_nothing() -> None:
    driver = Driver()
    driver.drive_laps(2)
    before = driver.outline
    driver.drive_laps(1, place=wide)
    assert before is not None
    assert driver.outline == before
    driver.drive_laps(2)
    assert largest_error_m(driver) < 0.1


def test_a_first_lap_beside_the_track_is_replaced_by_the_next_two() -> None:
    driver = Driver()
    driver.drive_laps(1, place=wide)
    assert largest_error_m(driver) > 60.0
    driver.drive_laps(2)
    assert largest_error_m(driver) < 0.1


def test_one_lap_that_runs_wide_for_a_moment_leaves_no_dent() -> None:
    driver = Driver()
    driver.drive_laps(2)
    driver.drive_laps(
        1,
        place=lambda at: on_circle(
            at, 25.0 * max(0.0, math.cos((at - 500.0) / 30.0)) * (abs(at - 500.0) < 45.0)
        ),
    )
    driver.drive_laps(1)
    assert driver.outline is not None
    assert 4 == driver.outline.laps
    assert largest_error_m(driver) < 0.1


def test_a_stored_outline_of_another_world_is_replaced() -> None:
    old = Driver()
    old.drive_laps(ENOUGH)
    driver = Driver(circuit=CircuitLearner(KEY, LENGTH_M, old.outline))
    driver.drive_laps(1, place=elsewhere)
    assert old.outline is not None
    assert driver.outline is not None
    assert old.outline.points == driver.outline.points
    driver.drive_laps(3, place=elsewhere)
    assert largest_error_m(driver, elsewhere) < 0.1


def test_a_stored_outline_is_improved_and_a_session_that_fits_is_settled_after_one_lap() -> None:
    old = Driver(facts=FACTS._replace(has_pits=False))
    old.drive_laps(ENOUGH)
    assert old.outline is not None
    stored = from_json(KEY, to_json(old.outline))
    assert old.outline == stored
    driver = Driver(CircuitLearner(KEY, LENGTH_M, stored), FACTS._replace(has_pits=False))
    driver.drive_laps(1)
    assert driver.session.is_settled is False
    driver.drive_laps(1)
    assert ENOUGH == driver.laps
    assert driver.session.is_settled is True


def test_a_stored_outline_of_a_lap_of_another_length_is_not_combined() -> None:
    old = Driver()
    old.drive_laps(1)
    assert old.outline is not None
    stored = replace(old.outline, points=old.outline.points[:-20])
    driver = Driver(circuit=CircuitLearner(KEY, LENGTH_M, stored))
    driver.drive_laps(1)
    assert driver.outline is not None
    assert (1, 2) == (driver.outline.laps, driver.outline.revision)
    assert len(old.outline.points) == len(driver.outline.points)


def bulge(distance_m: float, at_m: float, half_m: float, height_m: float) -> Point:
    """Where a car is that runs wide around one place, and drives on the circle elsewhere."""
    part = abs(distance_m - at_m) / half_m
    return on_circle(distance_m, height_m * (1.0 + math.cos(math.pi * part)) / 2.0 if part < 1.0 else 0.0)


def wide(distance_m: float) -> Point:
    """Where a car is that drives beside the track for a third of the lap."""
    return bulge(distance_m, LENGTH_M / 2.0, LENGTH_M / 6.0, 70.0)


def elsewhere(distance_m: float) -> Point:
    """The same circle in another world."""
    x, z = on_circle(distance_m)
    return x + 500.0, -z


def largest_error_m(driver: Driver, place: Callable[[float], Point] = on_circle) -> float:
    """How far the outline is from the circle."""
    outline = driver.outline
    assert outline is not None
    count = len(outline.points)
    return max(math.dist(point, place(LENGTH_M * at / count)) for at, point in enumerate(outline.points))
