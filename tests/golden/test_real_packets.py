"""Every packet of a real game decodes to the values that an independent reader found in it."""

from __future__ import annotations

import json
import math
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts.fuzz_packets import damaged, examine

from f1timings.packets import (
    LAYOUTS,
    PACKET_KINDS,
    Columns,
    Scalars,
    car,
    decode,
    encode,
    event_details,
    identify,
    read_header,
    text,
)
from f1timings.packets.ids import event_name
from tests.packets.naming import our_name
from tests.shared import PUBLISHED, REAL_PACKETS, needs_shared

CAPTURES = sorted(path.stem for path in REAL_PACKETS.glob("*.pcap"))

pytestmark = needs_shared


def payloads(path: Path) -> list[bytes]:
    """UDP payloads of a classic little-endian pcap file, link type RAW, IPv4 without fragments."""
    data, at, datagrams = path.read_bytes(), 24, []
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 8)
        datagram = data[at + 16 : at + 16 + length]
        datagrams.append(datagram[(datagram[0] & 0x0F) * 4 + 8 :])
        at += 16 + length
    return datagrams


def expected_of(name: str) -> list[dict[str, Any]]:
    packets: list[dict[str, Any]] = json.loads((REAL_PACKETS / f"{name}.expected.json").read_text())
    return packets


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """The places where a decoded value differs from the independent reader's."""
    if isinstance(expected, dict):
        for name, value in expected.items():
            yield from differences(value, getattr(actual, our_name(name)), f"{path}.{our_name(name)}")
    elif isinstance(expected, list):
        if len(expected) != len(actual):
            yield f"{path}: {len(expected)} against {len(actual)}"
        for index, (value, item) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(value, item, f"{path}[{index}]")
    elif expected != _as_expected(expected, actual, path):
        yield f"{path}: {expected!r} against {actual!r}"


def _as_expected(expected: Any, actual: Any, path: str) -> Any:
    """Our value in the form in which the other reader writes values that JSON lacks."""
    if isinstance(actual, bytes):
        return actual.hex() if path == ".details" else text(actual)
    if isinstance(actual, float) and math.isnan(actual) and isinstance(expected, str):
        return expected if math.isnan(float(expected)) else actual
    return type(expected)(actual)


@pytest.mark.parametrize("name", CAPTURES)
def test_each_field_has_the_value_that_the_independent_reader_found(name: str) -> None:
    expected, datagrams = expected_of(name), payloads(REAL_PACKETS / f"{name}.pcap")
    assert len(expected) == len(datagrams)
    for entry, data in zip(expected, datagrams, strict=True):
        packet = decode(data)
        fields = dict(entry["fields"])
        assert (entry["packet"], entry["size"]) == (packet.layout.kind, len(data))
        assert [] == list(differences(fields.pop("m_header"), _known_header(data)))
        assert [] == list(differences(fields, packet.body))


def _known_header(data: bytes) -> Any:
    return read_header(data, identify(data))


@pytest.mark.parametrize("name", CAPTURES)
def test_each_packet_is_encoded_to_the_same_bytes(name: str) -> None:
    for data in payloads(REAL_PACKETS / f"{name}.pcap"):
        assert data == encode(decode(data))


@pytest.mark.parametrize("name", CAPTURES)
def test_the_partial_readers_agree_with_the_decoder(name: str) -> None:
    for data in payloads(REAL_PACKETS / f"{name}.pcap"):
        packet, layout = decode(data), identify(data)
        assert packet.layout is layout
        assert repr(packet.header) == repr(read_header(data, layout))
        scalars = layout.body.single_values
        expected = tuple(getattr(packet.body, field) for field in scalars)
        assert repr(expected) == repr(Scalars(layout, scalars).read(data))
        if layout.cars:
            names = layout.cars.record.single_values
            rows = [tuple(getattr(record, field) for field in names) for record in packet.body.cars]
            assert repr(rows) == repr(Columns(layout, names).rows(data))
            slots = range(layout.car_slots)
            assert repr(packet.body.cars) == repr(tuple(car(data, layout, slot) for slot in slots))


def test_real_events_have_the_details_of_their_code() -> None:
    details_by_code = {}
    for name in CAPTURES:
        for data in payloads(REAL_PACKETS / f"{name}.pcap"):
            packet = decode(data)
            if packet.layout.kind == "event":
                details_by_code[packet.layout.packet_format, packet.body.code] = event_details(packet)
                assert event_name(packet.layout.packet_format, packet.body.code.decode()) is not None
    without = {code for (_, code), details in details_by_code.items() if details is None}
    assert {b"SSTA", b"SEND", b"DRSE", b"DRSD", b"CHQF", b"LGOT", b"RDFL"} >= without >= {b"SSTA", b"SEND"}
    assert (16, 21, 1) == details_by_code[2026, b"COLL"]


def test_the_captures_contain_all_published_formats_and_all_17_packets_of_2026() -> None:
    layouts = {identify(data) for name in CAPTURES for data in payloads(REAL_PACKETS / f"{name}.pcap")}
    assert set(PUBLISHED) == {layout.packet_format for layout in layouts}
    expected = {layout.kind for layout in LAYOUTS.values() if layout.packet_format == 2026}
    assert expected == {layout.kind for layout in layouts if layout.packet_format == 2026}
    assert 17 == len(expected)


@pytest.mark.parametrize("name", CAPTURES)
def test_damaged_real_packets_give_a_packet_or_a_decode_error(name: str) -> None:
    chance = random.Random(name)
    for data in payloads(REAL_PACKETS / f"{name}.pcap"):
        for _ in range(10):
            outcome = examine(damaged(data, chance), chance.randrange(24))
            assert outcome in {
                *PACKET_KINDS,
                "too_short",
                "old_format",
                "unknown_format",
                "unknown_packet",
                "wrong_size",
            }
