"""Datagrams for tests: a valid header followed by zeros or random bytes."""

from __future__ import annotations

import random

from f1timings.packets import Header, Layout, write_header

UID = 2**63 + 12_345


def header_of(layout: Layout) -> Header:
    """A header of a layout; every field has a different value, 0 where the format has no such field."""
    header = Header(
        layout.packet_format,
        game_year=25,
        game_minor_version=18,
        packet_id=layout.packet_id,
        session_uid=UID,
        session_time=61.25,
        frame_identifier=3_675,
        overall_frame_identifier=4_000,
        player_car_index=19,
    )
    missing = dict.fromkeys((Header._fields[index] for index in layout.header_gaps), 0)
    return header._replace(**missing)


def zeros(layout: Layout) -> bytearray:
    """A datagram with only zeros after its header."""
    data = bytearray(layout.size)
    write_header(data, layout, header_of(layout))
    return data


def noise(layout: Layout, seed: int) -> bytes:
    """A datagram with random bytes after its header: any number, NaN or text is possible."""
    data = bytearray(random.Random(seed).randbytes(layout.size))
    write_header(data, layout, header_of(layout))
    return bytes(data)
