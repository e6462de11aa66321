"""A real server with a signed-in admin, for the tests of the admin page and the drivers' page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import APIResponse, Browser, Locator, Page, Route, expect

from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from tests.browser.checks import NAME, PASSWORD, setup_code
from tests.server.running import RunningServer

Json = dict[str, Any]
TRAP = "<img src=x onerror=alert(1)>"


class Office:
    """The server, and requests to it apart from the page."""

    def __init__(self, server: RunningServer, log: Path, browser: Browser) -> None:
        self.server = server
        self.address = f"http://127.0.0.1:{server.port}"
        context = browser.new_context(reduced_motion="reduce")
        body = {"code": setup_code([log.read_text()]), "name": NAME, "password": PASSWORD}
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
        """Open a page as a user with another role."""
        name = f"Some {role}"
        body = {"name": name, "role": role, "password": PASSWORD}
        self.server.ask("POST", "/api/v1/accounts", body, self.server.token("admin"))
        answer = page.request.post(f"{self.address}/api/v1/login", data={"name": name, "password": PASSWORD})
        assert answer.status == 200, answer.text()
        page.goto(self.address + path)

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Send a request as a marshal's program; it must succeed. Returns its JSON."""
        answer = self.server.ask(method, path, body, self.token)
        assert answer.status < 300, (method, path, answer)
        return answer.json

    def driver(self, name: str) -> str:
        """Create a driver. Returns the id."""
        driver_id: str = self.request("POST", "/api/v1/drivers", {"name": name})["id"]
        return driver_id

    def find_driver(self, name: str) -> Json | None:
        """The driver with that name, or None."""
        items = self.request("GET", f"/api/v1/drivers?name={quote(name)}")["items"]
        return items[0] if items else None

    def rig(self, key: str) -> Json:
        """A rig as it is now."""
        rigs = self.server.everything("/api/v1/rigs")
        return next(rig for rig in rigs if rig["rig"] == key)

    def label(self, key: str) -> str:
        """What pages call a rig: its name or its number."""
        return str(self.rig(key)["label"])

    def driver_at(self, key: str) -> str | None:
        """The name of the driver at a rig."""
        driver = self.rig(key)["driver"]
        return None if driver is None else driver["name"]

    def laps(self, **query: object) -> list[Json]:
        """Laps, the newest first."""
        items: list[Json] = self.server.get("/api/v1/laps", sort="-recorded_at", limit=1000, **query)["items"]
        return items

    def drive(self, seed: int, rigs: int, cars: int = 1) -> None:
        """Let rigs drive two laps each, from 127.0.0.2 on, and wait until the laps are stored."""
        scenario = Scenario(
            kind="hot_lap_evening", format=2025, laps=2, cars=cars, seed=seed, rate_hz=20, rigs=rigs,
            track_id=11, kinds=TIMING_KINDS,
        )  # fmt: skip
        before = len(self.laps(state="completed"))
        report = send([scenario], "127.0.0.1", self.server.udp_port, speed=40.0)
        driven = sum(
            lap["state"] == "completed" for session in report.truth["sessions"] for lap in session["laps"]
        )
        self.server.until(lambda: len(self.laps(state="completed")) >= before + driven)


@contextmanager
def open_office(folder: Path, browser: Browser) -> Iterator[Office]:
    """A new server and its admin."""
    with RunningServer(folder / "data") as server:
        yield Office(server, folder / "data.log", browser)


def choose(field: Locator, name: str) -> None:
    """Type a name into a driver picker and choose the first option, by keyboard."""
    field.fill(name)
    listed = field.page.get_by_role("option")
    expect(listed.filter(visible=True).first).to_contain_text(name)
    field.press("Enter")


def change_before(page: Page, method: str, path: str, change: Callable[[], None]) -> None:
    """Simulate another user who is faster: make a change just before the page's next request, once."""

    changed: list[str] = []

    def intercept(route: Route) -> None:
        if route.request.method != method or changed:
            route.fallback()
            return
        changed.append(route.request.url)
        change()
        route.continue_()

    page.route(path, intercept)


def hold_answers(page: Page, path: str) -> Callable[[], None]:
    """Simulate a slow network: requests to this path get no answer before the returned function is called."""

    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    def release() -> None:
        for route, answer in held:
            route.fulfill(response=answer)
        page.unroute(path, hold)

    page.route(path, hold)
    return release
