"""Rigs and screens at a real server for an hour: no lap is lost or doubled, and nothing grows.

`make soak` runs the hour with 20 rigs and 200 screens in real time, `make test` a few sessions at a higher
speed. ``F1TIMINGS_SOAK_MINUTES``, ``F1TIMINGS_SOAK_RIGS`` and ``F1TIMINGS_SOAK_VIEWERS`` change that. With
``pytest -s`` it prints a line each minute.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.chaos.ledger import Ledger
from tests.server.running import RunningServer
from tests.soak.recordings import Laps, timed_laps
from tests.soak.rigs import EndedSession, Program, Rigs, Sent, rig_address
from tests.soak.viewers import ManyViewers, Received
from tests.soak.watching import Usage, growth_mib_per_hour, read_usage
from tests.waiting import LONGEST_WAIT_S

_MINUTES: Final = os.environ.get("F1TIMINGS_SOAK_MINUTES")
_IS_LONG: Final = _MINUTES is not None
_RIGS: Final = int(os.environ.get("F1TIMINGS_SOAK_RIGS", "20" if _IS_LONG else "4"))
_VIEWERS: Final = int(os.environ.get("F1TIMINGS_SOAK_VIEWERS", "200" if _IS_LONG else "12"))
_AGAIN_S: Final = 0.2
_LOOK_S: Final = 60.0 if _IS_LONG else 5.0
_SHORT: Final = Program(rigs=_RIGS, seconds=230.0, laps=1, rate_hz=20, speed=10.0)
# The server remembers four sessions of each rig, which take 18 minutes here, and some more until it reuses
# the memory of the forgotten ones. A shorter run says nothing about growth.
_WARM_UP_S: Final = 1_500.0
_ENOUGH_S: Final = 840.0
# The answers and sessions that the server keeps, up to a limit, take some hours to reach it.
_GROWTH_MIB_PER_HOUR: Final = 20.0
_MORE_DESCRIPTORS: Final = 4


def program() -> Program:
    """What the rigs send: in the long form for so many minutes in real time."""
    if _MINUTES is None:
        return _SHORT
    return Program(rigs=_RIGS, seconds=60.0 * float(_MINUTES), laps=3, rate_hz=60, speed=1.0)


def views_of(viewer: int) -> list[str]:
    """What a screen follows: most the board and the rigs, one of four a tower, one of ten the map, too."""
    rig = rig_address(viewer % _RIGS)
    views = ["board", "rigs"]
    views += [f"tower:{rig}"] if viewer % 4 == 0 else []
    return views + ([f"map:{rig}"] if viewer % 10 == 0 else [])


@dataclass(slots=True)
class Evening:
    """What was driven, and what the server used, minute by minute."""

    server: RunningServer
    token: str
    ledger: Ledger
    driven: Laps = field(default_factory=dict)
    found: Laps = field(default_factory=dict)
    usages: list[Usage] = field(default_factory=list)
    screens: list[Received] = field(default_factory=list)

    def check(self, sessions: list[EndedSession]) -> None:
        """Compare the laps of ended sessions with what was driven, once they are official."""
        for session in sessions:
            self.driven |= session.laps
            self.found |= self._wait_for(session)

    def _wait_for(self, session: EndedSession) -> Laps:
        """The laps of a session; after a long wait without those that are missing, which the end reports."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while True:
            laps = timed_laps(self.server.everything("/api/v1/laps", session_uid=session.uid))
            if laps == session.laps or time.monotonic() > deadline:
                return laps
            time.sleep(_AGAIN_S)

    @property
    def doubled(self) -> int:
        """Announcements that were made more than once."""
        return sum(count - 1 for count in self.ledger.announced.values())

    def look(self, screens: Received) -> None:
        """Note what the server uses, and print it."""
        usage = read_usage(self.server.pid, self.server.udp_port)
        own = self.server.metrics(self.token)
        new = screens.since(self.screens[-1]) if self.screens else screens.messages
        before = self.usages[-1] if self.usages else None
        self.usages.append(usage)
        self.screens.append(screens)
        share = (usage.cpu_s - before.cpu_s) / (usage.at_s - before.at_s) if before else 0.0
        minutes = (usage.at_s - self.usages[0].at_s) / 60
        print(
            f"{minutes:5.1f} min: {len(self.found)} of {len(self.driven)} laps, {self.doubled} doubled; "
            f"kernel drops {usage.dropped}, own count {own['kernel_dropped_datagrams_total']:.0f}; "
            f"waiting {own['waiting_datagrams']:.0f} datagrams, {own['queued_records']:.0f} records; "
            f"{usage.memory_mib:.1f} MiB, {usage.descriptors} descriptors, {usage.threads} threads, "
            f"{share:.0%} of a core; {screens.open} screens, {sum(new)} messages, the fewest {min(new)}",
            flush=True,
        )


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    with RunningServer(tmp_path / "data") as server, Ledger(server) as ledger:
        yield Evening(server, server.token("admin"), ledger)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.timeout(60.0 * float(_MINUTES or 10) + 1_200.0)
