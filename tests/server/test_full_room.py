"""The benchmark of a full room, with a few rigs for a few seconds: what it counts, and no times."""

from __future__ import annotations

import sys
from typing import Final

import pytest
from benchmarks.full_room import JOINING_S, Delays, Room, measure_room
from benchmarks.traffic import FORMAT, Plan, Sender, SendResult, ShownLap

from f1timings.simulator import Scenario

_CARS: Final = 8
_RIGS: Final = 6
_RACE: Final = Scenario("race", FORMAT, laps=3, cars=_CARS, seed=1, track_id=17)
# The last of the rigs sends while its cars cross the line, before and after the end of the join.
_ROOM: Final = Room(plan=Plan(_RIGS, JOINING_S + 3.0, (_RACE,)), boards=3, towers=2, maps=1, cars=1)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_each_datagram_and_each_lap_of_a_full_room_is_counted() -> None:
    with Sender(_ROOM.plan) as sender:
        run = measure_room(_ROOM, sender)
    assert run.sent.datagrams == run.counts.received
    assert 0 == run.counts.lost == run.counts.dropped == run.counts.noticed
    assert 0 == run.delays.missing
    assert _RIGS * _CARS == len(run.delays.earlier), "laps from before the join"
    assert run.delays.joining
    assert run.delays.settled
    delays_ms = run.delays.joining + run.delays.settled + run.delays.earlier
    assert len(run.sent.shown) == len(delays_ms)
    assert min(delays_ms) > 0, "a lap was official before it was sent"
    assert run.reception.received_bytes > 0


def test_laps_are_sorted_by_when_they_ended() -> None:
    laps = {
        "joining": ShownLap(101.0, is_earlier=False),
        "settled": ShownLap(101.0 + JOINING_S, is_earlier=False),
        "earlier": ShownLap(100.5, is_earlier=True),
        "missing": ShownLap(102.0, is_earlier=False),
        "too late": ShownLap(109.5, is_earlier=False),
    }
    keys = {name: ("127.0.0.2", "7", car, 1, 0) for car, name in enumerate(laps)}
    sent = SendResult(
        datagrams=1, seconds=10.0, cpu_s=0.1, began_at=100.0, shown={keys[name]: laps[name] for name in laps}
    )
    seen = {keys[name]: laps[name].sent_at + 0.25 for name in ("joining", "settled", "earlier")}
    assert Delays(joining=[250.0], settled=[250.0], earlier=[250.0], missing=1) == Delays.of(sent, seen)
