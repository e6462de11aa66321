"""What the intake passes around: a datagram with its origin, and the octets of one entry of a capture."""

from __future__ import annotations

from typing import NamedTuple


class Datagram(NamedTuple):
    """One UDP datagram as it arrived.

    Attributes:
        received_at: seconds since 1970 by the clock of the machine that received it.
        address: source address as text, as the socket gives it (``192.168.1.20``, ``fe80::1``).
        port: source port.
        listen_port: the port it was sent to.
        data: the payload of UDP.
    """

    received_at: float
    address: str
    port: int
    listen_port: int
    data: bytes


class Captured(NamedTuple):
    """One entry of a capture file before anything in it is understood.

    Attributes:
        received_at: seconds since 1970.
        link_type: a LINKTYPE_ number of tcpdump.org: what the octets begin with.
        octets: what was captured; shorter than what was sent where the capture had a snap length.
    """

    received_at: float
    link_type: int
    octets: bytes
