"""An evening on a machine whose clock is set while the rigs drive: every lap stays with who drove it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evening.test_evening import Evening, drive, round_of_laps
from tests.sending import driving, switch_on
from tests.server.running import RunningServer
from tests.server.test_clock_steps import DAY_S, HOUR_S, SteppedWall, wall

__all__ = ["wall"]

_MONZA, _SPEED = 11, 30.0


def drive_through_a_step(server: RunningServer, wall: SteppedWall, offset_s: float, seed: int) -> list[Any]:
    """Drive a round; set the wall clock as soon as its first lap is official."""
    scenario = round_of_laps(_MONZA, seed, laps=3)
    before = len(server.everything("/api/v1/laps", state="completed"))
    with driving([scenario], server.udp_port, speed=_SPEED) as report:
        server.until(lambda: len(server.everything("/api/v1/laps", state="completed")) > before)
        wall.step(offset_s)
        truth = report.result().truth
    return sorted(truth["sessions"], key=lambda session: session["rig"])


@pytest.mark.parametrize("step_s", [-HOUR_S, DAY_S])
def test_every_board_shows_who_drove_though_the_clock_was_set_in_the_middle(
    tmp_path: Path, wall: SteppedWall, step_s: float
) -> None:
    with RunningServer(tmp_path / "data") as server:
        evening = Evening(server)
        evening.sign_up(20)
        names = list(evening.drivers)
        rigs = switch_on(round_of_laps(_MONZA, 99), server)
        for first, offset_s in ((0, step_s), (8, None), (12, None)):
            seats = names[first : first + 8]
            for rig, name in zip(rigs, seats, strict=True):
                evening.assign(rig, name)
            sessions = (
                drive(server, round_of_laps(_MONZA, first))
                if offset_s is None
                else drive_through_a_step(server, wall, offset_s, first)
            )
            evening.wait_for_laps(sessions)
            for session, name in zip(sessions, seats, strict=True):
                evening.add_valid_laps("Monza", name, session["laps"])
            assert evening.expected_board("Monza") == evening.board("Monza")
            if first == 8:  # the clock is set right again while the server is down
                server.kill()
                wall.step(0.0)
                server.start()
        assert rigs == sorted(rig["rig"] for rig in server.everything("/api/v1/rigs"))
