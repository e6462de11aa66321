"""``python -m scripts.screenshots FOLDER``: pictures of the pages on the evening of ``make demo``.

For each page, size and theme it writes a PNG, and prints how many pixels high the texts are that matter. At
6 m from a TV of 55 inches, a line of text needs about 62 of its 1080 pixels.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import demo

CHROMIUM: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
SIZES: Final = ("3840x2160", "1920x1080", "1280x720", "1080x1920", "390x844")
THEMES: Final = ("dark", "light", "cvd")
PASSWORD: Final = "screenshots of an evening"
#: The addresses by the names of the pictures; the phone is that of the driver at the first rig.
PAGES: Final = {
    "display": "/display?motion=off",
    "me": "/me?motion=off",
    "admin": "/admin?motion=off",
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
    with an_evening(options.drivers) as (port, driver_token), a_browser() as browser:
        for page_name in options.pages:
            for size in options.sizes:
                for theme in options.themes:
                    take(browser, port, options, page=(page_name, size, theme), driver_token=driver_token)
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
def an_evening(drivers: int) -> Iterator[tuple[int, str]]:
    """Run the demo; give the port of its pages, and the code of a driver who is driving."""
    port, udp_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    with TemporaryDirectory() as folder, demo.running_server(Path(folder), port, udp_port) as server:
        demo.wait_until_it_answers(server, port)
        marshal = demo.connect(Path(folder), port)
        demo.prepare(marshal, udp_port, 2025)
        for number in range(len(demo.DRIVERS), drivers):
            seconds, thousandths = divmod(28_000 + 137 * number, 1000)
            lap = {"driver": f"Guest {number + 1}", "time": f"1:{seconds}.{thousandths:03}"}
            marshal.do("POST", "/laps", lap)
        evening = demo.evening(2025, sessions=20, seed=2)
        threading.Thread(target=demo.drive, args=(evening, udp_port), daemon=True).start()
        yield port, driver_code(marshal)


def driver_code(marshal: demo.Marshal) -> str:
    """The code of a driver who sits at a rig."""
    driver = marshal.do("GET", f"/drivers?name={demo.DRIVERS[2][0].replace(' ', '%20')}")["items"][0]
    code: str = marshal.do("GET", f"/drivers/{driver['id']}")["token"]
    return code


def free_port(kind: socket.SocketKind) -> int:
    """A port that no program uses."""
    with socket.socket(socket.AF_INET, kind) as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


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


def take(
    browser: Browser, port: int, options: argparse.Namespace, *, page: Sequence[str], driver_token: str
) -> None:
    """Take one picture, and print the heights of its texts."""
    name, size, theme = page
    width, height = map(int, size.split("x"))
    query = "&".join(filter(None, (f"theme={theme}", options.query)))
    opened = browser.new_page(viewport={"width": width, "height": height})
    sign_in(opened, port)
    token = f"&token={driver_token}" if name == "me" else ""
    opened.goto(f"http://127.0.0.1:{port}{PAGES[name]}&{query}{token}")
    opened.wait_for_load_state("networkidle")
    opened.wait_for_timeout(3_000)
    file = options.folder / f"{name}-{size}{'' if theme == 'dark' else f'-{theme}'}.png"
    opened.screenshot(path=file)
    print(file.name, heights(opened, MEASURED.get(name, {})), flush=True)
    opened.close()


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
