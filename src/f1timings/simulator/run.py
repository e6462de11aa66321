"""Runs one session frame by frame: what happens and what is sent, flashbacks, pauses, and the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from f1timings.packets import has_packet
from f1timings.simulator.channels import Channels, Emission, Seat
from f1timings.simulator.clock import SimulatedClock
from f1timings.simulator.dialect import Dialect
from f1timings.simulator.game_events import EventPackets
from f1timings.simulator.lap_packets import final_classification
from f1timings.simulator.plans import Rewind, SessionPlan, rewind_plan
from f1timings.simulator.prepared import PreparedPacket, Stamp
from f1timings.simulator.race_control import GameEvent
from f1timings.simulator.results import results
from f1timings.simulator.scenario import Scenario
from f1timings.simulator.truth import Ledger
from f1timings.simulator.world import World

_RANKINGS_PER_SECOND = 5
_BUTTONS_PER_SECOND = 1.5
_PAUSE_S = (4.0, 25.0)
_FLASHBACK_S = 1.2
_BETWEEN_FLASHBACKS_MS = 1_500
_STRAY_POINTS_CHANCE = 0.5
_LOST_UID_CHANCE = 0.5


class SessionRun:
    """Runs one session: ``emissions`` yields its datagrams in order of time, then ``truth`` is complete.

    Attributes:
        at: seconds since the start of the whole simulation.
    """

    def __init__(
        self,
        scenario: Scenario,
        plan: SessionPlan,
        seats: list[Seat],
        *,
        uid: int,
        rng: Random,
        at: float,
    ) -> None:
        self.at = at
        self._scenario = scenario
        self._plan = plan
        self._seats = seats
        self._uid = uid
        self._dialect = Dialect(scenario.format, scenario.legacy_game)
        self._stamp = Stamp(scenario.format, self._dialect.header())
        self._story = Random(rng.getrandbits(64))
        self._noise = Random(rng.getrandbits(64))
        self._clock = SimulatedClock(
            self._dialect, self._stamp, uid=uid, rate_hz=scenario.rate_hz, grid_ms=plan.grid_ms
        )
        self._world = World(plan)
        self._ledger = Ledger()
        self._events = EventPackets(self._stamp, self._noise)
        self._channels = Channels(scenario, self._dialect, self._stamp, world=self._world, rng=self._noise)
        self._resumed_ms = -math.inf
        self._pauses = self._paused_frames()

    def emissions(self) -> Iterator[Emission]:
        """All datagrams of the session, including its end if it has one."""
        while self._clock.now_ms < self._plan.ends_at:
            yield from self._frame()
            self._pause()
            self._clock.tick()
            self.at += self._clock.frame_ms / 1000.0
        if self._plan.is_abandoned:
            self._ledger.close(self._world, None, self._scenario.format)
        else:
            yield from self._end()

    def truth(self) -> list[dict[str, Any]]:
        """What really happened, one entry per rig."""
        return [
            self._ledger.session(self._world, self._dialect, rig=seat.rig, uid=self._uid)
            for seat in self._seats
        ]

    def _frame(self) -> Iterator[Emission]:
        rewind = self._due_rewind()
        if rewind is not None:
            yield from self._flash_back(rewind)
        happenings, events = self._world.advance(self._clock.now_ms)
        self._ledger.record(happenings)
        if happenings or self._clock.overall % (self._scenario.rate_hz // _RANKINGS_PER_SECOND) == 0:
            events += self._world.rank()
            self._channels.reorder(self._world)
        stamps = [(seat, self._clock.stamp(seat)) for seat in self._seats]
        if self._scenario.sends("event"):
            yield from self._send_events(events, stamps)
            yield from self._send_buttons(stamps)
        yield from self._channels.due(self._world, self._clock.overall, self.at, stamps=stamps)

    def _send_events(self, events: list[GameEvent], stamps: list[tuple[Seat, bytes]]) -> Iterator[Emission]:
        for event in events:
            for seat, stamp in stamps:
                data = self._events.packet(event, stamp)
                if data is not None:
                    yield Emission(self.at, seat.rig, data)

    def _send_buttons(self, stamps: list[tuple[Seat, bytes]]) -> Iterator[Emission]:
        """Random buttons, different ones at each rig."""
        for stamp in stamps:
            if self._noise.random() < _BUTTONS_PER_SECOND / self._scenario.rate_hz:
                yield from self._send_events([self._events.button()], [stamp])

    def _paused_frames(self) -> list[int]:
        """The frames at which the player pauses the game."""
        last = max(2, int(self._plan.ends_at / self._clock.frame_ms))
        return sorted(self._story.randrange(1, last) for _ in range(self._scenario.pauses))

    def _pause(self) -> None:
        """Let time pass while the game is paused: it sends nothing and its clocks stand still."""
        while self._pauses and self._pauses[0] <= self._clock.overall:
            self._pauses.pop(0)
            self.at += self._story.uniform(*_PAUSE_S)

    def _due_rewind(self) -> Rewind | None:
        """The flashback that the player uses now, if any; drop those that cannot happen any more."""
        while self._plan.rewinds:
            rewind = self._plan.rewinds[0]
            due_ms = self._due_ms(rewind)
            if due_ms is not None and self._clock.now_ms < due_ms:
                return None
            if due_ms is not None and self._world.cars[self._plan.player].is_running:
                return rewind
            self._plan = replace(self._plan, rewinds=self._plan.rewinds[1:])
        return None

    def _due_ms(self, rewind: Rewind) -> float | None:
        """When the player uses a flashback: after its anchor, and not at once after another flashback."""
        timeline = self._world.cars[self._plan.player].timeline
        anchor = timeline.sector_begins(rewind.lap, rewind.sector)
        if anchor is None:
            return None
        return max(anchor + rewind.after_ms, self._resumed_ms + _BETWEEN_FLASHBACKS_MS)

    def _flash_back(self, rewind: Rewind) -> Iterator[Emission]:
        """Go back in time: frame and session time go back too, the overall frame does not."""
        stamps = [(seat, self._clock.stamp(seat)) for seat in self._seats]
        self._clock.go_back(rewind.back_ms)
        now_ms = self._clock.now_ms
        self._ledger.rewind(now_ms)
        self._plan = rewind_plan(self._plan, math.ceil(now_ms), self._story)
        self._world = World.at(self._plan, now_ms)
        self._channels.reorder(self._world)
        self._resumed_ms = now_ms
        if self._scenario.sends("event"):
            for seat, stamp in stamps:
                target = {
                    "flashback_frame_identifier": self._clock.frame + seat.frame_offset,
                    "flashback_session_time": self._clock.session_time_s,
                }
                event = GameEvent("FLBK", target, since=2021)
                yield from self._send_events([event], [(seat, stamp)])
        self.at += _FLASHBACK_S

    def _end(self) -> Iterator[Emission]:
        """The end: the last events, the last histories, and the result, sometimes twice."""
        rows = results(self._world)
        self._ledger.close(self._world, rows, self._scenario.format)
        stamps = [(seat, self._clock.final_stamp(seat)) for seat in self._seats]
        sends_events = self._scenario.sends("event")
        yield from self._send_events([GameEvent("SEND", {})] if sends_events else [], stamps)
        self.at += 0.05
        yield from self._last_histories()
        self.at += 0.4
        # Online, F1 25 sends "session started" again just before the result.
        restarts = self._plan.is_online and self._scenario.format >= 2025
        yield from self._send_events([GameEvent("SSTA", {})] if sends_events and restarts else [], stamps)
        has_stray_points = self._scenario.format >= 2023 and self._story.random() < _STRAY_POINTS_CHANCE
        result = final_classification(self._stamp, self._world, rows, has_stray_points=has_stray_points)
        for _ in range(2 if self._scenario.doubled_result else 1):
            yield from self._send_final("final_classification", result, self._clock.final_stamp)
            self.at += 0.2

    def _last_histories(self) -> Iterator[Emission]:
        """The histories of all cars with the last lap; as in the games, the last may have no session UID."""
        if not has_packet(self._scenario.format, "session_history"):
            return
        cars = self._world.cars
        loses_uid = len(cars) > 1 and self._story.random() < _LOST_UID_CHANCE
        for car in cars:
            has_uid = not (loses_uid and car is cars[-1])
            stamp = partial(self._clock.final_stamp, has_uid=has_uid)
            yield from self._send_final("session_history", self._channels.history(car), stamp)

    def _send_final(
        self, kind: str, packet: PreparedPacket, stamp: Callable[[Seat], bytes]
    ) -> Iterator[Emission]:
        if self._scenario.sends(kind):
            for seat in self._seats:
                yield Emission(self.at, seat.rig, packet.stamped(stamp(seat)))
