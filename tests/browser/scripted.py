"""A screen whose rigs, board and laps are those of the test: the socket and some routes are scripted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, Route, WebSocketRoute

Json = dict[str, Any]
MEETING = "m"
CIRCUIT = "Monza"


class ScriptedServer:
    """Answers the socket and the lists of rigs and laps of one page; everything else is the real server's.

    Attributes:
        page: whose socket and routes they are.
        rigs: rows of the view ``rigs``, and one each of the views ``rig:<rig>``.
        board: rows of the view ``board``.
        cards: items of ``/api/v1/rigs``.
        laps: items of ``/api/v1/laps``, the newest first.
        views: rows and facts of further views, by name.
        is_reachable: if not, further connections are closed at once.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.rigs: list[Json] = []
        self.board: list[Json] = []
        self.cards: list[Json] = []
        self.laps: list[Json] = []
        self.views: dict[str, tuple[list[Json], Json]] = {}
        self.is_reachable = True
        self._sockets: list[WebSocketRoute] = []
        self._single_rigs: set[str] = set()
        self._seq = 1
        page.route_web_socket(re.compile("/ws"), self._accept)
        page.route(re.compile(r"/api/v1/rigs\?"), lambda route: self._answer(route, self.cards))
        page.route(re.compile(r"/api/v1/laps\?"), self._answer_laps)

    def announce(self, event: str, data: object) -> None:
        """Send an event to the page."""
        self._seq += 1
        self._send({"view": "events", "seq": self._seq, "event": event, "data": data})

    def publish(self) -> None:
        """Send the rows as they are now."""
        self._seq += 1
        facts = {"meeting_id": MEETING, "meeting": "Tonight", "circuit": CIRCUIT}
        self._send(self._snapshot("rigs", self.rigs, {}))
        for view in sorted(self._single_rigs):
            row = [row for row in self.rigs if view == f"rig:{row['id']}"]
            self._send(self._snapshot(view, row, {}))
        self._send(self._snapshot("board", self.board, facts))
        for name, (rows, facts) in self.views.items():
            self._send(self._snapshot(name, rows, facts))

    def _accept(self, socket: WebSocketRoute) -> None:
        if not self.is_reachable:
            socket.close()
            return
        self._sockets = [socket]
        socket.on_message(lambda message: self._welcome(message))

    def _welcome(self, message: str | bytes) -> None:
        views = json.loads(message)["subscribe"]
        self._single_rigs |= {view for view in views if view.startswith("rig:")}
        now = datetime.now(UTC).isoformat()
        self._send({"hello": {"protocol": 2, "build": "", "epoch": "1", "server_time": now}})
        self.publish()
        self._send(self._snapshot("stage", (), {"scene": "leaderboard"}))
        if "events" in views:
            self._send({"view": "events", "epoch": "1", "seq": self._seq, "snapshot": {}})

    def _snapshot(self, view: str, rows: Sequence[Mapping[str, Any]], facts: Json) -> Json:
        columns = ["id", *sorted({name for row in rows for name in row} - {"id"})]
        cells = [[row.get(name) for name in columns] for row in rows]
        snapshot = {"columns": columns, "rows": cells, "facts": facts}
        return {"view": view, "epoch": "1.1", "seq": self._seq, "snapshot": snapshot}

    def _send(self, message: Json) -> None:
        for socket in self._sockets:
            socket.send(json.dumps(message))

    def _answer_laps(self, route: Route) -> None:
        query = parse_qs(urlparse(route.request.url).query)
        wanted = {name: query[name][0] for name in ("session_id", "car_index", "state") if name in query}
        laps = [lap for lap in self.laps if all(str(lap[name]) == text for name, text in wanted.items())]
        self._answer(route, laps)

    @staticmethod
    def _answer(route: Route, items: Sequence[Json]) -> None:
        route.fulfill(json={"items": items, "next": None})
