"""With the rigs locked, only their addresses are looked at; who sends the session of a rig is named."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from f1timings.packets import Header
from f1timings.pipeline import Pipeline
from f1timings.rigs import lock
from f1timings.rigs.admission import MANY_RIGS_OF_ADDRESS, OTHERS
from f1timings.rigs.lock import REMEMBERED_S, SourceLock
from f1timings.rigs.status import RigStatus
from tests.test_pipeline import Sink, packet

RIG, OTHER_RIG, GUEST = "10.0.0.1", "10.0.0.2", "10.0.0.66"
PORT = 20777


class Room(NamedTuple):
    """A pipeline with two rigs that drive, and the events for the store."""

    pipeline: Pipeline
    sink: Sink

    def send(self, address: str, *, at: float, uid: int, frame: int = 100, port: int = 5) -> bool:
        return self.pipeline.feed(packet(uid, frame, "lap_data"), address, port, PORT, at)


@pytest.fixture
def room() -> Room:
    sink = Sink()
    opened = Room(Pipeline(sink), sink)
    opened.send(RIG, at=100.0, uid=1)
    opened.send(OTHER_RIG, at=100.0, uid=2)
    return opened


def test_what_an_unknown_address_sends_is_refused_and_counted(room: Room) -> None:
    room.pipeline.admit_only([RIG, OTHER_RIG])
    events = len(room.sink.entries)
    assert not any(room.send(GUEST, at=100.0 + number, uid=9, frame=number) for number in range(5))
    assert not room.pipeline.feed(b"no packet", GUEST, 6, PORT, 105.0)
    assert (set(room.pipeline.rigs), len(room.sink.entries)) == ({RIG, OTHER_RIG}, events)
    assert room.pipeline.lock.refused == 6
    assert room.pipeline.strays == room.pipeline.refused == {}
    (stranger,) = room.pipeline.lock.strangers()
    assert (stranger.address, stranger.refused, stranger.is_game, stranger.claims) == (GUEST, 6, True, None)


def test_the_rigs_go_on_while_they_are_locked_from_new_ports_too(room: Room) -> None:
    room.pipeline.admit_only([RIG, OTHER_RIG])
    assert room.send(RIG, at=100.1, uid=1, frame=106)
    assert room.send(OTHER_RIG, at=110.0, uid=3, port=6)
    room.pipeline.tick(113.0)
    assert {key: rig.datagrams for key, rig in room.pipeline.rigs.items()} == {RIG: 2, OTHER_RIG: 2}


@pytest.mark.parametrize("frame", [100, 103, 90_000])
def test_who_forges_the_session_of_a_rig_is_no_copy_of_it_and_is_named(room: Room, frame: int) -> None:
    room.pipeline.admit_only([RIG, OTHER_RIG])
    rig = room.pipeline.rigs[RIG]
    assert not room.send(GUEST, at=100.1, uid=1, frame=frame)
    assert (rig.datagrams, rig.address, rig.frame, rig.last_received_at) == (1, RIG, 100, 100.0)
    assert room.pipeline.rig_at(GUEST, 5, PORT) is None
    assert [(one.address, one.claims) for one in room.pipeline.lock.strangers()] == [(GUEST, RIG)]


def test_who_sends_the_session_of_a_silent_rig_does_not_take_its_place(room: Room) -> None:
    room.pipeline.admit_only([RIG, OTHER_RIG])
    for second in range(10):
        room.send(GUEST, at=110.0 + second, uid=1, frame=1_000 + second)
        room.pipeline.tick(110.5 + second)
    assert set(room.pipeline.rigs) == {RIG, OTHER_RIG}
    assert not room.pipeline.rigs[RIG].is_live(119.0)


def test_a_copy_that_was_taken_before_the_rigs_were_locked_is_refused(room: Room) -> None:
    assert room.send(GUEST, at=100.1, uid=1, frame=101)
    assert room.pipeline.rig_at(GUEST, 5, PORT) == RIG
    room.pipeline.admit_only([RIG, OTHER_RIG])
    assert not room.send(GUEST, at=100.2, uid=1, frame=102)
    assert room.pipeline.rigs[RIG].frame == 101
    assert room.send(RIG, at=100.3, uid=1, frame=118)


def test_a_rig_that_is_removed_is_refused_and_is_the_same_rig_once_it_is_admitted(room: Room) -> None:
    room.pipeline.admit_only([RIG])
    assert not room.send(OTHER_RIG, at=100.5, uid=2, frame=130)
    assert room.pipeline.rigs[OTHER_RIG].datagrams == 1
    room.pipeline.admit_only([RIG, OTHER_RIG])
    assert room.pipeline.lock.strangers() == []
    assert room.send(OTHER_RIG, at=101.0, uid=2, frame=160)
    assert room.pipeline.rigs[OTHER_RIG].datagrams == 2
    room.pipeline.admit_only(None)
    assert room.send(GUEST, at=101.0, uid=9)
    assert set(room.pipeline.rigs) == {RIG, OTHER_RIG, GUEST}


def test_games_that_share_an_address_are_the_same_rigs_after_a_pause_of_the_lock(room: Room) -> None:
    for port, uid in ((7, 11), (8, 12), (9, 13)):
        for frame in (100, 400):
            room.send(GUEST, at=100.0 + frame / 60, uid=uid, frame=frame, port=port)
    room.pipeline.tick(109.0)
    rigs_before = {port: room.pipeline.rig_at(GUEST, port, PORT) for port in (7, 8, 9)}
    assert len(set(rigs_before.values()) - {None}) == 3
    room.pipeline.admit_only([RIG])
    assert not room.send(GUEST, at=110.0, uid=12, frame=700, port=8)
    room.pipeline.admit_only(None)
    for port, uid in ((9, 23), (8, 22), (7, 21)):
        room.send(GUEST, at=130.0, uid=uid, frame=1_000, port=port)
    assert {port: room.pipeline.rig_at(GUEST, port, PORT) for port in (7, 8, 9)} == rigs_before


def test_several_games_of_one_port_are_refused_too(room: Room) -> None:
    for number in range(40):
        room.send(GUEST, at=100.0 + number / 10, uid=11 + number % 2, frame=200 + number)
    assert room.pipeline.rig_at(GUEST, 5, PORT) is None  # it depends on the session
    before = sum(rig.datagrams for rig in room.pipeline.rigs.values())
    room.pipeline.admit_only([RIG, OTHER_RIG])
    assert not room.send(GUEST, at=104.1, uid=11, frame=300)
    assert sum(rig.datagrams for rig in room.pipeline.rigs.values()) == before


def test_datagrams_that_wait_for_their_rig_are_no_rig_once_the_rigs_are_locked(room: Room) -> None:
    for number in range(MANY_RIGS_OF_ADDRESS + 1):
        room.send(GUEST, at=100.0, uid=50 + number, port=10 + number)
    before = {key: rig.datagrams for key, rig in room.pipeline.rigs.items()}
    assert room.pipeline._held_together > 0
    room.pipeline.admit_only([RIG, OTHER_RIG])
    assert room.pipeline._held_together == 0
    room.pipeline.tick(200.0)
    assert {key: rig.datagrams for key, rig in room.pipeline.rigs.items()} == before


def test_an_address_is_the_same_at_a_socket_for_both_protocols(room: Room) -> None:
    room.pipeline.admit_only([RIG, "fd00::21"])
    assert room.send(f"::ffff:{RIG}", at=100.1, uid=7)
    assert room.send("fd00::21", at=100.1, uid=8)
    assert not room.send(f"::ffff:{GUEST}", at=100.1, uid=9)


@pytest.mark.parametrize("frame", [30, 90_000])
def test_without_the_lock_a_new_address_that_claims_a_session_is_a_rig_of_its_own_and_is_named(
    room: Room, frame: int
) -> None:
    for number in range(3):
        room.send(RIG, at=100.1 + number, uid=1, frame=101 + 60 * number)
        room.send(GUEST, at=100.1 + number, uid=1, frame=frame + 200 + 60 * number)
    room.pipeline.tick(102.2)
    assert {key: rig.datagrams for key, rig in room.pipeline.rigs.items()} == {RIG: 4, OTHER_RIG: 1, GUEST: 3}
    assert room.pipeline.rigs[RIG].address == RIG
    assert [(one.address, one.refused, one.claims) for one in room.pipeline.lock.strangers()] == [
        (GUEST, 0, RIG)
    ]
    room.pipeline.tick(102.2 + REMEMBERED_S + 1)
    assert room.pipeline.lock.strangers() == []


def test_without_the_lock_who_copies_the_stream_of_a_rig_counts_as_that_rig_and_is_named(room: Room) -> None:
    assert room.send(GUEST, at=100.1, uid=1, frame=101)
    assert room.pipeline.rig_at(GUEST, 5, PORT) == RIG
    assert [(one.address, one.refused, one.claims) for one in room.pipeline.lock.strangers()] == [
        (GUEST, 0, RIG)
    ]
    room.pipeline.tick(100.2 + REMEMBERED_S)
    assert room.pipeline.lock.strangers() == []


def test_a_rig_that_comes_back_with_another_address_is_not_named(room: Room) -> None:
    room.send(GUEST, at=110.0, uid=1, frame=700)
    room.pipeline.tick(114.0)
    assert room.pipeline.lock.strangers() == []


def test_the_cars_of_one_lobby_claim_nothing(room: Room) -> None:
    room.pipeline.lock.look(100.1)
    rig = room.pipeline.rigs[OTHER_RIG]
    rig.session_uid, rig.player_car_index = 1, 5
    room.pipeline.lock.look(100.1)
    assert room.pipeline.lock.strangers() == []


def test_one_datagram_of_a_stranger_is_looked_at_in_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bytes] = []

    def read(data: bytes) -> Header | None:
        looked_at.append(data)
        return None

    monkeypatch.setattr(lock, "_header_of", read)
    refusing = SourceLock({})
    refusing.admit_only([RIG])
    for number in range(1_000):
        refusing.refuse(b"x", GUEST, 100.0 + number / 400)
    assert len(looked_at) == 3
    assert refusing.refused == 1_000


def test_the_strangers_are_limited(room: Room) -> None:
    room.pipeline.admit_only([RIG])
    for number in range(1_000):
        room.send(f"10.1.{number // 250}.{number % 250}", at=100.0, uid=9)
    strangers = {one.address: one.refused for one in room.pipeline.lock.strangers()}
    assert len(strangers) == 257
    assert strangers[OTHERS] == 1_000 - 256
    room.pipeline.follow_step(3600.0)
    room.pipeline.tick(3700.0)
    assert len(room.pipeline.lock.strangers()) == 257
    room.pipeline.tick(3700.0 + REMEMBERED_S + 1)
    assert room.pipeline.lock.strangers() == []
    assert room.pipeline.lock.refused == 1_000


def test_the_rigs_that_were_heard_in_a_day_are_those_to_admit() -> None:
    now = 1_000_000.0

    def heard(address: str, at: float, packet_format: int | None = 2025) -> RigStatus:
        return RigStatus(
            key=address,
            address=address,
            port=5,
            listen_port=PORT,
            first_received_at=at,
            last_received_at=at,
            packet_format=packet_format,
        )

    statuses = [
        heard("10.0.0.1", now - 5),
        heard("10.0.0.2", now - 90_000),
        heard("::ffff:10.0.0.3", now - 9),
        heard("10.0.0.4", now, None),
    ]
    recorded = {"10.0.0.2": now - 80_000, "10.0.0.5": now - 80_001, "10.0.0.6": now - 90_000}
    sources = SourceLock({status.key: status for status in statuses})
    assert sources.recent_addresses(recorded, now) == ["10.0.0.1", "10.0.0.3", "10.0.0.2", "10.0.0.5"]
