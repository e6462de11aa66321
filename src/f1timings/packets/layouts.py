"""All layouts, and the layout of a datagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple

from f1timings.errors import DecodeError
from f1timings.packets.formats import FIRST_FORMAT, YEARS
from f1timings.packets.shapes import Array, Record, build_records
from f1timings.packets.structs import Buffer, StructCodec, struct_of
from f1timings.packets.years import Year

# Formats with the same beginning of the header, of games before the first one that the server understands.
_OLDER_FORMATS = range(2018, FIRST_FORMAT)


# A NamedTuple: one is built for almost every datagram, from the unpacked values.
class Header(NamedTuple):
    """The beginning of every packet.

    Only the format has no default, so that simulators and tests name just the fields that matter.

    Attributes:
        game_year: two digits; 0 where the format has no such field.
        session_uid: unsigned 64 bits; 0 outside a session.
        session_time: seconds.
        overall_frame_identifier: 0 where the format has no such field.
        player_car_index / secondary_player_car_index: 255 for no car.
    """

    packet_format: int
    game_year: int = 0
    game_major_version: int = 1
    game_minor_version: int = 0
    packet_version: int = 1
    packet_id: int = 0
    session_uid: int = 0
    session_time: float = 0.0
    frame_identifier: int = 0
    overall_frame_identifier: int = 0
    player_car_index: int = 0
    secondary_player_car_index: int = 255


class RepeatedRecord(NamedTuple):
    """An array of ``length`` records in a packet; ``offset`` counts from the first byte of the packet."""

    record: Record
    offset: int
    length: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Layout:
    """The position of every field of one kind of packet in one format.

    Attributes:
        packet_format: one of ``FORMATS``.
        packet_id: number in the header.
        kind: our name of the packet, the same in all years.
        car_slots: length of the arrays with one record per car, 22 or 24.
        header / body: shapes.
        details: shapes of the event details by event code; empty for other packets.
        size / header_size: bytes.
        header_struct: reads the fields of the header that the format has.
        header_gaps: indices in ``Header`` of the fields that the format lacks.
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
    def codec(self) -> StructCodec:
        """The codec of header and body together."""
        return StructCodec(self.header, self.body)

    @cached_property
    def cars(self) -> RepeatedRecord | None:
        """The array with one record per car slot; None in packets that have none."""
        return self.repeated("cars") if "cars" in self.body.nodes else None

    def repeated(self, name: str) -> RepeatedRecord:
        """The array of records in a field of the body.

        Raises:
            KeyError: the packet has no such array.
        """
        node = self.body.nodes.get(name)
        if not isinstance(node, Array) or not isinstance(node.item, Record):
            raise KeyError(f"{self.kind} of {self.packet_format} has no array of records {name}")
        return RepeatedRecord(node.item, self.header_size + self.body.offsets[name], node.count)


def _layouts_of(year: Year) -> Iterator[Layout]:
    shapes = build_records(year)
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


#: Layout by format and packet id.
LAYOUTS: Mapping[tuple[int, int], Layout] = MappingProxyType(
    {(layout.packet_format, layout.packet_id): layout for year in YEARS for layout in _layouts_of(year)}
)
_BY_KIND = {(layout.packet_format, layout.kind): layout for layout in LAYOUTS.values()}

# The low byte identifies the format, and the format decides where the header has its packet id.
_HEADERS = {layout.packet_format: layout.header for layout in LAYOUTS.values()}
_ID_OFFSETS = bytearray(256)
for _format, _header in _HEADERS.items():
    _ID_OFFSETS[_format & 0xFF] = _header.offsets["packet_id"]
_BY_LEADING_BYTES = {
    (packet_format & 0xFF, packet_format >> 8, packet_id): layout
    for (packet_format, packet_id), layout in LAYOUTS.items()
}


def layout_of(packet_format: int, kind: str) -> Layout:
    """The layout of a kind of packet in a format.

    Raises:
        KeyError: the format has no such packet.
    """
    return _BY_KIND[packet_format, kind]


def has_packet(packet_format: int, kind: str) -> bool:
    """Whether a format has a kind of packet."""
    return (packet_format, kind) in _BY_KIND


def identify(data: Buffer) -> Layout:
    """The layout of a datagram, by its leading bytes and its length.

    Raises:
        DecodeError: ``too_short``, ``old_format``, ``unknown_format``, ``unknown_packet`` or ``wrong_size``.
    """
    try:
        low = data[0]
        layout = _BY_LEADING_BYTES[low, data[1], data[_ID_OFFSETS[low]]]
    except (IndexError, KeyError):
        raise _decode_error(data) from None
    if len(data) != layout.size:
        raise _decode_error(data)
    return layout


def _decode_error(data: Buffer) -> DecodeError:
    """The reason why these bytes are not a packet."""
    if len(data) < 2:
        return DecodeError("too_short", f"{len(data)} bytes have no packet format")
    packet_format = data[0] | data[1] << 8
    header = _HEADERS.get(packet_format)
    if header is None and packet_format in _OLDER_FORMATS:
        return DecodeError("old_format", f"packet format {packet_format} is older than {FIRST_FORMAT}")
    if header is None:
        return DecodeError("unknown_format", f"packet format {packet_format}")
    if len(data) < header.size:
        return DecodeError(
            "too_short", f"{len(data)} bytes are shorter than the header of format {packet_format}"
        )
    packet_id = data[header.offsets["packet_id"]]
    layout = LAYOUTS.get((packet_format, packet_id))
    if layout is None:
        return DecodeError("unknown_packet", f"packet {packet_id} of format {packet_format}")
    return DecodeError(
        "wrong_size", f"{len(data)} bytes where {layout.kind} of {packet_format} has {layout.size}"
    )


def read_header(data: Buffer, layout: Layout) -> Header:
    """The header of a datagram; ``layout`` is the result of :func:`identify`."""
    values = layout.header_struct.unpack_from(data)
    return Header._make(values) if not layout.header_gaps else complete_header(values, layout)


def read_session_uid(data: Buffer, layout: Layout) -> int:
    """The session UID of a datagram, without the rest of its header."""
    at = layout.header.offsets["session_uid"]
    return int.from_bytes(data[at : at + 8], "little")


def complete_header(values: tuple[int | float, ...], layout: Layout) -> Header:
    """The header from the values of the fields that the format has; the other fields are 0."""
    completed = list(values)
    for index in layout.header_gaps:
        completed.insert(index, 0)
    return Header._make(completed)


def header_values(header: Header, layout: Layout) -> list[int | float]:
    """The values of the header fields that the format has; format and packet id are those of the layout."""
    stamped = header._replace(packet_format=layout.packet_format, packet_id=layout.packet_id)
    return [value for index, value in enumerate(stamped) if index not in layout.header_gaps]
