"""Read the twelve lap fields of a timing board from one lap packet, compared with the f1-packets library.

Run ``python -m benchmarks.board_columns``. Both contenders begin with the bytes of the datagram. F1Timings
identifies it and reads columns. The library resolves it, and the same fields of every car are read. The
contenders take turns within each round, so that a busy machine slows all of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from f1 import packets as f1_packets  # type: ignore[import-untyped]

from f1timings.packets import Columns, Header, build, encode, identify, layout_of

ROUNDS = 21
CALLS = 400
FIELDS = {
    "last_lap_time_ms": "last_lap_time_in_ms",
    "current_lap_time_ms": "current_lap_time_in_ms",
    "sector1_time_ms": "sector1_time_ms_part",
    "sector1_time_minutes": "sector1_time_minutes_part",
    "sector2_time_ms": "sector2_time_ms_part",
    "sector2_time_minutes": "sector2_time_minutes_part",
    "lap_distance": "lap_distance",
    "car_position": "car_position",
    "current_lap_num": "current_lap_num",
    "pit_status": "pit_status",
    "current_lap_invalid": "current_lap_invalid",
    "result_status": "result_status",
}

Row = tuple[Any, ...]


def lap_packet(packet_format: int) -> bytes:
    """Return a lap packet in which every car has different values."""
    slots = layout_of(packet_format, "lap_data").car_slots
    header = Header(
        packet_format,
        game_year=25,
        game_minor_version=18,
        packet_id=2,
        session_uid=2**63 + 5,
        session_time=431.5,
        frame_identifier=25_000,
        overall_frame_identifier=25_000,
    )
    cars = {
        slot: {name: (slot * 31 + place) % 60 for place, name in enumerate(FIELDS)} for slot in range(slots)
    }
    return encode(build(packet_format, "lap_data", header, cars=cars))


def _add_format_2025() -> None:
    """Add the lap packet of format 2025 to f1-packets 2026, which does not have it.

    The record of a car is the same in both formats.
    """
    if (2025, 1, 2) not in f1_packets.HEADER_FIELD_TO_PACKET_TYPE:
        layout = [
            ("header", f1_packets.PacketHeader),
            ("lap_data", f1_packets.LapData * 22),
            *f1_packets.PacketLapData._fields_[2:],
        ]
        lap_packet_2025 = type("PacketLapData2025", (f1_packets.Packet,), {"_fields_": layout, "_pack_": 1})
        f1_packets.HEADER_FIELD_TO_PACKET_TYPE[2025, 1, 2] = lap_packet_2025


def contenders(packet_format: int) -> dict[str, Callable[[bytes], Any]]:
    """Return the contenders by name; ``rows`` and ``f1_packets`` return the same list of rows."""
    _add_format_2025()
    columns = {layout_of(packet_format, "lap_data"): Columns(layout_of(packet_format, "lap_data"), [*FIELDS])}
    read_library_fields = attrgetter(*FIELDS.values())

    def rows(data: bytes) -> list[Row]:
        return columns[identify(data)].rows(data)

    def flat(data: bytes) -> Row:
        return columns[identify(data)].flat(data)

    def library(data: bytes) -> list[Row]:
        return [read_library_fields(car) for car in f1_packets.resolve(data).lap_data]

    return {"rows": rows, "flat": flat, "f1_packets": library}


def _microseconds(call: Callable[[bytes], Any], data: bytes) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call(data)
    return (time.perf_counter() - start) / CALLS * 1e6


def measure(packet_format: int = 2025, rounds: int = ROUNDS) -> dict[str, float]:
    """Return medians in microseconds per packet, and ratios to f1-packets (median, min, max).

    Raises:
        ValueError: the contenders read different values.
    """
    data, calls = lap_packet(packet_format), contenders(packet_format)
    expected = calls["f1_packets"](data)
    if calls["rows"](data) != expected or calls["flat"](data) != tuple(v for row in expected for v in row):
        raise ValueError("the contenders read different values")
    times = [{name: _microseconds(call, data) for name, call in calls.items()} for _ in range(rounds)]
    result = {f"{name}_us": statistics.median(turn[name] for turn in times) for name in calls}
    for name in ("rows", "flat"):
        ratios = [turn["f1_packets"] / turn[name] for turn in times]
        result[f"{name}_ratio"] = statistics.median(ratios)
        result[f"{name}_ratio_min"], result[f"{name}_ratio_max"] = min(ratios), max(ratios)
    return result


def main() -> None:
    """Print the figures for the formats of F1 25 and of its 2026 season pack."""
    for packet_format, cars in ((2025, 22), (2026, 24)):
        figures = measure(packet_format)
        print(
            f"format {packet_format}: {len(FIELDS)} fields of {cars} cars, {ROUNDS} rounds of {CALLS} calls"
        )
        print(f"  f1-packets {figures['f1_packets_us']:7.2f} us per packet")
        for name in ("rows", "flat"):
            ratio, low, high = (figures[f"{name}_ratio{end}"] for end in ("", "_min", "_max"))
            cost_us = figures[f"{name}_us"]
            print(f"  {name:10} {cost_us:7.2f} us, {ratio:.1f} times faster ({low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()
