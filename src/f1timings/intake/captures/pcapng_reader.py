"""Read pcapng files: sections of either byte order, several interfaces, three kinds of packet block."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from f1timings.intake.captures.stream import MAX_ENTRY_BYTES, CaptureStream
from f1timings.intake.datagrams import CaptureEntry

#: The type of a section header, the same in both byte orders. Every pcapng file begins with it.
SECTION_HEADER: Final = b"\x0a\x0d\x0d\x0a"
_BYTE_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_SMALLEST_BLOCK: Final = 12  # type, length, length again
_OPTION_END, _OPTION_RESOLUTION, _OPTION_OFFSET = 0, 9, 14
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interface:
    """One interface description block.

    Attributes:
        link_type: a LINKTYPE_ number of tcpdump.org.
        snap_length: most bytes captured of a packet; 0 for no limit.
        ticks_per_s: resolution of the times.
        offset_ticks: added to every time.
    """

    link_type: int
    snap_length: int
    ticks_per_s: int
    offset_ticks: int

    def seconds(self, high: int, low: int) -> float:
        return (((high << 32) | low) + self.offset_ticks) / self.ticks_per_s


class _Section:
    """The state of one section: its byte order, its interfaces, and the time of its newest packet."""

    def __init__(self, order: str, newest_at: float) -> None:
        self.word = struct.Struct(order + "I")
        self.interface = struct.Struct(order + "HHI")
        self.option = struct.Struct(order + "HH")
        self.offset = struct.Struct(order + "q")
        self.enhanced = struct.Struct(
            order + "IIIII"
        )  # interface, time high and low, captured and original length
        self.obsolete = struct.Struct(order + "HHIIII")  # the same, with a 16-bit interface and a drop count
        self.interfaces: list[_Interface] = []
        self.newest_at = newest_at


def read_pcapng(stream: CaptureStream, skipped: Counter[str]) -> Iterator[CaptureEntry]:
    """The entries of a pcapng file, after its first four bytes.

    Blocks without a packet are ignored. A block of the right length with contradicting contents is counted
    in ``skipped`` as ``damaged``.

    Raises:
        EOFError: the file is cut within a block.
        CaptureError: the lengths of the blocks are damaged.
    """
    section = _Section("<", 0.0)
    kind = stream.magic
    while kind:
        if kind == SECTION_HEADER:
            section = _open_section(stream, section.newest_at)
        else:
            block_type = section.word.unpack(kind)[0]
            body = _block_body(stream, section)
            try:
                entry = _parse_block(section, block_type, body)
            except (struct.error, IndexError):
                skipped["damaged"] += 1
            else:
                if entry is not None:
                    section.newest_at = entry.received_at
                    yield entry
        kind = stream.read_exactly_or_end(4)


def _open_section(stream: CaptureStream, newest_at: float) -> _Section:
    head = stream.read_exactly(8)  # length, byte order
    order = _BYTE_ORDERS.get(head[4:])
    if order is None:
        raise stream.damage_error("a section header has an unknown byte order")
    section = _Section(order, newest_at)
    length = section.word.unpack_from(head)[0]
    if length < 28 or length % 4 or length > MAX_ENTRY_BYTES:
        raise stream.damage_error(f"a section header has a length of {length} bytes")
    stream.read_exactly(length - 12)
    return section


def _block_body(stream: CaptureStream, section: _Section) -> bytes:
    size = section.word
    length = size.unpack(stream.read_exactly(4))[0]
    if length < _SMALLEST_BLOCK or length % 4 or length > MAX_ENTRY_BYTES:
        _end_at_zeros(stream, length)
        raise stream.damage_error(f"a block has a length of {length} bytes")
    body = stream.read_exactly(length - 8)
    repeated = size.unpack_from(body, length - _SMALLEST_BLOCK)[0]
    if repeated != length:
        _end_at_zeros(stream, repeated)
        raise stream.damage_error(f"a block has length {length} at its start and {repeated} at its end")
    return body[:-4]


def _end_at_zeros(stream: CaptureStream, length: int) -> None:
    """End the file at zeros: after a power cut, a file may end with zeros that were never written."""
    if length == 0 and stream.has_only_zeros_left():
        raise EOFError


def _parse_block(section: _Section, block_type: int, body: bytes) -> CaptureEntry | None:
    """The packet of a block; None for a block without one.

    Raises:
        struct.error, IndexError: the contents of the block contradict each other.
    """
    parse = _BLOCKS.get(block_type)
    return None if parse is None else parse(section, body)


def _interface_description(section: _Section, body: bytes) -> None:
    link_type, _, snap_length = section.interface.unpack_from(body)
    options = _options(section, body, section.interface.size)
    ticks_per_s = _ticks_per_s(options.get(_OPTION_RESOLUTION, b""))
    offset_s = section.offset.unpack_from(options.get(_OPTION_OFFSET, bytes(8)))[0]
    section.interfaces.append(
        _Interface(
            link_type=link_type,
            snap_length=snap_length,
            ticks_per_s=ticks_per_s,
            offset_ticks=offset_s * ticks_per_s,
        )
    )


def _options(section: _Section, body: bytes, at: int) -> dict[int, bytes]:
    options: dict[int, bytes] = {}
    while at + section.option.size <= len(body):
        code, length = section.option.unpack_from(body, at)
        if code == _OPTION_END:
            break
        at += section.option.size
        options[code] = body[at : at + length]
        at += -(-length // 4) * 4  # values are padded to a multiple of four bytes
    return options


def _ticks_per_s(resolution: bytes) -> int:
    """The resolution option: a negative power of ten, or of two if the highest bit is set."""
    if not resolution:
        return _MICROSECONDS
    exponent = resolution[0] & 0x7F
    return int(2**exponent) if resolution[0] & 0x80 else int(10**exponent)


def _enhanced(section: _Section, body: bytes) -> CaptureEntry:
    number, high, low, length, _ = section.enhanced.unpack_from(body)
    interface = section.interfaces[number]
    octets = _octets(body, section.enhanced.size, length)
    return CaptureEntry(interface.seconds(high, low), interface.link_type, octets)


def _obsolete(section: _Section, body: bytes) -> CaptureEntry:
    number, _, high, low, length, _ = section.obsolete.unpack_from(body)
    interface = section.interfaces[number]
    octets = _octets(body, section.obsolete.size, length)
    return CaptureEntry(interface.seconds(high, low), interface.link_type, octets)


def _octets(body: bytes, at: int, length: int) -> bytes:
    """The captured bytes in a block.

    Raises:
        IndexError: the block is shorter.
    """
    if at + length > len(body):
        raise IndexError
    return body[at : at + length]


def _simple(section: _Section, body: bytes) -> CaptureEntry:
    """A simple packet block has no time: use that of the previous packet, or 0.0 if there is none."""
    interface = section.interfaces[0]
    original_length = section.word.unpack_from(body)[0]
    length = min(original_length, interface.snap_length or original_length)
    return CaptureEntry(section.newest_at, interface.link_type, body[4 : 4 + length])


_BLOCKS: Final[dict[int, Callable[[_Section, bytes], CaptureEntry | None]]] = {
    1: _interface_description,
    2: _obsolete,
    3: _simple,
    6: _enhanced,
}
