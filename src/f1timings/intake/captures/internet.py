"""From the octets of an IPv4 or IPv6 packet to the UDP datagram in it."""

from __future__ import annotations

import socket
import struct
from functools import lru_cache
from typing import Final

from f1timings.intake.captures.link_layers import SkippedError, ip_start
from f1timings.intake.datagrams import Captured, Datagram

# Version and header words, length, fragment word, protocol, source.
_IPV4: Final = struct.Struct(">BxH2xHxB2x4s4x")
# Payload length, next header, source.
_IPV6: Final = struct.Struct(">4xHBx16s16x")
_EXTENSION: Final = struct.Struct(">BB")
_UDP: Final = struct.Struct(">HHH2x")
_UDP_PROTOCOL: Final = 17
_IPV6_FRAGMENT: Final = 44
_IPV6_PASSED_OVER: Final = frozenset({0, 43, 60})  # hop-by-hop, routing, destination options


def datagram_in(captured: Captured) -> Datagram:
    """The UDP datagram of a captured entry.

    Raises:
        SkippedError: there is none, for the reason ``unknown_link_type``, ``not_udp``, ``fragment``,
            ``truncated`` (the snap length cut it) or ``damaged`` (its lengths contradict each other).
    """
    received_at, link_type, octets = captured
    try:
        start = ip_start(link_type, octets)
        version = octets[start] >> 4
        if version == 4:
            address, udp_at, end = _ipv4(octets, start)
        elif version == 6:
            address, udp_at, end = _ipv6(octets, start)
        else:
            raise SkippedError("not_udp")
        port, listen_port, length = _UDP.unpack_from(octets, udp_at)
    except (struct.error, IndexError):
        raise SkippedError("truncated") from None
    return Datagram(received_at, address, port, listen_port, _payload(octets, udp_at, length, end))


def _payload(octets: bytes, udp_at: int, length: int, end: int) -> bytes:
    """The payload by UDP's own length; what Ethernet padded behind it is not part of it."""
    udp_end = udp_at + length
    if length < _UDP.size or udp_end > end:
        raise SkippedError("damaged")
    if udp_end > len(octets):
        raise SkippedError("truncated")
    return octets[udp_at + _UDP.size : udp_end]


def _ipv4(octets: bytes, start: int) -> tuple[str, int, int]:
    """Source address, where UDP begins, where the packet ends."""
    first, length, fragment, protocol, source = _IPV4.unpack_from(octets, start)
    header = (first & 0x0F) * 4
    if protocol != _UDP_PROTOCOL:
        raise SkippedError("not_udp")
    if fragment & 0x3FFF:  # more fragments, or not the first
        raise SkippedError("fragment")
    if header < _IPV4.size:
        raise SkippedError("damaged")
    return address_text(source), start + header, _end(octets, start, length)


def _ipv6(octets: bytes, start: int) -> tuple[str, int, int]:
    length, kind, source = _IPV6.unpack_from(octets, start)
    at = start + _IPV6.size
    end = _end(octets, at, length)
    while kind in _IPV6_PASSED_OVER:
        kind, words = _EXTENSION.unpack_from(octets, at)
        at += (words + 1) * 8
    if kind == _IPV6_FRAGMENT:
        raise SkippedError("fragment")
    if kind != _UDP_PROTOCOL:
        raise SkippedError("not_udp")
    return address_text(source), at, end


def _end(octets: bytes, start: int, length: int) -> int:
    """A length of 0 is what a machine sees of a packet that its network card is still to cut and fill in."""
    return start + length if length else len(octets)


@lru_cache(maxsize=4096)
def address_text(packed: bytes) -> str:
    """An address of 4 or 16 bytes as the socket would write it."""
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
