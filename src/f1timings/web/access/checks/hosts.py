"""By which names this server may be asked for: others are a page's trick to be taken for our own site."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r":\d{1,5}$")


def name_of(host: str) -> str:
    """The name in a Host header, without port and brackets; empty if there is none."""
    name = _PORT.sub("", host.strip()).lower().rstrip(".")
    return name[1:-1] if name.startswith("[") and name.endswith("]") else name


class AllowedHosts:
    """Addresses, localhost, names without dots, ``*.local``, and the names that are given.

    Args:
        names: further names; one that begins with ``*.`` or ``.`` stands for all below it.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        tidy = [name.strip().lower().rstrip(".").removeprefix("*") for name in names]
        self._names = {name for name in tidy if name and not name.startswith(".")}
        self._endings = (".local", *(name for name in tidy if name.startswith(".")))

    def allows(self, host: str) -> bool:
        """Whether a Host header is one of ours."""
        name = name_of(host)
        if _is_address(name):
            return True
        if not name or not all(_LABEL.fullmatch(label) for label in name.split(".")):
            return False
        return "." not in name or name in self._names or name.endswith(self._endings)


def is_same_origin(origin: str, host: str) -> bool:
    """Whether an Origin header, such as ``http://192.168.1.5:8080``, names the host that was asked for."""
    return bool(host) and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
