"""The firewall of a machine, on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.doctor.firewall import find_firewall


def test_a_firewall_on_linux_is_found_if_it_is_switched_on(tmp_path: Path) -> None:
    assert find_firewall("linux", tmp_path) is None
    (tmp_path / "etc/ufw").mkdir(parents=True)
    (tmp_path / "etc/ufw/ufw.conf").write_text("# a comment\nENABLED=no\n")
    assert find_firewall("linux", tmp_path) is None
    (tmp_path / "run/firewalld").mkdir(parents=True)
    firewalld = find_firewall("linux", tmp_path)
    assert firewalld is not None
    assert "--add-port=20778/udp --add-port=8081/tcp" in firewalld.command(20778, 8081)
    (tmp_path / "etc/ufw/ufw.conf").write_text("ENABLED=yes\n")
    ufw = find_firewall("linux", tmp_path)
    assert ufw is not None
    assert "sudo ufw allow 20778/udp && sudo ufw allow 8081/tcp" == ufw.command(20778, 8081)


@pytest.mark.parametrize(
    ("platform", "command"),
    [
        ("win32", "protocol=UDP localport=20778"),
        ("win32", "protocol=TCP localport=8081"),
        ("darwin", "Allow"),
    ],
)
def test_other_systems_have_a_firewall_of_their_own(platform: str, command: str) -> None:
    firewall = find_firewall(platform)
    assert firewall is not None
    assert command in firewall.command(20778, 8081)
