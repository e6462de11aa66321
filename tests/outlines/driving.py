"""Cars to learn from: those of the simulator, and one that a test drives around a circle."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from f1timings.outlines.learning import CircuitLearner, SessionLearner
from f1timings.outlines.readings import CarReading, CarsInFrame, CircuitFacts, read_cars, read_circuit
from f1timings.outlines.records import Outline, OutlineKey, Point
from f1timings.packets import identify
from f1timings.simulator import Scenario, simulate
from f1timings.simulator.circuits import CIRCUITS
from f1timings.simulator.courses import BIN_M, Course, course_of

KINDS = frozenset({"session", "lap_data", "motion"})
SAMPLE_S = 1 / 15
LENGTH_M = 4000
RADIUS_M = LENGTH_M / math.tau
STEP_M = 5.0
KEY = OutlineKey(7, 2025)
FACTS = CircuitFacts(
    session_uid=1,
    key=KEY,
    length_m=LENGTH_M,
    sector_starts_m=(None, None),
    zone_starts_m=(0.0, 2000.0),
    zone_flags=(0, 0),
    has_pits=True,
)


def learn(scenario: Scenario) -> SessionLearner:
    """Learn from a simulated rig until nothing more is to be learned, as the server does."""
    newest: dict[str, bytes] = {}
    learner: SessionLearner | None = None
    due = 0.0
    for at, _rig, data in simulate(scenario):
        newest[identify(data).kind] = data
        cars = read_cars(newest["motion"], newest["lap_data"]) if at >= due and len(newest) == 3 else None
        if cars is None:
            continue
        due = at + SAMPLE_S
        facts = read_circuit(newest["session"])
        assert facts is not None
        if learner is None:
            learner = SessionLearner(CircuitLearner(facts.key, facts.length_m), facts)
        learner.handle_cars(cars)
        if learner.is_settled:
            break
    assert learner is not None
    return learner


def course_of_track(track_id: int) -> Course:
    """The true course of a simulated circuit."""
    return course_of(next(circuit for circuit in CIRCUITS if circuit.track_id == track_id))


def place_on(course: Course, distance_m: float) -> Point:
    """The middle of the track at a lap distance."""
    at = distance_m % course.length_m / BIN_M
    place = course.places[int(at)]
    ahead_m = (at - int(at)) * BIN_M
    return place.x + place.heading_x * ahead_m, place.z + place.heading_z * ahead_m


def errors_m(course: Course, points: tuple[Point, ...], distances_m: list[float]) -> list[float]:
    """How far each point is from the middle of the track at its lap distance."""
    return [
        math.dist(point, place_on(course, distance_m))
        for point, distance_m in zip(points, distances_m, strict=True)
    ]


def on_circle(distance_m: float, aside_m: float = 0.0) -> Point:
    """A point on the circle that a test's car drives, or outside of it."""
    angle, radius_m = distance_m / RADIUS_M, RADIUS_M + aside_m
    return radius_m * math.cos(angle), radius_m * math.sin(angle)


@dataclass
class Driver:
    """A car that a test drives around the circle.

    Attributes:
        distance_m: since the start line of its first lap.
    """

    circuit: CircuitLearner = field(default_factory=lambda: CircuitLearner(KEY, LENGTH_M))
    facts: CircuitFacts = FACTS
    distance_m: float = -50.0
    frame: int = 0

    def __post_init__(self) -> None:
        self.session = SessionLearner(self.circuit, self.facts)

    @property
    def outline(self) -> Outline | None:
        return self.circuit.outline

    @property
    def laps(self) -> int:
        """The number of laps on which the outline rests."""
        return 0 if self.outline is None else self.outline.laps

    def drive(
        self,
        metres: float,
        *,
        place: Callable[[float], Point] = on_circle,
        pit_status: int = 0,
        invalid: int = 0,
        step_m: float = STEP_M,
    ) -> None:
        """Drive on; ``place`` is where the car is at a distance in the lap."""
        for _ in range(round(metres / step_m)):
            self.distance_m += step_m
            self.frame += 4
            lap_m = self.distance_m % LENGTH_M if self.distance_m >= 0 else self.distance_m
            sector = 0 if lap_m < 1000 else 1 if lap_m < 2500 else 2
            car = CarReading(lap_m, sector, pit_status, invalid, 2)
            self.session.handle_cars(CarsInFrame(1, self.frame, 0, [car], [place(lap_m)]))

    def drive_laps(self, count: int, place: Callable[[float], Point] = on_circle) -> None:
        """Drive so many whole laps, from just behind the line to just behind the line."""
        if self.distance_m < 0:
            self.drive(60.0, place=place)
        self.drive(count * LENGTH_M, place=place)
