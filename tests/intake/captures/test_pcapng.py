"""What the writer appends is pcapng to the letter of the format, with headers that no tool complains of."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest

from f1timings.intake.captures.pcapng_writer import PcapngWriter
from tests.intake.captures.in_words import (
    LAP,
    NOON,
    OUR_PORT,
    RIG,
    RIG_IPV6,
    RIG_PORT,
    block,
    gives,
    lap_over_ipv4,
    lap_over_ipv6,
    option,
    read,
    section,
    written,
)

END_OF_OPTIONS = bytes(4)
HEAD = block(
    0x0A0D0D0A,
    struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(4, b"F1Timings") + END_OF_OPTIONS,
) + block(1, struct.pack("<HHI", 101, 0, 0) + option(9, b"\x09") + END_OF_OPTIONS)


def words_sum(octets: bytes) -> int:
    """The sum that every internet checksum makes 0xFFFF, the slow way of the standard."""
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
def test_the_ipv4_header_checksum_is_right(length: int) -> None:
    file = io.BytesIO()
    PcapngWriter(file).write(NOON, "10.255.255.254", 65535, OUR_PORT, bytes(length))
    ip = file.getvalue()[len(HEAD) + 28 :][:20]
    assert words_sum(ip) == 0xFFFF


@pytest.mark.parametrize("data", [b"", b"\x01", b"lap data", b"\xff\xff", bytes(range(251)), b"\xff" * 1349])
def test_the_udp_checksum_over_ipv6_is_right_and_never_zero(data: bytes) -> None:
    file = io.BytesIO()
    PcapngWriter(file).write(NOON, RIG_IPV6, RIG_PORT, OUR_PORT, data)
    ip = file.getvalue()[len(HEAD) + 28 :]
    udp = ip[40 : 48 + len(data)]
    pseudo_header = ip[8:40] + struct.pack(">IHBB", len(udp), 0, 0, 17)
    assert words_sum(pseudo_header + udp) == 0xFFFF
    assert bytes(2) != udp[6:8]


def test_written_datagrams_read_back(tmp_path: Path) -> None:
    path = tmp_path / "evening.pcapng"
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        writer.write(*lap_over_ipv4)
        writer.write(*lap_over_ipv6)
        writer.write(*lap_over_ipv4)
    assert gives(lap_over_ipv4, lap_over_ipv6, lap_over_ipv4) == read(path)
    assert path.stat().st_size == writer.bytes_written


def test_a_file_written_to_again_has_a_second_section(tmp_path: Path) -> None:
    path = tmp_path / "evening.pcapng"
    for _ in range(2):
        with path.open("ab") as file:
            PcapngWriter(file).write(*lap_over_ipv4)
    assert gives(lap_over_ipv4, lap_over_ipv4) == read(path)


def test_a_file_cut_in_its_last_datagram_keeps_the_others(tmp_path: Path) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    writer.write(*lap_over_ipv4)
    writer.write(*lap_over_ipv4)
    assert gives(lap_over_ipv4, torn=True) == read(written(tmp_path, file.getvalue()[:-1]))


def test_every_datagram_is_one_write_of_whole_words() -> None:
    writes: list[bytes] = []

    class Noting:
        def write(self, octets: bytes, /) -> int:
            writes.append(octets)
            return len(octets)

    writer = PcapngWriter(Noting())
    for length in range(8):
        writer.write(NOON, RIG, RIG_PORT, OUR_PORT, bytes(length))
    assert [len(octets) % 4 for octets in writes] == [0] * 9
    assert sum(map(len, writes)) == writer.bytes_written


def test_a_flood_of_made_up_ports_does_not_fill_the_memory() -> None:
    writer = PcapngWriter(io.BytesIO())
    for port in range(10_000):
        writer.write(NOON, RIG, port, OUR_PORT, LAP)
    assert len(writer._envelopes) < 5000


@pytest.mark.parametrize(("address", "most"), [(RIG, 65_507), (RIG_IPV6, 65_527)])
def test_the_longest_datagram_is_written_and_a_longer_one_refused(
    address: str, most: int, tmp_path: Path
) -> None:
    file = io.BytesIO()
    writer = PcapngWriter(file)
    writer.write(NOON, address, RIG_PORT, OUR_PORT, bytes(most))
    with pytest.raises(ValueError, match="more than a UDP datagram can contain"):
        writer.write(NOON, address, RIG_PORT, OUR_PORT, bytes(most + 1))
    assert most == len(read(written(tmp_path, file.getvalue())).datagrams[0].data)


def test_a_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="rig-7"):
        PcapngWriter(io.BytesIO()).write(NOON, "rig-7", RIG_PORT, OUR_PORT, LAP)


def test_a_section_is_told_by_its_first_block() -> None:
    assert section()[:4] == HEAD[:4]
