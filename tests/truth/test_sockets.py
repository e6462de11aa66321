"""The same through real sockets: the laps of simulated rigs are the laps in the API of a running server."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.packets import FORMATS
from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from tests.server.running import RunningServer

FACTS = ("lap_time_ms", "sector1_ms", "sector2_ms", "sector3_ms", "is_valid", "start", "state")


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_laps_of_the_api_are_the_laps_driven(packet_format: int, tmp_path: Path) -> None:
    scenario = scenario_for("race", packet_format, 77, laps=2, cars=5, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(tmp_path / "data") as server:
        truth = send([scenario], "127.0.0.1", server.udp_port, speed=40.0).truth
        driven = {
            (session["session_uid"], lap["car_index"], lap["lap_number"], lap["branch"]): tuple(
                lap[name] for name in FACTS
            )
            for session in truth["sessions"]
            for lap in session["laps"]
            if lap["lap_time_ms"] is not None
        }
        server.settled("/api/v1/laps")
        found = {
            (lap["session_uid"], lap["car_index"], lap["lap_number"], lap["branch"]): tuple(
                lap[name] for name in FACTS
            )
            for lap in server.everything("/api/v1/laps")
            if lap["lap_time_ms"] is not None
        }
    assert driven
    assert driven == found
