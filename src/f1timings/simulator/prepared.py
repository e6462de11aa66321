"""Prepared datagrams: encoded once, rewritten where something changed, stamped with the moment's header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any

from f1timings.packets.codec import build, encode
from f1timings.packets.columns import write_header
from f1timings.packets.layouts import Header, Layout, layout_of
from f1timings.packets.structs import field_runs, struct_of


class Stamp:
    """The part of the header that changes: from the session UID on, the same in all packets of one frame.

    Attributes:
        template: header with the parts that stay (game year and versions).
    """

    def __init__(self, packet_format: int, template: Header) -> None:
        self.packet_format = packet_format
        self.template = template
        self._has_overall = "overall_frame_identifier" in layout_of(packet_format, "event").header.nodes
        self._struct = Struct("<QfIIBB" if self._has_overall else "<QfIBB")

    def bytes_of(self, uid: int, time_s: float, frame: int, overall: int, player: int) -> bytes:
        """The stamp of one frame, as one rig sends it."""
        if self._has_overall:
            return self._struct.pack(uid, time_s, frame, overall, player, 255)
        return self._struct.pack(uid, time_s, frame, player, 255)


class Prepared:
    """One packet's bytes, ready to be rewritten and sent again and again.

    Attributes:
        buffer: the datagram.
        layout: how it lies.
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
        """Encode the whole body anew."""
        packet = build(self.layout.packet_format, self.layout.kind, self._template, **fields)
        self.buffer[:] = encode(packet)

    def put(self, name: str, value: Any) -> None:
        """Rewrite one single-valued field of the body.

        Raises:
            KeyError: the body has no such field in this year.
        """
        packed = self._structs.get(name)
        if packed is None:
            packed = self._structs[name] = struct_of(self.layout.body.nodes[name])
        packed.pack_into(self.buffer, self.layout.header_size + self.layout.body.offsets[name], value)

    def stamped(self, stamp: bytes) -> bytes:
        """The datagram under the header of one frame."""
        self.buffer[self._stamp_at : self._stamp_end] = stamp
        return bytes(self.buffer)

    def columns(self, names: Sequence[str]) -> CarColumns:
        """A writer of chosen fields of the car records."""
        return CarColumns(self, names)

    def records(self) -> CarRecords:
        """A writer of whole car records."""
        return CarRecords(self)


class CarColumns:
    """Rewrites chosen neighbouring fields of one car's record: one ``struct`` call a car.

    Raises:
        ValueError: the fields are not neighbours in the layout.
    """

    def __init__(self, prepared: Prepared, names: Sequence[str]) -> None:
        record, start, count = prepared.layout.repeated("cars")
        found = list(field_runs(record, names))
        if len(found) != 1:
            raise ValueError(f"not neighbours: {', '.join(names)}")
        packed, offset, _ = found[0]
        self.pack_into = packed.pack_into
        self.buffer = prepared.buffer
        self.offsets = [start + slot * record.size + offset for slot in range(count)]
        """Where each car's fields begin."""


class CarRecords:
    """Rewrites one car's whole record from values by name; names that the year lacks are passed over."""

    def __init__(self, prepared: Prepared) -> None:
        self._record, self._start, _ = prepared.layout.repeated("cars")
        self._struct = struct_of(self._record)
        self._buffer = prepared.buffer
        self._names = frozenset(self._record.nodes)

    def write(self, slot: int, values: Mapping[str, Any]) -> None:
        """Write a record; what is not given is zero."""
        known = {name: value for name, value in values.items() if name in self._names}
        flat: list[Any] = []
        self._record.write(self._record.fill(known), flat)
        self._struct.pack_into(self._buffer, self._start + slot * self._record.size, *flat)


def known_to(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values whose names a packet's body has in this year."""
    return {name: value for name, value in values.items() if name in layout.body.nodes}


def records_known_to(
    layout: Layout, rows: Mapping[int, Mapping[str, Any]], array: str = "cars"
) -> dict[int, Any]:
    """Rows of an array, each with only the fields that its record has in this year."""
    names = layout.repeated(array).record.nodes
    return {
        index: {name: value for name, value in row.items() if name in names} for index, row in rows.items()
    }
