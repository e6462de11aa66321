"""``make install`` shows how far it is, and why it failed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from scripts.install_packages import install, steps

LOCK = """\
alembic==1.18.0 \\
    --hash=sha256:aa
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:bb
"""
OUTPUT = [
    "Ignoring colorama: markers \"sys_platform == 'win32'\" don't match your environment\n",
    "Collecting alembic==1.18.0 (from -r requirements.lock (line 1))\n",
    "  Using cached alembic-1.18.0-py3-none-any.whl (248 kB)\n",
    "Installing collected packages: alembic\n",
]


def fake_pip(tmp_path: Path, code: int) -> list[str]:
    """A program that prints what pip prints, and ends with a code."""
    program = tmp_path / "pip.py"
    program.write_text(f"import sys\nsys.stdout.write({''.join(OUTPUT)!r})\nsys.exit({code})\n")
    return [sys.executable, str(program)]


def test_each_package_is_counted_and_named() -> None:
    assert [
        "packages: 1 of 2, colorama",
        "packages: 2 of 2, alembic",
        "packages: unpacking all 2, this takes a moment …",
    ] == list(steps(OUTPUT, 2))


def test_a_log_shows_the_progress_and_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    assert 0 == install(lock, fake_pip(tmp_path, 0))
    shown = capsys.readouterr()
    assert "packages: 1 of 2, colorama" == shown.out.splitlines()[0]
    assert "packages: installed" == shown.out.splitlines()[-1]
    assert "" == shown.err


def test_a_failure_shows_what_pip_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK)
    assert 1 == install(lock, fake_pip(tmp_path, 1))
    shown = capsys.readouterr()
    assert "packages: installed" not in shown.out
    assert "Using cached alembic-1.18.0" in shown.err
