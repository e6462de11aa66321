"""Measure a full room: rigs that join at once in the middle of their sessions, and many screens.

Run ``python -m benchmarks.full_room``. The server is the real program in a process of its own, with an empty
data folder and its default settings: SQLite, and captures. The rigs, the screens, the screen that waits for
laps and the watch for stalls of the machine are four further processes. The datagrams are prepared before.

* Lost are the datagrams that were sent and that no rig of the server has. What the system counts as dropped,
  and the server as received, dropped by the system and refused, must explain them all.
* The cost is the processor time of the whole server, from before the first datagram until all are handled and
  stored. Its unit is that of a blocking loop that only receives the same datagrams, in the same round.
* A lap is official for a screen when its message arrives. Its time counts from the moment before the first
  datagram that shows the lap is sent. Laps from before the join are counted apart: a session history shows
  them, and the server may wait for other packets of the session.

If no datagram was lost and the laps are not the driven laps, the benchmark fails.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.lap_watch import LapWatch
from benchmarks.measuring import Spread, describe_stalls, quantile
from benchmarks.pipeline_cost import receive_bare
from benchmarks.server_process import ServerProcess, running_server
from benchmarks.traffic import LapKey, Plan, Sender, SendResult, ShownLap, parse_listed_laps, rig_address
from benchmarks.viewers import Reception, StallWatch, Viewers

SECONDS: Final = 14.0
ROUNDS: Final = 3
JOINING_S: Final = 3.0
LOST_AIM: Final = 0
RATIO_AIM: Final = 4.5
P99_AIM_MS: Final = 250
SMALL_ROOM_AIM: Final = 0.10
# The server writes captures every 0.25 s, and a lap that only a session history shows may wait.
_SETTLED_S: Final = 1.0
_HANDLED_S: Final = 60.0
# Laps that end later need not be official at the end.
_DUE_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The rigs of a room, and how many screens follow what.

    Attributes:
        boards: screens with the board and all rigs.
        towers / maps / cars: screens with that view of one rig, each of another rig.
        share_aim: most that the server may use of one core; None if there is no aim.
    """

    plan: Plan
    boards: int
    towers: int = 0
    maps: int = 0
    cars: int = 0
    share_aim: float | None = None

    @property
    def title(self) -> str:
        """The number of rigs and of each kind of screen."""
        counts = {
            "board and rigs": self.boards,
            "a tower": self.towers,
            "a map": self.maps,
            "a car": self.cars,
        }
        screens = ", ".join(f"{count} of {view}" for view, count in counts.items() if count)
        return f"{self.plan.rigs} rigs that join at once, screens: {screens}"

    def greetings(self) -> list[str]:
        """What each screen sends after it connects."""
        counts = (("tower", self.towers), ("map", self.maps), ("car", self.cars))
        followed = [["board", "rigs"]] * self.boards
        for view, count in counts:
            followed += [[f"{view}:{rig_address(at % self.plan.rigs)}"] for at in range(count)]
        return [json.dumps({"subscribe": views}) for views in followed]


