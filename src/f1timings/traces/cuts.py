"""Where the own car's bytes are in a datagram: one slice of the header, one of the car's record."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from f1timings.packets import Layout, has_packet, layout_of
from f1timings.traces.channels import FIELDS

# They follow each other in the header of every format.
_HEADER = ("session_uid", "session_time", "frame_identifier", "overall_frame_identifier", "player_car_index")


class Cut(NamedTuple):
    """The slices of one layout that make a sample.

    Attributes:
        player_at: offset of the index of the own car.
        cars: number of records.
        first / stride / span: offset of the slice in the record of car 0, from one car to the next, and its
            length.
        head: the slice of the header.
        time_at / frame_at: offsets in a sample of the session time and the frame.
        size: bytes of a sample.
        sample: how a sample is read.
    """

    player_at: int
    cars: int
    first: int
    stride: int
    span: int
    head: slice
    time_at: int
    frame_at: int
    size: int
    sample: np.dtype[np.void]


@cache
def cuts_of(packet_format: int) -> dict[str, Cut]:
    """The cut of each kind of packet that a trace reads in a format."""
    return {
        kind: _cut(layout_of(packet_format, kind), names)
        for kind, names in FIELDS.items()
        if has_packet(packet_format, kind)
        and any(name in layout_of(packet_format, kind).repeated("cars").record.nodes for name in names)
    }


def _cut(layout: Layout, fields: tuple[str, ...]) -> Cut:
    record, offset, count = layout.repeated("cars")
    header = {name: layout.header.offsets[name] for name in _HEADER if name in layout.header.nodes}
    begin = header["session_uid"]
    end = header["player_car_index"] + 1
    names = [name for name in fields if name in record.nodes]
    first = min(record.offsets[name] for name in names)
    span = max(record.offsets[name] + record.nodes[name].size for name in names) - first
    size = end - begin + span
    places = {name: at - begin for name, at in header.items()}
    places |= {name: end - begin + record.offsets[name] - first for name in names}
    nodes = {name: layout.header.nodes[name].codes for name in header}
    nodes |= {name: record.nodes[name].codes for name in names}
    return Cut(
        player_at=header["player_car_index"],
        cars=count,
        first=offset + first,
        stride=record.size,
        span=span,
        head=slice(begin, end),
        time_at=places["session_time"],
        frame_at=places["frame_identifier"],
        size=size,
        sample=np.dtype(
            {
                "names": list(places),
                "formats": [_format(nodes[name]) for name in places],
                "offsets": list(places.values()),
                "itemsize": size,
            }
        ),
    )


def _format(codes: str) -> str:
    """The NumPy format of ``struct`` codes: ``4B`` of an array, or one letter."""
    count, code = codes[:-1], codes[-1]
    return f"{count}<{code}" if code not in "Bb" else f"{count}{code}"
