"""A UDP datagram with its origin, and an entry of a capture file that is not parsed yet."""

from __future__ import annotations

from typing import NamedTuple


class Datagram(NamedTuple):
    """One UDP datagram as it arrived.

    A NamedTuple: captures contain millions, and callers unpack them into the arguments of
    ``Pipeline.feed`` and ``PcapngWriter.write``.

    Attributes:
        received_at: seconds since 1970 by the clock of the machine that received it.
        address: source address as text, as the socket reports it (``192.168.1.20``, ``fe80::1``).
        port: source port.
        listen_port: destination port.
        data: the UDP payload.
    """

    received_at: float
    address: str
    port: int
    listen_port: int
    data: bytes


class CaptureEntry(NamedTuple):
    """One entry of a capture file, not parsed yet.

    Attributes:
        received_at: seconds since 1970.
        link_type: a LINKTYPE_ number of tcpdump.org: the kind of header with which the octets begin.
        octets: the captured bytes; fewer than were sent if the capture had a snap length.
    """

    received_at: float
    link_type: int
    octets: bytes
