"""A track map of a real session: what the server would send of a simulated race, sent when a test says so."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

from f1timings.live.views.map import read_frame
from f1timings.outlines.records import Outline, OutlineKey
from f1timings.simulator import Scenario
from f1timings.web.circuits.bodies import OutlineBody
from tests.live.rig_setup import RIG, RigSetup
from tests.outlines.driving import course_of_track, place_on

MONACO = 5
POINTS = 300
# That of the frames of `Followed`.
CHANNEL = 7
ADDRESS = f"/display?scene=map&rig={RIG}"
COURSE = course_of_track(MONACO)


def true_outline() -> Outline:
    """The course of the simulator as an outline."""
    length_m = COURSE.length_m
    return Outline(
        key=OutlineKey(MONACO, 2025),
        track_length_m=round(length_m),
        points=tuple(place_on(COURSE, length_m * at / POINTS) for at in range(POINTS)),
        sector2_start_m=COURSE.sector_starts_m[1],
        sector3_start_m=COURSE.sector_starts_m[2],
    )


class SentMap:
    """The socket of one page, on which a simulated race is sent.

    Attributes:
        setup: the rig of the race.
    """

    def __init__(self, page: Page) -> None:
        self.setup = RigSetup()
        self.view = self.setup.follow("map")
        self._number = 0
        self._frame: bytes | None = None
        self._sockets: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/ws"), self._accept)
        body = OutlineBody.of(true_outline()).model_dump()
        page.route(re.compile("/outline"), lambda route: route.fulfill(json=body))

    def drive(self, until_s: float, cars: int = 8) -> None:
        """Drive a race until a session time."""
        scenario = Scenario("race", 2025, laps=5, cars=cars, seed=3, rate_hz=20, track_id=MONACO)
        self.setup.simulate(scenario, until_s)

    def know_outline(self) -> None:
        """Let the server know the outline."""
        self.setup.outlines[MONACO, 2025] = 1

    def send(self, **facts: Any) -> dict[str, float]:
        """Send rows and facts; returns the true lap distance of each car in the newest frame, in metres."""
        columns = ["id", *self.view.columns]
        rows = [[id_, *row.values()] for id_, row in self.view.rows.items()]
        snapshot = {"columns": columns, "rows": rows, "facts": self.view.facts | facts, "channel": CHANNEL}
        self._number += 1
        self._send(
            json.dumps({"view": f"map:{RIG}", "epoch": "1", "seq": self._number, "snapshot": snapshot})
        )
        self._frame = self.view.frame() or self._frame
        return (
            {str(car.car): car.lap_distance_m for car in read_frame(self._frame).cars} if self._frame else {}
        )

    def send_frame(self) -> None:
        """Send the newest frame; a page that has not handled the rows yet ignores it."""
        assert self._frame is not None
        self._send(self._frame)

    def is_open(self) -> bool:
        """Whether the page follows the map."""
        return bool(self._sockets)

    def _accept(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda message: self._handle_message(socket, json.loads(message)))

    def _handle_message(self, socket: WebSocketRoute, message: dict[str, Any]) -> None:
        hello = {"protocol": 2, "build": "", "epoch": "1", "server_time": "2026-11-22T16:12:00.250Z"}
        socket.send(json.dumps({"hello": hello}))
        if f"map:{RIG}" in message.get("subscribe", ()):
            self._sockets = [socket]

    def _send(self, message: str | bytes) -> None:
        for socket in self._sockets:
            socket.send(message)
