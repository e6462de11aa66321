"""What a stranger sends takes a bounded part of the server, and nothing from the rigs that drive."""

from __future__ import annotations

from collections.abc import Iterable

from f1timings.pipeline import Pipeline
from f1timings.rigs import admission
from f1timings.rigs.admission import (
    EVENTS,
    MANY_RIGS_OF_ADDRESS,
    MOST_RIGS,
    MOST_RIGS_OF_ADDRESS,
    NEW_PORTS,
    NEW_PORTS_PER_S,
    OTHERS,
    PROOF,
    SESSION_COST,
    TOO_MUCH,
    Admission,
)
from f1timings.rigs.status import MOST_STREAMS
from f1timings.timing.engine import KnownSession, NoArchive
from f1timings.timing.events import LapRecorded
from tests.simulated_rigs import LISTEN_PORT, PORT, RIGS, evening_of_two_rigs
from tests.test_pipeline import Sink, packet

GUEST, RIG = "10.0.0.66", "10.0.0.1"


class CountingArchive(NoArchive):
    """Counts how often the database would be asked."""

    def __init__(self) -> None:
        self.asked = 0

    def recall(self, rig: str, uid: int) -> KnownSession | None:
        self.asked += 1
        return super().recall(rig, uid)

    def runs(self, rig: str, uid: int) -> Iterable[KnownSession]:
        self.asked += 1
        return super().runs(rig, uid)


def send(pipeline: Pipeline, address: str, port: int, *, at: float, uid: int, count: int = PROOF) -> None:
    """Send the datagrams by which a game shows that it is one, from one port in a tenth of a second."""
    data = packet(uid)
    for number in range(count):
        pipeline.feed(data, address, port, 20777, at + number / 300)


def crowd(pipeline: Pipeline, *, at: float = 99.0) -> None:
    """Let so many games send from the guest's address that a further port must prove itself."""
    for number in range(MANY_RIGS_OF_ADDRESS):
        send(pipeline, GUEST, 10 + number, at=at + number / 1000, uid=50 + number, count=2)
        send(pipeline, GUEST, 10 + number, at=at + 0.5, uid=50 + number, count=2)
    pipeline.tick(at + 0.9)
    assert len(pipeline.rigs) == MANY_RIGS_OF_ADDRESS


def test_ports_that_send_once_are_no_rigs() -> None:
    pipeline = Pipeline(Sink())
    crowd(pipeline)
    for number in range(900):
        pipeline.feed(packet(1000 + number), GUEST, 1024 + number, 20777, 100.0)
    for moment in (100.5, 101.0, 102.5):
        pipeline.tick(moment)
    assert len(pipeline.rigs) == MANY_RIGS_OF_ADDRESS
    assert pipeline.refused == {GUEST: 900}
    assert pipeline._held_together == 0


def test_a_game_in_a_crowd_loses_no_datagram() -> None:
    pipeline = Pipeline(Sink())
    crowd(pipeline)
    for number in range(900):
        pipeline.feed(packet(1000 + number), GUEST, 1024 + number, 20777, 100.0)
    send(pipeline, GUEST, 9, at=100.1, uid=7, count=PROOF + 5)
    pipeline.tick(103.0)
    assert [PROOF + 5] == [rig.datagrams for rig in pipeline.rigs.values() if rig.port == 9]


def test_the_end_of_a_file_brings_what_waits_in_a_crowd() -> None:
    pipeline = Pipeline(Sink())
    crowd(pipeline)
    send(pipeline, GUEST, 9, at=100.0, uid=7, count=PROOF - 1)
    assert len(pipeline.rigs) == MANY_RIGS_OF_ADDRESS
    pipeline.finish(100.2)
    assert [PROOF - 1] == [rig.datagrams for rig in pipeline.rigs.values() if rig.port == 9]


def test_twenty_thousand_ports_of_one_address_are_few_rigs_and_no_work() -> None:
    pipeline = Pipeline(Sink())
    pipeline.feed(packet(1), RIG, 5, 20777, 100.0)
    for number in range(20_000):
        pipeline.feed(packet(1000 + number), GUEST, 1024 + number, 20777, 100.0)
    pipeline.tick(103.0)
    rigs = [rig for rig in pipeline.rigs.values() if rig.address == GUEST]
    assert 0 < len(rigs) <= NEW_PORTS
    assert pipeline.refused == {GUEST: 20_000 - NEW_PORTS}


