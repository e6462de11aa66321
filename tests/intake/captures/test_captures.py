"""Reading of capture files: all variants of pcap and pcapng, packed, cut, damaged, and other files."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from f1timings.errors import CaptureError
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram
from tests.intake.captures.capture_bytes import (
    NOON,
    OUR_PORT,
    block,
    enhanced,
    ethernet,
    expected_reading,
    interface,
    ipv4,
    lap_over_ipv4,
    obsolete,
    option,
    pcap,
    pcap_header,
    pcap_record,
    read,
    section,
    simple,
    udp,
    write_file,
)
from tests.shared import REAL_PACKETS, needs_shared

PACKET = ipv4(udp())
MICROSECONDS = 1_750_000_000_250_000
NANOSECONDS = 1_750_000_000_250_000_000
PCAPNG = section() + interface() + enhanced(PACKET, ticks=MICROSECONDS)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nanoseconds", [False, True])
def test_pcap_of_either_byte_order_and_precision_is_read(
    order: str, nanoseconds: bool, tmp_path: Path
) -> None:
    path = write_file(tmp_path, pcap(PACKET, PACKET, order=order, nanoseconds=nanoseconds))
    assert expected_reading(lap_over_ipv4, lap_over_ipv4) == read(path)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packet", [enhanced, obsolete])
def test_pcapng_of_either_byte_order_is_read(
    order: str, packet: Callable[..., bytes], tmp_path: Path
) -> None:
    content = section(order=order) + interface(order=order) + packet(PACKET, ticks=MICROSECONDS, order=order)
    assert expected_reading(lap_over_ipv4) == read(write_file(tmp_path, content))


@pytest.mark.parametrize(
    ("options", "ticks"),
    [
        (option(9, b"\x06"), MICROSECONDS),
        (option(9, b"\x09"), NANOSECONDS),
        (option(9, b"\x03"), MICROSECONDS // 1000),
        (option(9, b"\x8a"), int(NOON * 1024)),
        (option(14, struct.pack("<q", 1_700_000_000)), 50_000_000_250_000),
        (option(9, b"\x09") + option(14, struct.pack("<q", -10)), NANOSECONDS + 10_000_000_000),
        (option(2, b"eth0") + option(9, b"\x09") + option(0, b""), NANOSECONDS),
        (option(0, b"") + option(9, b"\x09"), MICROSECONDS),
    ],
)
def test_times_of_pcapng_follow_the_options_of_their_interface(
    options: bytes, ticks: int, tmp_path: Path
) -> None:
    content = section() + interface(options=options) + enhanced(PACKET, ticks=ticks)
    assert expected_reading(lap_over_ipv4) == read(write_file(tmp_path, content))


def test_interfaces_of_one_section_differ_in_link_type_and_clock(tmp_path: Path) -> None:
    content = (
        section()
        + interface(link_type=1)
        + interface(link_type=101, options=option(9, b"\x09"))
        + enhanced(PACKET, ticks=NANOSECONDS, number=1)
        + enhanced(ethernet(PACKET), ticks=MICROSECONDS, number=0)
    )
    assert expected_reading(lap_over_ipv4, lap_over_ipv4) == read(write_file(tmp_path, content))


def test_a_second_section_has_its_own_byte_order_and_interfaces(tmp_path: Path) -> None:
    second = (
        section(order=">")
        + interface(order=">", link_type=1)
        + enhanced(ethernet(PACKET), ticks=MICROSECONDS, order=">")
    )
    assert expected_reading(lap_over_ipv4, lap_over_ipv4) == read(write_file(tmp_path, PCAPNG + second))


def test_blocks_without_a_packet_are_skipped(tmp_path: Path) -> None:
    names, statistics, unknown = block(4, bytes(8)), block(5, bytes(12)), block(0x0BAD, bytes(40))
    content = section() + names + interface() + unknown + enhanced(PACKET, ticks=MICROSECONDS) + statistics
    assert expected_reading(lap_over_ipv4) == read(write_file(tmp_path, content))


def test_options_after_a_packet_are_skipped(tmp_path: Path) -> None:
    content = section() + interface()
    content += enhanced(PACKET, ticks=MICROSECONDS, options=option(1, b"a comment") + option(0, b""))
    assert expected_reading(lap_over_ipv4) == read(write_file(tmp_path, content))


def test_a_simple_packet_has_the_time_of_the_previous_packet(tmp_path: Path) -> None:
    content = section() + interface() + simple(PACKET) + enhanced(PACKET, ticks=MICROSECONDS) + simple(PACKET)
    without_time = lap_over_ipv4._replace(received_at=0.0)
    assert expected_reading(without_time, lap_over_ipv4, lap_over_ipv4) == read(write_file(tmp_path, content))


def test_a_simple_packet_is_as_long_as_the_snap_length_allows(tmp_path: Path) -> None:
    content = section() + interface(snap_length=30) + simple(PACKET[:30], on_the_wire=len(PACKET))
    assert expected_reading(truncated=1) == read(write_file(tmp_path, content))


def test_inconsistent_packets_are_counted_and_skipped(tmp_path: Path) -> None:
    of_no_interface = enhanced(PACKET, ticks=MICROSECONDS, number=7)
    longer_than_its_block = block(6, struct.pack("<IIIII", 0, 0, 0, 4000, 4000) + PACKET)
    too_short_for_its_head = block(6, bytes(8))
    content = section() + interface() + of_no_interface + longer_than_its_block + too_short_for_its_head
    content += enhanced(PACKET, ticks=MICROSECONDS)
    assert expected_reading(lap_over_ipv4, damaged=3) == read(write_file(tmp_path, content))


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "Zstandard": zstandard.ZstdCompressor().compress,
    "gzip in two parts": lambda content: gzip.compress(content[:50]) + gzip.compress(content[50:]),
    "Zstandard in two parts": lambda content: (
        zstandard.ZstdCompressor().compress(content[:50]) + zstandard.ZstdCompressor().compress(content[50:])
    ),
}


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("content", [pcap(PACKET, PACKET), PCAPNG + enhanced(PACKET, ticks=MICROSECONDS)])
def test_packed_captures_are_unpacked_whatever_their_name(
    packing: str, content: bytes, tmp_path: Path
) -> None:
    path = write_file(tmp_path, PACKINGS[packing](content), "evening.data")
    assert expected_reading(lap_over_ipv4, lap_over_ipv4) == read(path)


TORN_AFTER_EACH = {
    "pcap": (pcap_header(), pcap_record(PACKET)),
    "pcap, big-endian": (pcap_header(order=">"), pcap_record(PACKET, order=">")),
    "pcapng": (section() + interface(), enhanced(PACKET, ticks=MICROSECONDS)),
}


@pytest.mark.parametrize("kind", TORN_AFTER_EACH)
def test_of_a_file_cut_at_any_byte_everything_before_the_cut_is_read(kind: str, tmp_path: Path) -> None:
    head, entry = TORN_AFTER_EACH[kind]
    whole = head + entry * 3
    ends = {len(head) + number * len(entry) for number in range(4)}
    if kind == "pcapng":
        ends.add(len(section()))
    for length in range(4, len(whole) + 1):
        entries = max(length - len(head), 0) // len(entry)
        expected = expected_reading(*[lap_over_ipv4] * entries, torn=length not in ends)
        assert expected == read(write_file(tmp_path, whole[:length])), f"cut at byte {length}"


@pytest.mark.parametrize("length", range(4))
def test_a_file_too_short_to_be_recognised_is_refused(length: int, tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"evening\.pcap is (empty|neither)"):
        open_capture(write_file(tmp_path, PCAPNG[:length]))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_packed_file_cut_at_any_byte_gives_datagrams_or_a_clear_error(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    packed = pack(pcap(PACKET, PACKET))
    for length in range(len(packed)):
        path = write_file(tmp_path, packed[:length])
        try:
            datagrams, _, _ = read(path)
        except CaptureError:
            continue
        assert [lap_over_ipv4, lap_over_ipv4][: len(datagrams)] == datagrams


def test_of_a_packed_file_everything_flushed_before_a_crash_is_read(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = packer.compress(pcap(PACKET, PACKET, PACKET))
    packed += packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK) + packer.compress(b"lost")
    datagrams, _, _ = read(write_file(tmp_path, packed))
    assert [lap_over_ipv4, lap_over_ipv4, lap_over_ipv4] == datagrams


@pytest.mark.parametrize("content", [pcap(PACKET), PCAPNG])
@pytest.mark.parametrize("zeros", [4, 100, 300_000])
def test_zeros_at_the_end_after_a_power_cut_are_a_torn_end(
    content: bytes, zeros: int, tmp_path: Path
) -> None:
    assert expected_reading(lap_over_ipv4, torn=True) == read(write_file(tmp_path, content + bytes(zeros)))


def test_a_block_that_ends_in_zeros_is_a_torn_end(tmp_path: Path) -> None:
    lost = enhanced(PACKET, ticks=MICROSECONDS)
    assert expected_reading(lap_over_ipv4, torn=True) == read(
        write_file(tmp_path, PCAPNG + lost[:-20] + bytes(20 + 64))
    )


DAMAGED = {
    "a pcap record of 4 GB": (pcap(PACKET) + struct.pack("<IIII", 1, 1, 0xFFFF_FFF0, 4), "length of"),
    "zeros inside pcap": (pcap(PACKET) + bytes(16) + pcap_record(PACKET), "zeros"),
    "a pcapng block of 4 GB": (PCAPNG + struct.pack("<II", 6, 0xFFFF_FFFC) + bytes(20), "length of"),
    "a pcapng block of odd length": (PCAPNG + struct.pack("<II", 6, 33) + bytes(40), "length of"),
    "head and foot that differ": (
        PCAPNG + enhanced(PACKET, ticks=1)[:-4] + struct.pack("<I", 40),
        "at its end",
    ),
    "zeros inside pcapng": (PCAPNG + bytes(32) + PCAPNG, "length of"),
    "a section of no byte order": (PCAPNG + section()[:8] + b"\1\2\3\4" + section()[12:], "byte order"),
    "a section without an end": (PCAPNG + section()[:4] + bytes(4) + section()[8:], "section header"),
}


def read_until_error(path: Path) -> tuple[list[Datagram], str]:
    capture = open_capture(path)
    datagrams: list[Datagram] = []
    try:
        for datagram in capture:
            datagrams.append(datagram)  # noqa: PERF402 - an error must not discard the earlier datagrams
    except CaptureError as error:
        return datagrams, str(error)
    raise AssertionError("the capture was read to its end")


@pytest.mark.parametrize("case", DAMAGED)
def test_everything_before_damage_is_read_and_then_an_error_raised(case: str, tmp_path: Path) -> None:
    content, what = DAMAGED[case]
    datagrams, message = read_until_error(write_file(tmp_path, content))
    assert [lap_over_ipv4] == datagrams
    assert "evening.pcap is damaged near byte" in message
    assert what in message


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_damaged_compression_is_an_error_with_the_name_of_the_file(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    packed = bytearray(pack(pcap(*[PACKET] * 2000)))
    packed[10:60] = b"\xff" * 50
    with pytest.raises(CaptureError, match=r"evening\.pcap cannot be read beyond byte"):
        read(write_file(tmp_path, bytes(packed)))


OTHER_FILES = {
    "a zip archive": b"PK\x03\x04" + bytes(30),
    "packed with bzip2": bz2.compress(b"lap"),
    "packed with xz": lzma.compress(b"lap"),
    "a SQLite database": b"SQLite format 3\0",
    "JSON text": b'{"laps": []}',
    "bare packets of the 2025 game": struct.pack("<HB", 2025, 25) + bytes(30),
    "zeros": bytes(4096),
}


@pytest.mark.parametrize("looks_like", OTHER_FILES)
def test_the_error_for_another_file_names_its_type(looks_like: str, tmp_path: Path) -> None:
    with pytest.raises(
        CaptureError, match=rf"evening\.pcap is not a capture; it looks like {looks_like}.*: \w+"
    ):
        open_capture(write_file(tmp_path, OTHER_FILES[looks_like]))


def test_the_error_for_an_unknown_file_has_its_first_bytes_and_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"neither pcap nor pcapng \(it begins with de ad be ef\): record"):
        open_capture(write_file(tmp_path, b"\xde\xad\xbe\xef\x01"))


def test_a_pcap_of_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"pcap of version 3\.4"):
        read(write_file(tmp_path, pcap_header(major=3)))


def test_a_missing_file_and_a_folder_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"Cannot open the capture .*nowhere: No such file"):
        open_capture(tmp_path / "nowhere")
    with pytest.raises(CaptureError, match=r"Cannot open the capture .*: Is a directory"):
        open_capture(tmp_path)


def test_a_partly_read_capture_is_closed(tmp_path: Path) -> None:
    with open_capture(write_file(tmp_path, pcap(PACKET, PACKET))) as capture:
        first = next(capture)
    assert lap_over_ipv4 == first
    assert list(capture) == []


def test_an_unread_capture_is_closed(tmp_path: Path) -> None:
    with open_capture(write_file(tmp_path, pcap(PACKET))) as capture:
        pass
    assert list(capture) == []


@needs_shared
@pytest.mark.parametrize("name", sorted(path.stem for path in REAL_PACKETS.glob("*.pcap")))
def test_real_packets_are_read_completely(name: str) -> None:
    expected = json.loads((REAL_PACKETS / f"{name}.expected.json").read_text(encoding="utf-8"))
    datagrams, skipped, torn = read(REAL_PACKETS / f"{name}.pcap")
    assert [entry["size"] for entry in expected] == [len(datagram.data) for datagram in datagrams]
    assert {OUR_PORT} == {datagram.listen_port for datagram in datagrams}
    assert (skipped, torn) == ({}, False)
