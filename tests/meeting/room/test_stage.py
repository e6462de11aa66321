"""The stage shows the leaderboard, a race and its result, and never changes twice within the hold time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.room.stage import (
    DrivenSession,
    Phase,
    Stage,
    StageTimes,
    first_stage,
    follow_stage,
)

TIMES = StageTimes(hold_s=8, settle_s=2, turn_s=30, result_s=60)
STEP_S = 0.5


def lobby(phase: Phase, *rigs: str, name: str = "s", people: int | None = None) -> DrivenSession:
    """A session that these rigs drive together."""
    sessions = {rig: f"{rig}-{name}" for rig in rigs}
    return DrivenSession(
        phase=phase,
        sessions=sessions,
        known_as=frozenset(sessions.values()),
        people=len(rigs) if people is None else people,
    )


@dataclass
class Room:
    """A room in which a test lets sessions be driven."""

    state: Stage | None = None
    now: float = 1000.0
    shown: list[tuple[float, str, str | None]] = field(default_factory=list)

    def drives(self, *sessions: DrivenSession, for_s: float = 0.0) -> tuple[str, str | None]:
        """Look twice a second while these sessions are driven. Returns the scene and the rig at the end."""
        end = self.now + for_s
        while True:
            if self.state is None:
                self.state = first_stage(sessions, self.now)
            else:
                self.state = follow_stage(self.state, sessions, self.now, times=TIMES)
            self.shown.append((self.now, self.state.scene, self.state.rig))
            if self.now >= end:
                return self.state.scene, self.state.rig
            self.now += STEP_S


def test_an_empty_room_shows_the_leaderboard() -> None:
    assert ("leaderboard", None) == Room().drives(for_s=90)


def test_people_who_set_laps_see_the_leaderboard() -> None:
    assert ("leaderboard", "a") == Room().drives(lobby("laps", "a"), lobby("laps", "b"), for_s=90)


def test_the_first_look_waits_for_nothing() -> None:
    assert ("race", "a") == Room().drives(lobby("contest", "a"))


def test_a_race_is_shown_once_it_has_been_driven_for_a_moment() -> None:
    room = Room()
    room.drives(for_s=20)
    assert ("leaderboard", "a") == room.drives(lobby("contest", "a"), for_s=TIMES.settle_s - STEP_S)
    assert ("race", "a") == room.drives(lobby("contest", "a"), for_s=STEP_S)


def test_a_race_that_flickers_is_not_shown() -> None:
    room = Room()
    room.drives(for_s=20)
    for _ in range(20):
        room.drives(lobby("contest", "a"), for_s=1.0)
        room.drives(for_s=1.0)
    assert {"leaderboard"} == {scene for _, scene, _ in room.shown}


def test_after_the_flag_the_result_is_shown_for_a_while() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), for_s=60)
    room.now += STEP_S
    flag_at = room.now
    room.drives(lobby("result", "a"), for_s=300)
    results = [at for at, scene, _ in room.shown if scene == "result"]
    assert flag_at + TIMES.settle_s == results[0]
    assert TIMES.result_s + TIMES.settle_s == results[-1] - results[0] + STEP_S
    assert "leaderboard" == room.shown[-1][1]


def test_a_result_stays_when_its_rig_goes_silent() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), for_s=60)
    room.drives(lobby("result", "a"), for_s=5)
    assert ("result", "a") == room.drives(for_s=30)
    assert room.state is not None
    assert "a-s" == room.state.session_id


def test_a_race_that_begins_ends_the_result_before_its_time() -> None:
    room = Room()
    room.drives(lobby("contest", "a", name="q1"), for_s=60)
    room.drives(lobby("result", "a", name="q1"), for_s=5)
    room.drives(lobby("contest", "a", name="q2"), for_s=TIMES.hold_s + TIMES.settle_s)
    assert room.state is not None
    assert ("race", "a-q2") == (room.state.scene, room.state.session_id)


def test_a_race_that_is_left_without_a_result_gives_way_to_the_leaderboard() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), for_s=60)
    assert ("leaderboard", "a") == room.drives(lobby("over", "a"), for_s=5)


def test_of_two_races_the_one_with_most_of_our_people_is_first_then_they_take_turns() -> None:
    room = Room()
    races = (lobby("contest", "a"), lobby("contest", "b", "c"))
    room.drives(*races, for_s=200)
    assert "b" == room.shown[0][2]
    changes = [
        entry for entry, before in zip(room.shown[1:], room.shown, strict=False) if entry[1:] != before[1:]
    ]
    assert ["a", "b", "a", "b", "a", "b"] == [rig for _, _, rig in changes]
    pauses = {later[0] - earlier[0] for earlier, later in itertools.pairwise(changes)}
    assert {TIMES.turn_s + TIMES.settle_s} == pauses


def test_a_lobby_of_several_rigs_has_one_tower_which_stays_when_another_rig_joins() -> None:
    room = Room()
    room.drives(lobby("contest", "b"), for_s=20)
    assert ("race", "b") == room.drives(lobby("contest", "a", "b"), for_s=200)


def test_when_the_shown_rig_drops_out_another_rig_of_its_lobby_takes_its_place_at_once() -> None:
    room = Room()
    room.drives(lobby("contest", "a", "b"), for_s=20)
    assert ("race", "b") == room.drives(lobby("contest", "b"))


def test_when_the_last_rig_of_a_race_drops_out_the_leaderboard_is_shown() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), for_s=20)
    assert ("leaderboard", None) == room.drives(for_s=5)


def test_a_single_person_who_sets_laps_does_not_interrupt_a_race() -> None:
    room = Room()
    room.drives(lobby("contest", "a", "b"), lobby("laps", "c"), for_s=200)
    assert {"race"} == {scene for _, scene, _ in room.shown}


def test_the_leaderboard_takes_turns_with_a_race_if_more_people_set_laps() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), lobby("laps", "b"), lobby("laps", "c"), for_s=100)
    assert {"leaderboard", "race"} == {scene for _, scene, _ in room.shown}


def test_a_result_is_shown_once_though_its_rig_goes_on_sending_it() -> None:
    room = Room()
    room.drives(lobby("contest", "a"), for_s=20)
    room.drives(lobby("result", "a"), for_s=600)
    scenes = [scene for _, scene, _ in room.shown]
    assert 1 == sum(now == "result" != before for before, now in itertools.pairwise(scenes))


PHASES: st.SearchStrategy[Phase] = st.sampled_from(("laps", "contest", "result", "over"))
SESSIONS = st.lists(
    st.builds(
        lambda phase, rig, name: lobby(phase, rig, name=name),
        PHASES,
        st.sampled_from("abc"),
        st.sampled_from(("one", "two")),
    ),
    max_size=3,
    unique_by=lambda session: next(iter(session.sessions)),
)


@given(st.lists(st.tuples(SESSIONS, st.integers(0, 80)), max_size=20))
def test_the_stage_never_changes_twice_within_the_hold_time(
    looks: list[tuple[list[DrivenSession], int]],
) -> None:
    room = Room()
    changed_at: list[float] = []
    before: Stage | None = None
    for sessions, steps in looks:
        for _ in range(steps + 1):
            room.now += STEP_S
            room.drives(*sessions)
            after = room.state
            assert after is not None
            if before is not None and (before.scene, before.since) != (after.scene, after.since):
                changed_at.append(room.now)
            # Otherwise the scene still shows the same session.
            elif before is not None and after.scene != "leaderboard" and before.known_as and after.known_as:
                assert before.known_as & after.known_as
            before = after
    pauses = [later - earlier for earlier, later in itertools.pairwise(changed_at)]
    assert all(pause >= TIMES.hold_s for pause in pauses)


@given(SESSIONS, st.integers(0, 400))
def test_a_scene_of_a_session_names_its_rig_and_session(sessions: list[DrivenSession], steps: int) -> None:
    room = Room()
    room.drives(*sessions, for_s=steps * STEP_S)
    assert room.state is not None
    assert (room.state.rig is None) == (not sessions)
    if room.state.scene != "leaderboard":
        assert room.state.session_id in room.state.known_as
