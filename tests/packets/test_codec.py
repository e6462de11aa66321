"""Whole packets: a built packet is decoded unchanged, a decoded packet is encoded to the same bytes."""

from __future__ import annotations

import copy
import math
import struct

import pytest

from f1timings.packets import (
    LAYOUTS,
    Header,
    Layout,
    Packet,
    build,
    car,
    decode,
    encode,
    event_details,
    first_records,
    layout_of,
    text,
)
from f1timings.packets.structs import SignallingNaN
from tests.packets.samples import header_of, noise, zeros

HEADER = header_of(layout_of(2025, "lap_data"))


def event(packet_format: int, code: bytes, details: bytes) -> Packet:
    size = layout_of(packet_format, "event").body.nodes["details"].size
    return build(packet_format, "event", HEADER, code=code, details=details.ljust(size, b"\xee"))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_a_packet_built_without_fields_has_only_zeros(layout: Layout) -> None:
    packet = build(layout.packet_format, layout.kind, header_of(layout))
    assert bytes(zeros(layout)) == encode(packet)
    assert packet == decode(zeros(layout))


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_random_bytes_are_encoded_unchanged(layout: Layout) -> None:
    data = noise(layout, seed=layout.size)
    assert data == encode(decode(data))


def test_a_field_is_read_at_its_offset() -> None:
    data = zeros(layout_of(2025, "lap_data"))
    struct.pack_into("<II", data, 29 + 3 * 57, 83_456, 1_234)
    lap = decode(data).body.cars[3]
    assert (83_456, 1_234, 0) == (lap.last_lap_time_ms, lap.current_lap_time_ms, lap.sector1_time_ms)


def test_build_needs_only_some_cars_and_fields() -> None:
    packet = decode(
        encode(build(2024, "lap_data", HEADER, cars={21: {"car_position": 1}}, time_trial_pb_car_idx=7))
    )
    assert (1, 0, 7) == (
        packet.body.cars[21].car_position,
        packet.body.cars[20].car_position,
        packet.body.time_trial_pb_car_idx,
    )


def test_build_accepts_records_texts_and_short_arrays() -> None:
    name = {"name": b"HAMILTON", "livery_colours": [{"red": 1}, (1, 2, 3)]}
    first = build(2025, "participants", HEADER, cars=[name])
    second = build(2025, "participants", HEADER, cars=first.body.cars[:1])
    assert b"HAMILTON" + bytes(24) == second.body.cars[0].name
    assert [(1, 0, 0), (1, 2, 3), (0, 0, 0), (0, 0, 0)] == [
        tuple(colour) for colour in second.body.cars[0].livery_colours
    ]


def test_a_built_packet_has_format_and_packet_id_of_its_layout() -> None:
    header = decode(encode(build(2021, "session", HEADER))).header
    assert HEADER._replace(packet_format=2021, packet_id=1, game_year=0, overall_frame_identifier=0) == header


def test_build_rejects_what_the_layout_does_not_have() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        build(2025, "lap_data", HEADER, nonsense=1)
    with pytest.raises(KeyError, match="nonsense"):
        build(2025, "lap_data", HEADER, cars={0: {"nonsense": 1}})
    with pytest.raises(KeyError):
        build(2020, "car_damage", HEADER)
    with pytest.raises(ValueError, match="22"):
        build(2025, "lap_data", HEADER, cars={22: {}})
    with pytest.raises(ValueError, match="32"):
        build(2025, "participants", HEADER, cars=[{"name": b"x" * 33}])


@pytest.mark.parametrize("value", [256, -1, 1.5, "1", None])
def test_a_value_that_does_not_fit_its_field_is_not_encoded(value: object) -> None:
    packet = build(2025, "lap_data", HEADER, time_trial_pb_car_idx=0)
    with pytest.raises(ValueError, match="fit"):
        encode(packet._replace(body=packet.body._replace(time_trial_pb_car_idx=value)))


def test_a_float_too_large_for_its_field_is_not_encoded() -> None:
    packet = build(2025, "session", HEADER, sector2_lap_distance_start=1e300)
    with pytest.raises(ValueError, match="fit"):
        encode(packet)


