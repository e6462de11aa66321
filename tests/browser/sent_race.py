"""A race of 20 cars that a rig sends as fast as the server receives, up to any moment of it."""

from __future__ import annotations

import socket
import time
from typing import Any

from f1timings.packets import decode, identify
from f1timings.simulator import TIMING_KINDS, Scenario, Simulation

RIG = "127.0.0.1"
MIDDLE_S = 100.0
RACE = Scenario(
    "race",
    2025,
    laps=3,
    cars=20,
    seed=5,
    rate_hz=20,
    track_id=17,
    pit_stops=1,
    retirements=2,
    penalties=4,
    kinds=TIMING_KINDS | {"car_status"},
)


class Sender:
    """A simulated rig that sends from one port.

    Attributes:
        cars: of the newest lap data.
    """

    def __init__(self, simulation: Simulation, port: int) -> None:
        self.simulation = simulation
        self.cars: Any = ()
        self._to = (RIG, port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((RIG, 0))

    def send_until(self, until_s: float) -> None:
        """Send until a session time."""
        lap_data = b""
        for at, _rig, data in self.simulation:
            self._socket.sendto(data, self._to)
            time.sleep(0.0003)  # no faster than the server receives
            if identify(data).kind == "lap_data":
                lap_data = data
            if at >= until_s:
                break
        self.cars = decode(lap_data).body.cars

    def close(self) -> None:
        self._socket.close()
