"""Measure the live car in Chromium: the work of the main thread per frame, and frames that are dropped.

Run ``python -m benchmarks.car_panel``. A server and a simulated rig with 60 packets a second run beside the
browser, which draws without a graphics processor. The work is processor time of the main thread in Chromium's
own trace; a frame is dropped if the next one begins more than one and a half frames after it.
"""

from __future__ import annotations

import bisect
import itertools
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from benchmarks.server_process import free_port

CHROMIUM: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
SIZES: Final = ((1280, 720), (1920, 1080), (390, 844))
SECONDS: Final = 15.0
_WARM_UP_MS: Final = 4_000
_FRAME_MS: Final = 1000 / 60
_CATEGORIES: Final = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"]


class FrameWork(NamedTuple):
    """The frames of one size, sorted values in milliseconds.

    Attributes:
        work_ms: of the main thread from the beginning of a frame to the next one.
        steps_ms: between the beginnings of two frames.
        layouts: how often the page computed its layout.
    """

    work_ms: list[float]
    steps_ms: list[float]
    layouts: int


@contextmanager
def running(*arguments: str) -> Iterator[None]:
    """Run a command of the server to the end of the block."""
    command = [sys.executable, "-m", "f1timings", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers; at most a minute."""
    for _ in range(600):
        try:
            urllib.request.urlopen(address)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(address)


def measure(browser: Browser, address: str, size: tuple[int, int]) -> FrameWork:
    """Watch the page for some seconds in a window of this size."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address)
    page.wait_for_selector("[data-key=now]:not(:empty)", state="attached")
    page.wait_for_timeout(_WARM_UP_MS)
    browser.start_tracing(page=page, categories=_CATEGORIES)
    page.wait_for_timeout(SECONDS * 1000)
    trace = json.loads(browser.stop_tracing())
    page.close()
    return read_trace(trace["traceEvents"])


def read_trace(events: Sequence[dict[str, Any]]) -> FrameWork:
    """The frames in Chromium's trace."""
    frames = sorted(event["ts"] for event in events if event["name"] == "FireAnimationFrame")
    (main,) = {event["tid"] for event in events if event["name"] == "FireAnimationFrame"}
    tasks = [event for event in events if event["name"] == "RunTask" and event["tid"] == main]
    work_ms = [0.0] * len(frames)
    for task in tasks:
        # The task that draws a frame began before the frame did, and ends within it.
        frame = bisect.bisect(frames, task["ts"] + task.get("dur", 0)) - 1
        if frame >= 0:
            work_ms[frame] += task.get("tdur", task.get("dur", 0)) / 1000
    steps_ms = [(end - start) / 1000 for start, end in itertools.pairwise(frames)]
    layouts = sum(event["name"] == "Layout" for event in events)
    return FrameWork(sorted(work_ms[:-1]), sorted(steps_ms), layouts)


def describe(size: tuple[int, int], frames: FrameWork) -> str:
    """One line of figures."""
    work, steps = frames.work_ms, frames.steps_ms
    dropped = sum(max(0, round(step / _FRAME_MS) - 1) for step in steps if step > 1.5 * _FRAME_MS)
    return (
        f"  {size[0]}×{size[1]}: {len(steps) + 1} frames, work per frame p50 {work[len(work) // 2]:.1f} ms, "
        f"p99 {work[int(len(work) * 0.99)]:.1f}, largest {work[-1]:.1f}; {dropped} dropped; "
        f"{frames.layouts * 1000 / sum(steps):.0f} layouts/s"
    )


def main() -> None:
    """Print the figures."""
    port, udp_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    address = f"http://127.0.0.1:{port}/display/car"
    ports = ("--port", str(port), "--udp-port", str(udp_port))
    chromium = next(path for path in CHROMIUM if path.exists())
    with (
        tempfile.TemporaryDirectory() as folder,
        running("serve", *ports, "--data-dir", folder, "--no-announce", "--no-capture"),
        sync_playwright() as playwright,
    ):
        wait_for(address)
        race = ("--kind", "race", "--rigs", "1", "--laps", "9", "--to", f"127.0.0.1:{udp_port}")
        with running("simulate", *race):
            browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
            print(f"the live car at 60 packets a second, {SECONDS:.0f} s each, Chromium {browser.version}")
            for size in SIZES:
                print(describe(size, measure(browser, address, size)), flush=True)
            browser.close()


if __name__ == "__main__":
    main()
