"""Learning the outline of a circuit from the cars of one session at a time."""

from __future__ import annotations

from dataclasses import replace

from f1timings.outlines.agreement import ENOUGH, Agreement
from f1timings.outlines.paths import LanePath, LapPath
from f1timings.outlines.readings import CarsInFrame, CircuitFacts
from f1timings.outlines.records import Outline, OutlineKey, PitLaneOutline, Point
from f1timings.outlines.shapes import Place, Shape, points_of_lap
from f1timings.timing.statuses import ACTIVE

ENOUGH_PASSES = 2
"""So many drives through the pits that agree are enough."""

# The cars of a session that are followed: one car may spoil many laps, and more cars cost more.
MOST_CARS = 4
# The widest tracks are 15 m wide, and cars run wide; lap distances are those of the middle of the track.
LAP_TOLERANCE_M, LAP_SHARE = 15.0, 0.97
# The pit lane is compared by its own length, which differs with the first and last sample in it.
_LANE_TOLERANCE_M = 40.0


class CircuitLearner:
    """Everything that is learned of one circuit in one format.

    Args:
        length_m: of the lap.
        stored: what was known before; ignored if the lap has another length.

    Attributes:
        outline: as known now; None before the first complete lap.
    """

    def __init__(self, key: OutlineKey, length_m: int, stored: Outline | None = None) -> None:
        self.key = key
        self.length_m = length_m
        self.outline = stored
        fits = stored is not None and len(stored.points) == points_of_lap(length_m)
        known = stored if fits else None
        self._laps = Agreement(
            LAP_TOLERANCE_M,
            LAP_SHARE,
            stored=None if known is None else _lap_shape(known),
            count=known.laps if known else 0,
        )
        lane = known.pit_lane if known else None
        self._lanes = Agreement(
            _LANE_TOLERANCE_M,
            stored=None if lane is None else Shape(lane.points, (lane.entry_m, lane.exit_m)),
            count=known.pit_passes if known else 0,
        )

    @property
    def has_enough_laps(self) -> bool:
        """Whether more laps would hardly change the outline."""
        return self._laps.count >= ENOUGH

    @property
    def has_enough_passes(self) -> bool:
        """Whether the pit lane is known well enough."""
        return self._lanes.count >= ENOUGH_PASSES

    def add_lap(self, lap: Shape, facts: CircuitFacts) -> bool:
        """Add a lap; return whether it agrees with the outline."""
        agrees = self._laps.add(lap)
        self._update(facts)
        return agrees

    def add_pass(self, lane: Shape, facts: CircuitFacts) -> None:
        """Add a drive through the pits."""
        self._lanes.add(lane)
        self._update(facts)

    def _update(self, facts: CircuitFacts) -> None:
        lap = self._laps.believed
        if lap is None:
            return
        sectors = facts.sector_starts_m if None not in facts.sector_starts_m else lap.marks_m
        outline = Outline(
            key=self.key,
            track_length_m=self.length_m,
            points=_rounded(lap.points),
            sector2_start_m=_tenth(sectors[0]),
            sector3_start_m=_tenth(sectors[1]),
            pit_lane=self._pit_lane(),
            marshal_zone_starts_m=facts.zone_starts_m,
            laps=self._laps.count,
            pit_passes=self._lanes.count,
        )
        revision = 0 if self.outline is None else self.outline.revision
        if self.outline is None or replace(outline, revision=revision) != self.outline:
            self.outline = replace(outline, revision=revision + 1)

    def _pit_lane(self) -> PitLaneOutline | None:
        lane = self._lanes.believed
        if lane is None:
            return None
        entry_m, exit_m = (_tenth(mark) or 0.0 for mark in lane.marks_m)
        return PitLaneOutline(entry_m=entry_m, exit_m=exit_m, points=_rounded(lane.points))


def _lap_shape(outline: Outline) -> Shape:
    return Shape(outline.points, (outline.sector2_start_m, outline.sector3_start_m))


def _rounded(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((round(x, 1), round(z, 1)) for x, z in points)


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


class SessionLearner:
    """Reads laps and drives through the pits from the cars of one session.

    Args:
        circuit: learns from them.
        facts: of the newest session packet.
    """

    def __init__(self, circuit: CircuitLearner, facts: CircuitFacts) -> None:
        self.circuit = circuit
        self.facts = facts
        self._frame = -1
        self._agrees = False
        self._laps: dict[int, LapPath] = {}
        self._lanes: dict[int, LanePath] = {}
        # The cars that were in the pits at the moment before; None before the first.
        self._in_pits: set[int] | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be learned: the outline is good, and fits this session."""
        knows_pits = self.circuit.has_enough_passes or not self.facts.has_pits
        return self.circuit.has_enough_laps and self._agrees and knows_pits

    def handle_cars(self, now: CarsInFrame) -> None:
        """Handle the newest frame; a frame before the last one is after a flashback."""
        if now.frame == self._frame:
            return
        if now.frame < self._frame:
            self._forget()
        self._frame = now.frame
        if not (self.circuit.has_enough_laps and self._agrees):
            self._handle_laps(now)
        if self.facts.has_pits and not self.circuit.has_enough_passes:
            self._handle_pits(now)

    def _forget(self) -> None:
        self._laps.clear()
        self._lanes.clear()
        self._in_pits = None

    def _handle_laps(self, now: CarsInFrame) -> None:
        for car in self._cars(now):
            path = self._laps.get(car)
            if path is None:
                path = self._laps[car] = LapPath(self.circuit.length_m)
            reading, point = now.cars[car], now.point(car)
            if point is None or not reading.is_clean:
                path.drop()
                continue
            lap = path.handle_place(Place(reading.distance_m, *point), reading.sector)
            if lap is not None:
                self._agrees = self.circuit.add_lap(lap, self.facts)

    def _cars(self, now: CarsInFrame) -> list[int]:
        """The own car and a few others; those that are followed already stay."""
        cars = now.cars
        followed = [car for car in self._laps if car < len(cars) and cars[car].result_status == ACTIVE]
        if len(followed) >= MOST_CARS:
            return followed
        order = dict.fromkeys([*followed, now.own_car, *range(len(cars))])
        driving = [car for car in order if car < len(cars) and cars[car].result_status == ACTIVE]
        for gone in self._laps.keys() - driving[:MOST_CARS]:
            del self._laps[gone]
        return driving[:MOST_CARS]

    def _handle_pits(self, now: CarsInFrame) -> None:
        in_pits = {car for car, reading in enumerate(now.cars) if reading.is_in_pits}
        before, self._in_pits = self._in_pits, in_pits
        for car in self._lanes.keys() - in_pits:
            lane = self._lanes.pop(car).end()
            if lane is not None and now.cars[car].result_status == ACTIVE:
                self.circuit.add_pass(lane, self.facts)
        for car in in_pits:
            self._handle_in_pits(now, car, is_entry=before is not None and car not in before)

    def _handle_in_pits(self, now: CarsInFrame, car: int, *, is_entry: bool) -> None:
        point = now.point(car)
        if point is None:
            self._lanes.pop(car, None)
            return
        place = Place(now.cars[car].distance_m, *point)
        if car in self._lanes:
            self._lanes[car].handle_place(place)
        elif is_entry:
            self._lanes[car] = LanePath(self.circuit.length_m, place)
