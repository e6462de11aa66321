"""The simulated session at one moment: all cars, their order, race control, and the latest events."""

from __future__ import annotations

from collections.abc import Iterator

from f1timings.simulator.cars import Happening, SimulatedCar
from f1timings.simulator.driven_laps import DrivenLap
from f1timings.simulator.plans import SessionPlan
from f1timings.simulator.race_control import NO_CAR, VIRTUAL_SAFETY_CAR, GameEvent, events_of, signals_of

_REPLAY_STEP_MS = 1_000
"""How often the order is computed when the past of a plan is replayed."""


class World:
    """All cars of a session at the same moment.

    Attributes:
        cars: by car index, including ghosts.
        racers: the cars that are not ghosts.
        clock_ms: session clock.
        best_lap: the best valid lap so far.
        fastest_trap: the highest speed in the speed trap, km/h, and the index of its car.
        safety_car_status: 0 none, 2 virtual.
        lap_orders: position by car index, by lap; each car has its position when it completed the lap.
    """

    def __init__(self, plan: SessionPlan) -> None:
        self.plan = plan
        self.cars = [_car(plan, index) for index in range(len(plan.entrants))]
        self.racers = [car for car in self.cars if not car.entrant.is_ghost]
        self.clock_ms = -float(plan.grid_ms)
        self.best_lap: DrivenLap | None = None
        self.fastest_trap: tuple[float, int] = (0.0, NO_CAR)
        self.safety_car_status = 0
        self.safety_car_periods = 0
        self.red_flag_periods = 0
        self._signals = sorted(signals_of(plan), key=lambda signal: signal.at)
        self.lap_orders: dict[int, dict[int, int]] = {}
        self._top_kmh = max(place.speed_ms for place in plan.course.places) * 3.6

    @classmethod
    def at(cls, plan: SessionPlan, clock_ms: float) -> World:
        """The world of a plan at a moment, for example after a flashback."""
        world = cls(plan)
        for past_ms in range(0, int(clock_ms), _REPLAY_STEP_MS):
            world.advance(float(past_ms))
            world.rank()
        world.advance(clock_ms)
        world.rank()
        return world

    @property
    def is_race(self) -> bool:
        """Whether cars are ordered by their distance, rather than by their best laps."""
        return self.plan.kind == "race"

    def total_distance(self, car: SimulatedCar) -> float:
        """Metres since the first crossing of the line."""
        return (car.phase.lap - 1) * self.plan.course.length_m + car.distance

    def advance(self, clock_ms: float) -> tuple[list[Happening], list[GameEvent]]:
        """Go forward to a moment; return what happened and the events of the game, in order of time."""
        self.clock_ms = clock_ms
        happenings: list[Happening] = []
        for car in self.cars:
            if car.due <= clock_ms:
                car.advance(clock_ms, happenings)
            phase = car.phase
            table = phase.table
            step = phase.step + (clock_ms - phase.begins) * phase.rate
            index = int(step)
            before = table[index]
            gain = table[index + 1] - before
            car.distance = before + gain * (step - index)
            car.speed_ms = gain * phase.rate * 1000.0
        if not happenings and not (self._signals and self._signals[0].at <= clock_ms):
            return happenings, []
        happenings.sort(key=lambda happening: happening.at)
        events = list(self._due_signals())
        for happening in happenings:
            events.extend(self._events_about(happening))
        return happenings, events

    def rank(self) -> list[GameEvent]:
        """Compute the order of the cars; return the overtakes since the last time."""
        before = {car.position: car for car in self.racers}
        order = sorted(self.racers, key=self._race_key if self.is_race else _best_key)
        overtakes: list[GameEvent] = []
        ahead: SimulatedCar | None = None
        for position, car in enumerate(order, start=1):
            if self.is_race:
                if position < car.position and self.clock_ms > 0.0:
                    overtakes.extend(_overtake(car, before.get(position)))
                self._update_gaps(car, ahead, order[0])
            ahead = car
        for position, car in enumerate(order, start=1):
            car.position = position
            car.has_changed = car.has_changed or car.pit_lane_since > 0
        return overtakes

    def _update_gaps(self, car: SimulatedCar, ahead: SimulatedCar | None, leader: SimulatedCar) -> None:
        if car.is_retired:
            car.gap_ahead_ms = car.gap_leader_ms = 0
            return
        car.gap_leader_ms = self._gap_ms(leader, car)
        car.gap_ahead_ms = self._gap_ms(ahead, car) if ahead is not None else 0

    def _gap_ms(self, first: SimulatedCar, second: SimulatedCar) -> int:
        if first.finishes_at is not None and second.is_finished and second.finishes_at is not None:
            return max(0, second.finishes_at - first.finishes_at)
        ms_per_metre = self.plan.course.circuit.lap_ms / self.plan.course.length_m
        return max(0, round((self.total_distance(first) - self.total_distance(second)) * ms_per_metre))

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
                self._update_safety_car(event.details["event_type"])
            elif event.code == "RDFL":
                self.red_flag_periods += 1
            yield event

    def _update_safety_car(self, event_type: int) -> None:
        self.safety_car_status = VIRTUAL_SAFETY_CAR if event_type < 2 else 0
        self.safety_car_periods += event_type == 0

    def _events_about(self, happening: Happening) -> Iterator[GameEvent]:
        if happening.lap is not None:
            yield from self._lap_events(happening.car, happening.lap)
        if happening.event is not None:
            yield from events_of(happening.car, happening.event)

    def _lap_events(self, car: SimulatedCar, lap: DrivenLap) -> Iterator[GameEvent]:
        self.lap_orders.setdefault(lap.lap_number, {})[car.index] = car.position
        yield from self._speed_trap(car, lap)
        is_best = self.best_lap is None or lap.lap_time_ms < self.best_lap.lap_time_ms
        if is_best and lap.valid_bits & 1:
            self.best_lap = lap
            yield GameEvent("FTLP", {"vehicle_idx": car.index, "lap_time": lap.lap_time_ms / 1000.0})

    def _speed_trap(self, car: SimulatedCar, lap: DrivenLap) -> Iterator[GameEvent]:
        """The speed trap event, sent at the end of the lap here; the speed follows from the last sector."""
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
    """An overtake, if both cars are running on the track."""
    if passed is None or not (car.is_running and passed.is_running) or passed.pit_lane_since:
        return
    details = {"overtaking_vehicle_idx": car.index, "being_overtaken_vehicle_idx": passed.index}
    yield GameEvent("OVTK", details, since=2023)


def _best_key(car: SimulatedCar) -> tuple[int, int]:
    return (car.best_lap.lap_time_ms, car.index) if car.best_lap else (10**9, car.index)
