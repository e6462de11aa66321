"""The firewall of this machine, as far as an ordinary user can see it, and how to open ports in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, NamedTuple


class Firewall(NamedTuple):
    """A firewall that is switched on, or may be.

    Attributes:
        name: as its users know it.
        opening: the command that opens ports, with the holes ``{udp}`` and ``{tcp}``.
    """

    name: str
    opening: str

    def command(self, udp: int, tcp: int) -> str:
        """The command that opens a UDP and a TCP port."""
        return self.opening.format(udp=udp, tcp=tcp)


_UFW: Final = Firewall("ufw", "sudo ufw allow {udp}/udp && sudo ufw allow {tcp}/tcp")
_FIREWALLD: Final = Firewall(
    "firewalld",
    "sudo firewall-cmd --permanent --add-port={udp}/udp --add-port={tcp}/tcp && sudo firewall-cmd --reload",
)
_RULE: Final = 'netsh advfirewall firewall add rule name="F1Timings {0}" dir=in action=allow protocol={0}'
_WINDOWS: Final = Firewall(
    "Windows Defender Firewall",
    f"{_RULE.format('UDP')} localport={{udp}} & {_RULE.format('TCP')} localport={{tcp}}",
)
_MACOS: Final = Firewall(
    "macOS", "System Settings > Network > Firewall > Options: Python, Allow incoming connections"
)


def find_firewall(platform: str = sys.platform, root: Path = Path("/")) -> Firewall | None:
    """The firewall that may block telemetry; None if none was found.

    Args:
        root: the folder of the system's files, on Linux.
    """
    if platform == "win32":
        return _WINDOWS
    if platform == "darwin":
        return _MACOS
    if _has_line(root / "etc/ufw/ufw.conf", "ENABLED=yes"):
        return _UFW
    # Its rules are secret, but everybody sees that it runs.
    return _FIREWALLD if (root / "run/firewalld").exists() else None


def _has_line(file: Path, line: str) -> bool:
    try:
        return line in file.read_text("utf-8", "replace").split()
    except OSError:
        return False
