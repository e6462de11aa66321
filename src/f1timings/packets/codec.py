"""Whole packets (decode, encode, build) and parts that can be read alone (event details, one car, a text)."""

from __future__ import annotations

from typing import Any, NamedTuple

from f1timings.packets.layouts import Header, Layout, complete_header, header_values, identify, layout_of
from f1timings.packets.structs import Buffer, codec_of


class Packet(NamedTuple):
    """One packet as records.

    Attributes:
        body: a named tuple with the fields of the layout. In it records are named tuples, arrays are tuples,
            texts are bytes.
    """

    layout: Layout
    header: Header
    body: Any


def decode(data: Buffer) -> Packet:
    """Read a whole datagram; :func:`encode` gives exactly the same bytes back.

    Raises:
        DecodeError: for the reasons of :func:`identify`.
    """
    layout = identify(data)
    values = layout.codec.unpack(data)
    width = layout.header.width
    return Packet(layout, complete_header(values[:width], layout), layout.body.read(values, width))


def encode(packet: Packet) -> bytes:
    """The datagram of a packet.

    Raises:
        ValueError: a value does not fit its field, or an array does not have the length of the layout.
    """
    values: list[Any] = header_values(packet.header, packet.layout)
    packet.layout.body.write(packet.body, values)
    return packet.layout.codec.pack(values)


def build(packet_format: int, kind: str, header: Header, **fields: Any) -> Packet:
    """Build a packet from some of its fields; all other fields are zero.

    Args:
        header: its format and packet id are replaced by those of ``packet_format`` and ``kind``.
        fields: by name. A record may be a dict of some of its fields, an array may be a shorter sequence or a
            dict by index, a text may be shorter bytes: ``cars={3: {"car_position": 1}}``.

    Raises:
        KeyError: the format has no such packet, or the packet has no such field.
        ValueError: more entries than the layout has.
    """
    layout = layout_of(packet_format, kind)
    stamped = header._replace(packet_format=packet_format, packet_id=layout.packet_id)
    return Packet(layout, stamped, layout.body.fill(fields))


def event_details(packet: Packet) -> Any | None:
    """The details of an event packet, read by its event code; None for codes without details.

    The games never initialise the bytes after the details, so only ``body.details`` has them.
    """
    record = packet.layout.details.get(packet.body.code.decode("latin-1"))
    if record is None:
        return None
    return record.read(codec_of(record).unpack(packet.body.details[: record.size]), 0)


def car(data: Buffer, layout: Layout, slot: int) -> Any:
    """The record of one car, without decoding the rest.

    Args:
        layout: the result of :func:`identify` for this datagram.
        slot: 0 to ``layout.car_slots`` - 1.

    Raises:
        IndexError: no such slot.
        KeyError: the packet has no records per car.
    """
    record, offset, count = layout.cars or layout.repeated("cars")
    if not 0 <= slot < count:
        raise IndexError(f"car slot {slot} of {count}")
    start = offset + slot * record.size
    return record.read(codec_of(record).unpack(data[start : start + record.size]), 0)


def first_records(data: Buffer, layout: Layout, array: str, *, count: int) -> list[Any]:
    """The first records of an array, without decoding the rest; all of them if it has fewer than ``count``.

    Args:
        layout: the result of :func:`identify` for this datagram.

    Raises:
        KeyError: the packet has no such array.
    """
    record, offset, most = layout.repeated(array)
    unpack = codec_of(record).unpack
    starts = range(offset, offset + min(count, most) * record.size, record.size)
    return [record.read(unpack(data[start : start + record.size]), 0) for start in starts]


def text(raw: bytes) -> str:
    """The text of a field up to its NUL; bytes that are not UTF-8 become U+FFFD."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")
