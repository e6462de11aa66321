"""A datagram is identified by its leading bytes and its length, or rejected with a reason."""

from __future__ import annotations

import pytest

from f1timings.errors import DecodeError
from f1timings.packets import FIRST_FORMAT, LATEST_FORMAT, LAYOUTS, Layout, identify, layout_of, read_header
from tests.packets.samples import header_of, noise, zeros


def reason(data: bytes) -> str:
    with pytest.raises(DecodeError) as raised:
        identify(data)
    return raised.value.reason


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_each_packet_is_identified_and_its_header_read(layout: Layout) -> None:
    data = noise(layout, seed=1)
    assert layout is identify(data)
    assert header_of(layout) == read_header(data, layout)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_type_of_buffer_is_accepted(kind: type[bytes]) -> None:
    layout = layout_of(2025, "lap_data")
    data = kind(zeros(layout))
    assert layout is identify(data)
    assert header_of(layout) == read_header(data, layout)


@pytest.mark.parametrize("layout", [layout_of(2022, "motion"), layout_of(2024, "motion")], ids=repr)
def test_a_datagram_that_ends_within_the_header_is_too_short(layout: Layout) -> None:
    data = bytes(zeros(layout))
    assert {"too_short"} == {reason(data[:length]) for length in range(layout.header_size)}


def test_one_byte_more_or_less_is_the_wrong_size() -> None:
    data = bytes(zeros(layout_of(2023, "event")))
    assert ("wrong_size", "wrong_size") == (reason(data + b"\0"), reason(data[:-1]))


def test_a_header_alone_is_the_wrong_size() -> None:
    layout = layout_of(2021, "session")
    assert "wrong_size" == reason(bytes(zeros(layout))[: layout.header_size])


@pytest.mark.parametrize("packet_format", [0, 2017, LATEST_FORMAT + 1, 2025 ^ 0x100, 65_535])
def test_a_format_that_no_game_sends_is_unknown(packet_format: int) -> None:
    data = zeros(layout_of(2025, "lap_data"))
    data[:2] = packet_format.to_bytes(2, "little")
    assert "unknown_format" == reason(bytes(data))


@pytest.mark.parametrize("packet_format", [2018, FIRST_FORMAT - 1])
def test_a_format_of_earlier_games_is_old(packet_format: int) -> None:
    assert "old_format" == reason(packet_format.to_bytes(2, "little") + bytes(1340))


@pytest.mark.parametrize(("packet_format", "at", "packet_id"), [(2020, 5, 10), (2025, 6, 16), (2026, 6, 255)])
def test_a_packet_that_the_format_lacks_is_unknown(packet_format: int, at: int, packet_id: int) -> None:
    data = zeros(layout_of(packet_format, "motion"))
    data[at] = packet_id
    assert "unknown_packet" == reason(bytes(data))
