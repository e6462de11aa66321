"""Measure what a room full of screens costs the server: 20 towers, a map and a car, with 8 rigs in races.

Run ``python -m benchmarks.room_of_screens``. The server is the real program in a process of its own. Eight
rigs send races of 22 cars at 60 Hz over UDP, span by span; between two spans screens connect or leave. The
processor time of the server in a span with screens, less that in the span without screens of the same round,
is what the screens cost. The towers show the race of one rig, or those of all rigs in turn.

A blocking loop that only receives the same datagrams gives the unit of the machine.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Final

import httpx

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.pipeline_cost import receive_bare
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
_STARTED_S: Final = 60.0
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


class _Processor:
    """The processor time of a process and of its main thread, in seconds, to the nanosecond."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def spent_s(self) -> tuple[float, float]:
        """All threads together, and the main thread."""
        spent = {
            int(thread.name): int((thread / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
            for thread in Path(f"/proc/{self._pid}/task").iterdir()
        }
        return sum(spent.values()), spent[self._pid]


def measure() -> Run:
    """Measure one run."""
    logging.disable(logging.INFO)
    seconds = ROUNDS * (len(_ROOMS) + 1) * (_OPENING_S + SPAN_S)
    with Sender(Plan(RIGS, seconds, (_RACE,))) as sender:
        bare = receive_bare(sender)
        with _running_server() as (server, port, udp_port):
            race = _Race(sender, udp_port, _Processor(server.pid))
            rooms: dict[str, Callable[[], Span]] = {_NOBODY: race.measure}
            rooms |= {room: partial(_measure_room, race, port, room) for room in _ROOMS}
            spans = measure_in_turns(rooms, ROUNDS)
            time.sleep(1.0)
            lost = sum(span.sent for each in spans.values() for span in each) - _count_received(port)
    return Run(spans=spans, bare_share=bare.share, lost=lost)


class _Race:
    """The rigs, which send one span after the other."""

    def __init__(self, sender: Sender, udp_port: int, processor: _Processor) -> None:
        self._sender = sender
        self._udp_port = udp_port
        self._processor = processor
        self._at_s = 0.0

    def measure(self) -> Span:
        """Let the rigs send the next span, and measure the server meanwhile."""
        until_s = self._at_s + _OPENING_S + SPAN_S
        self._sender.begin(self._udp_port, since_s=self._at_s, until_s=until_s)
        self._at_s = until_s
        time.sleep(_OPENING_S)
        before, began = self._processor.spent_s(), time.monotonic()
        sent = self._sender.wait()
        took_s = time.monotonic() - began
        whole, loop = (
            (after - start) / took_s for start, after in zip(before, self._processor.spent_s(), strict=True)
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


@contextlib.contextmanager
def _running_server() -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """The program in a process of its own, with its ports of TCP and UDP."""
    port, udp_port = _free_port(socket.SOCK_STREAM), _free_port(socket.SOCK_DGRAM)
    with tempfile.TemporaryDirectory() as folder:
        flags = ["--host", "127.0.0.1", "--port", str(port), "--udp-host", "127.0.0.1"]
        flags += ["--udp-port", str(udp_port), "--data-dir", folder, "--no-announce", "--log-level", "error"]
        server = subprocess.Popen(
            [sys.executable, "-m", "f1timings", "serve", *flags], stderr=subprocess.DEVNULL
        )
        try:
            _wait_until_it_answers(port)
            yield server, port, udp_port
        finally:
            server.terminate()
            server.wait()


def _wait_until_it_answers(port: int) -> None:
    end = time.monotonic() + _STARTED_S
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/api/health", trust_env=False).raise_for_status()
            return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def _free_port(kind: socket.SocketKind) -> int:
    with socket.socket(type=kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _count_received(port: int) -> int:
    rigs = httpx.get(f"http://127.0.0.1:{port}/api/v1/rigs?limit=1000", trust_env=False).json()["items"]
    return sum(rig["datagrams"] for rig in rigs)


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
