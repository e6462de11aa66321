"""Any bytes in a file give datagrams or a CaptureError; written datagrams are read back unchanged."""

from __future__ import annotations

import gzip
import io
import socket
from collections.abc import Sequence

import zstandard
from hypothesis import given
from hypothesis import strategies as st

from f1timings.errors import CaptureError
from f1timings.intake.captures.ip_packets import parse_datagram
from f1timings.intake.captures.link_layers import SkippedError
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.intake.captures.reader import CaptureReader
from f1timings.intake.captures.stream import CaptureStream
from f1timings.intake.datagrams import CaptureEntry, Datagram
from tests.intake.captures.capture_bytes import (
    cooked_v2,
    enhanced,
    ethernet,
    extension,
    family,
    interface,
    ipv4,
    ipv6,
    option,
    pcap,
    section,
    simple,
    udp,
)

LINK_TYPES = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 999]
ENTRIES = [
    ethernet(ipv4(udp()), vlans=(0x8100,)),
    cooked_v2(ipv6(extension(udp(), next_header=17), next_header=0), ethertype=0x86DD),
    family(ipv4(udp(), options=bytes(8)), 2, "<"),
    ipv6(udp()),
]
CLOCK = option(9, b"\x09") + option(14, bytes(8))
CAPTURES = [
    pcap(*ENTRIES),
    pcap(*ENTRIES, order=">", link_type=1),
    section() + interface(options=CLOCK) + enhanced(ENTRIES[3], ticks=1) + simple(ENTRIES[3]),
    section(order=">") + interface(order=">", link_type=1) + enhanced(ENTRIES[0], ticks=1, order=">"),
]
PACKED = [
    gzip.compress(CAPTURES[0], mtime=0),
    zstandard.ZstdCompressor(write_checksum=True).compress(CAPTURES[2]),
]
BEGINNINGS = [b"", *{content[:count] for content in [*CAPTURES, *PACKED] for count in (4, 24, 56)}]


def read(content: bytes) -> list[Datagram]:
    """The datagrams up to the end or the error; any other error than CaptureError fails the test."""
    datagrams: list[Datagram] = []
    try:
        for datagram in CaptureReader(CaptureStream(io.BytesIO(content), "bytes")):
            datagrams.append(datagram)  # noqa: PERF402 - datagrams before the error count
    except CaptureError:
        pass
    return datagrams


def is_sound(datagram: Datagram) -> bool:
    """Whether a socket could have received such a datagram."""
    family = socket.AF_INET6 if ":" in datagram.address else socket.AF_INET
    socket.inet_pton(family, datagram.address)
    return 0 <= datagram.port <= 65535 and 0 <= datagram.listen_port <= 65535 and len(datagram.data) < 65536


@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=300))
def test_any_bytes_give_datagrams_or_a_capture_error(beginning: bytes, rest: bytes) -> None:
    assert all(map(is_sound, read(beginning + rest)))


@given(
    content=st.sampled_from([*CAPTURES, *PACKED]),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.integers(0, 500),
)
def test_a_capture_with_flipped_bytes_gives_datagrams_or_a_capture_error(
    content: bytes, changes: Sequence[tuple[int, int]], cut: int
) -> None:
    changed = bytearray(content)
    for position, value in changes:
        changed[position % len(changed)] = value
    assert all(map(is_sound, read(bytes(changed[:cut]))))


@given(link_type=st.sampled_from(LINK_TYPES), entry=st.sampled_from([b"", *ENTRIES]), rest=st.binary())
def test_any_octets_give_a_datagram_or_are_skipped(link_type: int, entry: bytes, rest: bytes) -> None:
    octets = entry[: len(rest)] + rest
    try:
        datagram = parse_datagram(CaptureEntry(0.0, link_type, octets))
    except SkippedError as skipped:
        reason = skipped.reason
    else:
        reason = "none" if datagram.data in octets else "invented"
    assert reason in {"none", "unknown_link_type", "not_udp", "fragment", "truncated", "damaged"}


ports = st.integers(0, 65535)
addresses = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.binary(min_size=16, max_size=16).map(lambda packed: socket.inet_ntop(socket.AF_INET6, packed)),
)
# From 1971 on a float is coarser than a nanosecond, so every float must be read back unchanged.
times = st.floats(min_value=31_536_000.0, max_value=16_725_225_600.0)
any_datagrams = st.builds(Datagram, times, addresses, ports, ports, st.binary(max_size=1500))


@given(st.lists(any_datagrams, max_size=5))
def test_written_datagrams_are_read_back(datagrams: list[Datagram]) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    for datagram in datagrams:
        writer.write(*datagram)
    assert datagrams == read(file.getvalue())
    assert writer.bytes_written == len(file.getvalue())
