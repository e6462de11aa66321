"""The reader finds the datagram in every usual link type, and counts packets without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.captures.capture_bytes import (
    LAP,
    Reading,
    cooked,
    cooked_v2,
    ethernet,
    expected_reading,
    extension,
    family,
    ipv4,
    ipv6,
    lap_over_ipv4,
    lap_over_ipv6,
    pcap,
    read,
    udp,
    write_file,
)

V4 = ipv4(udp())
V6 = ipv6(udp())
ETHERTYPE_IPV6 = 0x86DD
ETHERTYPE_ARP = 0x0806

WITH_THE_DATAGRAM_OVER_IPV4 = {
    "Ethernet": (1, ethernet(V4)),
    "Ethernet with padding to 60 bytes": (1, ethernet(V4) + bytes(18)),
    "Ethernet with a VLAN tag": (1, ethernet(V4, vlans=(0x8100,))),
    "Ethernet with a provider's and a customer's VLAN tag": (1, ethernet(V4, vlans=(0x88A8, 0x8100))),
    "Linux cooked": (113, cooked(V4)),
    "Linux cooked, version 2": (276, cooked_v2(V4)),
    "loopback of a little-endian machine": (0, family(V4, 2, "<")),
    "loopback of a big-endian machine": (0, family(V4, 2, ">")),
    "OpenBSD loopback": (108, family(V4, 2, ">")),
    "raw IP": (101, V4),
    "raw IP, older number": (12, V4),
    "raw IP, OpenBSD's number": (14, V4),
    "raw IPv4": (228, V4),
    "IPv4 with options": (101, ipv4(udp(), options=b"\x94\x04\0\0")),
    "IPv4 captured before the network card set the length": (101, ipv4(udp(), length=0)),
    "IPv4 that may be fragmented but is not": (101, ipv4(udp(), fragment=0)),
    "a frame check sequence announced in the link type": (0x2400_0001, ethernet(V4) + b"\1\2\3\4"),
}
WITH_THE_DATAGRAM_OVER_IPV6 = {
    "Ethernet": (1, ethernet(V6, ethertype=ETHERTYPE_IPV6)),
    "Linux cooked": (113, cooked(V6, ethertype=ETHERTYPE_IPV6)),
    "Linux cooked, version 2": (276, cooked_v2(V6, ethertype=ETHERTYPE_IPV6)),
    "loopback of macOS": (0, family(V6, 30, "<")),
    "loopback of FreeBSD": (0, family(V6, 28, "<")),
    "loopback of Npcap": (0, family(V6, 24, "<")),
    "OpenBSD loopback": (108, family(V6, 24, ">")),
    "raw IP": (101, V6),
    "raw IPv6": (229, V6),
    "hop-by-hop options": (101, ipv6(extension(udp(), next_header=17), next_header=0)),
    "a routing header": (101, ipv6(extension(udp(), next_header=17, more_words=2), next_header=43)),
    "hop-by-hop, routing and destination options": (
        101,
        ipv6(
            extension(extension(extension(udp(), next_header=17), next_header=60), next_header=43),
            next_header=0,
        ),
    ),
}
WITHOUT_A_DATAGRAM = {
    "ARP": (1, ethernet(bytes(28), ethertype=ETHERTYPE_ARP), "not_udp"),
    "ARP in a VLAN": (1, ethernet(bytes(28), ethertype=ETHERTYPE_ARP, vlans=(0x8100,)), "not_udp"),
    "ARP, cooked": (113, cooked(bytes(28), ethertype=ETHERTYPE_ARP), "not_udp"),
    "TCP": (101, ipv4(bytes(20), protocol=6), "not_udp"),
    "TCP over IPv6": (101, ipv6(bytes(20), next_header=6), "not_udp"),
    "a loopback family that is not IP": (0, family(V4, 7, "<"), "not_udp"),
    "OpenBSD loopback in the wrong byte order": (108, family(V4, 2, "<"), "not_udp"),
    "an IP version that does not exist": (101, b"\x75" + V4[1:], "not_udp"),
    "the first fragment": (101, ipv4(udp(), fragment=0x2000), "fragment"),
    "a later fragment": (101, ipv4(LAP, fragment=0x0004), "fragment"),
    "a fragment of IPv6": (101, ipv6(extension(udp(), next_header=17), next_header=44), "fragment"),
    "IEEE 802.11": (105, V4, "unknown_link_type"),
    "cut by the snap length in the data": (101, V4[:-1], "truncated"),
    "cut by the snap length in the headers": (1, ethernet(V4)[:30], "truncated"),
    "nothing captured": (1, b"", "truncated"),
    "UDP longer than the packet around it": (101, ipv4(udp(length=500)), "damaged"),
    "UDP shorter than its own header": (101, ipv4(udp(length=7)), "damaged"),
    "an IPv4 header of two words": (101, ipv4(udp(), header_words=2), "damaged"),
}


@pytest.mark.parametrize("case", WITH_THE_DATAGRAM_OVER_IPV4)
def test_a_datagram_over_ipv4_is_found_in(case: str, tmp_path: Path) -> None:
    link_type, octets = WITH_THE_DATAGRAM_OVER_IPV4[case]
    assert expected_reading(lap_over_ipv4) == read(write_file(tmp_path, pcap(octets, link_type=link_type)))


@pytest.mark.parametrize("case", WITH_THE_DATAGRAM_OVER_IPV6)
def test_a_datagram_over_ipv6_is_found_in(case: str, tmp_path: Path) -> None:
    link_type, octets = WITH_THE_DATAGRAM_OVER_IPV6[case]
    assert expected_reading(lap_over_ipv6) == read(write_file(tmp_path, pcap(octets, link_type=link_type)))


@pytest.mark.parametrize("case", WITHOUT_A_DATAGRAM)
def test_there_is_no_datagram_in(case: str, tmp_path: Path) -> None:
    link_type, octets, reason = WITHOUT_A_DATAGRAM[case]
    expected = Reading([], {reason: 1}, torn=False)
    assert expected == read(write_file(tmp_path, pcap(octets, link_type=link_type)))


def test_an_empty_datagram_is_a_datagram(tmp_path: Path) -> None:
    path = write_file(tmp_path, pcap(ipv4(udp(b""))))
    assert expected_reading(lap_over_ipv4._replace(data=b"")) == read(path)


def test_a_datagram_after_a_skipped_packet_is_read(tmp_path: Path) -> None:
    path = write_file(tmp_path, pcap(ethernet(bytes(28), ethertype=ETHERTYPE_ARP), ethernet(V4), link_type=1))
    assert expected_reading(lap_over_ipv4, not_udp=1) == read(path)
