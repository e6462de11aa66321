"""The rules for sending telemetry on to other programs: what a target is, and which addresses it may have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Literal

from f1timings.errors import ActInvalid
from f1timings.meeting.texts import clean_text

#: Every datagram is sent to each target, so there is a limit.
MOST_TARGETS: Final = 8
_LONGEST_HOST: Final = 253
_HOST: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
# The networks of a site: private (RFC 1918, RFC 4193), link-local, and this machine. Any other address may be
# on the internet, also a shared one of a provider (RFC 6598).
_OF_A_SITE: Final = tuple(
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
_BROADCAST: Final = IPv4Address("255.255.255.255")

Obstacle = Literal["own-port", "no-single-receiver", "internet"]
"""Why nothing is sent to an address: it is our own port; it is a broadcast, a multicast or no address; it is
outside of the site, and nobody has allowed that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardTarget:
    """A program to which received datagrams are sent on unchanged.

    Attributes:
        host: an IP address or a name.
        port: its UDP port.
        rig: the key of the rig that remains, whose datagrams it gets; None for all datagrams.
        is_on: whether anything is sent.
        allows_internet: it may have an address outside of this site.
    """

    id: str
    host: str
    port: int
    rig: str | None = None
    is_on: bool = True
    allows_internet: bool = False
    seq: int = 0

    def repeats(self, other: ForwardTarget) -> bool:
        """Whether both would get the same datagrams at the same place."""
        is_same_place = (self.host, self.port) == (other.host, other.port)
        return is_same_place and (None in (self.rig, other.rig) or self.rig == other.rig)


def clean_host(text: str) -> str:
    """Return a host as it is stored: an IP address in its usual form, or a name in lower case.

    Raises:
        ActInvalid: it is neither.
    """
    host = clean_text(text, field="host", longest=_LONGEST_HOST).removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    if _HOST.fullmatch(host) is None:
        raise ActInvalid("forward-host", "host")
    return host.lower()


def obstacle_of(address: IPv4Address | IPv6Address, *, allows_internet: bool) -> Obstacle | None:
    """Why an address gets nothing; None if it may. Whether it is our own, only the machine knows."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_multicast or address.is_unspecified or address == _BROADCAST:
        return "no-single-receiver"
    if not allows_internet and not any(address in network for network in _OF_A_SITE):
        return "internet"
    return None
