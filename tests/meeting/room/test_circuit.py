"""The room's circuit follows most of the rigs that are driving."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.room.circuit import (
    RoomCircuit,
    count_rigs,
    follow,
    same_circuit,
)

WAIT_S = 20.0


@dataclass
class Room:
    """A room whose rigs a test lets drive."""

    state: RoomCircuit = field(default_factory=RoomCircuit)
    now: float = 1000.0

    def drives(self, *circuits: str | None, for_s: float = 0.0) -> str | None:
        """Let the rigs drive; rig after rig, None for one that rests. Returns the circuit at the end."""
        driving = {f"rig {place}": circuit for place, circuit in enumerate(circuits) if circuit is not None}
        end = self.now + for_s
        while True:
            self.state = follow(self.state, driving, self.now, wait_s=WAIT_S)
            if self.now >= end:
                return self.state.circuit
            self.now += 0.5


def test_the_first_rig_decides_at_once() -> None:
    assert "Monza" == Room().drives("Monza")


def test_without_a_rig_there_is_no_circuit() -> None:
    assert Room().drives(for_s=60) is None


def test_a_room_without_a_circuit_takes_the_one_that_most_rigs_drive() -> None:
    assert "Monza" == Room().drives("Spa", "Monza", "Monza", "Imola")


def test_a_room_of_one_rig_follows_it_after_the_wait() -> None:
    room = Room()
    room.drives("Monza", for_s=60)
    assert "Monza" == room.drives("Spa", for_s=WAIT_S - 0.5)
    assert "Spa" == room.drives("Spa", for_s=0.5)


def test_also_the_first_circuit_stays_until_the_others_have_waited() -> None:
    room = Room()
    room.drives("Spa")
    assert "Spa" == room.drives("Spa", "Monza", "Monza", for_s=WAIT_S - 0.5)
    assert "Monza" == room.drives("Spa", "Monza", "Monza", for_s=0.5)


def test_the_room_waits_also_when_all_rigs_have_left() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Spa", "Spa", "Spa", for_s=WAIT_S - 0.5)
    assert "Spa" == room.drives("Spa", "Spa", "Spa", for_s=0.5)


def test_a_stray_rig_never_takes_the_room_while_others_drive() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Monza", "Monza", "Spa", for_s=600)


def test_as_many_rigs_elsewhere_are_not_enough() -> None:
    room = Room()
    room.drives("Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Monza", "Spa", for_s=600)


def test_the_room_follows_most_of_its_rigs_after_they_have_driven_there_for_a_while() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 0.5)
    assert "Spa" == room.drives("Spa", "Spa", "Monza", for_s=0.5)


def test_the_while_begins_again_after_a_break() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 1)
    room.drives("Spa", None, "Monza")
    assert "Monza" == room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 1)


def test_a_stray_rig_waits_while_the_others_rest() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives(None, None, None, for_s=60)
    assert "Monza" == room.drives(None, None, "Spa", for_s=WAIT_S - 0.5)


def test_however_long_the_rigs_have_rested_a_stray_rig_takes_nothing_at_once() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.now += 7200
    assert "Monza" == room.drives(None, None, "Spa", for_s=WAIT_S - 0.5)
    assert "Spa" == room.drives(None, None, "Spa", for_s=0.5)


def test_a_circuit_that_nobody_drives_stays_until_most_rigs_drive_one_other() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Spa", "Spa", "Imola", "Imola", for_s=600)
    assert "Monza" == room.drives("Spa", "Spa", "Imola", "Monza", for_s=600)
    assert "Monza" == room.drives(None, None, None, None, for_s=600)
    room.drives("Spa", "Spa", "Imola", "Spa", for_s=WAIT_S)
    assert "Spa" == room.state.circuit


def test_another_candidate_begins_the_wait_again() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 1)
    assert "Monza" == room.drives("Imola", "Imola", "Monza", for_s=WAIT_S - 0.5)
    assert "Imola" == room.drives("Imola", "Imola", "Monza", for_s=0.5)


def test_a_stored_circuit_ends_the_wait_for_another_one() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 1)
    room.state = room.state.stored_as("Imola")
    assert "Imola" == room.drives("Spa", "Spa", "Monza", for_s=WAIT_S - 0.5)


def test_a_new_meeting_takes_the_circuit_of_the_rigs_at_once() -> None:
    room = Room()
    room.drives("Monza", "Spa", "Spa")
    room.state = room.state.stored_as(None)
    assert "Spa" == room.drives("Monza", "Spa", "Spa")


def test_other_names_of_a_circuit_are_the_same_circuit() -> None:
    assert same_circuit("Spa", "spa-francorchamps")
    assert not same_circuit("Spa", None)
    assert same_circuit(None, None)
    assert {"spa": ("Spa", 2), "monza": ("Monza", 1)} == count_rigs(
        {"rig 0": "Spa", "rig 1": "Spa-Francorchamps", "rig 2": "Monza"}
    )


CIRCUITS = st.sampled_from(["Monza", "Spa", "Imola", None])


@given(st.lists(st.tuples(st.lists(CIRCUITS, min_size=4, max_size=4), st.integers(0, 50)), max_size=30))
def test_the_room_only_changes_to_a_circuit_that_had_most_rigs_for_the_wait(
    stretches: list[tuple[list[str | None], int]],
) -> None:
    room = Room()
    most_since: dict[str, float] = {}
    for circuits, for_s in stretches:
        # A look a second; between two stretches there is no break.
        for _ in range(for_s + 1):
            before = room.state.circuit
            after = room.drives(*circuits)
            driving = [circuit for circuit in circuits if circuit is not None]
            most = {circuit for circuit in driving if 2 * driving.count(circuit) > len(driving)}
            most_since = {circuit: most_since.get(circuit, room.now) for circuit in most}
            if after != before and before is not None:
                assert after in most_since
                assert room.now - most_since[after] >= WAIT_S
            room.now += 1.0
