"""The one-time code that makes the first account, and how it is shown on the console."""

from __future__ import annotations

import io
import secrets
import socket
from collections.abc import Callable
from typing import Final

import segno

LASTS_S: Final = 1800.0
# Without letters and digits that look alike.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 10


class SetupCode:
    """A code that is shown on the console only; see :meth:`show`.

    Args:
        clock: our clock, seconds since 1970.
        address: of the pages, such as ``http://192.168.1.5:8080``.
        write: puts text on the console.
    """

    def __init__(self, clock: Callable[[], float], address: str, write: Callable[[str], None]) -> None:
        self._clock = clock
        self._address = address
        self._write = write
        self._code = ""
        self._ends_at = 0.0

    @property
    def has_expired(self) -> bool:
        """Whether the code that was shown last, if any, no longer counts."""
        return self._clock() >= self._ends_at

    def show(self) -> None:
        """Make a new code and put it on the console; the one before no longer counts."""
        self._code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        self._ends_at = self._clock() + LASTS_S
        self._write(console_text(self._address, self._code))

    def is_right(self, code: str) -> bool:
        """Whether somebody has read the console."""
        given = "".join(code.upper().split()).replace("-", "")
        is_same = secrets.compare_digest(given.encode("utf-8", "replace"), self._code.encode())
        return is_same and bool(self._code) and not self.has_expired

    def spend(self) -> None:
        """The code has done its work."""
        self._code = ""
        self._ends_at = 0.0


def console_text(address: str, code: str) -> str:
    """What the console shows: where to go, with which code, and the same as a QR code."""
    shown = f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"
    page = f"{address}/setup"
    picture = io.StringIO()
    # The code stands behind the #, so that it gets into no log of any proxy.
    segno.make(f"{page}#code={code}", error="l", micro=False).terminal(picture, compact=True)
    return (
        f"\nNo account exists yet: everybody may look, nobody may change anything.\n"
        f"Open {page} and enter the code {shown} (good for {LASTS_S / 60:.0f} minutes, once).\n\n"
        f"{picture.getvalue()}\n"
    )


def address_of_pages(host: str, port: int) -> str:
    """How pages are reached from another device, as far as this machine knows."""
    if host in ("0.0.0.0", "::", ""):
        host = _own_address()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address() -> str:
    """The address that this machine would send from; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
    except OSError:
        return "localhost"
