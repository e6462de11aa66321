"""Builders of capture files, byte by byte, so that tests of the reader do not depend on the writer."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram

LAP = b"lap data"
RIG = "192.168.1.20"
RIG_IPV6 = "fe80::20"
RIG_PORT = 54321
OUR_PORT = 20777
NOON = 1_750_000_000.25

_RIG_BYTES = bytes([192, 168, 1, 20])
_US_BYTES = bytes([192, 168, 1, 2])
_RIG_IPV6_BYTES = b"\xfe\x80" + bytes(13) + b"\x20"
_US_IPV6_BYTES = b"\xfe\x80" + bytes(13) + b"\x02"

lap_over_ipv4 = Datagram(NOON, RIG, RIG_PORT, OUR_PORT, LAP)
lap_over_ipv6 = Datagram(NOON, RIG_IPV6, RIG_PORT, OUR_PORT, LAP)


def udp(data: bytes = LAP, *, length: int | None = None) -> bytes:
    stated_length = 8 + len(data) if length is None else length
    return struct.pack(">HHHH", RIG_PORT, OUR_PORT, stated_length, 0) + data


def ipv4(
    payload: bytes,
    *,
    options: bytes = b"",
    protocol: int = 17,
    fragment: int = 0x4000,
    length: int | None = None,
    header_words: int | None = None,
) -> bytes:
    words = 5 + len(options) // 4 if header_words is None else header_words
    total = 20 + len(options) + len(payload) if length is None else length
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0, total, 1, fragment, 64, protocol, 0)
    return head + _RIG_BYTES + _US_BYTES + options + payload


def ipv6(payload: bytes, *, next_header: int = 17, length: int | None = None) -> bytes:
    stated_length = len(payload) if length is None else length
    return (
        struct.pack(">IHBB", 6 << 28, stated_length, next_header, 64)
        + _RIG_IPV6_BYTES
        + _US_IPV6_BYTES
        + payload
    )


def extension(payload: bytes, *, next_header: int, more_words: int = 0) -> bytes:
    return bytes([next_header, more_words]) + bytes(6 + 8 * more_words) + payload


def ethernet(payload: bytes, *, ethertype: int = 0x0800, vlans: tuple[int, ...] = ()) -> bytes:
    tags = b"".join(struct.pack(">HH", tag, 7) for tag in vlans)
    return b"\x02\0\0\0\0\1" + b"\x02\0\0\0\0\2" + tags + struct.pack(">H", ethertype) + payload


def cooked(payload: bytes, *, ethertype: int = 0x0800) -> bytes:
    return struct.pack(">HHH8sH", 0, 1, 6, b"\x02\0\0\0\0\1", ethertype) + payload


def cooked_v2(payload: bytes, *, ethertype: int = 0x0800) -> bytes:
    return struct.pack(">HHIHBB8s", ethertype, 0, 3, 1, 0, 6, b"\x02\0\0\0\0\1") + payload


def family(payload: bytes, number: int, order: str) -> bytes:
    return struct.pack(order + "I", number) + payload


def pcap_header(
    *, link_type: int = 101, order: str = "<", nanoseconds: bool = False, major: int = 2
) -> bytes:
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    return struct.pack(order + "IHHiIII", magic, major, 4, 0, 0, 262_144, link_type)


def pcap_record(
    octets: bytes, *, order: str = "<", nanoseconds: bool = False, on_the_wire: int | None = None
) -> bytes:
    fraction = 250_000_000 if nanoseconds else 250_000
    wire = len(octets) if on_the_wire is None else on_the_wire
    return struct.pack(order + "IIII", 1_750_000_000, fraction, len(octets), wire) + octets


def pcap(*entries: bytes, link_type: int = 101, order: str = "<", nanoseconds: bool = False) -> bytes:
    head = pcap_header(link_type=link_type, order=order, nanoseconds=nanoseconds)
    return head + b"".join(pcap_record(entry, order=order, nanoseconds=nanoseconds) for entry in entries)


def block(kind: int, body: bytes, *, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + length + body + length


def section(*, order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order=order)


def option(code: int, value: bytes, *, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(*, link_type: int = 101, snap_length: int = 0, options: bytes = b"", order: str = "<") -> bytes:
    return block(1, struct.pack(order + "HHI", link_type, 0, snap_length) + options, order=order)


def enhanced(octets: bytes, *, ticks: int, number: int = 0, order: str = "<", options: bytes = b"") -> bytes:
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFF_FFFF, len(octets), len(octets))
    return block(6, head + octets + bytes(-len(octets) % 4) + options, order=order)


def obsolete(octets: bytes, *, ticks: int, number: int = 0, order: str = "<") -> bytes:
    drops = 0xFFFF
    times = (ticks >> 32, ticks & 0xFFFF_FFFF)
    return block(
        2,
        struct.pack(order + "HHIIII", number, drops, *times, len(octets), len(octets)) + octets,
        order=order,
    )


def simple(octets: bytes, *, order: str = "<", on_the_wire: int | None = None) -> bytes:
    wire = len(octets) if on_the_wire is None else on_the_wire
    return block(3, struct.pack(order + "I", wire) + octets, order=order)


def write_file(folder: Path, content: bytes, name: str = "evening.pcap") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


class Reading(NamedTuple):
    """The result of reading a capture to its end."""

    datagrams: list[Datagram]
    skipped: dict[str, int]
    torn: bool


def expected_reading(*datagrams: Datagram, torn: bool = False, **skipped: int) -> Reading:
    return Reading(list(datagrams), skipped, torn)


def read(path: Path) -> Reading:
    with open_capture(path) as capture:
        datagrams = list(capture)
    return Reading(datagrams, dict(capture.skipped), capture.is_torn)
