"""Where the IP packet begins in a captured entry, for each link type that Wireshark and tcpdump use."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import Final

_WORD: Final = struct.Struct(">H")
_IP_ETHERTYPES: Final = frozenset({0x0800, 0x86DD})
_VLAN_ETHERTYPES: Final = frozenset({0x8100, 0x88A8, 0x9100})
#: AF_INET, and AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
_IP_FAMILIES: Final = frozenset({2, 10, 23, 24, 28, 30})


class SkippedError(Exception):
    """A captured entry without a whole UDP datagram.

    Attributes:
        reason: a short stable word for counters.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ip_offset(link_type: int, octets: bytes) -> int:
    """The offset of the IPv4 or IPv6 header.

    Raises:
        SkippedError: ``unknown_link_type``, or ``not_udp`` if the packet is not IP.
        struct.error: the octets are too short.
    """
    find_ip = _LINK_LAYERS.get(link_type)
    if find_ip is None:
        raise SkippedError("unknown_link_type")
    return find_ip(octets)


def _after_ethertype(octets: bytes, *, type_at: int, payload_at: int) -> int:
    kind = _WORD.unpack_from(octets, type_at)[0]
    while kind in _VLAN_ETHERTYPES:
        kind = _WORD.unpack_from(octets, payload_at + 2)[0]
        payload_at += 4
    if kind not in _IP_ETHERTYPES:
        raise SkippedError("not_udp")
    return payload_at


def _after_family(octets: bytes, *, orders: tuple[str, ...]) -> int:
    """The address family is a 32-bit word in the byte order of the capturing machine."""
    if all(struct.unpack_from(order + "I", octets)[0] not in _IP_FAMILIES for order in orders):
        raise SkippedError("not_udp")
    return 4


def _at_start(_: bytes) -> int:
    return 0


_LINK_LAYERS: Final[dict[int, Callable[[bytes], int]]] = {
    0: partial(_after_family, orders=("<", ">")),  # BSD, macOS and Npcap loopback
    1: partial(_after_ethertype, type_at=12, payload_at=14),  # Ethernet
    12: _at_start,  # raw IP, the number on some systems
    14: _at_start,  # raw IP, the number on OpenBSD
    101: _at_start,  # raw IP
    108: partial(_after_family, orders=(">",)),  # OpenBSD loopback
    113: partial(_after_ethertype, type_at=14, payload_at=16),  # Linux "any", version 1
    228: _at_start,  # raw IPv4
    229: _at_start,  # raw IPv6
    276: partial(_after_ethertype, type_at=0, payload_at=20),  # Linux "any", version 2
}
