"""Several games behind one address: no lap of one stands under the rig of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.commands.capture_report import build_report
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.events import SessionChanged
from f1timings.timing.records import LapState

_CASE = Path(__file__).parent / "cases" / "s3_one_address_three_games.pcap.gz"


class Room:
    """A pipeline with games that send from ports of one address; rows as the store would have them."""

    def __init__(self, stored: tuple[RigSeen, ...] = ()) -> None:
        self.rig_of_session: dict[int, str] = {}
        self.seen: dict[str, RigSeen] = {}
        self.pipeline = Pipeline(self._handle_entries, stored_rigs=stored)

    def _handle_entries(self, entries: object) -> None:
        for entry in entries:  # type: ignore[attr-defined]
            assert isinstance(entry, Stamped)
            if isinstance(entry.event, SessionChanged):
                self.rig_of_session[entry.event.session.uid] = entry.event.session.rig
            elif isinstance(entry.event, RigSeen):
                self.seen[entry.event.key] = entry.event

    def drive(self, port: int, uid: int, since: float, seconds: float = 1.0) -> float:
        """Send ten updates a second from a port; return the time of the last one."""
        at = since
        for step in range(int(seconds * 10)):
            at = since + step / 10
            self.send(port, uid, at)
        return at

    def send(self, port: int, uid: int, at: float) -> None:
        frame = int(at * 60)
        header = Header(
            2025,
            game_year=25,
            session_uid=uid,
            session_time=at,
            frame_identifier=frame,
            overall_frame_identifier=frame,
        )
        self.pipeline.tick(at)
        self.pipeline.feed(encode(build(2025, "lap_data", header)), "10.0.0.5", port, 20777, at)


def test_three_games_from_one_port_are_three_rigs_with_their_own_laps() -> None:
    report = build_report(_CASE)
    laps = {
        report.sessions[session_id].rig: [
            lap.lap_time_ms for lap in laps.values() if lap.state is LapState.COMPLETED
        ]
        for session_id, laps in report.laps.items()
    }
    assert [[61_000, 61_005], [62_111, 62_116], [63_222, 63_227]] == sorted(laps.values())
    assert 3 == len(laps)


def test_one_game_that_changes_its_session_stays_one_rig() -> None:
    room = Room()
    at = 100.0
    for uid in (1, 2, 1, 3, 4):
        at = room.drive(5, uid, at + 0.1, 3.0)
    assert ["10.0.0.5"] == list(room.pipeline.rigs)


@pytest.mark.parametrize("rest", [0.5, 3.0, 60.0])
def test_after_two_live_ports_a_new_port_is_a_rig_of_its_own(rest: float) -> None:
    room = Room()
    for step in range(30):
        room.send(1, 11, 100 + step / 10)
        room.send(2, 22, 100 + step / 10)
    room.drive(3, 33, 103 + rest, 5.0)
    assert 3 == len({room.rig_of_session[uid] for uid in (11, 22, 33)})
    assert "10.0.0.5" == room.rig_of_session[11]


def test_a_rig_that_rested_is_itself_again_and_the_newcomer_keeps_its_laps() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    assert {11: "10.0.0.5", 22: "10.0.0.5"} == room.rig_of_session
    for step in range(30):
        room.send(2, 22, 110 + step / 10)
        room.send(1, 11, 110 + step / 10)
    assert {11: "10.0.0.5", 22: "10.0.0.5:2"} == room.rig_of_session
    assert (1, 2) == tuple(rig.port for rig in room.pipeline.rigs.values())
    assert all(seen.shares_address for seen in room.seen.values())


def test_a_rig_that_goes_on_from_a_new_port_is_itself_again() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    for step in range(30):
        room.send(2, 22, 110 + step / 10)
        room.send(3, 11, 110 + step / 10)
    assert {11: "10.0.0.5", 22: "10.0.0.5:2"} == room.rig_of_session
    assert (3, 2) == tuple(rig.port for rig in room.pipeline.rigs.values())


def test_a_newcomer_that_had_several_ports_leaves_no_session_at_the_rig_that_rested() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    room.drive(3, 33, 112, 3.0)
    room.drive(1, 11, 120, 3.0)
    assert {11: "10.0.0.5", 22: "10.0.0.5:3", 33: "10.0.0.5:3"} == room.rig_of_session


@pytest.mark.parametrize("uid", [22, 23])
def test_a_newcomer_that_rested_while_the_first_rig_returned_takes_its_sessions_along(uid: int) -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    room.drive(1, 12, 112, 3.0)
    for step in range(30):
        room.send(1, 12, 120 + step / 10)
        room.send(2, uid, 120 + step / 10)
    assert {11: "10.0.0.5", 12: "10.0.0.5", 22: "10.0.0.5:2", uid: "10.0.0.5:2"} == room.rig_of_session


def test_a_returning_session_shows_the_sharing_even_while_the_newcomer_rests() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    room.drive(1, 11, 120, 3.0)
    assert {11: "10.0.0.5", 22: "10.0.0.5:2"} == room.rig_of_session


def test_a_shared_address_stays_shared_after_a_restart_of_the_server() -> None:
    before = Room()
    for step in range(30):
        before.send(1, 11, 100 + step / 10)
        before.send(2, 22, 100 + step / 10)
    after = Room(tuple(before.seen.values()))
    after.drive(3, 33, 200, 3.0)
    after.drive(2, 22, 210, 3.0)
    after.drive(1, 12, 220, 3.0)
    assert {33: "10.0.0.5:3", 22: "10.0.0.5:2", 12: "10.0.0.5"} == after.rig_of_session


def test_both_rigs_of_a_shared_address_restart_their_games_and_take_nobodys_place() -> None:
    room = Room()
    for step in range(30):
        room.send(1, 11, 100 + step / 10)
        room.send(2, 22, 100 + step / 10)
    for step in range(30):
        room.send(3, 33, 110 + step / 10)
        room.send(4, 44, 110 + step / 10)
    assert 4 == len(set(room.rig_of_session.values()))


def test_a_lone_rig_that_restarts_its_game_stays_the_same_rig() -> None:
    room = Room()
    at = 100.0
    for port, uid in ((1, 11), (2, 22), (3, 33), (1, 44)):
        at = room.drive(port, uid, at + 5, 3.0)
    assert {"10.0.0.5"} == set(room.rig_of_session.values())