def test_arrays_and_texts_of_another_length_are_not_encoded() -> None:
    lap = build(2025, "lap_data", HEADER)
    participants = build(2025, "participants", HEADER)
    short_name = participants.body.cars[0]._replace(name=b"short")
    with pytest.raises(ValueError, match="21 entries"):
        encode(lap._replace(body=lap.body._replace(cars=lap.body.cars[:21])))
    cars = (short_name, *participants.body.cars[1:])
    with pytest.raises(ValueError, match="5 entries"):
        encode(participants._replace(body=participants.body._replace(cars=cars)))


def test_a_signalling_nan_keeps_its_bits() -> None:
    data = zeros(layout_of(2025, "session"))
    at = layout_of(2025, "session").header_size + layout_of(2025, "session").body.offsets["marshal_zones"]
    struct.pack_into("<I", data, at, 0xFFA00001)
    packet = decode(data)
    start = packet.body.marshal_zones[0].zone_start
    assert math.isnan(start)
    assert bytes(data) == encode(packet)
    assert 0xFFA00001 == copy.copy(start).bits == SignallingNaN(0xFFA00001).bits


def test_a_signalling_nan_in_the_header_keeps_its_bits() -> None:
    data = zeros(layout_of(2020, "event"))
    struct.pack_into("<I", data, 14, 0x7F800001)
    assert bytes(data) == encode(decode(data))


def test_lap_positions_are_one_row_of_cars_per_lap() -> None:
    positions = decode(noise(layout_of(2026, "lap_positions"), seed=3)).body.position_for_vehicle_idx
    assert (50, {24}) == (len(positions), {len(row) for row in positions})


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS.values() if layout.cars], ids=repr)
def test_one_car_read_alone_equals_the_car_of_the_whole_packet(layout: Layout) -> None:
    data = bytes(range(256)) * 6
    data = encode(
        decode(bytes(zeros(layout))[: layout.header_size] + data[: layout.size - layout.header_size])
    )
    expected = [repr(record) for record in decode(data).body.cars]
    assert expected == [repr(car(memoryview(data), layout, slot)) for slot in range(layout.car_slots)]


@pytest.mark.parametrize("count", [0, 3, 100, 255])
@pytest.mark.parametrize(
    "layout", [layout for layout in LAYOUTS.values() if layout.kind == "session_history"], ids=repr
)
def test_the_first_records_of_an_array_equal_those_of_the_whole_packet(layout: Layout, count: int) -> None:
    data = noise(layout, seed=5)
    expected = decode(data).body.lap_history_data[:count]
    assert list(expected) == first_records(data, layout, "lap_history_data", count=count)


@pytest.mark.parametrize("slot", [-1, 22, 255])
def test_a_slot_outside_the_array_is_an_error(slot: int) -> None:
    layout = layout_of(2025, "lap_data")
    with pytest.raises(IndexError):
        car(zeros(layout), layout, slot)


def test_a_packet_without_cars_has_no_car() -> None:
    layout = layout_of(2025, "session")
    with pytest.raises(KeyError):
        car(zeros(layout), layout, 0)


def test_event_details_depend_on_code_and_year() -> None:
    trap = struct.pack("<BfBBBf", 4, 312.5, 1, 0, 7, 320.25)
    assert (4, 312.5, 1, 0, 7, 320.25) == event_details(event(2025, b"SPTP", trap))
    assert (4, 312.5) == event_details(event(2020, b"SPTP", trap[:5]))
    assert (1, 2, 0xEE) == event_details(event(2026, b"COLL", bytes([1, 2])))


def test_event_details_have_names() -> None:
    details = event_details(event(2023, b"FLBK", struct.pack("<If", 58_793, 975.5)))
    assert details is not None
    assert (58_793, 975.5) == (details.flashback_frame_identifier, details.flashback_session_time)


@pytest.mark.parametrize(
    ("packet_format", "code"),
    [
        (2025, b"SSTA"),
        (2020, b"FLBK"),
        (2024, b"DRSD"),
        (2025, b"\xff\xfe\0\0"),
        (2025, b"sptp"),
        (2025, bytes(4)),
    ],
)
def test_a_code_without_details_has_none(packet_format: int, code: bytes) -> None:
    assert event_details(event(packet_format, code, b"")) is None


def test_a_text_ends_at_its_nul() -> None:
    assert "PÉREZ" == text("PÉREZ".encode() + b"\0garbage\xff")
    assert "x\ufffd" == text(b"x\xff")
    assert "" == text(bytes(48))


def test_every_header_has_the_same_twelve_fields() -> None:
    assert 12 == len(Header._fields)
    assert {Header} == {type(decode(zeros(layout)).header) for layout in LAYOUTS.values()}
