"""Whole packets: decode, encode, build, and the parts that can be read alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from f1timings.packets.engine import Buffer, wire_of
from f1timings.packets.layouts import Header, Layout, header_values, identify, layout_of, whole_header


class Packet(NamedTuple):
    """One packet as records.

    Attributes:
        body: a named tuple of the layout's fields: records are named tuples, arrays tuples, texts bytes.
    """

    layout: Layout
    header: Header
    body: Any


def decode(data: Buffer) -> Packet:
    """Read a whole datagram; :func:`encode` gives the same bytes back, whatever they are.

    Raises:
        DecodeError: as :func:`identify`.
    """
    layout = identify(data)
    values = layout.wire.unpack(data)
    split = layout.header.width
    return Packet(layout, whole_header(values[:split], layout), layout.body.read(values, split))


def encode(packet: Packet) -> bytes:
    """The datagram of a packet.

    Raises:
        ValueError: a value does not fit its field, or an array has another length than the layout's.
    """
    values: list[Any] = header_values(packet.header, packet.layout)
    packet.layout.body.write(packet.body, values)
    return packet.layout.wire.pack(values)


def build(packet_format: int, kind: str, header: Header, **fields: Any) -> Packet:
    """A packet from some of its fields; all others are zero.

    Args:
        header: its format and packet id are replaced by those asked for.
        fields: by name. A record may be a dict of some of its fields, an array a shorter sequence or a dict
            by index, a text shorter bytes: ``cars={3: {"car_position": 1}}``.

    Raises:
        KeyError: that year lacks the packet, or the packet the field.
        ValueError: more entries than the layout has.
    """
    layout = layout_of(packet_format, kind)
    told = header._replace(packet_format=packet_format, packet_id=layout.packet_id)
    return Packet(layout, told, layout.body.fill(fields))


def event_details(packet: Packet) -> Any | None:
    """The details of an event packet as its code says, or None for codes without details.

    The bytes behind the details are never initialised by the games, so they are in ``body.details`` only.
    """
    record = packet.layout.details.get(packet.body.code.decode("latin-1"))
    if record is None:
        return None
    return record.read(wire_of(record).unpack(packet.body.details[: record.size]), 0)


def car(data: Buffer, layout: Layout, slot: int) -> Any:
    """One car's record, without decoding the rest.

    Args:
        data: a datagram that :func:`identify` gave this layout.
        slot: 0 to ``layout.car_slots`` - 1.

    Raises:
        IndexError: no such slot.
        KeyError: the packet has no record for each car.
    """
    record, offset, count = layout.cars or layout.repeated("cars")
    if not 0 <= slot < count:
        raise IndexError(f"car slot {slot} of {count}")
    start = offset + slot * record.size
    return record.read(wire_of(record).unpack(data[start : start + record.size]), 0)


def text(raw: bytes) -> str:
    """A text field up to its NUL; what is no UTF-8 becomes U+FFFD."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")
