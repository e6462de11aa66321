"""The set-up code: a one-time code on the console with which the first account is created."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from typing import Final

import segno

from f1timings.doctor.addresses import reachable_addresses

VALID_FOR_S: Final = 1800.0
# Without letters and digits that look alike.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 10


class SetupCode:
    """The code that is valid at the moment, if any.

    Args:
        clock: our clock, seconds since 1970.
        address: of the pages, such as ``http://192.168.1.5:8080``.
        write: prints text on the console.
    """

    def __init__(self, clock: Callable[[], float], address: str, write: Callable[[str], None]) -> None:
        self._clock = clock
        self._address = address
        self._write = write
        self._code = ""
        self._expires_at = 0.0

    @property
    def has_expired(self) -> bool:
        """Whether no code is valid any more."""
        return self._clock() >= self._expires_at

    def show(self) -> None:
        """Create a new code and print it on the console; the previous code becomes invalid."""
        self._code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        self._expires_at = self._clock() + VALID_FOR_S
        self._write(console_text(self._address, self._code))

    def matches(self, code: str) -> bool:
        """Whether this is the code, typed in any case and with or without spaces and hyphens."""
        typed = "".join(code.upper().split()).replace("-", "")
        is_same = secrets.compare_digest(typed.encode("utf-8", "replace"), self._code.encode())
        return is_same and bool(self._code) and not self.has_expired

    def discard(self) -> None:
        """Make the code invalid after its use."""
        self._code = ""
        self._expires_at = 0.0


def console_text(address: str, code: str) -> str:
    """The text for the console: the address of the set-up page, the code, and both as a QR code."""
    readable = f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"
    page = f"{address}/setup"
    qr_code = io.StringIO()
    # Browsers do not send the part after the #, so the code gets into no log of a proxy.
    segno.make(f"{page}#code={code}", error="l", micro=False).terminal(qr_code, compact=True)
    return (
        f"\nNo account exists yet: everyone can view, nobody can change anything.\n"
        f"Open {page} and enter the code {readable} (valid once, for {VALID_FOR_S / 60:.0f} minutes).\n\n"
        f"{qr_code.getvalue()}\n"
    )


def address_of_pages(host: str, port: int, scheme: str = "http") -> str:
    """The address at which other devices reach the pages, as far as this machine knows.

    Args:
        host: the address that the server listens on.
    """
    address = next(iter(reachable_addresses(host)), "localhost")
    return f"{scheme}://[{address}]:{port}" if ":" in address else f"{scheme}://{address}:{port}"
