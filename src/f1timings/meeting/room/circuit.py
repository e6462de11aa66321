"""The rule for the circuit of the room: it follows most of the rigs that are driving. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from f1timings.meeting.circuits import circuit_key

# A rig that has not driven for so long no longer belongs to the room: its driver may have gone home.
REST_S: Final = 600.0


class NewestCircuit(NamedTuple):
    """The newest circuit of a rig, and when the rig last drove; seconds of a clock that never jumps."""

    circuit: str
    driven_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomCircuit:
    """The circuit of the room, and the one that may replace it.

    Attributes:
        circuit: None before any rig has driven.
        candidate: the circuit that more rigs drive at the moment, None if there is none.
        candidate_since: when that began; seconds of a clock that never jumps.
        first_at: when the first circuit of all was found; None if that was before the start.
        newest: the newest circuit of each rig that drives or rests, by the rig's key.
    """

    circuit: str | None = None
    candidate: str | None = None
    candidate_since: float = 0.0
    first_at: float | None = None
    newest: Mapping[str, NewestCircuit] = field(default_factory=dict)

    def stored_as(self, circuit: str | None) -> RoomCircuit:
        """The same room with the circuit that is stored for it."""
        if same_circuit(circuit, self.circuit):
            return self
        return replace(self, circuit=circuit, candidate=None, first_at=None)


def same_circuit(one: str | None, other: str | None) -> bool:
    """Whether two names are names of the same circuit; None is the same as None only."""
    return one == other or (one is not None and other is not None and circuit_key(one) == circuit_key(other))


def follow(room: RoomCircuit, driving: Mapping[str, str], now: float, *, hold_s: float) -> RoomCircuit:
    """Return the room after a look at its rigs.

    The circuit changes after more rigs have driven another one for ``hold_s`` without a break. It changes at
    once where nobody relies on it: before the first circuit and for ``hold_s`` after it, while the rigs are
    switched on; and when every rig that was there drives elsewhere now, as in a room of one rig.

    Args:
        driving: the circuit of each rig that is driving, by the rig's key.
        now: seconds of a clock that never jumps.
    """
    newest = {rig: last for rig, last in room.newest.items() if now - last.driven_at < REST_S}
    newest |= {rig: NewestCircuit(circuit, now) for rig, circuit in driving.items()}
    leader = _leader(room, driving)
    if leader is None:
        return replace(room, candidate=None, newest=newest)
    since = room.candidate_since if same_circuit(leader, room.candidate) else now
    is_deserted = not any(same_circuit(room.circuit, last.circuit) for last in newest.values())
    first_at = now if room.circuit is None else room.first_at
    is_new = first_at is not None and now - first_at < hold_s
    if is_new or is_deserted or now - since >= hold_s:
        return RoomCircuit(circuit=leader, newest=newest, first_at=first_at)
    return replace(room, candidate=leader, candidate_since=since, newest=newest)


def count_rigs(driving: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """The name of each circuit that is driven, and the number of its rigs, by the circuit's key."""
    names: dict[str, str] = {}
    for circuit in driving.values():
        names.setdefault(circuit_key(circuit), circuit)
    counts = Counter(circuit_key(circuit) for circuit in driving.values())
    return {key: (name, counts[key]) for key, name in names.items()}


def _leader(room: RoomCircuit, driving: Mapping[str, str]) -> str | None:
    """The circuit that more rigs drive than the present one; of equal circuits, the present candidate."""
    counted = count_rigs(driving)
    present = counted.get(circuit_key(room.circuit), ("", 0))[1] if room.circuit is not None else 0
    others = [(name, rigs) for name, rigs in counted.values() if rigs > present]
    most = max(others, key=lambda entry: (entry[1], same_circuit(entry[0], room.candidate)), default=None)
    return None if most is None else most[0]
