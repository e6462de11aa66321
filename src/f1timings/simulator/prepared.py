"""Prepared datagrams: encoded once, rewritten where they change, stamped with the header of each frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any

from f1timings.packets.codec import build, encode
from f1timings.packets.columns import write_header
from f1timings.packets.layouts import Header, Layout, layout_of
from f1timings.packets.structs import field_runs, struct_of


class Stamp:
    """Builds the part of the header that changes per frame: everything from the session UID on.

    Attributes:
        template: a header with the parts that stay the same (game year and versions).
    """

    def __init__(self, packet_format: int, template: Header) -> None:
        self.packet_format = packet_format
        self.template = template
        self._has_overall = "overall_frame_identifier" in layout_of(packet_format, "event").header.nodes
        self._struct = Struct("<QfIIBB" if self._has_overall else "<QfIBB")

    def bytes_of(self, *, uid: int, time_s: float, frame: int, overall: int, player: int) -> bytes:
        """The stamp of one frame, as one rig sends it.

        Args:
            overall: the overall frame.
            player: the car index of the player.
        """
        if self._has_overall:
            return self._struct.pack(uid, time_s, frame, overall, player, 255)
        return self._struct.pack(uid, time_s, frame, player, 255)


class PreparedPacket:
    """The bytes of one packet, which can be rewritten and sent many times.

    Attributes:
        buffer: the datagram.
    """

    def __init__(self, stamp: Stamp, kind: str, **fields: Any) -> None:
        self.layout: Layout = layout_of(stamp.packet_format, kind)
        self._template = stamp.template
        self._stamp_at = self.layout.header.offsets["session_uid"]
        self._stamp_end = self.layout.header_size
        self._structs: dict[str, Struct] = {}
        self.buffer = bytearray(self.layout.size)
        write_header(self.buffer, self.layout, self._template)
        if fields:
            self.rewrite(**fields)

    def rewrite(self, **fields: Any) -> None:
        """Encode the whole body again."""
        packet = build(self.layout.packet_format, self.layout.kind, self._template, **fields)
        self.buffer[:] = encode(packet)

    def put(self, name: str, value: Any) -> None:
        """Rewrite one single-valued field of the body.

        Raises:
            KeyError: the body has no such field in this format.
        """
        field = self._structs.get(name)
        if field is None:
            field = self._structs[name] = struct_of(self.layout.body.nodes[name])
        field.pack_into(self.buffer, self.layout.header_size + self.layout.body.offsets[name], value)

    def stamped(self, stamp: bytes) -> bytes:
        """The datagram with the header of one frame."""
        self.buffer[self._stamp_at : self._stamp_end] = stamp
        return bytes(self.buffer)

    def columns(self, names: Sequence[str]) -> CarColumns:
        """A writer of chosen fields of the car records."""
        return CarColumns(self, names)

    def records(self) -> CarRecords:
        """A writer of whole car records."""
        return CarRecords(self)


class CarColumns:
    """Rewrites chosen neighbouring fields of the record of one car, with one ``struct`` call.

    Attributes:
        pack_into: writes the values of one car, given the buffer and the offset of the car.
        offsets: where the fields of each car begin.

    Raises:
        ValueError: the fields are not neighbours in the layout.
    """

    def __init__(self, prepared: PreparedPacket, names: Sequence[str]) -> None:
        record, start, count = prepared.layout.repeated("cars")
        field_structs = list(field_runs(record, names))
        if len(field_structs) != 1:
            raise ValueError(f"not neighbours: {', '.join(names)}")
        fields, offset, _ = field_structs[0]
        self.pack_into = fields.pack_into
        self.buffer = prepared.buffer
        self.offsets = [start + slot * record.size + offset for slot in range(count)]


class CarRecords:
    """Rewrites the whole record of one car from values by name; ignores names that the format lacks."""

    def __init__(self, prepared: PreparedPacket) -> None:
        self._record, self._start, _ = prepared.layout.repeated("cars")
        self._struct = struct_of(self._record)
        self._buffer = prepared.buffer
        self._names = frozenset(self._record.nodes)

    def write(self, slot: int, values: Mapping[str, Any]) -> None:
        """Write a record; fields without a value are zero."""
        known = {name: value for name, value in values.items() if name in self._names}
        flat: list[Any] = []
        self._record.write(self._record.fill(known), flat)
        self._struct.pack_into(self._buffer, self._start + slot * self._record.size, *flat)


def body_fields(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are fields of the body in this format."""
    return {name: value for name, value in values.items() if name in layout.body.nodes}


def record_fields(
    layout: Layout, rows: Mapping[int, Mapping[str, Any]], array: str = "cars"
) -> dict[int, Any]:
    """Rows of an array by index, each with only the values that are fields of the record in this format."""
    names = layout.repeated(array).record.nodes
    return {
        index: {name: value for name, value in row.items() if name in names} for index, row in rows.items()
    }
