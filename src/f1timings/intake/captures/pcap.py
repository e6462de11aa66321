"""Reading classic pcap files, as tcpdump and older Wireshark write them, in either byte order."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from f1timings.errors import CaptureError
from f1timings.intake.captures.stream import MOST_OCTETS, CaptureStream
from f1timings.intake.datagrams import Captured

#: First four bytes → (byte order, parts of a second that the times count).
PCAP_MAGICS: Final[dict[bytes, tuple[str, int]]] = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}
_FILE_HEADER_REST: Final = "HHiIII"  # version major and minor, zone, accuracy, snap length, link type
_RECORD_HEADER: Final = "IIII"  # seconds, parts of a second, octets kept, octets on the wire
_LINK_TYPE_BITS: Final = 0xFFFF  # above them: whether and how long a frame check sequence is


def read_pcap(stream: CaptureStream) -> Iterator[Captured]:
    """The entries of a pcap file whose magic was just taken.

    Raises:
        EOFError: the file is cut within a record.
        CaptureError: of a version nobody writes, or damaged.
    """
    order, parts = PCAP_MAGICS[stream.magic]
    link_type = _link_type(stream, struct.Struct(order + _FILE_HEADER_REST))
    record = struct.Struct(order + _RECORD_HEADER)
    while header := stream.take_or_end(record.size):
        seconds, fraction, kept, _ = record.unpack(header)
        if kept == 0 and not any(header):
            _expect_zeros(stream)
        if kept > MOST_OCTETS:
            raise stream.damaged(f"a record claims {kept} bytes")
        octets = stream.take(kept)
        yield Captured((seconds * parts + fraction) / parts, link_type, octets)


def _link_type(stream: CaptureStream, header: struct.Struct) -> int:
    major, minor, _zone, _accuracy, _snap_length, link_type = header.unpack(stream.take(header.size))
    if major != 2:
        raise CaptureError(
            f"The capture {stream.name} is pcap of version {major}.{minor}, and only 2.x is known. "
            "Save it as pcapng from Wireshark."
        )
    return int(link_type) & _LINK_TYPE_BITS


def _expect_zeros(stream: CaptureStream) -> None:
    """No entry is empty and of 1970: this is the end that a power cut fills with zeros."""
    if stream.only_zeros_left():
        raise EOFError
    raise stream.damaged("zeros where a record should begin")
