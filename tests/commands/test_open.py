"""``f1timings serve --open`` and ``--open-page``: the browser opens when the page can be read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.server.running import RunningServer


@pytest.mark.parametrize(
    ("flags", "page"),
    [(["--open"], ""), (["--open-page", "admin"], "admin"), (["--open", "--open-page", "/admin"], "admin")],
)
def test_the_browser_opens_the_page(
    flags: list[str], page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    server = RunningServer(tmp_path / "data")
    try:
        server.start(*flags)
        server.until(lambda: opened.exists() and opened.read_text() != "")
        assert f"http://127.0.0.1:{server.port}/{page}\n" == opened.read_text()
    finally:
        server.stop()


def test_a_machine_without_a_browser_shows_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER", "/bin/false %s")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    server = RunningServer(tmp_path / "data")
    try:
        server.start("--open")
        server.until(lambda: f"The pages are at http://127.0.0.1:{server.port}/" in server.log)
    finally:
        server.stop()
