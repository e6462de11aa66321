"""The room's circuit follows most of the rigs that are driving."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.room.circuit import (
    REST_S,
    NewestCircuit,
    RoomCircuit,
    count_rigs,
    follow,
    same_circuit,
)

HOLD_S = 20.0


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
            self.state = follow(self.state, driving, self.now, hold_s=HOLD_S)
            if self.now >= end:
                return self.state.circuit
            self.now += 0.5


def test_the_first_rig_decides_at_once() -> None:
    assert "Monza" == Room().drives("Monza")


def test_without_a_rig_there_is_no_circuit() -> None:
    assert Room().drives(for_s=60) is None


def test_a_room_of_one_rig_follows_it_at_once() -> None:
    room = Room()
    room.drives("Monza", for_s=60)
    assert "Spa" == room.drives("Spa")


def test_while_the_rigs_are_switched_on_most_of_them_decide_at_once() -> None:
    room = Room()
    room.drives("Spa", for_s=2)
    assert "Spa" == room.drives("Spa", "Monza")
    assert "Monza" == room.drives("Spa", "Monza", "Monza")


def test_the_room_follows_at_once_when_its_last_rig_leaves() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    assert "Monza" == room.drives("Spa", "Spa", "Monza", for_s=5)
    assert "Spa" == room.drives("Spa", "Spa", "Spa")


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
    assert "Monza" == room.drives("Spa", "Spa", "Monza", for_s=HOLD_S - 0.5)
    assert "Spa" == room.drives("Spa", "Spa", "Monza", for_s=0.5)


def test_the_while_begins_again_after_a_break() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives("Spa", "Spa", "Monza", for_s=HOLD_S - 1)
    room.drives("Spa", None, "Monza")
    assert "Monza" == room.drives("Spa", "Spa", "Monza", for_s=HOLD_S - 1)


def test_a_stray_rig_waits_while_the_others_rest() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", for_s=60)
    room.drives(None, None, None, for_s=60)
    assert "Monza" == room.drives(None, None, "Spa", for_s=HOLD_S - 0.5)


def test_a_rig_that_went_home_keeps_nobody_waiting() -> None:
    room = Room()
    room.drives("Monza", "Monza", for_s=60)
    room.drives("Monza", None, for_s=REST_S - 1)
    assert "Monza" == room.drives("Spa", None)
    room.drives("Monza", None, for_s=2)
    assert "Spa" == room.drives("Spa", None)


def test_after_a_restart_a_stray_rig_waits_for_the_rigs_that_drove_before() -> None:
    before = {f"rig {place}": NewestCircuit("Monza", 1000.0) for place in range(3)}
    room = Room(RoomCircuit(circuit="Monza", newest=before))
    assert "Monza" == room.drives(None, None, "Spa", for_s=5)
    assert "Monza" == room.drives("Monza", "Monza", "Spa", for_s=600)


def test_after_a_restart_a_room_of_one_rig_follows_it_at_once() -> None:
    room = Room(RoomCircuit(circuit="Monza", newest={"rig 0": NewestCircuit("Monza", 1000.0)}))
    assert "Spa" == room.drives("Spa")


def test_of_two_circuits_with_as_many_rigs_the_one_that_led_first_is_followed() -> None:
    room = Room()
    room.drives("Monza", "Monza", "Monza", "Monza", "Monza", for_s=60)
    room.drives("Spa", "Spa", "Monza", None, None, for_s=10)
    assert "Spa" == room.drives("Spa", "Spa", "Monza", "Imola", "Imola", for_s=10)


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
def test_the_room_only_changes_to_a_circuit_that_more_rigs_drive(
    looks: list[tuple[list[str | None], int]],
) -> None:
    room = Room()
    for circuits, pause_s in looks:
        before, room.now = room.state.circuit, room.now + pause_s
        after = room.drives(*circuits)
        if after != before:
            assert circuits.count(after) > (0 if before is None else circuits.count(before))
            assert circuits.count(after) == max(map(circuits.count, filter(None, circuits)))