def test_ports_that_come_slowly_are_limited_too() -> None:
    pipeline = Pipeline(Sink())
    known = range(1024, 1024 + MOST_RIGS_OF_ADDRESS)
    new = range(known.stop, known.stop + 100)
    # The limit of new ports alone would let the new ones through: one a second since the known ones came.
    for begin, ports in ((100.0, [*known]), (100.0 + 2 * len(new) / NEW_PORTS_PER_S, [*known, *new])):
        for second in range(3):
            for port in ports:
                data = packet(1000 + port, frame=int(60 * (begin + second)))
                for _ in range(PROOF // 3):
                    pipeline.feed(data, GUEST, port, 20777, begin + second)
            pipeline.tick(begin + second + 0.5)
        assert len(pipeline.rigs) == MOST_RIGS_OF_ADDRESS
    assert pipeline.refused == {GUEST: PROOF * len(new)}


def test_a_crowd_at_one_address_keeps_nobody_else_out() -> None:
    pipeline = Pipeline(Sink())
    for number in range(2 * MOST_RIGS_OF_ADDRESS):
        pipeline.feed(packet(1000 + number), GUEST, 1024 + number, 20777, 100.0)
    pipeline.feed(packet(7), RIG, 5, 20777, 100.0)
    assert pipeline.rigs[RIG].datagrams == 1
    assert RIG not in pipeline.refused


def test_the_rigs_of_many_addresses_are_limited_and_those_that_drive_go_on() -> None:
    pipeline = Pipeline(Sink())
    pipeline.feed(packet(7), RIG, 5, 20777, 100.0)
    for number in range(MOST_RIGS + 100):
        address = f"10.1.{number // 250}.{number % 250}"
        send(pipeline, address, 5, at=100.0, uid=1000 + number)
    assert len(pipeline.rigs) == MOST_RIGS
    pipeline.feed(packet(7, frame=101), RIG, 5, 20777, 100.1)
    assert pipeline.rigs[RIG].datagrams == 2
    assert sum(pipeline.refused.values()) == 101 * PROOF


def test_sessions_that_are_invented_for_each_datagram_are_refused() -> None:
    archive, stored = CountingArchive(), Sink()
    pipeline = Pipeline(stored, archive=archive)
    for number in range(5_000):
        pipeline.feed(packet(1 + number, kind="lap_data"), GUEST, 5, 20777, 100.0 + number / 1e6)
    assert archive.asked <= 2 * (EVENTS // SESSION_COST + 1)
    assert pipeline.rigs[GUEST].rejected[TOO_MUCH] == pipeline.refused[GUEST] > 4_000
    before = pipeline.rigs[GUEST].datagrams - pipeline.refused[GUEST]
    pipeline.feed(packet(5_000, frame=101, kind="lap_data"), GUEST, 5, 20777, 105.0)
    assert pipeline.rigs[GUEST].datagrams - pipeline.refused[GUEST] == before + 1


def test_what_one_rig_causes_to_be_stored_is_limited_over_time() -> None:
    limits = Admission()
    refused_until = 0.0
    events = 0
    for number in range(100_000):
        now = number / 1_000  # a thousand datagrams a second, each of which completes 22 laps
        if now >= refused_until:
            events += 22
            refused_until = limits.charge(GUEST, now, 22)
    assert EVENTS <= events <= EVENTS + 22 + 100 * admission.EVENTS_PER_S


def test_an_evening_of_the_fastest_replay_is_not_refused() -> None:
    limits = Admission()
    for second in range(600):
        # Sixty times the speed: 22 laps with sectors, stints and clocks each second, a session each minute.
        cost = 22 * 5 + (SESSION_COST if second % 60 == 0 else 0)
        assert limits.charge(RIG, float(second), cost) <= second


def test_many_games_behind_one_port_are_a_few_rigs() -> None:
    pipeline = Pipeline(Sink())
    frame = 100
    for _ in range(8):
        for stream in range(200):
            frame += 1
            data = packet(1 + stream, frame=frame, kind="lap_data")
            pipeline.feed(data, GUEST, 5, 20777, 100.0 + frame / 10)
    assert 0 < len(pipeline.rigs) <= MOST_STREAMS + 1
    assert all(len(rig.left) <= MOST_STREAMS for rig in pipeline.rigs.values())


def test_datagrams_that_wait_for_their_rig_are_limited_together() -> None:
    pipeline = Pipeline(Sink())
    for port in range(110):
        for frame in range(400):
            pipeline.feed(packet(1 + port, frame=frame), GUEST, 1024 + port, 20777, 100.0)
    waiting = sum(len(held.datagrams) for held in pipeline._held.values())
    # The rig with the datagram that was one too many is settled at once.
    assert 40_000 - 400 <= waiting <= 40_000
    assert waiting == pipeline._held_together


def test_the_addresses_with_a_count_of_refused_datagrams_are_limited() -> None:
    limits = Admission()
    for number in range(1_000):
        limits.refuse(f"10.0.{number // 250}.{number % 250}")
    assert len(limits.refused) == 257
    assert limits.refused[OTHERS] == 1_000 - 256


# So many datagrams ago: a copy that is less than a second late counts as the stream itself.
_LATE = 400


def laps_beside_a_forger(*, are_locked: bool) -> tuple[list[object], Pipeline]:
    """The laps of two simulated rigs while a guest sends what they sent seconds ago from its own address."""
    stored = Sink()
    pipeline = Pipeline(stored)
    if are_locked:
        pipeline.admit_only(RIGS)
    sent = evening_of_two_rigs()
    for number, datagram in enumerate(sent):
        pipeline.feed(datagram.data, datagram.address, PORT, LISTEN_PORT, datagram.at)
        if number >= _LATE:
            pipeline.feed(sent[number - _LATE].data, GUEST, PORT, LISTEN_PORT, datagram.at)
        if number % 50 == 0:
            pipeline.tick(datagram.at)
    laps = [entry.event for entry in stored.entries if isinstance(entry.event, LapRecorded)]
    return [lap for lap in laps if lap.lap.session_id.startswith(RIGS)], pipeline


def test_a_guest_who_sends_what_locked_rigs_sent_is_refused_and_named() -> None:
    laps, pipeline = laps_beside_a_forger(are_locked=True)
    assert len(laps) >= 4
    assert set(pipeline.rigs) == set(RIGS)
    assert pipeline.lock.refused == len(evening_of_two_rigs()) - _LATE
    (stranger,) = pipeline.lock.strangers()
    assert (stranger.address, stranger.is_game, stranger.claims in RIGS) == (GUEST, True, True)


def test_a_guest_who_sends_what_rigs_sent_takes_no_place_without_a_lock_either_and_is_named() -> None:
    laps, pipeline = laps_beside_a_forger(are_locked=False)
    assert laps == laps_beside_a_forger(are_locked=True)[0]
    assert {key: rig.address for key, rig in pipeline.rigs.items() if key in RIGS} == {
        rig: rig for rig in RIGS
    }
    assert [(one.address, one.claims in RIGS) for one in pipeline.lock.strangers()] == [(GUEST, True)]
