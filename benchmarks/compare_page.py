"""Measure how soon ``/compare`` shows its charts, with four laps at the full rate.

Run ``python -m benchmarks.compare_page``; it needs Chromium. Times are from the beginning of the navigation
to the frame in which something is there. *Charts*: all charts on the screen are drawn. On a small screen the
charts are below it, and the time is that of what is on the screen instead. *Everything*: all charts, the map
and the table of corners, on the screen or below it. First visits have an empty cache and a new tab; later
ones come from ``/laps`` in the same tab, as by a click. The page reports the times itself, so that nothing
else runs in it meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urljoin

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
# The page writes the two times to its console. A task of this priority comes right after the frame, before
# what the page has put off until then.
_WATCH: Final = """
const inFrame = (name) => requestAnimationFrame(() => scheduler.postTask(() => {
  times[name] = performance.now();
  if (times.charts && times.everything) console.info("compared", times.charts, times.everything);
}, { priority: "user-blocking" }));
const times = {};
const isDrawn = (chart) => chart.querySelector("canvas") !== null;
// The lines, not only the name above them.
const isOnScreen = (chart) => chart.querySelector(".plot").getBoundingClientRect().top < innerHeight;
const noted = new Set();
const note = (name, isThere) => {
  if (noted.has(name) || !isThere) return;
  noted.add(name);
  inFrame(name);
};
new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-ready=true]")) return;
  const charts = [...document.querySelectorAll("figure[data-chart]")];
  note("charts", charts.filter(isOnScreen).every(isDrawn));
  const isComplete = document.querySelector(".map path") && document.querySelector(".corners tbody");
  note("everything", charts.every(isDrawn) && isComplete);
  if (noted.size === 2) observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


class PageVisit(NamedTuple):
    """When the charts and when everything was there, milliseconds."""

    charts: float
    everything: float


def drive(server: ServerProcess) -> list[str]:
    """Let a rig drive laps; returns their ids."""
    scenario = Scenario("time_trial", 2025, laps=LAPS + 1, cars=1, seed=3, rate_hz=60, track_id=17)
    send([scenario], "127.0.0.1", server.udp_port, speed=_SPEED)
    laps = server.read_all("/api/v1/laps")
    return [lap["id"] for lap in laps if lap["lap_time_ms"] is not None][:LAPS]


def measure_visit(context: BrowserContext, address: str, *, comes_from: str | None = None) -> PageVisit:
    """Open the page once in a new tab, if given from another page there, and close it."""
    page = context.new_page()
    if comes_from is not None:
        page.goto(comes_from, wait_until="networkidle")
    page.add_init_script(_WATCH)
    with page.expect_console_message(lambda message: message.text.startswith("compared ")) as reported:
        page.goto(address, wait_until="commit")
    charts, everything = reported.value.text.split()[1:]
    page.close()
    return PageVisit(float(charts), float(everything))


def measure_visits(
    browser: Browser, address: str, size: tuple[int, int]
) -> tuple[Sequence[PageVisit], Sequence[PageVisit]]:
    """Measure first visits and later ones."""
    first, later = [], []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        first.append(measure_visit(context, address))
        later.append(measure_visit(context, address, comes_from=urljoin(address, "/laps")))
        context.close()
    return first, later


def describe(name: str, visits: Sequence[PageVisit]) -> str:
    """One line of figures."""
    charts, everything = (Spread.of(times) for times in zip(*visits, strict=True))
    return f"  {name}: charts {charts:.0f} ms (aim ≤ {AIM_MS:.0f}), everything {everything:.0f}"


def main() -> None:
    """Print the figures."""
    with running_server() as server, sync_playwright() as playwright:
        laps = drive(server)
        address = f"http://127.0.0.1:{server.port}/compare?laps={','.join(laps)}"
        chromium = next(path for path in CHROMIUM if path.exists())
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        print(f"{len(laps)} laps, Chromium {browser.version}")
        for size in _SIZES:
            first, later = measure_visits(browser, address, size)
            print(
                f"{size[0]}×{size[1]}",
                describe("later visits", later),
                describe("first visits", first),
                sep="\n",
            )
        browser.close()


if __name__ == "__main__":
    main()
