"""The host names of this server.

Other names are refused: with DNS rebinding, a foreign page could use its own name and pass as one of
our pages.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r":\d{1,5}$")


def host_name(header: str) -> str:
    """The name in a Host header, without port and brackets; empty if there is none."""
    name = _PORT.sub("", header.strip()).lower().rstrip(".")
    return name[1:-1] if name.startswith("[") and name.endswith("]") else name


class AllowedHosts:
    """IP addresses, localhost, names without dots, ``*.local``, and the configured names.

    Args:
        names: further names; a name that begins with ``*.`` or ``.`` allows every name below it.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        tidy = [name.strip().lower().rstrip(".").removeprefix("*") for name in names]
        self._names = {name for name in tidy if name and not name.startswith(".")}
        self._endings = (".local", *(name for name in tidy if name.startswith(".")))

    def allows(self, header: str) -> bool:
        """Whether a Host header names this server."""
        name = host_name(header)
        if _is_address(name):
            return True
        if not name or not all(_LABEL.fullmatch(label) for label in name.split(".")):
            return False
        return "." not in name or name in self._names or name.endswith(self._endings)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
