"""Datagrams for tests: zeros or random bytes behind a right header."""

from __future__ import annotations

import random

from f1timings.packets import Header, Layout, write_header

UID = 2**63 + 12_345


def header_of(layout: Layout) -> Header:
    """A header of that layout; every field has a value of its own, 0 where the format lacks it."""
    header = Header(layout.packet_format, 25, 1, 18, 1, layout.packet_id, UID, 61.25, 3_675, 4_000, 19, 255)
    missing = dict.fromkeys((Header._fields[index] for index in layout.header_gaps), 0)
    return header._replace(**missing)


def zeros(layout: Layout) -> bytearray:
    """A datagram with nothing in it."""
    data = bytearray(layout.size)
    write_header(data, layout, header_of(layout))
    return data


def noise(layout: Layout, seed: int) -> bytes:
    """A datagram of random bytes: any number, NaN and text that a body can hold."""
    data = bytearray(random.Random(seed).randbytes(layout.size))
    write_header(data, layout, header_of(layout))
    return bytes(data)
