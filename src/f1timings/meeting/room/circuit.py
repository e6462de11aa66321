"""The rule for the circuit of the room: it follows most of the rigs that are driving. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from f1timings.meeting.circuits import circuit_key


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCircuit:
    """The circuit of the room, and the one that may replace it.

    Attributes:
        circuit: None before any rig has driven.
        candidate: another circuit that most of the driving rigs drive at the moment, None if there is none.
        candidate_since: when that began; seconds of steady time.
    """

    circuit: str | None = None
    candidate: str | None = None
    candidate_since: float = 0.0

    def stored_as(self, circuit: str | None) -> RoomCircuit:
        """The same room with the circuit that is stored for it."""
        return self if same_circuit(circuit, self.circuit) else RoomCircuit(circuit=circuit)


def same_circuit(one: str | None, other: str | None) -> bool:
    """Whether two names are names of the same circuit; None is the same as None only."""
    return one == other or (one is not None and other is not None and circuit_key(one) == circuit_key(other))


def follow(room: RoomCircuit, driving: Mapping[str, str], now: float, *, wait_s: float) -> RoomCircuit:
    """Return the room after a look at its rigs.

    A room without a circuit takes the one that most rigs drive. After that its circuit changes only when more
    than half of the driving rigs have driven one other circuit for ``wait_s`` without a break.

    Args:
        driving: the circuit of each rig that is driving, by the rig's key.
        now: seconds of steady time.
    """
    if room.circuit is None:
        name, _ = _most_driven(driving)
        return RoomCircuit(circuit=name)
    candidate = _candidate(room.circuit, driving)
    if candidate is None:
        return RoomCircuit(circuit=room.circuit)
    since = room.candidate_since if same_circuit(candidate, room.candidate) else now
    if now - since >= wait_s:
        return RoomCircuit(circuit=candidate)
    return replace(room, candidate=candidate, candidate_since=since)


def count_rigs(driving: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """The name of each circuit that is driven, and the number of its rigs, by the circuit's key."""
    names: dict[str, str] = {}
    for circuit in driving.values():
        names.setdefault(circuit_key(circuit), circuit)
    counts = Counter(circuit_key(circuit) for circuit in driving.values())
    return {key: (name, counts[key]) for key, name in names.items()}


def _candidate(present: str, driving: Mapping[str, str]) -> str | None:
    """The circuit of more than half of the driving rigs, if it is not the present one."""
    name, rigs = _most_driven(driving)
    return name if 2 * rigs > len(driving) and not same_circuit(name, present) else None


def _most_driven(driving: Mapping[str, str]) -> tuple[str | None, int]:
    """The circuit with most rigs, of equal ones the first, and the number of its rigs."""
    return max(count_rigs(driving).values(), key=lambda entry: entry[1], default=(None, 0))
