"""Every layout has the published size, and every field has the offset and type of the specification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from f1timings.packets import (
    CAR_SLOTS,
    FIRST_FORMAT,
    FORMATS,
    LATEST_FORMAT,
    LAYOUTS,
    PACKET_KINDS,
    Header,
    Layout,
    layout_of,
)
from f1timings.packets.shapes import Array, Chars, Node, Record
from tests.packets.naming import our_name
from tests.shared import PUBLISHED, SPEC, needs_shared

# One column per published format; 0 where the format has no such packet.
SIZES = {
    "motion": (1464, 1464, 1464, 1349, 1349, 1349, 1325),
    "session": (251, 625, 632, 644, 753, 753, 926),
    "lap_data": (1190, 970, 972, 1131, 1285, 1285, 1399),
    "event": (35, 36, 40, 45, 45, 45, 45),
    "participants": (1213, 1257, 1257, 1306, 1350, 1284, 1470),
    "car_setups": (1102, 1102, 1102, 1107, 1133, 1133, 1233),
    "car_telemetry": (1307, 1347, 1347, 1352, 1352, 1352, 1448),
    "car_status": (1344, 1058, 1058, 1239, 1239, 1239, 1445),
    "final_classification": (839, 839, 1015, 1020, 1020, 1042, 1134),
    "lobby_info": (1169, 1191, 1191, 1218, 1306, 954, 1062),
    "car_damage": (0, 882, 948, 953, 953, 1041, 1133),
    "session_history": (0, 1155, 1155, 1460, 1460, 1460, 1460),
    "tyre_sets": (0, 0, 0, 231, 231, 231, 231),
    "motion_ex": (0, 0, 0, 217, 237, 273, 273),
    "time_trial": (0, 0, 0, 0, 101, 101, 104),
    "lap_positions": (0, 0, 0, 0, 0, 1131, 1231),
    "car_telemetry_2": (0, 0, 0, 0, 0, 0, 269),
}

PUBLISHED_LAYOUTS = [layout for layout in LAYOUTS.values() if layout.packet_format in PUBLISHED]

# Path of a field, its type, its offset in the packet.
Leaf = tuple[str, str, int]
_TYPES = {
    "uint8": ("B", 1),
    "int8": ("b", 1),
    "uint16": ("H", 2),
    "int16": ("h", 2),
    "uint32": ("I", 4),
    "uint64": ("Q", 8),
    "float": ("f", 4),
    "double": ("d", 8),
}


def test_every_packet_has_its_published_size() -> None:
    expected = {
        (packet_format, kind): size
        for kind, sizes in SIZES.items()
        for packet_format, size in zip(PUBLISHED, sizes, strict=True)
    }
    actual = {(layout.packet_format, layout.kind): layout.size for layout in PUBLISHED_LAYOUTS}
    assert {key: size for key, size in expected.items() if size} == actual


def test_there_are_96_packets_in_seven_published_formats() -> None:
    assert tuple(PUBLISHED) == FORMATS[: len(PUBLISHED)]
    assert tuple(SIZES) == PACKET_KINDS[: len(SIZES)]
    assert 96 == len(PUBLISHED_LAYOUTS)


def test_the_range_of_formats_goes_from_the_first_to_the_latest() -> None:
    assert tuple(range(FIRST_FORMAT, LATEST_FORMAT + 1)) == FORMATS == tuple(CAR_SLOTS)


def test_a_layout_is_found_by_kind_in_the_formats_that_have_it() -> None:
    assert LAYOUTS[2021, 11] is layout_of(2021, "session_history")
    with pytest.raises(KeyError):
        layout_of(2020, "session_history")


def test_there_are_22_car_slots_and_24_in_2026() -> None:
    expected = {2020: 22, 2021: 22, 2022: 22, 2023: 22, 2024: 22, 2025: 22, 2026: 24}
    assert expected == {layout.packet_format: layout.car_slots for layout in PUBLISHED_LAYOUTS}


def test_the_repr_of_a_layout_has_format_and_kind() -> None:
    assert "<Layout 2025 lap_data>" == repr(layout_of(2025, "lap_data"))


def _ours(node: Node, path: str, offset: int) -> Iterator[Leaf]:
    if isinstance(node, Record):
        for name, child in node.nodes.items():
            yield from _ours(child, f"{path}.{name}", offset + node.offsets[name])
    elif isinstance(node, Array):
        for index in range(node.count):
            yield from _ours(node.item, f"{path}[{index}]", offset + index * node.item.size)
    else:
        yield path, "text" if isinstance(node, Chars) else node.codes, offset


class _Specification:
    """The leaves of the packets of one format, by the specification."""

    def __init__(self, specified: dict[str, Any]) -> None:
        self._structs = {**specified["structs"], "PacketHeader": specified["header"]}
        self._union = specified["event_details_size"]

    def leaves(self, fields: list[Any], path: str, offset: int) -> tuple[list[Leaf], int]:
        """The leaves of fields that begin at an offset, and the offset after them."""
        leaves: list[Leaf] = []
        for name, kind, count, *dimensions in fields:
            field = f"{path}.{our_name(name)}"
            for place in self._places(field, count, kind, *dimensions):
                more, offset = self._leaf(place, kind, count, offset)
                leaves += more
        return leaves, offset

    def _places(self, path: str, count: int, kind: str, dimensions: tuple[int, ...] = ()) -> list[str]:
        if kind == "char" or path.endswith((".code", ".details")) or count == 1:
            return [path]
        if dimensions:
            return [
                f"{path}[{row}][{column}]" for row in range(dimensions[0]) for column in range(dimensions[1])
            ]
        return [f"{path}[{index}]" for index in range(count)]

    def _leaf(self, path: str, kind: str, count: int, offset: int) -> tuple[list[Leaf], int]:
        if kind in self._structs:
            return self.leaves(self._structs[kind], path, offset)
        if kind == "char" or path == ".code":
            return [(path, "text", offset)], offset + count
        if kind == "EventDataDetails":
            return [(path, "text", offset)], offset + self._union
        code, size = _TYPES[kind]
        return [(path, code, offset)], offset + size


@needs_shared
def test_the_specification_has_exactly_the_published_formats() -> None:
    assert [str(packet_format) for packet_format in PUBLISHED] == list(
        json.loads((SPEC / "layouts.json").read_text())
    )


@needs_shared
@pytest.mark.parametrize("layout", PUBLISHED_LAYOUTS, ids=repr)
def test_every_field_is_where_the_specification_has_it(layout: Layout) -> None:
    specified = json.loads((SPEC / "layouts.json").read_text())[str(layout.packet_format)]
    packet = specified["packets"][layout.kind]
    leaves, size = _Specification(specified).leaves(packet["fields"][1:], "", specified["header_size"])
    assert leaves == list(_ours(layout.body, "", layout.header_size))
    assert (packet["id"], packet["size"], size) == (layout.packet_id, layout.size, layout.size)


@needs_shared
@pytest.mark.parametrize("packet_format", PUBLISHED)
def test_every_header_field_is_where_the_specification_has_it(packet_format: int) -> None:
    specified = json.loads((SPEC / "layouts.json").read_text())[str(packet_format)]
    header = LAYOUTS[packet_format, 0].header
    leaves, size = _Specification(specified).leaves(specified["header"], "", 0)
    assert leaves == list(_ours(header, "", 0))
    assert (specified["header_size"], size) == (header.size, header.size)
    assert set(Header._fields) >= set(header.nodes)


@needs_shared
@pytest.mark.parametrize("packet_format", PUBLISHED)
def test_the_details_of_every_event_agree_with_the_specification(packet_format: int) -> None:
    specified = json.loads((SPEC / "layouts.json").read_text())[str(packet_format)]
    reader = _Specification(specified)
    expected = sorted(reader.leaves(fields, "", 0)[0] for fields in specified["event_details"].values())
    details = LAYOUTS[packet_format, 3].details
    assert expected == sorted(list(_ours(record, "", 0)) for record in details.values())
