"""Rows of lap data have the values of the decoded packet, in every format."""

from __future__ import annotations

import pytest

from f1timings.packets import FORMATS, Header, build, encode, layout_of
from f1timings.timing.lap_rows import LapReader, LapRow


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_row_has_each_value_in_its_place(packet_format: int) -> None:
    header = Header(packet_format, packet_id=2, session_uid=7, session_time=12.5, frame_identifier=100)
    row: dict[str, object] = {
        "current_lap_num": 9,
        "pit_status": 1,
        "sector": 2,
        "current_lap_invalid": 1,
        "driver_status": 4,
        "result_status": 3,
        "sector1_time_ms": 31_000,
        "sector2_time_ms": 32_000,
        "lap_distance": 1234.5,
    }
    minutes = 0
    if packet_format == 2020:
        row |= {"last_lap_time": 83.456, "current_lap_time": 59.999}
    else:
        row |= {"last_lap_time_ms": 83_456, "current_lap_time_ms": 59_999}
    if packet_format >= 2023:
        minutes = 60_000
        row |= {"sector1_time_minutes": 1, "sector2_time_minutes": 1}
    data = encode(build(packet_format, "lap_data", header, cars={5: row}))
    reader = LapReader(layout_of(packet_format, "lap_data"))
    flat = reader.slow_columns(data)
    expected = LapRow(
        lap_number=9,
        sector=2,
        is_invalid=True,
        pit_status=1,
        driver_status=4,
        result_status=3,
        last_lap_ms=83_456,
        sector1_ms=31_000 + minutes,
        sector2_ms=32_000 + minutes,
        current_lap_ms=59_999,
        lap_distance_m=1234.5,
        session_time_s=12.5,
    )
    assert expected == reader.row(flat, data, 5, 12.5)
    assert 0 == reader.row(flat, data, 4, 12.5).lap_number
