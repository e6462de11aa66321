"""Outlines are learned from a few rigs, and only while there is something to learn."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from f1timings.live import outline_watch
from f1timings.live.outline_watch import SAMPLE_S, OutlineWatch
from f1timings.outlines.agreement import ENOUGH
from f1timings.outlines.readings import CircuitFacts, read_circuit
from f1timings.outlines.records import OutlineKey
from f1timings.simulator import Scenario, simulate
from tests.live.rig_setup import RIG, RigSetup
from tests.outlines.driving import KINDS

OTHER_RIG = "10.0.0.6"
MONACO = 5
KEY = OutlineKey(MONACO, 2025)
LAP = Scenario("time_trial", 2025, laps=2, cars=1, seed=1, track_id=MONACO, kinds=KINDS)


class Watched:
    """A rig, and the watch that learns from it as the server does."""

    def __init__(self, *stored: Any) -> None:
        self.setup = RigSetup()
        self.watch = OutlineWatch(self.setup.pipeline, stored, clock=lambda: self.setup.now)
        self._looked_at = self._sampled_at = 0.0
        self._began_at = 0.0

    def drive(self, scenario: Scenario = LAP, until_s: float = 1e9) -> None:
        """Receive what a simulated rig sends until a session time."""
        self._began_at = self.setup.now
        for at, _rig, data in simulate(scenario):
            if at > until_s:
                return
            if self._began_at + at > self.setup.now:
                self._between_frames()
                self.setup.now = self._began_at + at
            self.setup.receive(data)

    def _between_frames(self) -> None:
        now = self.setup.now
        if now - self._looked_at >= 0.5:
            self._looked_at = now
            self.watch.look()
        if self.watch.is_following and now - self._sampled_at >= SAMPLE_S:
            self._sampled_at = now
            self.watch.sample()

    def hear_another_rig(self) -> None:
        """Receive the first packets of another rig at the same circuit."""
        scenario = Scenario("time_trial", 2025, laps=2, cars=1, seed=9, track_id=MONACO, kinds=KINDS)
        for _at, _rig, data in islice(simulate(scenario), 100):
            self.setup.pipeline.feed(data, OTHER_RIG, 5000, 20777, self.setup.now)
        assert {RIG, OTHER_RIG} == set(self.setup.pipeline.rigs)

    def is_stored(self, kind: str) -> bool:
        """Whether the newest datagram of a kind is stored."""
        return kind in self.setup.pipeline.taps.of(RIG)


def test_the_outline_is_known_after_a_lap_and_reported_once() -> None:
    watched = Watched()
    watched.drive()
    outline = watched.watch.get(KEY)
    assert outline is not None
    assert [outline] == watched.watch.take_changed()
    assert [] == watched.watch.take_changed()
    assert outline.revision == watched.watch.revision(MONACO, 2025)
    assert watched.watch.revision(None, 2025) is None
    assert watched.watch.get(OutlineKey(MONACO, 2024)) is None


def test_motion_is_stored_only_while_there_is_something_to_learn() -> None:
    earlier = Watched()
    earlier.drive()
    outline = earlier.watch.get(KEY)
    assert outline is not None
    watched = Watched(replace(outline, laps=ENOUGH))
    watched.drive(until_s=60.0)
    assert watched.is_stored("motion")
    watched.drive(replace(LAP, laps=4))
    assert not watched.watch.is_following
    assert not watched.is_stored("motion")
    watched.watch.look()
    assert not watched.watch.is_following


def test_one_rig_is_followed_for_each_circuit() -> None:
    watched = Watched()
    watched.drive(until_s=5.0)
    watched.hear_another_rig()
    watched.watch.look()
    assert {RIG} == set(watched.setup.pipeline.taps.watched)


def test_a_rig_from_which_nothing_is_learned_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    watched.drive(until_s=5.0)
    watched.hear_another_rig()
    read: list[bytes] = []

    def count(data: bytes) -> CircuitFacts | None:
        read.append(data)
        return read_circuit(data)

    monkeypatch.setattr(outline_watch, "read_circuit", count)
    for _ in range(5):
        watched.watch.look()
    # Each time the followed rig, and once the other one.
    assert 6 == len(read)


def test_a_rig_that_falls_silent_is_left() -> None:
    watched = Watched()
    watched.drive(until_s=5.0)
    assert {RIG} == set(watched.setup.pipeline.taps.watched)
    watched.setup.now += 11.0
    watched.watch.look()
    assert set() == set(watched.setup.pipeline.taps.watched)
    assert not watched.watch.is_following


def test_a_rig_that_begins_another_session_is_followed_from_its_start() -> None:
    watched = Watched()
    watched.drive(until_s=40.0)
    watched.drive(Scenario("time_trial", 2025, laps=2, cars=1, seed=2, track_id=26, kinds=KINDS))
    assert watched.watch.get(KEY) is None
    assert watched.watch.get(OutlineKey(26, 2025)) is not None


def test_a_rig_without_motion_teaches_nothing() -> None:
    watched = Watched()
    kinds = KINDS - {"motion"}
    watched.drive(Scenario("time_trial", 2025, laps=2, cars=1, seed=1, track_id=MONACO, kinds=kinds))
    assert watched.watch.get(KEY) is None
