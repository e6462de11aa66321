"""Any bytes give a packet that is encoded to the same bytes, or ``DecodeError``."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts import fuzz_packets

from f1timings.errors import DecodeError
from f1timings.packets import LAYOUTS, CarWriter, Columns, Layout, decode, encode, identify
from f1timings.packets.shapes import Number
from f1timings.packets.structs import SignallingNaN
from tests.packets.samples import noise, zeros

REASONS = {"too_short", "old_format", "unknown_format", "unknown_packet", "wrong_size"}
layouts = st.sampled_from(list(LAYOUTS.values()))


@st.composite
def datagrams(draw: st.DrawFn, of: st.SearchStrategy[Layout] = layouts) -> bytes:
    """A valid header; after it zeros or random bytes, and some bytes that Hypothesis chose and can shrink."""
    layout = draw(of)
    data = bytearray(draw(st.sampled_from([zeros(layout), noise(layout, draw(st.integers(0, 999)))])))
    chosen = draw(st.binary(max_size=layout.size - layout.header_size))
    at = draw(st.integers(layout.header_size, layout.size - len(chosen)))
    data[at : at + len(chosen)] = chosen
    return bytes(data)


def outcome(data: bytes) -> str:
    """The kind of packet or the reason of the error; anything else fails the test."""
    try:
        packet = decode(data)
    except DecodeError as error:
        return error.reason
    assert data == encode(packet)
    return packet.layout.kind


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
@settings(max_examples=12)
@given(data=st.data())
def test_encoding_what_was_decoded_gives_the_same_bytes(layout: Layout, data: st.DataObject) -> None:
    datagram = data.draw(datagrams(st.just(layout)))
    assert datagram == encode(decode(datagram))


@given(data=st.binary(max_size=1500))
def test_any_bytes_give_a_packet_or_a_reason(data: bytes) -> None:
    assert outcome(data) in REASONS | {layout.kind for layout in LAYOUTS.values()}


@given(data=datagrams(), lead=st.binary(min_size=1, max_size=7))
def test_any_leading_bytes_give_a_packet_or_a_reason(data: bytes, lead: bytes) -> None:
    assert outcome(lead + data[len(lead) :]) in REASONS | {layout.kind for layout in LAYOUTS.values()}


@given(data=datagrams(), extra=st.binary(min_size=1, max_size=40))
def test_a_datagram_with_extra_bytes_has_the_wrong_size(data: bytes, extra: bytes) -> None:
    assert "wrong_size" == outcome(data + extra)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_every_truncated_datagram_is_rejected(layout: Layout) -> None:
    data = noise(layout, seed=2)
    reasons = [outcome(data[:length]) for length in range(layout.size)]
    short = ["too_short"] * layout.header_size
    assert short + ["wrong_size"] * (layout.size - layout.header_size) == reasons


@given(
    bits=st.integers(0, 2**32 - 1) | st.integers(0x7F800000, 0x7FFFFFFF) | st.integers(0xFF800000, 0xFFFFFFFF)
)
def test_a_float_is_encoded_to_the_same_bits(bits: int) -> None:
    layout = LAYOUTS[2025, 13]
    data = zeros(layout)
    struct.pack_into("<I", data, layout.header_size, bits)
    assert bytes(data) == encode(decode(data))


@given(bits=st.integers(0x7F800001, 0x7FBFFFFF))
def test_a_signalling_nan_is_not_a_number(bits: int) -> None:
    value = SignallingNaN(bits)
    assert (True, bits) == (value != value, value.bits)


@given(data=st.data())
def test_a_writer_writes_what_columns_read_for_any_names(data: st.DataObject) -> None:
    layout = data.draw(layouts.filter(lambda layout: layout.cars is not None))
    nodes = layout.repeated("cars").record.nodes
    # No floats: the partial readers turn a signalling NaN into a quiet one.
    integers = [name for name, node in nodes.items() if isinstance(node, Number) and node.codes not in "fd"]
    names = data.draw(st.lists(st.sampled_from(integers), min_size=1, unique=True)) if integers else []
    source, target = noise(layout, 1), bytearray(noise(layout, 2))
    CarWriter(layout, names).write(target, Columns(layout, names).rows(source))
    assert Columns(layout, names).rows(source) == Columns(layout, names).rows(target)
    CarWriter(layout, names).write(target, Columns(layout, names).rows(noise(layout, 2)))
    assert noise(layout, 2) == target


@given(data=datagrams())
def test_a_datagram_is_identified_by_its_leading_bytes_and_its_length_alone(data: bytes) -> None:
    assert identify(data) is identify(data[:7] + bytes(len(data) - 7))


def test_two_seconds_of_fuzzing_find_no_error() -> None:
    outcomes = fuzz_packets.run(seconds=2.0, seed=7)
    assert REASONS <= set(outcomes)
    assert outcomes.total() > 500
