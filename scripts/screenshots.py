"""``python -m scripts.screenshots FOLDER``: pictures of every scene and overlay, and of other pages.

The rooms are the evening of ``make demo``, and two races of 20 and 22 cars.

For each page, size and theme it writes a PNG, and prints how many pixels high the texts are that matter. At
6 m from a TV of 55 inches, a line of text needs about 62 of its 1080 pixels.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from scripts.screenshot_rooms import LARGE_RACE_RIG, RACE_RIG, Room, an_evening, two_races

CHROMIUM: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
SIZES: Final = ("3840x2160", "1920x1080", "1280x720", "1080x1920", "390x844")
THEMES: Final = ("dark", "light", "cvd")
PASSWORD: Final = "screenshots of an evening"
SETTLES_MS: Final = 4_000


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to take.

    Attributes:
        room: ``evening``, ``races``, or ``results``, which is the races after their end.
        address: without the theme.
    """

    room: str
    address: str


def _scene(room: str, scene: str, rig: str = "") -> Shot:
    return Shot(room, f"/display?motion=off&scene={scene}" + (f"&rig={rig}" if rig else ""))


def _overlay(name: str, room: str = "races") -> Shot:
    return Shot(
        room, f"/overlay/{name}?motion=off&bg=solid" + (f"&rig={RACE_RIG}" if room != "evening" else "")
    )


#: The pages by the names of the pictures; the phone is that of a driver at a rig.
PAGES: Final[Mapping[str, Shot]] = {
    "display": _scene("evening", "leaderboard"),
    "rigs": _scene("evening", "rigs"),
    "boards": _scene("evening", "boards"),
    "next": _scene("evening", "next"),
    "me": Shot("evening", "/me?motion=off"),
    "admin": Shot("evening", "/admin?motion=off"),
    "overlay-leaderboard": _overlay("leaderboard", "evening"),
    **{name: _scene("races", name, RACE_RIG) for name in ("race", "car", "map", "tower")},
    **{name: _scene("races", name, RACE_RIG) for name in ("positions", "trace", "strategy")},
    **{f"{name}-22-cars": _scene("races", name, LARGE_RACE_RIG) for name in ("race", "tower")},
    **{
        f"overlay-{name}": _overlay(name) for name in ("tower", "driver", "battle", "timer", "flag", "ticker")
    },
    "result": _scene("results", "result"),
    "overlay-result": _overlay("result", "results"),
}
#: The texts whose heights are printed, by page.
MEASURED: Final[Mapping[str, Mapping[str, str]]] = {
    "display": {
        "position": ".line:not(.podium) .rank",
        "name": ".line:not(.podium) .driver",
        "time": ".line:not(.podium) .lap",
        "gap": ".line:not(.podium) .gap",
        "sectors": ".line:not(.podium) .sectors > span, .line:not(.podium) .marks > span",
        "rail: name": "[data-rig] .name",
        "rail: clock": "[data-rig] .clock",
        "rail: lap": "[data-rig] .below",
    },
}
#: Per text: the height of its line, and of a capital letter. A text that is not drawn has none.
MEASURE: Final = """
(selectors) => Object.fromEntries(Object.entries(selectors).map(([name, selector]) => {
  const text = document.querySelector(selector);
  if (!text) return [name, null];
  const style = getComputedStyle(text);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const line = pen.measureText("Hg");
  return [name, [
    Math.round(line.fontBoundingBoxAscent + line.fontBoundingBoxDescent),
    Math.round(pen.measureText("H").actualBoundingBoxAscent),
  ]];
}))
"""


def main() -> int:
    """Take the pictures."""
    options = parse_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"F1TIMINGS_ADMIN_PASSWORD": PASSWORD, "F1TIMINGS_ANNOUNCE": "false"}
    rooms = {PAGES[name].room for name in options.pages}
    with a_browser() as browser:
        if "evening" in rooms:
            with an_evening(options.drivers) as room:
                take_all(browser, room, options, "evening")
        if rooms & {"races", "results"}:
            with two_races() as room:
                take_all(browser, room, options, "races")
                if "results" in rooms:
                    room.end_races()
                    take_all(browser, room, options, "results")
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="such as 1920x1080")
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--query", default="", help="more for the address, such as scale=2")
    parser.add_argument("--drivers", type=int, default=0, help="how many drivers the board has at least")
    return parser.parse_args()


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Start Chromium."""
    chromium = next((path for path in CHROMIUM if path.exists()), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=None if chromium is None else str(chromium), args=["--no-sandbox"]
        )
        yield running
        running.close()


def take_all(browser: Browser, room: Room, options: argparse.Namespace, state: str) -> None:
    """Take all pages of a state of a room; all sizes of a page wait at the same time."""
    names = [name for name in options.pages if PAGES[name].room == state]
    for name, theme in product(names, options.themes):
        opened = {size: open_page(browser, room, options, page=(name, size, theme)) for size in options.sizes}
        for size, page in opened.items():
            page.bring_to_front()
            page.wait_for_timeout(SETTLES_MS / len(opened))
            file = options.folder / f"{name}-{size}{'' if theme == 'dark' else f'-{theme}'}.png"
            page.screenshot(path=file)
            print(file.name, heights(page, MEASURED.get(name, {})), flush=True)
            page.close()


def open_page(browser: Browser, room: Room, options: argparse.Namespace, *, page: Sequence[str]) -> Page:
    """Open a page, given as its name, size and theme, signed in as the admin."""
    name, size, theme = page
    width, height = map(int, size.split("x"))
    token = f"token={room.driver_token}" if name == "me" else ""
    query = "&".join(filter(None, (f"theme={theme}", token, options.query)))
    opened = browser.new_page(viewport={"width": width, "height": height})
    sign_in(opened, room.port)
    opened.goto(f"http://127.0.0.1:{room.port}{PAGES[name].address}&{query}")
    return opened


def sign_in(page: Page, port: int) -> None:
    """Sign in as the admin."""
    user = {"name": "admin", "password": PASSWORD}
    answer = page.request.post(f"http://127.0.0.1:{port}/api/v1/login", data=user)
    assert answer.ok, answer.text()


def heights(page: Page, selectors: Mapping[str, str]) -> str:
    """The heights of texts in pixels: ``name 62/41``, the line and a capital letter."""
    found: Mapping[str, Any] = page.evaluate(MEASURE, selectors)
    return ", ".join(
        f"{name} {'–' if height is None else '/'.join(map(str, height))}" for name, height in found.items()
    )


if __name__ == "__main__":
    sys.exit(main())
