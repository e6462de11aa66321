"""Which layouts there are, and which one a datagram has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple

from f1timings.errors import DecodeError
from f1timings.packets import f2020, f2021, f2022, f2023, f2024, f2025, f2026
from f1timings.packets.engine import Buffer, StructCodec, struct_of
from f1timings.packets.shapes import Array, Record, records
from f1timings.packets.tables import Year

YEARS = (f2020.YEAR, f2021.YEAR, f2022.YEAR, f2023.YEAR, f2024.YEAR, f2025.YEAR, f2026.YEAR)


class Header(NamedTuple):
    """What every packet begins with; 0 where the format lacks ``game_year`` or ``overall_frame_identifier``.

    ``session_uid`` is unsigned 64 bits; ``session_time`` is in seconds; car indices are 255 for none.
    """

    packet_format: int
    game_year: int
    game_major_version: int
    game_minor_version: int
    packet_version: int
    packet_id: int
    session_uid: int
    session_time: float
    frame_identifier: int
    overall_frame_identifier: int
    player_car_index: int
    secondary_player_car_index: int


class Repeated(NamedTuple):
    """An array of records in a packet: ``offset`` from the packet's first byte, ``length`` records."""

    record: Record
    offset: int
    length: int


@dataclass(frozen=True, eq=False)
class Layout:
    """How one packet of one format lies in its bytes.

    Attributes:
        packet_format: 2020 to 2026.
        packet_id: number in the header.
        kind: our name of the packet, the same in all years.
        car_slots: cars in that format's arrays, 22 or 24.
        header / body: shapes; ``details``: shapes of the event details by code.
    """

    packet_format: int
    packet_id: int
    kind: str
    car_slots: int
    header: Record
    body: Record
    details: Mapping[str, Record]
    size: int
    header_size: int
    header_struct: Struct
    header_gaps: tuple[int, ...]

    def __repr__(self) -> str:
        return f"<Layout {self.packet_format} {self.kind}>"

    @cached_property
    def wire(self) -> StructCodec:
        """Header and body together."""
        return StructCodec(self.header, self.body)

    @cached_property
    def cars(self) -> Repeated | None:
        """The array with one record for each car slot; None in packets that have none."""
        return self.repeated("cars") if "cars" in self.body.nodes else None

    def repeated(self, name: str) -> Repeated:
        """An array of records by the name of its field.

        Raises:
            KeyError: the packet has no such array.
        """
        node = self.body.nodes.get(name)
        if not isinstance(node, Array) or not isinstance(node.item, Record):
            raise KeyError(f"{self.kind} of {self.packet_format} has no array of records {name}")
        return Repeated(node.item, self.header_size + self.body.offsets[name], node.count)


def _layouts(year: Year) -> Iterator[Layout]:
    shapes = records(year)
    header = shapes["header"]
    gaps = tuple(index for index, name in enumerate(Header._fields) if name not in header.nodes)
    events = {name: record for name, record in shapes.items() if name.isupper()}
    for kind, packet_id in year.packets.items():
        yield Layout(
            packet_format=year.packet_format,
            packet_id=packet_id,
            kind=kind,
            car_slots=year.car_slots,
            header=header,
            body=shapes[kind],
            details=events if kind == "event" else {},
            size=header.size + shapes[kind].size,
            header_size=header.size,
            header_struct=struct_of(header),
            header_gaps=gaps,
        )


FORMATS: tuple[int, ...] = tuple(year.packet_format for year in YEARS)
KINDS: tuple[str, ...] = tuple(YEARS[-1].packets)
LAYOUTS: Mapping[tuple[int, int], Layout] = MappingProxyType(
    {(layout.packet_format, layout.packet_id): layout for year in YEARS for layout in _layouts(year)}
)
_BY_KIND = {(layout.packet_format, layout.kind): layout for layout in LAYOUTS.values()}

# The formats are told apart by their low byte, and with it goes the place of the packet id in the header.
_HEADERS = {layout.packet_format: layout.header for layout in LAYOUTS.values()}
_ID_AT = bytearray(256)
for _format, _header in _HEADERS.items():
    _ID_AT[_format & 0xFF] = _header.offsets["packet_id"]
_BY_LEAD = {
    (packet_format & 0xFF, packet_format >> 8, packet_id): layout
    for (packet_format, packet_id), layout in LAYOUTS.items()
}


def layout_of(packet_format: int, kind: str) -> Layout:
    """The layout by format and kind.

    Raises:
        KeyError: that year has no such packet.
    """
    return _BY_KIND[packet_format, kind]


def identify(data: Buffer) -> Layout:
    """The layout of one datagram, from its leading bytes and its length.

    Raises:
        DecodeError: ``too_short``, ``unknown_format``, ``unknown_packet`` or ``wrong_size``.
    """
    try:
        low = data[0]
        layout = _BY_LEAD[low, data[1], data[_ID_AT[low]]]
    except (IndexError, KeyError):
        raise _refusal(data) from None
    if len(data) != layout.size:
        raise _refusal(data)
    return layout


def _refusal(data: Buffer) -> DecodeError:
    """Why these bytes are no packet."""
    if len(data) < 2:
        return DecodeError("too_short", f"{len(data)} bytes hold no packet format")
    packet_format = data[0] | data[1] << 8
    header = _HEADERS.get(packet_format)
    if header is None:
        return DecodeError("unknown_format", f"packet format {packet_format}")
    if len(data) < header.size:
        return DecodeError("too_short", f"{len(data)} bytes hold no header of format {packet_format}")
    packet_id = data[header.offsets["packet_id"]]
    layout = LAYOUTS.get((packet_format, packet_id))
    if layout is None:
        return DecodeError("unknown_packet", f"packet {packet_id} of format {packet_format}")
    return DecodeError(
        "wrong_size", f"{len(data)} bytes where {layout.kind} of {packet_format} has {layout.size}"
    )


def read_header(data: Buffer, layout: Layout) -> Header:
    """The header of a datagram that :func:`identify` gave this layout."""
    values = layout.header_struct.unpack_from(data)
    return Header._make(values) if not layout.header_gaps else whole_header(values, layout)


def whole_header(values: tuple[int | float, ...], layout: Layout) -> Header:
    """The header of the values that the format has, in its order."""
    whole = list(values)
    for index in layout.header_gaps:
        whole.insert(index, 0)
    return Header._make(whole)


def header_values(header: Header, layout: Layout) -> list[int | float]:
    """The header's values that the format has, in its order; format and id are the layout's."""
    told = header._replace(packet_format=layout.packet_format, packet_id=layout.packet_id)
    return [value for index, value in enumerate(told) if index not in layout.header_gaps]
