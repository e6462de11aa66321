"""An evening: eight rigs, twenty drivers who change rigs, typed laps, two circuits and a crash.

At its end every board must show the laps that were driven, under the drivers who drove them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.sending import driving, switch_on
from tests.server.running import RunningServer
from tests.store.conftest import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

Json = dict[str, Any]
_SPEED = 30.0
_RIGS = 8
_RIG_KEYS = [f"127.0.0.{2 + number}" for number in range(_RIGS)]
_MONZA, _SPA = 11, 10
# (best lap, number of valid laps) by name on the board
Board = dict[str, tuple[int, int]]


class Evening:
    """Requests of the organiser, and the laps that every board must show.

    Attributes:
        driven: times of valid laps by circuit and driver.
    """

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.token = server.token("marshal")
        self.drivers: dict[str, str] = {}
        self.driven: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))

    def request(self, method: str, path: str, body: object = None) -> Any:
        answer = self.server.ask(method, path, body, self.token)
        assert answer.status < 300, (method, path, answer)
        return answer.json

    def sign_up(self, count: int) -> None:
        for number in range(1, count + 1):
            name = f"Driver {number:02}"
            self.drivers[name] = self.request("POST", "/api/v1/drivers", {"name": name, "team": "Club"})["id"]

    def assign(self, rig: str, name: str | None, **since: str) -> None:
        driver = None if name is None else self.drivers[name]
        self.request("POST", f"/api/v1/rigs/{quote(rig)}/assign", {"driver_id": driver, **since})

    def type_lap(self, circuit: str, name: str, text: str, lap_time_ms: int) -> None:
        self.request("POST", "/api/v1/laps", {"driver": name, "time": text})
        self.driven[circuit][name].append(lap_time_ms)

    def add_valid_laps(self, circuit: str, name: str, laps: list[Json]) -> None:
        """Add the valid laps of a driver to the expected boards."""
        valid = [lap["lap_time_ms"] for lap in laps if lap["state"] == "completed" and lap["is_valid"]]
        self.driven[circuit][name].extend(valid)

    def add_round(self, circuit: str, names: list[str], sessions: list[Json]) -> None:
        """Add the valid laps of these sessions, one session per driver."""
        for session, name in zip(sessions, names, strict=True):
            self.add_valid_laps(circuit, name, session["laps"])

    def check_board(self, circuit: str) -> None:
        """The board must show the laps that were driven."""
        assert self.expected_board(circuit) == self.board(circuit)

    def label(self, rig: str) -> str:
        """What screens call a rig."""
        return next(
            str(seen["label"]) for seen in self.server.everything("/api/v1/rigs") if seen["rig"] == rig
        )

    def expected_board(self, circuit: str) -> Board:
        return {name: (min(times), len(times)) for name, times in self.driven[circuit].items() if times}

    def board(self, circuit: str) -> Board:
        rows = self.server.get("/api/v1/leaderboard", circuit=circuit)["items"]
        assert [row["best_lap_ms"] for row in rows] == sorted(row["best_lap_ms"] for row in rows)
        return {
            row["driver"] or row["rig_name"] or row["rig"]: (row["best_lap_ms"], row["valid_laps"])
            for row in rows
        }

    def laps_of(self, session: Json) -> list[Json]:
        return self.server.everything(
            "/api/v1/laps", session_uid=session["session_uid"], rig=session["address"], state="completed"
        )

    def wait_for_laps(self, sessions: list[Json]) -> None:
        """Wait until every completed lap of these sessions is official."""
        expected = sum(lap["state"] == "completed" for session in sessions for lap in session["laps"])
        self.server.until(lambda: expected == sum(len(self.laps_of(session)) for session in sessions))

    def wait_for_circuit(self, circuit: str) -> None:
        """Wait until the board follows the rigs to this circuit."""
        self.server.until(lambda: self.server.get("/api/v1/meeting")["current_circuit"] == circuit)


def round_of_laps(track_id: int, seed: int, laps: int = 2) -> Scenario:
    """Eight time trials at once, with laps that the game declares invalid."""
    return Scenario(
        kind="hot_lap_evening", format=2025, laps=laps, cars=2, seed=seed, rate_hz=20, rigs=_RIGS,
        track_id=track_id, invalid_laps=1, kinds=TIMING_KINDS,
    )  # fmt: skip


def drive(server: RunningServer, scenario: Scenario) -> list[Json]:
    """Simulate the rigs; returns the simulated sessions in the order of the rigs."""
    report = send([scenario], "127.0.0.1", server.udp_port, speed=_SPEED)
    return sorted(report.truth["sessions"], key=lambda session: session["rig"])


def drive_through_a_crash(server: RunningServer, scenario: Scenario) -> list[Json]:
    """As :func:`drive`, while the server is killed in the middle and started again.

    At half the speed: on a slow machine, too, the server must be back before the rigs end. A session's
    history that was sent while the server was down is lost with the session.
    """
    with driving([scenario], server.udp_port, speed=_SPEED / 2) as report:
        time.sleep(3.0)
        server.kill()
        server.start()
        truth = report.result().truth
    return sorted(truth["sessions"], key=lambda session: session["rig"])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningServer]:
    # At this speed a round of laps is shorter than the usual wait.
    monkeypatch.setenv("F1TIMINGS_CIRCUIT_WAIT_S", "1")
    url = None
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    with RunningServer(tmp_path / "data", url) as running:
        yield running


def test_after_an_evening_every_board_shows_the_laps_that_were_driven(server: RunningServer) -> None:
    evening = Evening(server)
    evening.sign_up(20)
    names = list(evening.drivers)
    assert _RIG_KEYS == switch_on(round_of_laps(_MONZA, 99), server)
    first = drive_with_seven_drivers_and_a_crash(evening, names[:7])
    give_the_unclaimed_laps_to(names[7], first[7], evening)
    drive_on_another_circuit(evening, names[8:16])
    drive_back_on_the_first_circuit(evening, [*names[16:20], *names[0:4]], late=names[5])
    type_laps(evening, names[14:16])
    delete_a_lap(evening, names[0], first[0])
    restart_and_find_everything_as_before(evening)
    fastest = server.get("/api/drivers")[names[15]]["lap_times"]
    assert [{"time": "1:19.500", "is_fastest": True, "time_seconds": 79.5}] == fastest


def drive_with_seven_drivers_and_a_crash(evening: Evening, names: list[str]) -> list[Json]:
    """The last of eight rigs has no driver. The server is killed while they drive.

    The assignments began an hour ago: a server that starts in the middle of a lap computes the start of the
    lap from the game's clock, which runs fifteen times as fast here as the server's.
    """
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for rig, name in zip(_RIG_KEYS, names, strict=False):
        evening.assign(rig, name, since=an_hour_ago)
    sessions = drive_through_a_crash(evening.server, round_of_laps(_MONZA, 1, laps=4))
    evening.wait_for_laps(sessions)
    evening.add_round("Monza", [*names, evening.label(_RIG_KEYS[-1])], sessions)
    evening.wait_for_circuit("Monza")
    evening.check_board("Monza")
    return sessions


def give_the_unclaimed_laps_to(name: str, session: Json, evening: Evening) -> None:
    """The laps of the rig without a driver were this driver's: the marshal assigns them."""
    unclaimed = [{"id": lap["id"], "revision": lap["revision"]} for lap in evening.laps_of(session)]
    evening.request("POST", "/api/v1/laps/mark", {"laps": unclaimed, "driver_id": evening.drivers[name]})
    evening.driven["Monza"][name] = evening.driven["Monza"].pop(evening.label(session["address"]))
    evening.check_board("Monza")


