"""Several games behind one address: no lap of one stands under the rig of another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from f1timings.commands.capture_report import build_report
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.engine import KnownSession
from f1timings.timing.events import SessionChanged
from f1timings.timing.records import LapState, Session

_CASE = Path(__file__).parent / "cases" / "s3_one_address_three_games.pcap.gz"


class Room:
    """A pipeline with games that send from ports of one address; rows as the store would have them."""

    def __init__(
        self,
        stored: tuple[RigSeen, ...] = (),
        known: Mapping[str, Mapping[int, KnownSession]] | None = None,
    ) -> None:
        self.address = "10.0.0.5"
        self.rig_of_session: dict[int, str] = {}
        self.seen: dict[str, RigSeen] = {}
        self.taken_over: list[tuple[str, float, float]] = []
        self.pipeline = Pipeline(
            self._handle_entries,
            known,
            stored_rigs=stored,
            on_taken_over=lambda *interval: self.taken_over.append(interval),
        )

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

    def drive_together(self, streams: Mapping[int, int], since: float, *, formats: Mapping[int, int]) -> None:
        """Send from several ports for three seconds; sessions and formats by port."""
        for step in range(30):
            for port, uid in streams.items():
                self.send(port, uid, since + step / 10, packet_format=formats.get(port, 2025))

    def send(self, port: int, uid: int, at: float, *, packet_format: int = 2025) -> None:
        frame = int(at * 60)
        header = Header(
            packet_format,
            game_year=packet_format % 100,
            session_uid=uid,
            session_time=at,
            frame_identifier=frame,
            overall_frame_identifier=frame,
        )
        self.pipeline.tick(at)
        self.pipeline.feed(encode(build(packet_format, "lap_data", header)), self.address, port, 20777, at)


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


def test_of_two_live_ports_neither_is_the_rig_whose_port_is_gone() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)  # the first rig, or a newcomer
    room.drive_together({2: 22, 3: 33}, 110, formats={})
    room.drive(2, 23, 113, 3.0)
    assert {11: "10.0.0.5"} | dict.fromkeys((22, 23), "10.0.0.5:2") | {
        33: "10.0.0.5:3"
    } == room.rig_of_session
    room.drive(1, 12, 120, 3.0)
    assert "10.0.0.5" == room.rig_of_session[12]
    assert all(seen.shares_address for seen in room.seen.values())


def test_a_session_that_goes_on_shows_which_of_two_live_ports_is_the_first_rig() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    room.drive_together({2: 22, 3: 33}, 110, formats={})
    room.drive(4, 11, 120, 3.0)
    assert {11: "10.0.0.5", 22: "10.0.0.5:2", 33: "10.0.0.5:3"} == room.rig_of_session
    assert {"10.0.0.5": 4, "10.0.0.5:2": 2, "10.0.0.5:3": 3} == {
        rig.key: rig.port for rig in room.pipeline.rigs.values()
    }


@pytest.mark.parametrize(
    ("formats", "rigs"),
    [
        ({1: 2025, 2: 2025, 3: 2023}, {11: "10.0.0.5", 22: "10.0.0.5", 33: "10.0.0.5:3"}),
        ({1: 2025, 2: 2023, 3: 2025}, {11: "10.0.0.5", 22: "10.0.0.5:2", 33: "10.0.0.5:3"}),
        ({1: 2025, 2: 2023, 3: 2023}, {11: "10.0.0.5", 22: "10.0.0.5:2", 33: "10.0.0.5:3"}),
    ],
)
def test_a_rig_keeps_its_place_if_it_alone_sends_the_format_of_before(
    formats: dict[int, int], rigs: dict[int, str]
) -> None:
    room = Room()
    room.drive_together({1: 11}, 100, formats=formats)
    room.drive_together({2: 22}, 106, formats=formats)
    room.drive_together({2: 22, 3: 33}, 110, formats=formats)
    assert rigs == room.rig_of_session


def test_a_rig_that_restarted_its_game_after_the_address_was_found_to_be_shared_is_not_doubted_again() -> (
    None
):
    room = Room()
    room.drive_together({1: 11, 2: 22}, 100, formats={})
    room.drive(1, 12, 110, 3.0)
    room.drive_together({1: 13, 3: 33}, 120, formats={})
    assert "10.0.0.5" == room.rig_of_session[13]


@pytest.mark.parametrize("returns", [[(1, 11)], [(1, 12), (2, 22)], [(3, 11)]])
def test_it_is_known_when_a_newcomer_had_the_place_of_a_rig(returns: list[tuple[int, int]]) -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    for place, (port, uid) in enumerate(returns):
        room.drive(port, uid, 112 + 6 * place, 3.0)
    ((rig, since, until),) = room.taken_over
    assert ("10.0.0.5", True, True) == (rig, 102.9 < since <= 106, 109 < until <= 112)


def test_between_two_live_ports_the_place_of_a_rig_was_taken_until_now() -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.drive(2, 22, 106, 3.0)
    room.drive_together({2: 22, 3: 33}, 110, formats={})
    ((rig, since, until),) = room.taken_over
    assert ("10.0.0.5", True, True) == (rig, 102.9 < since <= 106, 110 <= until < 111)


@pytest.mark.parametrize("rest", [0.5, 30.0])
def test_a_rig_that_gets_the_address_of_another_one_does_not_take_its_place(rest: float) -> None:
    room = Room()
    room.drive(1, 11, 100, 3.0)
    room.address = "10.0.0.6"
    at = room.drive(2, 22, 106, 3.0)
    room.address = "10.0.0.5"
    at = room.drive(2, 22, at + rest, 3.0)
    assert "10.0.0.5" != room.rig_of_session[22]
    room.drive(1, 12, at + 60, 3.0)
    assert {"10.0.0.5"} == {room.rig_of_session[uid] for uid in (11, 12)}


def test_after_a_restart_too_a_session_from_another_address_takes_no_place() -> None:
    before = Room()
    before.drive(1, 11, 100, 3.0)
    before.address = "10.0.0.6"
    before.drive(2, 22, 106, 3.0)
    session = Session(id="22", rig="10.0.0.6", uid=22, epoch=0, packet_format=2025, player_car_index=0)
    after = Room(tuple(before.seen.values()), {"10.0.0.6": {22: KnownSession(session, ())}})
    after.drive(2, 22, 120, 3.0)
    after.drive(3, 33, 130, 3.0)
    assert {22: "10.0.0.5:2", 33: "10.0.0.5:2"} == after.rig_of_session


def test_a_lone_rig_that_restarts_its_game_stays_the_same_rig() -> None:
    room = Room()
    at = 100.0
    for port, uid in ((1, 11), (2, 22), (3, 33), (1, 44)):
        at = room.drive(port, uid, at + 5, 3.0)
    assert {"10.0.0.5"} == set(room.rig_of_session.values())
    assert [] == room.taken_over