ROOMS: Final = (
    Room(plan=Plan(64, SECONDS), boards=100, towers=10, maps=5, cars=3),
    Room(plan=Plan(128, SECONDS), boards=20),
    Room(plan=Plan(16, SECONDS), boards=1, share_aim=SMALL_ROOM_AIM),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the datagrams.

    Attributes:
        received: read from the socket, by the server's own count.
        handled: counted for a rig.
        refused: read and not handled, by the server's own count: too many waited.
        dropped: dropped by the kernel, by the list of sockets of the system.
        noticed: the same by the server's own count.
    """

    sent: int
    received: int
    handled: int
    refused: int
    dropped: int
    noticed: int

    @property
    def lost(self) -> int:
        """Datagrams that were sent and that no rig has."""
        return self.sent - self.handled

    def check(self) -> None:
        """Compare the counts.

        Raises:
            ValueError: they contradict each other.
        """
        is_explained = (
            self.sent == self.received + self.dropped and self.received == self.handled + self.refused
        )
        if not is_explained or self.noticed != self.dropped:
            raise ValueError(f"the counts do not agree: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """Sorted times in milliseconds until laps were official.

    Attributes:
        joining: of laps that ended in the first ``JOINING_S`` seconds.
        settled: of laps that ended later.
        earlier: of laps from before the join.
        missing: how many laps were not announced, without those of the last second.
    """

    joining: list[float]
    settled: list[float]
    earlier: list[float]
    missing: int

    @classmethod
    def of(cls, sent: SendResult, seen: dict[LapKey, float]) -> Delays:
        """Return the delays of the laps that were shown."""
        due_until = sent.began_at + sent.seconds - _DUE_S
        shown = {key: lap for key, lap in sent.shown.items() if key in seen or lap.sent_at < due_until}
        delays: dict[str, list[float]] = {"joining": [], "settled": [], "earlier": []}
        for key in shown.keys() & seen.keys():
            part = _part(shown[key], sent.began_at)
            delays[part].append((seen[key] - shown[key].sent_at) * 1000)
        return cls(
            **{part: sorted(values) for part, values in delays.items()},
            missing=len(shown.keys() - seen.keys()),
        )


def _part(lap: ShownLap, began_at: float) -> str:
    if lap.is_earlier:
        return "earlier"
    return "joining" if lap.sent_at < began_at + JOINING_S else "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRun:
    """The result of one round of a room.

    Attributes:
        share: share of one core that the server used while the rigs sent.
        joining_share: the same of the first ``JOINING_S`` seconds.
        cpu_s: processor time of the server until everything was handled and stored.
        stalls_ms: delays of a process that sleeps for one millisecond each time, sorted.
    """

    counts: Counts
    delays: Delays
    sent: SendResult
    share: float
    joining_share: float
    cpu_s: float
    reception: Reception
    stalls_ms: list[float]

    @property
    def cost_us(self) -> float:
        """Processor time per datagram, in µs."""
        return self.cpu_s / self.counts.handled * 1e6


def measure_room(room: Room, sender: Sender) -> RoomRun:
    """Measure one round of a room.

    Raises:
        ValueError: the counts of the datagrams contradict each other, or the laps are not the driven laps.
    """
    greetings = room.greetings()
    with (
        running_server() as server,
        Viewers(server.port, len(greetings), greetings) as viewers,
        LapWatch(server.port) as laps,
    ):
        viewers.wait_until_connected()
        stall_watch = StallWatch()
        viewers.begin(room.plan.seconds + _SETTLED_S)
        before, began = server.spent_s()[0], time.monotonic()
        sender.begin(server.udp_port)
        time.sleep(JOINING_S)
        joined, joining_s = server.spent_s()[0], time.monotonic() - began
        sent = sender.wait()
        ended, sending_s = server.spent_s()[0], time.monotonic() - began
        reception = viewers.result()
        _wait_until_handled(server)
        cpu_s = server.spent_s()[0] - before
        stalls_ms = stall_watch.stop()
        seen = laps.stop()
        counts = _read_counts(server, sent)
        counts.check()
        if not counts.lost:
            sender.driven.check(parse_listed_laps(server.read_all("/api/v1/laps")))
    return RoomRun(
        counts=counts,
        delays=Delays.of(sent, seen),
        sent=sent,
        share=(ended - before) / sending_s,
        joining_share=(joined - before) / joining_s,
        cpu_s=cpu_s,
        reception=reception,
        stalls_ms=stalls_ms,
    )


def _wait_until_handled(server: ServerProcess) -> None:
    """Wait until no datagram and no record waits."""
    end = time.monotonic() + _HANDLED_S
    while (metrics := server.metrics())["waiting_datagrams"] or metrics["queued_records"]:
        if time.monotonic() > end:
            raise TimeoutError("the server did not handle everything")
        time.sleep(_SETTLED_S)


def _read_counts(server: ServerProcess, sent: SendResult) -> Counts:
    metrics = server.metrics()
    return Counts(
        sent=sent.datagrams,
        received=int(metrics["datagrams_total"]),
        handled=server.count_received(),
        refused=int(metrics["refused_datagrams_total"]),
        dropped=server.count_dropped(),
        noticed=int(metrics["kernel_dropped_datagrams_total"]),
    )


def measure(room: Room) -> tuple[list[RoomRun], list[float]]:
    """Measure a room and the bare loop in turns.

    Returns:
        The rounds of the room, and the cost of the bare loop per datagram in each round, in µs.
    """
    logging.disable(logging.INFO)
    with Sender(room.plan) as sender:
        rounds = [(measure_room(room, sender), receive_bare(sender).cost_us) for _ in range(ROUNDS)]
    return [run for run, _ in rounds], [bare_us for _, bare_us in rounds]


def main() -> None:
    """Print the figures."""
    for room in ROOMS:
        runs, bare_us = measure(room)
        print(f"{room.title}; {ROUNDS} rounds of {room.plan.seconds:g} s")
        for line in (*_describe_datagrams(runs), *_describe_cost(room, runs, bare_us), *_describe_laps(runs)):
            print(f"  {line}", flush=True)
        print(f"  {describe_stalls([run.stalls_ms for run in runs])}", flush=True)


def _describe_datagrams(runs: Sequence[RoomRun]) -> Iterator[str]:
    counts = [run.counts for run in runs]
    sent = sum(each.sent for each in counts)
    rate = Spread.of(run.sent.datagrams / run.sent.seconds for run in runs)
    sender_share = Spread.of(run.sent.cpu_s / run.sent.seconds for run in runs)
    yield f"{rate:.0f} datagrams/s; the sender uses {sender_share:.0%} of a core"
    yield (
        f"sent {sent}, received {sum(each.received for each in counts)}, "
        f"lost {sum(each.lost for each in counts)} (aim: {LOST_AIM}): {sum(each.dropped for each in counts)} "
        f"dropped by the kernel, by the server's count {sum(each.noticed for each in counts)}; "
        f"{sum(each.refused for each in counts)} refused by the server"
    )


def _describe_cost(room: Room, runs: Sequence[RoomRun], bare_us: Sequence[float]) -> Iterator[str]:
    costs = [run.cost_us for run in runs]
    yield (
        f"server {Spread.of(costs):.1f} µs per datagram, bare loop {Spread.of(bare_us):.2f} µs; ratio "
        f"{Spread.of_ratios(costs, bare_us):.1f} (aim: at most {RATIO_AIM:g})"
    )
    aim = "" if room.share_aim is None else f" (aim: at most {room.share_aim:.0%})"
    rates = Spread.of(run.reception.received_bytes / room.plan.seconds / 1000 for run in runs)
    yield (
        f"server {Spread.of(run.share for run in runs):.1%} of a core{aim}, in the first {JOINING_S:g} s "
        f"{Spread.of(run.joining_share for run in runs):.1%}; {rates:.0f} kB/s to all screens"
    )


def _describe_laps(runs: Sequence[RoomRun]) -> Iterator[str]:
    delays = [run.delays for run in runs]
    aim = f" (aim: p99 at most {P99_AIM_MS} ms)"
    for name, suffix, parts in (
        (f"that ended in the first {JOINING_S:g} s", aim, [each.joining for each in delays]),
        ("that ended later", aim, [each.settled for each in delays]),
        ("from before the join", "", [each.earlier for each in delays]),
    ):
        median, p99 = (Spread.of(quantile(part, share) for part in parts) for share in (0.5, 0.99))
        count = sum(map(len, parts))
        yield f"{count} laps {name}: official after p50 {median:.0f} ms, p99 {p99:.0f} ms{suffix}"
    yield f"{sum(each.missing for each in delays)} laps were not announced"


if __name__ == "__main__":
    main()
