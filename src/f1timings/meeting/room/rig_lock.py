"""The rules for the list of addresses that may send telemetry while the rigs are locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

from f1timings.errors import ActInvalid
from f1timings.meeting.texts import clean_text

#: The id of the only lock.
THE_LOCK: Final = "rigs"
#: Several times as many as a venue has rigs.
MOST_ADDRESSES: Final = 256
_LONGEST_ADDRESS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RigLock:
    """Whether only some addresses may send telemetry, and which.

    Attributes:
        addresses: IP addresses in their usual form; none while the rigs are not locked.
    """

    id: str = THE_LOCK
    is_locked: bool = False
    addresses: tuple[str, ...] = ()
    seq: int = 0

    @property
    def admitted(self) -> tuple[str, ...] | None:
        """The addresses that may send; None for all."""
        return self.addresses if self.is_locked else None


def clean_address(text: str) -> str:
    """Return an IP address as it is stored, which is how a datagram has it.

    Raises:
        ActInvalid: it is none.
    """
    try:
        address = ip_address(clean_text(text, field="address", longest=_LONGEST_ADDRESS))
    except ValueError:
        raise ActInvalid("rig-lock-address", "address") from None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def sorted_addresses(addresses: Iterable[str]) -> tuple[str, ...]:
    """Clean addresses, each once, as people look for them: 10.0.0.9 before 10.0.0.10."""

    def order(text: str) -> tuple[int, int, str]:
        address = ip_address(text)
        return address.version, int(address), text

    return tuple(sorted(set(addresses), key=order))
