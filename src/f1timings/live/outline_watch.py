"""Learns the outlines of the circuits that rigs drive, from the newest datagrams of a few rigs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from f1timings.live.views.freshness import OFFLINE_S
from f1timings.live.views.rig_source import RigTelemetry
from f1timings.outlines.learning import CircuitLearner, SessionLearner
from f1timings.outlines.readings import CircuitFacts, read_cars, read_circuit
from f1timings.outlines.records import Outline, OutlineKey
from f1timings.rigs.registry import RigStatus

SAMPLE_S = 0.065
"""How often the followed rigs are looked at: the fastest cars drive 7 m meanwhile."""

# Each has another circuit or format: rigs that drive the same one are learned from one by one.
MOST_FOLLOWED = 4


class OutlineWatch:
    """The outlines of circuits, and the sessions from which they are learned now.

    It belongs to the event loop's thread, except for :meth:`get`.

    Args:
        telemetry: what the pipeline knows of the rigs.
        stored: the outlines of earlier evenings.
        clock: server time, seconds since 1970.
    """

    def __init__(
        self, telemetry: RigTelemetry, stored: Iterable[Outline], *, clock: Callable[[], float]
    ) -> None:
        self._telemetry = telemetry
        self._clock = clock
        self._outlines = {outline.key: outline for outline in stored}
        self._circuits: dict[OutlineKey, CircuitLearner] = {}
        self._followed: dict[str, SessionLearner] = {}
        # The newest session of each rig from which nothing more is to be learned.
        self._settled: dict[str, tuple[OutlineKey, int, int]] = {}
        # What each rig stated last.
        self._driven: dict[str, CircuitFacts] = {}
        self._changed: dict[OutlineKey, Outline] = {}

    def get(self, key: OutlineKey) -> Outline | None:
        """The outline of a circuit; None before its first complete lap. Callable from any thread."""
        return self._outlines.get(key)

    def revision(self, track_id: int | None, packet_format: int) -> int | None:
        """The revision of an outline, None if there is none."""
        outline = None if track_id is None else self._outlines.get(OutlineKey(track_id, packet_format))
        return None if outline is None else outline.revision

    @property
    def is_following(self) -> bool:
        """Whether :meth:`sample` has anything to do."""
        return bool(self._followed)

    def take_changed(self) -> list[Outline]:
        """The outlines that have changed since the last call."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def look(self) -> None:
        """Decide from which rigs to learn; called about twice a second."""
        driven = self._driven_circuits()
        for rig, learner in list(self._followed.items()):
            facts = driven.get(rig)
            is_same = facts is not None and _name_of(facts) == _name_of(learner.facts)
            if learner.is_settled:
                self._settled[rig] = _name_of(learner.facts)
            if facts is None or not is_same or learner.is_settled:
                self._leave(rig)
            else:
                learner.facts = facts
        for rig, facts in driven.items():
            if len(self._followed) < MOST_FOLLOWED and self._settled.get(rig) != _name_of(facts):
                self._follow(rig, facts)

    def sample(self) -> None:
        """Learn from the newest frame of each followed rig; called each :data:`SAMPLE_S`."""
        for rig, learner in self._followed.items():
            newest = self._telemetry.taps.of(rig)
            motion, lap_data = newest.get("motion"), newest.get("lap_data")
            now = None if motion is None or lap_data is None else read_cars(motion, lap_data)
            if now is None or now.session_uid != learner.facts.session_uid:
                continue
            learner.handle_cars(now)
            outline = learner.circuit.outline
            if outline is not None and outline is not self._outlines.get(outline.key):
                self._outlines[outline.key] = self._changed[outline.key] = outline

    def _driven_circuits(self) -> dict[str, CircuitFacts]:
        """What each rig that is heard states of its circuit in its present session."""
        now, driven = self._clock(), {}
        for rig, status in self._telemetry.rigs.items():
            facts = None if now - status.last_received_at >= OFFLINE_S else self._read(rig, status)
            if facts is not None and facts.session_uid == status.session_uid:
                driven[rig] = self._driven[rig] = facts
        return driven

    def _read(self, rig: str, status: RigStatus) -> CircuitFacts | None:
        """The circuit of a rig; a session stays at its circuit, so it is read once if nothing is learned."""
        known = self._driven.get(rig)
        if known is not None and rig not in self._followed and _is_of_session(known, status):
            return known
        data = self._telemetry.taps.of(rig).get("session")
        return None if data is None else read_circuit(data)

    def _follow(self, rig: str, facts: CircuitFacts) -> None:
        """Learn from a rig, unless another one is followed for the same circuit."""
        if all(learner.circuit.key != facts.key for learner in self._followed.values()):
            self._telemetry.taps.watch(rig)
            self._followed[rig] = SessionLearner(self._circuit(facts), facts)

    def _circuit(self, facts: CircuitFacts) -> CircuitLearner:
        circuit = self._circuits.get(facts.key)
        if circuit is None or circuit.length_m != facts.length_m:
            stored = self._outlines.get(facts.key)
            circuit = self._circuits[facts.key] = CircuitLearner(facts.key, facts.length_m, stored)
        return circuit

    def _leave(self, rig: str) -> None:
        self._telemetry.taps.leave(rig)
        del self._followed[rig]


def _is_of_session(facts: CircuitFacts, status: RigStatus) -> bool:
    return (facts.session_uid, facts.key.packet_format) == (status.session_uid, status.packet_format)


def _name_of(facts: CircuitFacts) -> tuple[OutlineKey, int, int]:
    """What stays the same in a session from which is learned."""
    return facts.key, facts.length_m, facts.session_uid
