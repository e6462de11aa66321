"""The writer writes correct pcapng with correct IP and UDP headers."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from f1timings.intake.captures.pcapng_writer import PcapngWriter
from tests.intake.captures.capture_bytes import (
    LAP,
    NOON,
    OUR_PORT,
    RIG,
    RIG_IPV6,
    RIG_PORT,
    block,
    expected_reading,
    lap_over_ipv4,
    lap_over_ipv6,
    option,
    read,
    section,
    write_file,
)

END_OF_OPTIONS = bytes(4)
HEAD = block(
    0x0A0D0D0A,
    struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(4, b"F1Timings") + END_OF_OPTIONS,
) + block(1, struct.pack("<HHI", 101, 0, 0) + option(9, b"\x09") + END_OF_OPTIONS)


def sum_of_words(octets: bytes) -> int:
    """Return the sum of the 16-bit words as the standard defines it; 0xFFFF if the checksum is correct."""
    octets += bytes(len(octets) % 2)
    total: int = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def test_a_new_file_begins_with_a_section_and_one_interface_of_raw_ip_in_nanoseconds() -> None:
    file = io.BytesIO()
    PcapngWriter(file)
    assert file.getvalue() == HEAD


def test_a_datagram_is_one_packet_block_around_ipv4_and_udp() -> None:
    file = io.BytesIO()
    written_bytes = PcapngWriter(file).write(NOON, RIG, RIG_PORT, OUR_PORT, b"lap")
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 31, 0, 0x4000, 64, 17, 0xFA10)
    ip += bytes([192, 168, 1, 20]) + bytes([127, 0, 0, 1])
    udp = struct.pack(">HHHH", RIG_PORT, OUR_PORT, 11, 0)
    ticks = 1_750_000_000_250_000_000
    times = struct.pack("<II", ticks >> 32, ticks & 0xFFFF_FFFF)
    expected = block(6, struct.pack("<I", 0) + times + struct.pack("<II", 31, 31) + ip + udp + b"lap")
    assert expected == file.getvalue()[len(HEAD) :]
    assert len(expected) == written_bytes


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1350])
def test_the_ipv4_header_checksum_is_correct(length: int) -> None:
    file = io.BytesIO()
    PcapngWriter(file).write(NOON, "10.255.255.254", 65535, OUR_PORT, bytes(length))
    ip = file.getvalue()[len(HEAD) + 28 :][:20]
    assert sum_of_words(ip) == 0xFFFF


@pytest.mark.parametrize("data", [b"", b"\x01", b"lap data", b"\xff\xff", bytes(range(251)), b"\xff" * 1349])
def test_the_udp_checksum_over_ipv6_is_correct_and_never_zero(data: bytes) -> None:
    file = io.BytesIO()
    PcapngWriter(file).write(NOON, RIG_IPV6, RIG_PORT, OUR_PORT, data)
    ip = file.getvalue()[len(HEAD) + 28 :]
    udp = ip[40 : 48 + len(data)]
    pseudo_header = ip[8:40] + struct.pack(">IHBB", len(udp), 0, 0, 17)
    assert sum_of_words(pseudo_header + udp) == 0xFFFF
    assert bytes(2) != udp[6:8]


def test_written_datagrams_are_read_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "evening.pcapng"
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        writer.write(*lap_over_ipv4)
        writer.write(*lap_over_ipv6)
        writer.write(*lap_over_ipv4)
    assert expected_reading(lap_over_ipv4, lap_over_ipv6, lap_over_ipv4) == read(path)
    assert path.stat().st_size == writer.bytes_written


def test_a_reopened_file_gets_a_second_section(tmp_path: Path) -> None:
    path = tmp_path / "evening.pcapng"
    for _ in range(2):
        with path.open("ab") as file:
            PcapngWriter(file).write(*lap_over_ipv4)
    assert expected_reading(lap_over_ipv4, lap_over_ipv4) == read(path)


def test_of_a_file_cut_in_its_last_datagram_the_others_are_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    writer.write(*lap_over_ipv4)
    writer.write(*lap_over_ipv4)
    assert expected_reading(lap_over_ipv4, torn=True) == read(write_file(tmp_path, file.getvalue()[:-1]))


def test_every_datagram_is_one_write_of_complete_words() -> None:
    writes: list[bytes] = []

    class WriteLog:
        def write(self, octets: bytes, /) -> int:
            writes.append(octets)
            return len(octets)

    writer = PcapngWriter(WriteLog())
    for length in range(8):
        writer.write(NOON, RIG, RIG_PORT, OUR_PORT, bytes(length))
    assert [len(octets) % 4 for octets in writes] == [0] * 9
    assert sum(map(len, writes)) == writer.bytes_written


def test_the_data_of_a_datagram_is_not_copied_into_its_block() -> None:
    """The recorder copies it once, together with all others of a batch."""
    parts = PcapngWriter(io.BytesIO()).block(NOON, RIG, RIG_PORT, OUR_PORT, LAP)
    assert [LAP] == [part for part in parts if part is LAP]


def test_many_invented_ports_do_not_fill_the_memory() -> None:
    writer = PcapngWriter(io.BytesIO())
    for port in range(10_000):
        writer.write(NOON, RIG, port, OUR_PORT, LAP)
    assert len(writer._envelopes) < 5000


@pytest.mark.parametrize(("address", "most"), [(RIG, 65_507), (RIG_IPV6, 65_527)])
def test_the_longest_datagram_is_written_and_a_longer_datagram_refused(
    address: str, most: int, tmp_path: Path
) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    writer.write(NOON, address, RIG_PORT, OUR_PORT, bytes(most))
    with pytest.raises(ValueError, match="more than a UDP datagram can contain"):
        writer.write(NOON, address, RIG_PORT, OUR_PORT, bytes(most + 1))
    assert most == len(read(write_file(tmp_path, file.getvalue())).datagrams[0].data)


def test_a_name_instead_of_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="rig-7"):
        PcapngWriter(io.BytesIO()).write(NOON, "rig-7", RIG_PORT, OUR_PORT, LAP)


def test_a_section_begins_with_its_block_type() -> None:
    assert section()[:4] == HEAD[:4]
