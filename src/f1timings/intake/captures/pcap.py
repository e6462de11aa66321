"""Read pcap files, which tcpdump and older versions of Wireshark write, in either byte order."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from f1timings.errors import CaptureError
from f1timings.intake.captures.stream import MAX_ENTRY_BYTES, CaptureStream
from f1timings.intake.datagrams import CaptureEntry

#: First four bytes → (byte order, units per second of the times).
PCAP_MAGICS: Final[dict[bytes, tuple[str, int]]] = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}
_FILE_HEADER_REST: Final = "HHiIII"  # version major and minor, zone, accuracy, snap length, link type
_RECORD_HEADER: Final = "IIII"  # seconds, fraction, captured length, original length
_LINK_TYPE_BITS: Final = 0xFFFF  # the bits above tell the length of the frame check sequence


def read_pcap(stream: CaptureStream) -> Iterator[CaptureEntry]:
    """The entries of a pcap file, after its magic number.

    Raises:
        EOFError: the file is cut within a record.
        CaptureError: the file is damaged, or of an unknown version.
    """
    order, units_per_s = PCAP_MAGICS[stream.magic]
    link_type = _link_type(stream, struct.Struct(order + _FILE_HEADER_REST))
    record = struct.Struct(order + _RECORD_HEADER)
    while header := stream.read_exactly_or_end(record.size):
        seconds, fraction, length, _ = record.unpack(header)
        if length == 0 and not any(header):
            _expect_zeros(stream)
        if length > MAX_ENTRY_BYTES:
            raise stream.damage_error(f"a record has a length of {length} bytes")
        octets = stream.read_exactly(length)
        yield CaptureEntry((seconds * units_per_s + fraction) / units_per_s, link_type, octets)


def _link_type(stream: CaptureStream, header: struct.Struct) -> int:
    major, minor, _zone, _accuracy, _snap_length, link_type = header.unpack(stream.read_exactly(header.size))
    if major != 2:
        raise CaptureError(
            f"The capture {stream.name} is pcap of version {major}.{minor}; only 2.x can be read. "
            "Open it in Wireshark and save it as pcapng."
        )
    return int(link_type) & _LINK_TYPE_BITS


def _expect_zeros(stream: CaptureStream) -> None:
    """A power cut fills the end of a file with zeros; no real entry is empty and of 1970."""
    if stream.has_only_zeros_left():
        raise EOFError
    raise stream.damage_error("zeros where a record should begin")
