"""A real server with an admin who is signed in, for the tests of the pages of those who run the evening."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, Route

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.browser.checks import NAME, PASSWORD, code_on
from tests.server.running import RunningServer

Json = dict[str, Any]
TRAP = "<img src=x onerror=alert(1)>"


class Office:
    """The server, and what programs may do there beside the page."""

    def __init__(self, server: RunningServer, log: Path, browser: Browser) -> None:
        self.server = server
        self.address = f"http://127.0.0.1:{server.port}"
        context = browser.new_context()
        body = {"code": code_on([log.read_text()]), "name": NAME, "password": PASSWORD}
        answer = context.request.post(f"{self.address}/api/v1/setup", data=body)
        assert answer.status == 201, answer.text()
        self._admin = context.cookies()
        context.close()
        self.token = server.token("marshal")

    def open(self, page: Page, path: str) -> None:
        """Open a page as the admin."""
        page.context.add_cookies(self._admin)  # type: ignore[arg-type]
        page.goto(self.address + path)

    def open_as(self, page: Page, role: str, path: str) -> None:
        """Open a page as somebody of another role."""
        name = f"Some {role}"
        body = {"name": name, "role": role, "password": PASSWORD}
        self.server.ask("POST", "/api/v1/accounts", body, self.server.token("admin"))
        answer = page.request.post(f"{self.address}/api/v1/login", data={"name": name, "password": PASSWORD})
        assert answer.status == 200, answer.text()
        page.goto(self.address + path)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What a marshal's program asks; the answer's JSON."""
        answer = self.server.ask(method, path, body, self.token)
        assert answer.status < 300, (method, path, answer)
        return answer.json

    def driver(self, name: str) -> str:
        """Add a driver; its id."""
        driver: str = self.ask("POST", "/api/v1/drivers", {"name": name})["id"]
        return driver

    def found(self, name: str) -> Json | None:
        """The driver of that name, None if there is none."""
        items = self.ask("GET", f"/api/v1/drivers?name={quote(name)}")["items"]
        return items[0] if items else None

    def rig(self, key: str) -> Json:
        """One rig as it is now."""
        rigs = self.server.everything("/api/v1/rigs")
        return next(one for one in rigs if one["rig"] == key)

    def sits(self, key: str) -> str | None:
        """Who drives at a rig."""
        seated = self.rig(key)["driver"]
        return None if seated is None else seated["name"]

    def laps(self, **query: object) -> list[Json]:
        """Laps, the newest first."""
        items: list[Json] = self.server.get("/api/v1/laps", sort="-official_at", limit=1000, **query)["items"]
        return items

    def drive(self, seed: int, rigs: int, cars: int = 1) -> None:
        """Let rigs drive two laps each, at 127.0.0.2 and on, and wait until these are in."""
        scenario = Scenario(
            kind="hot_lap_evening", format=2025, laps=2, cars=cars, seed=seed, rate_hz=20, rigs=rigs,
            track_id=11, kinds=TIMING_KINDS,
        )  # fmt: skip
        known = len(self.laps(state="completed"))
        report = send([scenario], "127.0.0.1", self.server.udp_port, speed=40.0)
        driven = sum(
            lap["state"] == "completed" for session in report.truth["sessions"] for lap in session["laps"]
        )
        self.server.until(lambda: len(self.laps(state="completed")) >= known + driven, 20)


@contextmanager
def open_office(folder: Path, browser: Browser) -> Iterator[Office]:
    """A new server and its admin."""
    with RunningServer(folder / "data") as server:
        yield Office(server, folder / "data.log", browser)


def choose(field: Locator, name: str) -> None:
    """Type a name into a field for drivers and take what is offered, by keyboard."""
    field.fill(name)
    field.press("Enter")


def meanwhile(page: Page, method: str, path: str, deed: Any) -> None:
    """Let somebody else be faster: do something just before the page's own request, once."""

    done: list[str] = []

    def first(route: Route) -> None:
        if route.request.method != method or done:
            route.fallback()
            return
        done.append(route.request.url)
        deed()
        route.continue_()

    page.route(path, first)
