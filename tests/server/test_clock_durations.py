"""A step of the wall clock, back or ahead, changes no duration and no order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from f1timings.commands.running_server import call_server
from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.web.access.token_routes import OWNER_PATH
from tests.chaos.forms import some_of
from tests.sending import driving
from tests.server.running import Answer, RunningServer
from tests.server.test_clock_steps import DAY_S, HOUR_S, Evening, SteppedWall, wall

__all__ = ["wall"]

# An hour back and a day ahead, as in the other tests of steps; all of them in `make chaos`.
STEPS_S = some_of((-DAY_S, -HOUR_S, HOUR_S, DAY_S), (-HOUR_S, DAY_S))
PASSWORD = "lights out and away"


def step(server: RunningServer, wall: SteppedWall, offset_s: float, *, is_restarted: bool) -> None:
    """Set the wall clock; restart the server, or wait until it has followed a step ahead."""
    before = server_time(server)
    wall.step(offset_s)
    if is_restarted:
        server.stop()
        server.start()
    elif offset_s > 0.0:
        server.until(lambda: server_time(server) - before > offset_s / 2)


def server_time(server: RunningServer) -> float:
    """What the server shows as the time, by a token that lasts for a hundred seconds."""
    body = {"name": "a test", "role": "viewer", "kind": "token", "expires_in_s": 100.0}
    made = call_server(server.data_dir, "POST", OWNER_PATH, body=body)
    return datetime.fromisoformat(made["expires_at"]).timestamp() - 100.0


def log_in(server: RunningServer, password: str = PASSWORD) -> Answer:
    """Log in as the admin, as a page of the server does."""
    body = {"name": "admin", "password": password}
    return server.ask("POST", "/api/v1/login", body, Origin=f"http://127.0.0.1:{server.port}")


# Each of these prepares something, waits for the step of the clock, and checks what came of it. They share a
# server, because each start takes seconds.


def logins_and_tokens_expire_after_the_same_time(server: RunningServer) -> Iterator[None]:
    cookie = log_in(server).headers["set-cookie"].partition(";")[0]
    body = {"name": "a test", "role": "admin", "kind": "token", "expires_in_s": 1800.0}
    token = call_server(server.data_dir, "POST", OWNER_PATH, body=body)["token"]
    brief = call_server(server.data_dir, "POST", OWNER_PATH, body=body | {"expires_in_s": 1e-3})["token"]
    yield
    assert 200 == server.ask("GET", "/api/v1/logins", Cookie=cookie).status
    assert 200 == server.ask("GET", "/api/v1/logins", token=token).status
    assert 401 == server.ask("GET", "/api/v1/logins", token=brief).status


def the_queue_keeps_its_order(server: RunningServer) -> Iterator[None]:
    evening = Evening(server)
    ids = [evening.act("POST", "/api/v1/drivers", {"name": name})["id"] for name in ("Ann", "Bo", "Cy")]
    evening.act("POST", "/api/v1/queue", {"driver_id": ids[0]})
    evening.act("POST", "/api/v1/queue", {"driver_id": ids[1]})
    yield
    evening.act("POST", "/api/v1/queue", {"driver_id": ids[2]})
    assert ids == [entry["driver_id"] for entry in server.get("/api/v1/queue")["items"]]


def a_cleared_board_stays_empty_until_the_next_lap(server: RunningServer) -> Iterator[None]:
    evening = Evening(server)
    evening.drive()
    board = server.get("/api/v1/leaderboard")
    assert 1 == len(board["items"])
    clear = f"/api/v1/meetings/{board['meeting_id']}/clear"
    evening.act("POST", clear, {"circuit": board["circuit"], "confirm": board["circuit"]})
    assert [] == best_laps(server)
    yield
    assert [] == best_laps(server)
    evening.drive()
    assert 1 == len(best_laps(server))


def the_newest_act_is_the_first_of_the_log(server: RunningServer) -> Iterator[None]:
    evening = Evening(server)
    evening.act("POST", "/api/v1/drivers", {"name": "Before"})
    yield
    evening.act("POST", "/api/v1/drivers", {"name": "After"})
    acts = evening.act("GET", "/api/v1/acts", None)["items"]
    before = next(act for act in acts if act["summary"] == "Before was added as a driver.")
    assert "After was added as a driver." == acts[0]["summary"]
    assert acts[0]["at"] > before["at"]


def a_wait_after_wrong_passwords_lasts_as_long(server: RunningServer) -> Iterator[None]:
    for _ in range(6):
        refused = log_in(server, "not this one at all")
    assert 429 == refused.status
    yield
    again = log_in(server, "not this one at all")
    assert 429 == again.status
    assert 0 < int(again.headers["retry-after"]) <= 900


# What was changed last comes last, so that its change is the newest at the step and after it.
LASTING = (
    logins_and_tokens_expire_after_the_same_time,
    the_queue_keeps_its_order,
    a_cleared_board_stays_empty_until_the_next_lap,
    the_newest_act_is_the_first_of_the_log,
)


@pytest.mark.parametrize("step_s", STEPS_S)
@pytest.mark.parametrize("is_restarted", [False, True], ids=["running", "restarted"])
def test_a_step_of_the_wall_clock_changes_no_duration_and_no_order(
    tmp_path: Path, wall: SteppedWall, monkeypatch: pytest.MonkeyPatch, step_s: float, is_restarted: bool
) -> None:
    monkeypatch.setenv("F1TIMINGS_ADMIN_PASSWORD", PASSWORD)
    # A restart forgets wrong passwords.
    lasting = LASTING if is_restarted else (*LASTING, a_wait_after_wrong_passwords_lasts_as_long)
    with RunningServer(tmp_path / "data") as server:
        checks = [prepare(server) for prepare in lasting]
        for check in checks:
            next(check)
        step(server, wall, step_s, is_restarted=is_restarted)
        for check in checks:
            next(check, None)


def best_laps(server: RunningServer) -> list[int]:
    return [entry["best_lap_ms"] for entry in server.get("/api/v1/leaderboard")["items"]]


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_rig_that_drives_is_live_before_during_and_after_a_step(
    tmp_path: Path, wall: SteppedWall, step_s: float
) -> None:
    drive = Scenario(kind="time_trial", format=2025, laps=3, cars=1, seed=3, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(tmp_path / "data") as server, driving([drive], server.udp_port):
        server.until(lambda: len(server.everything("/api/v1/rigs")) == 1)
        assert_live(server)
        before = server_time(server)
        wall.step(step_s)
        server.until(
            lambda: assert_live(server) and (step_s < 0 or server_time(server) - before > step_s / 2)
        )
        assert_live(server)


def assert_live(server: RunningServer) -> bool:
    """Look at the only rig twenty times. Returns True, for conditions."""
    looks = [[rig["is_live"] for rig in server.everything("/api/v1/rigs")] for _ in range(20)]
    assert [[True]] * 20 == looks
    return True
