"""The simulated session at one moment: all cars, their order, race control, and what just happened."""

from __future__ import annotations

from collections.abc import Iterator

from f1timings.simulator.cars import DrivenLap, Happening, SimulatedCar
from f1timings.simulator.plans import SessionPlan
from f1timings.simulator.race_control import NOBODY, VIRTUAL_SAFETY_CAR, GameEvent, events_of, signals_of

_LOOKS_MS = 1_000
"""How often the order is looked at when a past is gone through again."""


class World:
    """All cars of a session, moved on together.

    Attributes:
        cars: by car index, ghosts too.
        racers: the cars that are no ghosts.
        clock_ms: session clock.
        best_lap: the best valid lap so far.
        safety_car_status: 0 none, 2 virtual.
        lap_orders: at each lap's first completion and at the start: position by car index.
    """

    def __init__(self, plan: SessionPlan) -> None:
        self.plan = plan
        self.cars = [_car(plan, index) for index in range(len(plan.entrants))]
        self.racers = [car for car in self.cars if not car.entrant.is_ghost]
        self.clock_ms = -float(plan.grid_ms)
        self.best_lap: DrivenLap | None = None
        self.fastest_trap: tuple[float, int] = (0.0, NOBODY)
        self.safety_car_status = 0
        self.safety_car_periods = 0
        self.red_flag_periods = 0
        self._signals = sorted(signals_of(plan), key=lambda signal: signal.at)
        self.lap_orders: dict[int, dict[int, int]] = {}
        self._top_kmh = max(place.speed_ms for place in plan.course.places) * 3.6

    @classmethod
    def at(cls, plan: SessionPlan, clock_ms: float) -> World:
        """The world of a plan at a moment, as after a flashback."""
        world = cls(plan)
        for past_ms in range(0, int(clock_ms), _LOOKS_MS):
            world.advance(float(past_ms))
            world.rank()
        world.advance(clock_ms)
        world.rank()
        return world

    @property
    def is_race(self) -> bool:
        """Whether cars are ordered by where they are, rather than by their best laps."""
        return self.plan.kind == "race"

    def total_distance(self, car: SimulatedCar) -> float:
        """Metres since the first crossing of the line."""
        return (car.phase.lap - 1) * self.plan.course.length_m + car.distance

    def advance(self, clock_ms: float) -> tuple[list[Happening], list[GameEvent]]:
        """Move on to a moment; returns what happened and the game's events about it, in order of time."""
        self.clock_ms = clock_ms
        happenings: list[Happening] = []
        for car in self.cars:
            if car.due <= clock_ms:
                car.advance(clock_ms, happenings)
            phase = car.phase
            table = phase.table
            step = phase.step + (clock_ms - phase.begins) * phase.rate
            index = int(step)
            here = table[index]
            gain = table[index + 1] - here
            car.distance = here + gain * (step - index)
            car.speed_ms = gain * phase.rate * 1000.0
        if not happenings and not (self._signals and self._signals[0].at <= clock_ms):
            return happenings, []
        happenings.sort(key=lambda happening: happening.at)
        events = list(self._due_signals())
        for happening in happenings:
            events.extend(self._told(happening))
        return happenings, events

    def rank(self) -> list[GameEvent]:
        """Order the cars anew; returns the overtakes that this shows."""
        held = {car.position: car for car in self.racers}
        order = sorted(self.racers, key=self._race_key if self.is_race else _best_key)
        overtakes: list[GameEvent] = []
        ahead: SimulatedCar | None = None
        for position, car in enumerate(order, start=1):
            if self.is_race:
                if position < car.position and self.clock_ms > 0.0:
                    overtakes.extend(_overtake(car, held.get(position)))
                self._gaps(car, ahead, order[0])
            ahead = car
        for position, car in enumerate(order, start=1):
            car.position = position
            car.changed = car.changed or car.pit_lane_since > 0
        return overtakes

    def _gaps(self, car: SimulatedCar, ahead: SimulatedCar | None, leader: SimulatedCar) -> None:
        if car.is_retired:
            car.gap_ahead_ms = car.gap_leader_ms = 0
            return
        car.gap_leader_ms = self._gap(leader, car)
        car.gap_ahead_ms = self._gap(ahead, car) if ahead is not None else 0

    def _gap(self, first: SimulatedCar, second: SimulatedCar) -> int:
        if first.finishes_at is not None and second.is_finished and second.finishes_at is not None:
            return max(0, second.finishes_at - first.finishes_at)
        ms_a_metre = self.plan.course.circuit.lap_ms / self.plan.course.length_m
        return max(0, round((self.total_distance(first) - self.total_distance(second)) * ms_a_metre))

    def _race_key(self, car: SimulatedCar) -> tuple[int, float]:
        if car.is_retired:
            return 2, -self.total_distance(car)
        if car.is_finished:
            return 0, -len(car.laps) * 1e9 + (car.finishes_at or 0)
        return 1, -self.total_distance(car)

    def _due_signals(self) -> Iterator[GameEvent]:
        while self._signals and self._signals[0].at <= self.clock_ms:
            event = self._signals.pop(0).event
            if event.code == "SCAR":
                self._safety_car(event.details["event_type"])
            elif event.code == "RDFL":
                self.red_flag_periods += 1
            yield event

    def _safety_car(self, event_type: int) -> None:
        self.safety_car_status = VIRTUAL_SAFETY_CAR if event_type < 2 else 0
        self.safety_car_periods += event_type == 0

    def _told(self, happening: Happening) -> Iterator[GameEvent]:
        if happening.lap is not None:
            yield from self._lap_events(happening.car, happening.lap)
        if happening.mark is not None:
            yield from events_of(happening.car, happening.mark)

    def _lap_events(self, car: SimulatedCar, lap: DrivenLap) -> Iterator[GameEvent]:
        self.lap_orders.setdefault(lap.lap_number, {})[car.index] = car.position
        yield from self._trap(car, lap)
        is_best = self.best_lap is None or lap.lap_time_ms < self.best_lap.lap_time_ms
        if is_best and lap.valid_bits & 1:
            self.best_lap = lap
            yield GameEvent("FTLP", {"vehicle_idx": car.index, "lap_time": lap.lap_time_ms / 1000.0})

    def _trap(self, car: SimulatedCar, lap: DrivenLap) -> Iterator[GameEvent]:
        """The speed trap counts at the end of the lap here; its speed follows from the lap's last sector."""
        speed = self._top_kmh * (1.0 + (lap.sector3_ms % 97 - 48) / 3000.0)
        if speed <= car.trap_speed_kmh:
            return
        car.trap_speed_kmh, car.trap_lap = speed, lap.lap_number
        is_fastest = speed > self.fastest_trap[0]
        if is_fastest:
            self.fastest_trap = (speed, car.index)
        yield GameEvent(
            "SPTP",
            {
                "vehicle_idx": car.index,
                "speed": speed,
                "is_overall_fastest_in_session": int(is_fastest),
                "is_driver_fastest_in_session": 1,
                "fastest_vehicle_idx_in_session": self.fastest_trap[1],
                "fastest_speed_in_session": self.fastest_trap[0],
            },
        )


def _car(plan: SessionPlan, index: int) -> SimulatedCar:
    return SimulatedCar(
        entrant=plan.entrants[index],
        timeline=plan.timelines[index],
        compound=plan.compounds[index],
        grid_position=plan.grid[index],
        finishes_at=plan.finished_at.get(index),
        race_laps=plan.laps,
    )


def _overtake(car: SimulatedCar, passed: SimulatedCar | None) -> Iterator[GameEvent]:
    """An overtake, if both cars run on the track."""
    if passed is None or not (car.is_running and passed.is_running) or passed.pit_lane_since:
        return
    details = {"overtaking_vehicle_idx": car.index, "being_overtaken_vehicle_idx": passed.index}
    yield GameEvent("OVTK", details, since=2023)


def _best_key(car: SimulatedCar) -> tuple[int, int]:
    return (car.best_lap.lap_time_ms, car.index) if car.best_lap else (10**9, car.index)
