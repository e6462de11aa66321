"""Measure how soon ``/compare`` shows its charts, with four laps at the full rate.

Run ``python -m benchmarks.compare_page``; it needs Chromium. The time is from the beginning of the navigation
to the frame after which the charts are drawn. First visits have an empty cache, later ones the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.measuring import Spread
from benchmarks.server_process import ServerProcess, running_server
from f1timings.simulator import Scenario
from f1timings.simulator.sender import send

CHROMIUM: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
LAPS: Final = 4
ROUNDS: Final = 15
AIM_MS: Final = 300.0
_SIZES: Final = ((1920, 1080), (390, 844))
_SPEED: Final = 12.0
# Notes the time of the frame after the charts are there.
_WATCH: Final = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-ready=true] canvas")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.drawnAt = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def drive(server: ServerProcess) -> list[str]:
    """Let a rig drive laps; returns their ids."""
    scenario = Scenario("time_trial", 2025, laps=LAPS + 1, cars=1, seed=3, rate_hz=60, track_id=17)
    send([scenario], "127.0.0.1", server.udp_port, speed=_SPEED)
    laps = server.read_all("/api/v1/laps")
    return [lap["id"] for lap in laps if lap["lap_time_ms"] is not None][:LAPS]


def measure_ms(context: BrowserContext, address: str) -> float:
    """Open the page once, and close it; returns when it was drawn."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(address)
    drawn_at: float | None = None
    while drawn_at is None:
        page.wait_for_timeout(50)
        drawn_at = page.evaluate("window.drawnAt ?? null")
    page.close()
    return drawn_at


def measure_visits(browser: Browser, address: str, size: tuple[int, int]) -> tuple[Spread, Spread]:
    """Measure first visits and later ones, in milliseconds."""
    first, later = [], []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        first.append(measure_ms(context, address))
        later.append(measure_ms(context, address))
        context.close()
    return Spread.of(first), Spread.of(later)


def describe(size: Sequence[int], visits: tuple[Spread, Spread]) -> str:
    """One line of figures."""
    first, later = visits
    return f"  {size[0]}×{size[1]}: later visits {later:.0f} ms, first ones {first:.0f} (aim ≤ {AIM_MS:.0f})"


def main() -> None:
    """Print the figures."""
    with running_server() as server, sync_playwright() as playwright:
        laps = drive(server)
        address = f"http://127.0.0.1:{server.port}/compare?laps={','.join(laps)}"
        chromium = next(path for path in CHROMIUM if path.exists())
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        print(f"{len(laps)} laps, Chromium {browser.version}")
        for size in _SIZES:
            print(describe(size, measure_visits(browser, address, size)), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