def drive_on_another_circuit(evening: Evening, names: list[str]) -> None:
    """Every rig gets another driver, and the circuit changes."""
    sessions = drive_with(evening, names, round_of_laps(_SPA, 2))
    evening.add_round("Spa", names, sessions)
    evening.wait_for_circuit("Spa")
    evening.check_board("Spa")
    evening.check_board("Monza")


def drive_back_on_the_first_circuit(evening: Evening, names: list[str], *, late: str) -> None:
    """Back with new and old drivers; the change to the driver ``late`` is entered only after lap 1."""
    sessions = drive_with(evening, names, round_of_laps(_MONZA, 4))
    evening.add_round("Monza", names[1:], sessions[1:])
    second_lap = next(lap for lap in evening.laps_of(sessions[0]) if lap["lap_number"] == 2)
    evening.assign(_RIG_KEYS[0], late, from_lap=second_lap["id"])
    evening.add_valid_laps("Monza", names[0], sessions[0]["laps"][:1])
    evening.add_valid_laps("Monza", late, sessions[0]["laps"][1:])
    evening.wait_for_circuit("Monza")
    evening.check_board("Monza")


def drive_with(evening: Evening, names: list[str], scenario: Scenario) -> list[Json]:
    """Assign these drivers to the rigs, and let them drive."""
    for rig, name in zip(_RIG_KEYS, names, strict=True):
        evening.assign(rig, name)
    sessions = drive(evening.server, scenario)
    evening.wait_for_laps(sessions)
    return sessions


def type_laps(evening: Evening, names: list[str]) -> None:
    """Two laps of drivers and one of a guest are typed by hand."""
    evening.type_lap("Monza", names[1], "1:19.500", 79_500)
    evening.type_lap("Monza", names[0], "1.40,5", 100_500)
    evening.type_lap("Monza", "Walk-in guest", "95", 95_000)
    evening.check_board("Monza")


def delete_a_lap(evening: Evening, name: str, session: Json) -> None:
    """A valid lap of this driver is deleted."""
    deleted = next(lap for lap in evening.laps_of(session) if lap["is_valid"])
    path = f"/api/v1/laps/{quote(deleted['id'])}"
    evening.request("PATCH", path, {"revision": deleted["revision"], "is_deleted": True, "reason": "cut"})
    evening.driven["Monza"][name].remove(deleted["lap_time_ms"])
    evening.check_board("Monza")


def restart_and_find_everything_as_before(evening: Evening) -> None:
    """After a restart the boards and the laps are those of before."""
    server = evening.server
    boards = [evening.board(circuit) for circuit in ("Monza", "Spa")]
    laps = server.everything("/api/v1/laps")
    server.stop()
    server.start()
    assert boards == [evening.board(circuit) for circuit in ("Monza", "Spa")]
    assert laps == server.everything("/api/v1/laps")
