"""Measure answers of the API against a bare FastAPI route: unchanged since the last answer, and changed.

Run ``python -m benchmarks.http_answers``. The store has a meeting with the laps of 40 drivers. Both
applications run in this process and are called as ASGI applications, without a network: uvicorn's part is the
same for both and would make the ratios smaller. The bare route returns a small dict.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from benchmarks.measuring import Spread, measure_in_turns
from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.store.acts import older

DRIVERS: Final = 40
LAPS_EACH: Final = 5
ROUNDS: Final = 15
CALLS: Final = 20
AIM_UNCHANGED, AIM_CHANGED = 2.0, 6.0
PATHS: Final = ("/api/v1/leaderboard", "/api/v1/laps?limit=100", "/api/drivers")


def call(app: Any, path: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> int:
    """Call an application once; return the status."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"*/*"), *headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8080),
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def answer() -> None:
        await app(scope, receive, send)

    _RUNNER.run(answer())
    return statuses[0]


_RUNNER = asyncio.Runner()


def spent_us(calls: int, *work: Callable[[], object]) -> float:
    """Processor time of this process for each call of the last work, without the works before it.

    The first call is not measured either: what others changed meanwhile is read again in it.
    """
    *prepare, measured = work
    measured()
    spent = 0
    for _ in range(calls):
        for each in prepare:
            each()
        began = time.process_time_ns()
        measured()
        spent += time.process_time_ns() - began
    return spent / calls / 1000


def bare_app() -> FastAPI:
    """An application with one route."""
    app = FastAPI()

    @app.get("/")
    def get() -> dict[str, int]:
        return {"answer": 42}

    return app


def open_store(folder: Path) -> Application:
    """A server that is not started, with the laps of all drivers."""
    application = Application(load_settings(data_dir=folder, udp_host="127.0.0.1", capture=False))
    store = application._store
    store.act("the benchmark", lambda desk: older.set_track(desk, "Monza"))
    for driver in range(DRIVERS):
        for lap in range(LAPS_EACH):
            time_text = f"1:{20 + driver % 30}.{100 + driver * 7 + lap}"
            store.act(
                "the benchmark",
                partial(older.save_lap, name=f"Driver {driver}", team="Night Shift", time=time_text),
            )
    return application


def measure(application: Application) -> dict[str, list[float]]:
    """Return µs per call: of the bare route, and of each path unchanged and changed."""
    web, changes = application.web, application._store.changes
    contenders: dict[str, Callable[[], float]] = {
        "bare": partial(spent_us, CALLS, partial(call, bare_app(), "/"))
    }
    for path in PATHS:
        assert call(web, path) == 200
        get = partial(call, web, path)
        contenders[f"{path} unchanged"] = partial(spent_us, CALLS, get)
        # What the writer does is not part of the answer, so only the number of the newest change grows.
        contenders[f"{path} changed"] = partial(spent_us, CALLS, changes.count, get)
    return measure_in_turns(contenders, ROUNDS)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        application = open_store(Path(folder))
        results = measure(application)
        application.close()
    print(f"{DRIVERS * LAPS_EACH} laps of {DRIVERS} drivers; {ROUNDS} rounds of {CALLS} calls")
    print(f"  a bare route {Spread.of(results['bare']):.0f} µs")
    for name, spent in results.items():
        if name != "bare":
            aim = AIM_UNCHANGED if name.endswith("unchanged") else AIM_CHANGED
            ratio = Spread.of_ratios(spent, results["bare"])
            print(f"  {name} {Spread.of(spent):.0f} µs, {ratio:.2f} times the bare route (aim: {aim:g})")


if __name__ == "__main__":
    main()
