"""Measure what a room full of screens costs the server: 20 towers, a map and a car, with 8 rigs in races.

Run ``python -m benchmarks.room_of_screens``. The server is the real program in a process of its own. Eight
rigs send races of 22 cars at 60 Hz over UDP, span by span; between two spans screens connect or leave. The
processor time of the server in a span with screens, less that in the span without screens of the same round,
is what the screens cost. The towers show the race of one rig, or those of all rigs in turn.

A blocking loop that only receives the same datagrams gives the unit of the machine.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Final

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.pipeline_cost import receive_bare
from benchmarks.server_process import ServerProcess, running_server
from benchmarks.traffic import FORMAT, Plan, Sender, rig_address
from benchmarks.viewers import Viewers
from f1timings.simulator import Scenario

RIGS: Final = 8
CARS: Final = 22
TOWERS: Final = 20
ROUNDS: Final = 4
SPAN_S: Final = 3.0
AIM: Final = 0.10
# The rigs send for so long before a span is measured.
_OPENING_S: Final = 1.0
_RACE: Final = Scenario("race", FORMAT, laps=3, cars=CARS, seed=1, track_id=17)
_NOBODY: Final = "nobody"
# What each TV of a room follows, besides one map and one car.
_ROOMS: Final = {
    "one tower on 20 TVs, a map, a car": [f"tower:{rig_address(0)}"] * TOWERS,
    "8 towers on 20 TVs, a map, a car": [f"tower:{rig_address(at % RIGS)}" for at in range(TOWERS)],
}
_MAP_AND_CAR: Final = [f"map:{rig_address(0)}", f"car:{rig_address(0)}"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One measured span of time.

    Attributes:
        share: share of one core that the server used, all threads together.
        loop_share: the part of it of the event loop's thread.
        sent: datagrams that the rigs sent.
        received_bytes: what all screens together received.
    """

    share: float
    loop_share: float
    sent: int
    received_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The spans of one run of the server, by room.

    Attributes:
        bare_share: share of one core that the bare loop needs for the datagrams of the same rigs.
        lost: datagrams that were sent and not received.
    """

    spans: dict[str, list[Span]]
    bare_share: float
    lost: int

    def cost(self, room: str, part: Callable[[Span], float]) -> Spread:
        """Share of a core that the screens of a room cost."""
        pairs = zip(self.spans[room], self.spans[_NOBODY], strict=True)
        return Spread.of(part(with_screens) - part(without) for with_screens, without in pairs)


def measure() -> Run:
    """Measure one run."""
    logging.disable(logging.INFO)
    seconds = ROUNDS * (len(_ROOMS) + 1) * (_OPENING_S + SPAN_S)
    with Sender(Plan(RIGS, seconds, (_RACE,))) as sender:
        bare = receive_bare(sender)
        with running_server() as server:
            race = _Race(sender, server)
            rooms: dict[str, Callable[[], Span]] = {_NOBODY: race.measure}
            rooms |= {room: partial(_measure_room, race, server.port, room) for room in _ROOMS}
            spans = measure_in_turns(rooms, ROUNDS)
            time.sleep(1.0)
            lost = sum(span.sent for each in spans.values() for span in each) - server.count_received()
    return Run(spans=spans, bare_share=bare.share, lost=lost)


class _Race:
    """The rigs, which send one span after the other."""

    def __init__(self, sender: Sender, server: ServerProcess) -> None:
        self._sender = sender
        self._server = server
        self._at_s = 0.0

    def measure(self) -> Span:
        """Let the rigs send the next span, and measure the server meanwhile."""
        until_s = self._at_s + _OPENING_S + SPAN_S
        self._sender.begin(self._server.udp_port, since_s=self._at_s, until_s=until_s)
        self._at_s = until_s
        time.sleep(_OPENING_S)
        before, began = self._server.spent_s(), time.monotonic()
        sent = self._sender.wait()
        took_s = time.monotonic() - began
        whole, loop = (
            (after - start) / took_s for start, after in zip(before, self._server.spent_s(), strict=True)
        )
        return Span(share=whole, loop_share=loop, sent=sent.datagrams)


def _measure_room(race: _Race, port: int, room: str) -> Span:
    views = [*_ROOMS[room], *_MAP_AND_CAR]
    greetings = [json.dumps({"subscribe": [view]}) for view in views]
    with Viewers(port, len(views), greetings) as viewers:
        viewers.wait_until_connected()
        viewers.begin(_OPENING_S + SPAN_S)
        span = race.measure()
        return replace(span, received_bytes=viewers.result().received_bytes)


def main() -> None:
    """Print the figures."""
    run = measure()
    nobody = run.spans[_NOBODY]
    rate = Spread.of(span.sent / (_OPENING_S + SPAN_S) for span in nobody)
    print(
        f"{RIGS} rigs in races of {CARS} cars ({rate.median:.0f} datagrams/s), {ROUNDS} rounds of "
        f"{SPAN_S:g} s; lost {run.lost}"
    )
    print(f"  a bare receive loop {run.bare_share:.2%} of a core")
    print(f"  the server without screens {Spread.of(span.share for span in nobody):.1%} of a core")
    for room in _ROOMS:
        cost = run.cost(room, attrgetter("share"))
        in_loop = run.cost(room, attrgetter("loop_share"))
        bytes_per_s = Spread.of(span.received_bytes / (_OPENING_S + SPAN_S) for span in run.spans[room])
        print(
            f"  {room}: {cost:.1%} of a core (aim: at most {AIM:.0%}), {in_loop:.1%} in the event loop; "
            f"{cost.median / run.bare_share:.1f} times the bare loop; {bytes_per_s.median / 1000:.0f} kB/s"
        )


if __name__ == "__main__":
    main()
