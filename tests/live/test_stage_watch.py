"""The stage is kept from the live state of the rigs, and only while a screen follows it."""

from __future__ import annotations

from f1timings.live.stage.watch import StageWatch
from f1timings.live.views.freshness import OFFLINE_S
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.room.stage import StageTimes
from f1timings.rigs.registry import RigStatus
from f1timings.timing.events import ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.records import Participant, Session

TIMES = StageTimes()


class Venue:
    """Rigs, and the watch that looks at them."""

    def __init__(self) -> None:
        self.now = 5000.0
        self.rigs: dict[str, RigStatus] = {}
        self.sessions = SessionWatch()
        self.watch = StageWatch(
            lambda: self.rigs, self.sessions, clock=lambda: self.now, steady=lambda: self.now, times=TIMES
        )

    def opens(self, rig: str, uid: int, session_type: str, *people: str, is_ended: bool = False) -> str:
        """Let a rig open a session with these people; an online one if there are several."""
        status = self.rigs.setdefault(
            rig,
            RigStatus(
                key=rig, address=rig, port=1, listen_port=2, first_received_at=self.now,
                last_received_at=self.now,
            ),
        )  # fmt: skip
        status.session_uid, status.last_received_at = uid, self.now
        session = Session(
            id=f"{rig}~{uid}~0", rig=rig, uid=uid, epoch=0, packet_format=2025, track="Monza",
            session_type=session_type, is_race=session_type == "Race", is_online=len(people) > 1,
            player_car_index=0, is_ended=is_ended,
        )  # fmt: skip
        participants = tuple(_person(session.id, car, name) for car, name in enumerate(people))
        self.sessions.handle_events([SessionChanged(session), ParticipantsChanged(session.id, participants)])
        return session.id

    def stage(self, seconds: float = 0.0, *sending: str) -> tuple[object, object]:
        """Let time pass while these rigs send, with a look twice a second; scene and rig at the end."""
        for _ in range(round(seconds * 2)):
            self.now += 0.5
            for rig in sending:
                self.rigs[rig].last_received_at = self.now
            self.watch.contents()
        facts = self.watch.contents().facts
        return facts["scene"], facts["rig"]


def _person(session_id: str, car: int, name: str) -> Participant:
    return Participant(
        session_id=session_id, car_index=car, name=name, team_id=None, team=None, race_number=car + 1,
        is_ai=False, is_player=car == 0, driver_id=255, nationality=None,
    )  # fmt: skip


def test_a_time_trial_shows_the_leaderboard_and_a_race_the_race() -> None:
    venue = Venue()
    venue.opens("a", 1, "Time Trial", "Ana")
    assert ("leaderboard", "a") == venue.stage(20, "a")
    venue.opens("a", 2, "Race", "Ana")
    assert ("race", "a") == venue.stage(5, "a")


def test_each_kind_of_qualifying_is_a_contest() -> None:
    for kind in ("Qualifying 1", "Short Qualifying", "One-Shot Qualifying", "Sprint Shootout 2"):
        venue = Venue()
        venue.opens("a", 1, kind, "Ana")
        assert ("race", "a") == venue.stage()


def test_practice_shows_the_leaderboard() -> None:
    venue = Venue()
    venue.opens("a", 1, "Practice 1", "Ana")
    assert ("leaderboard", "a") == venue.stage(60, "a")


def test_rigs_of_one_lobby_count_together() -> None:
    venue = Venue()
    venue.opens("a", 1, "Race", "Ana")
    venue.opens("b", 2, "Race", "Ben", "Cem", "Dee")
    # The same lobby under another UID: the people are the same.
    venue.opens("c", 3, "Race", "Ben", "Cem", "Dee")
    assert ("race", "b") == venue.stage()
    # The lobby goes on at the other rig, as soon as the first one is offline.
    assert ("race", "c") == venue.stage(OFFLINE_S + 1, "a", "c")


def test_the_result_is_shown_once_the_game_has_ended_the_race_and_sent_it() -> None:
    venue = Venue()
    session = venue.opens("a", 1, "Race", "Ana")
    venue.stage(20, "a")
    venue.sessions.handle_events([SessionClassified(session, ())])
    assert ("race", "a") == venue.stage(20, "a")
    venue.opens("a", 1, "Race", "Ana", is_ended=True)
    assert ("result", "a") == venue.stage(5, "a")
    # It stays while the rig is silent, and then gives way to the leaderboard.
    assert ("result", "a") == venue.stage(TIMES.result_s - 10)
    assert ("leaderboard", None) == venue.stage(20)


def test_a_stage_that_nobody_has_seen_for_a_while_begins_again() -> None:
    venue = Venue()
    venue.opens("a", 1, "Race", "Ana")
    assert ("race", "a") == venue.stage()
    venue.now += 3600
    assert ("leaderboard", None) == venue.stage()
