"""The rooms that ``scripts.screenshots`` photographs: an evening of lap times, and two races."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from f1timings.simulator import Scenario
from f1timings.simulator.sender import send
from scripts import demo

#: Rigs of the races: with 20 cars in the format of 2025, and with 22 cars in that of 2026.
RACE_RIG: Final = "127.0.0.2"
LARGE_RACE_RIG: Final = "127.0.0.3"
_RACES: Final = (
    Scenario(
        "race",
        2025,
        laps=14,
        cars=20,
        seed=11,
        rate_hz=20,
        track_id=17,
        pit_stops=1,
        retirements=2,
        penalties=5,
    ),
    Scenario(
        "race",
        2026,
        laps=11,
        cars=22,
        seed=4,
        rate_hz=20,
        track_id=11,
        pit_stops=1,
        retirements=1,
        penalties=3,
    ),
)
_PEOPLE: Final = (("Francesca Montanari", "#ff8000"), ("Ben Okafor", "#e8002d"))
#: The races are fast until then; after another lap at the speed of the game, their circuits are known.
_FAST_UNTIL_S: Final = 200.0
_MIDDLE_S: Final = 370.0
_FAST: Final = 8.0
_FASTER: Final = 20.0


class GameClock:
    """The clock of the rigs: it runs faster than the real one while nobody looks."""

    def __init__(self) -> None:
        self._speed, self._game_s, self._set_at = 1.0, 0.0, time.monotonic()

    def set_speed(self, speed: float) -> None:
        """From now on, run so many times as fast as the real clock."""
        self._game_s, self._set_at = self.now(), time.monotonic()
        self._speed = speed

    def now(self) -> float:
        """Seconds since it was created, as the rigs count them."""
        return self._game_s + (time.monotonic() - self._set_at) * self._speed

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds of this clock."""
        time.sleep(seconds / self._speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A running server with rigs that send to it.

    Attributes:
        port: of its pages.
        driver_token: the code of a driver who sits at a rig.
        clock: of the rigs.
        rigs: the thread that sends.
    """

    port: int
    driver_token: str
    clock: GameClock
    rigs: threading.Thread

    def end_races(self) -> None:
        """Drive on until the rigs have sent everything, the results too."""
        self.clock.set_speed(_FASTER)
        self.rigs.join()


@contextmanager
def an_evening(drivers: int) -> Iterator[Room]:
    """Eight rigs set lap times, as in the demo.

    Args:
        drivers: the board has at least so many.
    """
    with a_server() as (marshal, port, udp_port):
        demo.prepare(marshal, udp_port, 2025)
        for number in range(len(demo.DRIVERS), drivers):
            seconds, thousandths = divmod(28_000 + 137 * number, 1000)
            lap = {"driver": f"Guest {number + 1}", "time": f"1:{seconds}.{thousandths:03}"}
            marshal.do("POST", "/laps", lap)
        clock = GameClock()
        rigs = _send((demo.evening(2025, sessions=20, seed=2),), udp_port, clock)
        token = _driver_code(marshal, demo.DRIVERS[2][0])
        yield Room(port=port, driver_token=token, clock=clock, rigs=rigs)


@contextmanager
def two_races() -> Iterator[Room]:
    """A person in each of two races, which are in the middle; their circuits are known by then."""
    with a_server() as (marshal, port, udp_port):
        marshal.do("POST", "/meetings", {"name": "Race night", "venue": "The garage", "circuit": "Austria"})
        clock = GameClock()
        rigs = _send(_RACES, udp_port, clock)
        _seat_people(marshal)
        clock.set_speed(_FAST)
        clock.sleep(_FAST_UNTIL_S - clock.now())
        clock.set_speed(1.0)
        clock.sleep(_MIDDLE_S - clock.now())
        token = _driver_code(marshal, _PEOPLE[0][0])
        yield Room(port=port, driver_token=token, clock=clock, rigs=rigs)


@contextmanager
def a_server() -> Iterator[tuple[demo.Marshal, int, int]]:
    """A server with an empty data folder: a marshal of it, its port, and the one for telemetry."""
    port, udp_port = _free_port(socket.SOCK_STREAM), _free_port(socket.SOCK_DGRAM)
    with TemporaryDirectory() as folder, demo.running_server(Path(folder), port, udp_port) as server:
        demo.wait_until_it_answers(server, port)
        yield demo.connect(Path(folder), port), port, udp_port


def _send(scenarios: tuple[Scenario, ...], udp_port: int, clock: GameClock) -> threading.Thread:
    times = {"clock": clock.now, "sleep": clock.sleep}
    rigs = threading.Thread(target=send, args=(scenarios, "127.0.0.1", udp_port), kwargs=times, daemon=True)
    rigs.start()
    return rigs


def _seat_people(marshal: demo.Marshal) -> None:
    """Assign a person to each rig, once both have sent."""
    while len(marshal.do("GET", "/rigs")["items"]) < len(_PEOPLE):
        time.sleep(0.2)
    for rig, (name, colour) in zip((RACE_RIG, LARGE_RACE_RIG), _PEOPLE, strict=True):
        driver = marshal.do("POST", "/drivers", {"name": name, "colour": colour})
        marshal.do("POST", f"/rigs/{rig}/assign", {"driver_id": driver["id"]})


def _driver_code(marshal: demo.Marshal, name: str) -> str:
    driver: Any = marshal.do("GET", f"/drivers?name={name.replace(' ', '%20')}")["items"][0]
    code: str = marshal.do("GET", f"/drivers/{driver['id']}")["token"]
    return code


def _free_port(kind: socket.SocketKind) -> int:
    """A port that no program uses."""
    with socket.socket(socket.AF_INET, kind) as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port
