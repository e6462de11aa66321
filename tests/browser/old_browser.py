"""A browser from 2019 or 2020, driven by the Chrome DevTools protocol: it is too old for Playwright."""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.waiting import LONGEST_WAIT_S

# Headless, with what a container without a sandbox, a graphics card and a large /dev/shm needs.
_FLAGS = (
    "--headless", "--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--lang=en-GB", "--remote-debugging-port=0", "about:blank",
)  # fmt: skip


class OldPage:
    """The only page of a running browser.

    Attributes:
        complaints: errors of the page's console and scripts, and failed requests.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []

    def send(self, method: str, **parameters: object) -> Any:
        """Send a command and return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(LONGEST_WAIT_S))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self._handle_event(message["method"], message["params"])

    def open(self, address: str, width: int, height: int) -> None:
        """Open an address in a window of this size."""
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        self.send("Page.navigate", url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, as JSON gives it; a promise is awaited."""
        answer = self._evaluate(expression)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Wait until an expression is true in the page; an exception means not yet."""
        deadline = time.monotonic() + LONGEST_WAIT_S
        while self._evaluate(expression)["result"].get("value") is not True:
            assert time.monotonic() < deadline, (
                f"never true: {expression}; {self.complaints}; {self.evaluate('document.body.innerText')}"
            )
            time.sleep(0.1)

    def screenshot(self) -> bytes:
        """A picture of the window, PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot")["data"])

    def _evaluate(self, expression: str) -> Any:
        return self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)

    def _handle_event(self, method: str, facts: Any) -> None:
        if method == "Runtime.exceptionThrown":
            self.complaints.append(str(facts["exceptionDetails"]))
        elif method == "Log.entryAdded" and facts["entry"]["level"] == "error":
            self.complaints.append(str(facts["entry"]))
        elif method == "Runtime.consoleAPICalled" and facts["type"] in ("error", "assert"):
            self.complaints.append(str(facts["args"]))


@contextmanager
def old_page(program: Path, folder: Path) -> Iterator[OldPage]:
    """Start a browser with its profile in an empty folder, and end it."""
    folder.mkdir(parents=True)
    environment = {**os.environ, "LANG": "en_GB.UTF-8"}
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [program, f"--user-data-dir={folder}", *_FLAGS],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        # Without pings: a browser that old does not answer them.
        with connect(_page_address(running, folder), max_size=None, ping_interval=None) as socket:
            yield OldPage(socket)
    finally:
        running.kill()
        running.wait(LONGEST_WAIT_S)


def _page_address(running: subprocess.Popen[bytes], folder: Path) -> str:
    """The address at which the browser's page takes commands, once it is ready."""
    port_file = folder / "DevToolsActivePort"
    deadline = time.monotonic() + LONGEST_WAIT_S
    while True:
        has_failed = running.poll() is not None or time.monotonic() > deadline
        assert not has_failed, (folder / "log").read_text()
        if port_file.exists() and (lines := port_file.read_text().splitlines()):
            with urllib.request.urlopen(f"http://127.0.0.1:{lines[0]}/json/list") as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
