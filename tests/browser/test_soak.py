"""The memory of a screen does not grow over an hour of racing, played sixty times as fast.

`make soak` plays the whole hour, `make test` five minutes of it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession

from f1timings.simulator import TIMING_KINDS, Scenario
from tests.sending import driving
from tests.server.running import RunningServer
from tests.waiting import LONGEST_WAIT_S

_MINUTES = float(os.environ.get("F1TIMINGS_SOAK_MINUTES", "5"))
_SPEED = 60.0
_RIGS = 3
_LAPS, _MINUTES_OF_SESSION = 3, 5.0
# How much more memory a page may use after the race than after the first lap: caches of the browser.
_SLACK_BYTES = 4_000_000


def heap_bytes(session: CDPSession) -> int:
    """The size of the page's heap after a garbage collection."""
    session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return int(next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize"))


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/display", "/me"])
def test_an_hour_of_racing_does_not_grow_the_pages_heap(tmp_path: Path, browser: Browser, path: str) -> None:
    evening = Scenario(
        kind="hot_lap_evening", format=2025, laps=_LAPS, cars=2, seed=7, rate_hz=20, rigs=_RIGS,
        sessions=max(1, round(_MINUTES / _MINUTES_OF_SESSION)), track_id=11, kinds=TIMING_KINDS,
    )  # fmt: skip
    with RunningServer(tmp_path / "data") as server:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        try:
            page.goto(f"http://127.0.0.1:{server.port}{path}")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable")
            with driving([evening], server.udp_port, speed=_SPEED) as report:
                server.until(lambda: bool(server.everything("/api/v1/laps", state="completed")))
                early = heap_bytes(session)
                report.result(_MINUTES * 60 + LONGEST_WAIT_S)
                late = heap_bytes(session)
            laps = server.everything("/api/v1/laps", state="completed")
        finally:
            page.close()
    assert len(laps) >= _RIGS * evening.sessions
    assert late <= early + _SLACK_BYTES, f"{early:,} bytes early, {late:,} late"
