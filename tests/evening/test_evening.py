"""An evening: eight rigs, twenty drivers who change rigs, typed laps, two circuits and a crash.

At its end every board must show the laps that were driven, under the drivers who drove them.
"""

from __future__ import annotations

import threading
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
from f1timings.simulator.sender import SendReport, send
from tests.server.running import RunningServer
from tests.store.conftest import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

Json = dict[str, Any]
_SPEED = 30.0
_RIGS = 8
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
    reports: list[SendReport] = []
    sender = threading.Thread(
        target=lambda: reports.append(send([scenario], "127.0.0.1", server.udp_port, speed=_SPEED / 2))
    )
    sender.start()
    time.sleep(3.0)
    server.kill()
    server.start()
    sender.join()
    return sorted(reports[0].truth["sessions"], key=lambda session: session["rig"])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningServer]:
    url = None
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    with RunningServer(tmp_path / "data", url) as running:
        yield running


@pytest.mark.timeout(300)
def test_after_an_evening_every_board_shows_the_laps_that_were_driven(server: RunningServer) -> None:
    evening = Evening(server)
    evening.sign_up(20)
    names = list(evening.drivers)
    rigs = [f"127.0.0.{2 + number}" for number in range(_RIGS)]

    # The rigs are switched on: the server receives packets of each, and no lap has been driven.
    send([round_of_laps(_MONZA, 99)], "127.0.0.1", server.udp_port, speed=10.0, for_s=2.0)
    server.until(lambda: rigs == sorted(rig["rig"] for rig in server.everything("/api/v1/rigs")))

    # Drivers are assigned to seven of eight rigs; the last rig has no driver. The server is killed while
    # they drive. The assignments began an hour ago: a server that starts in the middle of a lap computes
    # the start of the lap from the game's clock, which runs fifteen times as fast here as the server's.
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for rig, name in zip(rigs, names[:7], strict=False):
        evening.assign(rig, name, since=an_hour_ago)
    first = drive_through_a_crash(server, round_of_laps(_MONZA, 1, laps=4))
    evening.wait_for_laps(first)
    label = next(rig["label"] for rig in server.everything("/api/v1/rigs") if rig["rig"] == rigs[7])
    for session, name in zip(first, [*names[:7], label], strict=True):
        evening.add_valid_laps("Monza", name, session["laps"])
    assert "Monza" == server.get("/api/v1/meeting")["current_circuit"]
    assert evening.expected_board("Monza") == evening.board("Monza")

    # The unclaimed laps were Driver 08's: the marshal assigns them.
    unclaimed = [{"id": lap["id"], "revision": lap["revision"]} for lap in evening.laps_of(first[7])]
    evening.request("POST", "/api/v1/laps/mark", {"laps": unclaimed, "driver_id": evening.drivers[names[7]]})
    evening.driven["Monza"][names[7]] = evening.driven["Monza"].pop(label)
    assert evening.expected_board("Monza") == evening.board("Monza")

    # Every rig gets another driver, and the circuit changes.
    for rig, name in zip(rigs, names[8:16], strict=True):
        evening.assign(rig, name)
    second = drive(server, round_of_laps(_SPA, 2))
    evening.wait_for_laps(second)
    for session, name in zip(second, names[8:16], strict=True):
        evening.add_valid_laps("Spa", name, session["laps"])
    assert "Spa" == server.get("/api/v1/meeting")["current_circuit"]
    assert evening.expected_board("Spa") == evening.board("Spa")
    assert evening.expected_board("Monza") == evening.board("Monza")

    # Back to Monza with new and old drivers; one change of drivers is entered only after lap 1.
    for rig, name in zip(rigs, [*names[16:20], *names[0:4]], strict=True):
        evening.assign(rig, name)
    third = drive(server, round_of_laps(_MONZA, 4))
    evening.wait_for_laps(third)
    for session, name in zip(third[1:], [*names[17:20], *names[0:4]], strict=True):
        evening.add_valid_laps("Monza", name, session["laps"])
    second_lap = next(lap for lap in evening.laps_of(third[0]) if lap["lap_number"] == 2)
    evening.assign(rigs[0], names[5], from_lap=second_lap["id"])
    evening.add_valid_laps("Monza", names[16], third[0]["laps"][:1])
    evening.add_valid_laps("Monza", names[5], third[0]["laps"][1:])
    assert evening.expected_board("Monza") == evening.board("Monza")

    # Three laps are typed, and one lap of a game is deleted.
    evening.type_lap("Monza", names[15], "1:19.500", 79_500)
    evening.type_lap("Monza", names[14], "1.40,5", 100_500)
    evening.type_lap("Monza", "Walk-in guest", "95", 95_000)
    deleted = next(lap for lap in evening.laps_of(first[0]) if lap["is_valid"])
    path = f"/api/v1/laps/{quote(deleted['id'])}"
    evening.request("PATCH", path, {"revision": deleted["revision"], "is_deleted": True, "reason": "cut"})
    evening.driven["Monza"][names[0]].remove(deleted["lap_time_ms"])
    assert evening.expected_board("Monza") == evening.board("Monza")

    # After a restart all is as before.
    boards = [evening.board(circuit) for circuit in ("Monza", "Spa")]
    laps = server.everything("/api/v1/laps")
    server.stop()
    server.start()
    assert boards == [evening.board(circuit) for circuit in ("Monza", "Spa")]
    assert laps == server.everything("/api/v1/laps")
    fastest = server.get("/api/drivers")["Driver 16"]["lap_times"]
    assert [{"time": "1:19.500", "is_fastest": True, "time_seconds": 79.5}] == fastest