def test_no_lap_is_lost_or_doubled_in_an_hour_and_nothing_grows(evening: Evening) -> None:
    server = evening.server
    sockets = read_usage(server.pid, server.udp_port).sockets
    with Rigs(program(), server.udp_port) as rigs:
        server.until(lambda: len(server.everything("/api/v1/rigs")) == _RIGS, 120.0 + 3.0 * _RIGS)
        with ManyViewers(server.port, [views_of(viewer) for viewer in range(_VIEWERS)]) as screens:
            sent = watch(evening, rigs, screens)
    assert {1} == set(evening.ledger.announced.values()), "laps were announced twice"
    assert evening.driven == timed_laps(server.settled("/api/v1/laps"))
    own = server.metrics(evening.token)
    assert 0 == read_usage(server.pid, server.udp_port).dropped, "the kernel dropped datagrams"
    assert 0 == own["kernel_dropped_datagrams_total"]
    print(f"{len(evening.driven)} laps; sent {sent}")
    assert sent.datagrams == own["datagrams_total"]
    assert {_VIEWERS} == {screens.open for screens in evening.screens}, "screens were cut off"
    assert_each_screen_receives(evening.screens)
    server.until(lambda: read_usage(server.pid, server.udp_port).sockets <= sockets)
    assert_nothing_grows(evening.usages)


def watch(evening: Evening, rigs: Rigs, screens: ManyViewers) -> Sent:
    """Look at the server each minute until all rigs have ended; return what they sent."""
    while (sent := rigs.sent()) is None:
        evening.check(rigs.ended_sessions(_LOOK_S))
        evening.look(screens.received())
    return sent


def assert_each_screen_receives(screens: list[Received]) -> None:
    """Check that each screen received something from look to look; in the short form in the whole run."""
    looks = screens if _IS_LONG else screens[-1:]
    received = [looks[0].messages, *(later.since(earlier) for earlier, later in pairwise(looks))]
    assert 0 < min(map(min, received)), "a screen received nothing for a minute"


def assert_nothing_grows(usages: list[Usage]) -> None:
    """Check memory, descriptors and threads after the first minutes; a short run is not checked."""
    settled = [usage for usage in usages if usage.at_s - usages[0].at_s >= _WARM_UP_S]
    if not settled or settled[-1].at_s - settled[0].at_s < _ENOUGH_S:
        return
    growth = growth_mib_per_hour(settled)
    print(f"memory grows by {growth:.2f} MiB in an hour, after the first {_WARM_UP_S / 60:.0f} minutes")
    assert growth <= _GROWTH_MIB_PER_HOUR
    # Rare steps are no steady growth, but together they must not be more than an hour of it.
    assert settled[-1].memory_mib - settled[0].memory_mib <= _GROWTH_MIB_PER_HOUR
    for read in (count_descriptors, count_threads):
        half = len(settled) // 2
        assert max(map(read, settled[half:])) <= max(map(read, settled[:half])) + _MORE_DESCRIPTORS


def count_descriptors(usage: Usage) -> int:
    return usage.descriptors


def count_threads(usage: Usage) -> int:
    return usage.threads
