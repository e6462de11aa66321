"""Parse the UDP datagram in a captured IPv4 or IPv6 packet."""

from __future__ import annotations

import socket
import struct
from functools import lru_cache
from typing import Final

from f1timings.intake.captures.link_layers import SkippedError, ip_offset
from f1timings.intake.datagrams import CaptureEntry, Datagram

# Version and header words, length, fragment word, protocol, source.
_IPV4: Final = struct.Struct(">BxH2xHxB2x4s4x")
# Payload length, next header, source.
_IPV6: Final = struct.Struct(">4xHBx16s16x")
_EXTENSION: Final = struct.Struct(">BB")
_UDP: Final = struct.Struct(">HHH2x")
_UDP_PROTOCOL: Final = 17
_IPV6_FRAGMENT: Final = 44
_IPV6_SKIPPED_HEADERS: Final = frozenset({0, 43, 60})  # hop-by-hop, routing, destination options


def parse_datagram(entry: CaptureEntry) -> Datagram:
    """The UDP datagram of a captured entry.

    Raises:
        SkippedError: there is none. The reason is ``unknown_link_type``, ``not_udp``, ``fragment``,
            ``truncated`` (the snap length cut it) or ``damaged`` (its lengths contradict each other).
    """
    received_at, link_type, octets = entry
    try:
        start = ip_offset(link_type, octets)
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
    return Datagram(
        received_at=received_at,
        address=address,
        port=port,
        listen_port=listen_port,
        data=_payload(octets, udp_at, length, end=end),
    )


def _payload(octets: bytes, udp_at: int, length: int, *, end: int) -> bytes:
    """The payload, by the length in the UDP header; padding by Ethernet after it is left out."""
    udp_end = udp_at + length
    if length < _UDP.size or udp_end > end:
        raise SkippedError("damaged")
    if udp_end > len(octets):
        raise SkippedError("truncated")
    return octets[udp_at + _UDP.size : udp_end]


def _ipv4(octets: bytes, start: int) -> tuple[str, int, int]:
    """Return the source address, the offset of the UDP header, and the end of the packet."""
    first, length, fragment, protocol, source = _IPV4.unpack_from(octets, start)
    header = (first & 0x0F) * 4
    if protocol != _UDP_PROTOCOL:
        raise SkippedError("not_udp")
    if fragment & 0x3FFF:  # "more fragments" is set, or not the first fragment
        raise SkippedError("fragment")
    if header < _IPV4.size:
        raise SkippedError("damaged")
    return address_text(source), start + header, _end(octets, start, length)


def _ipv6(octets: bytes, start: int) -> tuple[str, int, int]:
    """The same for IPv6; hop-by-hop, routing and destination options are skipped."""
    length, kind, source = _IPV6.unpack_from(octets, start)
    at = start + _IPV6.size
    end = _end(octets, at, length)
    while kind in _IPV6_SKIPPED_HEADERS:
        kind, words = _EXTENSION.unpack_from(octets, at)
        at += (words + 1) * 8
    if kind == _IPV6_FRAGMENT:
        raise SkippedError("fragment")
    if kind != _UDP_PROTOCOL:
        raise SkippedError("not_udp")
    return address_text(source), at, end


def _end(octets: bytes, start: int, length: int) -> int:
    """The end of the packet. Its length is 0 if it was captured before the network card segmented it."""
    return start + length if length else len(octets)


@lru_cache(maxsize=4096)
def address_text(packed: bytes) -> str:
    """An address of 4 or 16 bytes as text, in the form that a socket reports."""
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
