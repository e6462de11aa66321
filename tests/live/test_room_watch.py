"""The circuit of the room is kept from the live state of the rigs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from f1timings.errors import StoreBusy
from f1timings.live.room_watch import DrivingRigs, RoomWatch
from f1timings.live.views.freshness import OFFLINE_S
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.meetings import POINTS
from f1timings.meeting.people import Meeting, MeetingState, Rules
from f1timings.meeting.room.records import BoardChoice, RoomCircuitChanged
from f1timings.rigs.registry import RigStatus
from f1timings.timing.events import SessionChanged
from f1timings.timing.records import Session
from tests.live.counting import count_calls


class Venue:
    """Rigs, the watch that looks at them, and what it stored."""

    def __init__(self, followed: str | None = None, wait_s: float = 20.0) -> None:
        self.steady = 5000.0
        self.server_time = 1_795_000_000.0
        self.rigs: dict[str, RigStatus] = {}
        self.sessions = SessionWatch()
        self.choice = BoardChoice(meeting_id="m1", held=None, followed=followed)
        self.stored: list[RoomCircuitChanged] = []
        self.is_busy = False
        self.watch = RoomWatch(
            DrivingRigs(lambda: self.rigs, self.sessions, lambda: self.steady),
            read=lambda: self.choice,
            store=self._store,
            clock=lambda: self.steady,
            wait_s=wait_s,
        )

    def _store(self, event: RoomCircuitChanged) -> None:
        if self.is_busy:
            raise StoreBusy("full")
        self.stored.append(event)

    def opens(self, rig: str, uid: int, track: str | None) -> None:
        """Let a rig open a session."""
        if rig not in self.rigs:
            self.rigs[rig] = RigStatus(
                key=rig, address=rig, port=1, listen_port=2, first_received_at=self.server_time,
                last_received_at=self.server_time,
            )  # fmt: skip
        self.rigs[rig].session_uid = uid
        self.sessions.handle_events([SessionChanged(_session(rig, uid, track))])

    def passes(self, seconds: float, *sending: str) -> None:
        """Let time pass while these rigs send, with a look twice a second."""
        for _ in range(round(seconds * 2)):
            self.steady += 0.5
            self.server_time += 0.5
            for rig in sending:
                self.rigs[rig].last_received_at = self.server_time
            self.watch.look()

    @property
    def circuits(self) -> list[str]:
        return [event.circuit for event in self.stored]


def _session(rig: str, uid: int, track: str | None) -> Session:
    return Session(id=f"{rig}~{uid}~0", rig=rig, uid=uid, epoch=0, packet_format=2025, track=track)


def test_the_first_circuit_is_stored_for_the_open_meeting() -> None:
    venue = Venue()
    venue.opens("a", 1, None)
    venue.watch.look()
    assert [] == venue.stored
    venue.opens("a", 1, "Monza")
    venue.watch.look()
    assert [RoomCircuitChanged(meeting_id="m1", circuit="Monza")] == venue.stored
    venue.passes(60, "a")
    assert ["Monza"] == venue.circuits


def test_a_stray_rig_stores_nothing() -> None:
    venue = Venue()
    for uid, rig in enumerate("abc", 1):
        venue.opens(rig, uid, "Monza")
    venue.opens("d", 9, "Spa")
    venue.passes(60, *"abcd")
    assert ["Monza"] == venue.circuits


def test_a_rig_drives_until_it_is_offline() -> None:
    venue = Venue(wait_s=0)
    venue.opens("a", 1, "Monza")
    venue.opens("b", 2, "Spa")
    venue.passes(1, "a", "b")
    venue.passes(OFFLINE_S - 1, "b")
    assert ["Monza"] == venue.circuits
    venue.passes(2, "b")
    assert ["Monza", "Spa"] == venue.circuits


def test_a_session_whose_circuit_is_not_known_yet_is_no_break() -> None:
    venue = Venue()
    for uid, rig in enumerate("abc", 1):
        venue.opens(rig, uid, "Monza")
    venue.passes(1, *"abc")
    venue.opens("a", 11, "Spa")
    venue.opens("b", 12, "Spa")
    venue.passes(19, *"abc")
    venue.opens("a", 21, None)
    venue.watch.look()
    venue.opens("a", 21, "Spa")
    venue.passes(2, *"abc")
    assert ["Monza", "Spa"] == venue.circuits


def test_a_rig_at_a_circuit_without_a_name_does_not_count_for_the_one_before() -> None:
    venue = Venue()
    venue.opens("a", 1, "Monza")
    venue.passes(1, "a")
    venue.opens("a", 2, None)
    venue.passes(OFFLINE_S - 1, "a")
    assert ["monza"] == list(venue.watch.contents().rows)
    venue.passes(2, "a")
    assert [] == list(venue.watch.contents().rows)


def test_a_step_of_server_time_silences_no_rig_and_ends_no_wait() -> None:
    venue = Venue()
    for uid, rig in enumerate("abc", 1):
        venue.opens(rig, uid, "Monza")
    venue.opens("d", 9, "Spa")
    venue.passes(5, *"abcd")
    venue.server_time += 86_400
    venue.rigs["d"].last_received_at = venue.server_time
    venue.watch.look()
    venue.passes(60, *"abcd")
    assert ["Monza"] == venue.circuits


def test_the_stored_circuit_is_kept_across_a_restart() -> None:
    venue = Venue(followed="Monza")
    venue.opens("d", 9, "Monza")
    venue.passes(60, "d")
    assert [] == venue.stored


def test_after_a_restart_a_stray_rig_waits_until_it_drives_alone() -> None:
    venue = Venue(followed="Monza")
    venue.opens("d", 9, "Spa")
    venue.passes(19, "d")
    for uid, rig in enumerate("abc", 1):
        venue.opens(rig, uid, "Monza")
    venue.passes(60, *"abcd")
    assert [] == venue.stored


def test_after_hours_of_rest_a_stray_rig_takes_nothing_at_once() -> None:
    venue = Venue()
    for uid, rig in enumerate("abc", 1):
        venue.opens(rig, uid, "Monza")
    venue.passes(60, *"abc")
    venue.steady += 7200
    venue.server_time += 7200
    venue.opens("d", 9, "Spa")
    venue.passes(19, "d")
    assert ["Monza"] == venue.circuits
    venue.passes(2, "d")
    assert ["Monza", "Spa"] == venue.circuits


def test_an_opened_meeting_takes_the_circuit_of_the_rigs() -> None:
    venue = Venue()
    venue.opens("a", 1, "Monza")
    venue.watch.look()
    venue.choice = BoardChoice(meeting_id="m2", held=None, followed=None)
    venue.watch.after_act(_Act([(None, _meeting())]))
    venue.passes(1, "a")
    assert [("m1", "Monza"), ("m2", "Monza")] == [(event.meeting_id, event.circuit) for event in venue.stored]


def test_a_deleted_meeting_is_read_again() -> None:
    venue = Venue()
    venue.choice = BoardChoice(meeting_id="m2", held=None, followed=None)
    venue.watch.after_act(_Act([(_meeting(), None)]))
    venue.opens("a", 1, "Monza")
    venue.watch.look()
    assert ["m2"] == [event.meeting_id for event in venue.stored]


def test_an_act_on_something_else_reads_nothing() -> None:
    venue = Venue()
    venue.choice = BoardChoice(meeting_id="m2", held=None, followed=None)
    venue.watch.after_act(_Act([("a lap", "a lap")]))
    venue.opens("a", 1, "Monza")
    venue.watch.look()
    assert ["m1"] == [event.meeting_id for event in venue.stored]


def test_while_the_database_accepts_nothing_the_change_waits() -> None:
    venue = Venue()
    venue.is_busy = True
    venue.opens("a", 1, "Monza")
    venue.passes(5, "a")
    assert [] == venue.stored
    venue.is_busy = False
    venue.passes(1, "a")
    assert ["Monza"] == venue.circuits


@dataclass
class _Act:
    changes: list[tuple[object, object]]


def _meeting() -> Meeting:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Meeting(
        id="m2", name="League", date="2026-11-22", venue="", circuit=None, rules=Rules(),
        points=POINTS["club"], state=MeetingState.OPEN, created_at=now, opened_at=now,
    )  # fmt: skip


def test_the_view_lists_what_rigs_drive_now_and_what_is_shown() -> None:
    venue = Venue()
    venue.opens("a", 1, "Monza")
    venue.opens("b", 2, "Spa")
    venue.opens("c", 3, "Monza")
    venue.passes(1, *"abc")
    venue.choice = BoardChoice(meeting_id="m1", held=None, followed="Monza")
    venue.watch.after_commit(_Commit([venue.stored[0]]))
    contents = venue.watch.contents()
    assert {"monza": ("Monza", 2, True), "spa": ("Spa", 1, False)} == contents.rows
    assert {"held": None, "followed": "Monza"} == contents.facts
    venue.choice = BoardChoice(meeting_id="m1", held="Spa-Francorchamps", followed="Monza")
    venue.watch.after_act(_Act([(_meeting(), _meeting())]))
    contents = venue.watch.contents()
    assert {"monza": ("Monza", 2, False), "spa": ("Spa", 1, True)} == contents.rows
    assert {"held": "Spa-Francorchamps", "followed": "Monza"} == contents.facts
    venue.passes(OFFLINE_S + 1)
    assert {} == venue.watch.contents().rows


@dataclass
class _Commit:
    events: list[object]
    has_changed_boards: bool = False


def test_many_sessions_that_begin_at_once_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count_calls(monkeypatch, DrivingRigs, "circuits")
    venue = Venue()
    for number in range(64):
        venue.opens(f"10.0.0.{number}", 1, "Monza")
        venue.watch.look_soon()
    assert 1 == len(looks)
    venue.steady += 0.1
    venue.watch.look_soon()
    assert 2 == len(looks)
    assert {"monza"} == set(venue.watch.contents().rows)
    assert 64 == venue.watch.contents().rows["monza"][1]
