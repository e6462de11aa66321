"""Reading pcapng files: sections of either byte order, several interfaces, three kinds of packet block."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from f1timings.intake.captures.stream import MOST_OCTETS, CaptureStream
from f1timings.intake.datagrams import Captured

#: The type of a section header reads the same in both byte orders; a pcapng file begins with it.
SECTION_HEADER: Final = b"\x0a\x0d\x0d\x0a"
_BYTE_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_LEAST_BLOCK: Final = 12  # type, length, length again
_OPTION_END, _OPTION_RESOLUTION, _OPTION_OFFSET = 0, 9, 14
_MICROSECONDS: Final = 1_000_000


class _Interface(NamedTuple):
    """What an interface description says of the packets captured there.

    Attributes:
        snap_length: 0 for no limit.
        ticks: of its clock in a second.
        offset_ticks: to add to every time.
    """

    link_type: int
    snap_length: int
    ticks: int
    offset_ticks: int

    def seconds(self, high: int, low: int) -> float:
        return (((high << 32) | low) + self.offset_ticks) / self.ticks


class _Section:
    """The state of one section: its byte order, its interfaces, and when its newest packet came."""

    def __init__(self, order: str, newest: float) -> None:
        self.word = struct.Struct(order + "I")
        self.interface = struct.Struct(order + "HHI")
        self.option = struct.Struct(order + "HH")
        self.offset = struct.Struct(order + "q")
        self.enhanced = struct.Struct(order + "IIIII")  # interface, time high and low, kept, on the wire
        self.obsolete = struct.Struct(order + "HHIIII")  # the same, with a short interface and a drop count
        self.interfaces: list[_Interface] = []
        self.newest = newest


def read_pcapng(stream: CaptureStream, skipped: Counter[str]) -> Iterator[Captured]:
    """The packets of a pcapng file whose first four bytes were just taken.

    Blocks that hold no packet are passed over. A packet block that contradicts itself inside a sound frame
    is counted in ``skipped`` as ``damaged``.

    Raises:
        EOFError: the file is cut within a block.
        CaptureError: the blocks do not join.
    """
    section = _Section("<", 0.0)
    kind = stream.magic
    while kind:
        if kind == SECTION_HEADER:
            section = _open_section(stream, section.newest)
        else:
            captured = _captured(section, section.word.unpack(kind)[0], _block_body(stream, section), skipped)
            if captured is not None:
                section.newest = captured.received_at
                yield captured
        kind = stream.take_or_end(4)


def _open_section(stream: CaptureStream, newest: float) -> _Section:
    head = stream.take(8)  # length, byte order
    order = _BYTE_ORDERS.get(head[4:])
    if order is None:
        raise stream.damaged("a section header of no known byte order")
    section = _Section(order, newest)
    length = section.word.unpack_from(head)[0]
    if length < 28 or length % 4 or length > MOST_OCTETS:
        raise stream.damaged(f"a section header claims {length} bytes")
    stream.take(length - 12)
    return section


def _block_body(stream: CaptureStream, section: _Section) -> bytes:
    size = section.word
    length = size.unpack(stream.take(4))[0]
    if length < _LEAST_BLOCK or length % 4 or length > MOST_OCTETS:
        _end_at_zeros(stream, length)
        raise stream.damaged(f"a block claims {length} bytes")
    body = stream.take(length - 8)
    again = size.unpack_from(body, length - _LEAST_BLOCK)[0]
    if again != length:
        _end_at_zeros(stream, again)
        raise stream.damaged(f"a block says {length} bytes at its head and {again} at its foot")
    return body[:-4]


def _end_at_zeros(stream: CaptureStream, length: int) -> None:
    """A power cut may leave a file longer than what reached the disk, and zeros in between."""
    if length == 0 and stream.only_zeros_left():
        raise EOFError


def _captured(section: _Section, kind: int, body: bytes, skipped: Counter[str]) -> Captured | None:
    read = _BLOCKS.get(kind)
    if read is None:
        return None
    try:
        return read(section, body)
    except (struct.error, IndexError):
        skipped["damaged"] += 1
        return None


def _interface_description(section: _Section, body: bytes) -> None:
    link_type, _, snap_length = section.interface.unpack_from(body)
    options = _options(section, body, section.interface.size)
    ticks = _ticks(options.get(_OPTION_RESOLUTION, b""))
    offset_s = section.offset.unpack_from(options.get(_OPTION_OFFSET, bytes(8)))[0]
    section.interfaces.append(_Interface(link_type, snap_length, ticks, offset_s * ticks))


def _options(section: _Section, body: bytes, at: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while at + section.option.size <= len(body):
        code, length = section.option.unpack_from(body, at)
        if code == _OPTION_END:
            break
        at += section.option.size
        found[code] = body[at : at + length]
        at += -(-length // 4) * 4  # values are padded to words
    return found


def _ticks(resolution: bytes) -> int:
    """Ticks in a second: a negative power of ten, or of two where the highest bit is set."""
    if not resolution:
        return _MICROSECONDS
    exponent = resolution[0] & 0x7F
    return int(2**exponent) if resolution[0] & 0x80 else int(10**exponent)


def _enhanced(section: _Section, body: bytes) -> Captured:
    number, high, low, kept, _ = section.enhanced.unpack_from(body)
    return _at(section, number, high, low, body, section.enhanced.size, kept)


def _obsolete(section: _Section, body: bytes) -> Captured:
    number, _, high, low, kept, _ = section.obsolete.unpack_from(body)
    return _at(section, number, high, low, body, section.obsolete.size, kept)


def _at(section: _Section, number: int, high: int, low: int, body: bytes, at: int, kept: int) -> Captured:
    interface = section.interfaces[number]
    if at + kept > len(body):
        raise IndexError
    return Captured(interface.seconds(high, low), interface.link_type, body[at : at + kept])


def _simple(section: _Section, body: bytes) -> Captured:
    """A simple packet has no time of its own: it gets that of the packet before it, 0.0 if there is none."""
    interface = section.interfaces[0]
    on_the_wire = section.word.unpack_from(body)[0]
    kept = min(on_the_wire, interface.snap_length or on_the_wire)
    return Captured(section.newest, interface.link_type, body[4 : 4 + kept])


_BLOCKS: Final[dict[int, Callable[[_Section, bytes], Captured | None]]] = {
    1: _interface_description,
    2: _obsolete,
    3: _simple,
    6: _enhanced,
}
