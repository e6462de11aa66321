"""Columns, scalars and writers read and write the chosen fields and nothing else."""

from __future__ import annotations

import pytest

from f1timings.packets import (
    LAYOUTS,
    CarWriter,
    Columns,
    Fingerprint,
    Layout,
    Scalars,
    decode,
    layout_of,
    read_header,
    write_header,
)
from tests.packets.samples import header_of, noise

LAP = layout_of(2025, "lap_data")
BOARD = ("car_position", "last_lap_time_ms", "result_status", "lap_distance")


def test_rows_have_the_chosen_fields_in_the_given_order() -> None:
    data = noise(LAP, seed=5)
    expected = [tuple(getattr(lap, name) for name in BOARD) for lap in decode(data).body.cars]
    columns = Columns(LAP, BOARD)
    assert repr(expected) == repr(columns.rows(data))
    assert repr(tuple(value for row in expected for value in row)) == repr(columns.flat(data))
    assert columns.names == BOARD


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_columns_read_any_buffer(kind: type[bytes]) -> None:
    data = noise(LAP, seed=6)
    expected = [(lap.car_position,) for lap in decode(data).body.cars]
    assert expected == Columns(LAP, ("car_position",)).rows(kind(data))


def test_one_row_is_that_of_all_rows() -> None:
    data = noise(LAP, seed=6)
    columns = Columns(LAP, BOARD)
    assert repr(columns.rows(data)) == repr([columns.row(data, at) for at in range(22)])
    for at in (-1, 22):
        with pytest.raises(IndexError):
            columns.row(data, at)


def test_a_name_may_be_given_twice() -> None:
    data = noise(LAP, seed=7)
    expected = [(lap.sector, lap.sector) for lap in decode(data).body.cars]
    assert expected == Columns(LAP, ("sector", "sector")).rows(data)


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS.values() if layout.cars], ids=repr)
def test_columns_read_all_single_values_in_reverse_order(layout: Layout) -> None:
    data = noise(layout, seed=8)
    assert layout.cars is not None
    names = layout.cars.record.single_values[::-1]
    expected = [tuple(getattr(record, name) for name in names) for record in decode(data).body.cars]
    assert repr(expected) == repr(Columns(layout, names).rows(data))


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS.values() if layout.cars], ids=repr)
def test_a_fingerprint_changes_with_the_chosen_fields_and_with_no_other(layout: Layout) -> None:
    assert layout.cars is not None
    record, offset, count = layout.cars
    chosen = record.single_values[::2]
    bytes_of_chosen = {
        offset + slot * record.size + record.offsets[name] + byte
        for slot in range(count)
        for name in chosen
        for byte in range(record.nodes[name].size)
    }
    fingerprint, before = Fingerprint(layout, chosen), noise(layout, seed=9)
    changed = set()
    for at in range(layout.size):
        after = bytearray(before)
        after[at] ^= 1
        if fingerprint.of(after) != fingerprint.of(before):
            changed.add(at)
    assert bytes_of_chosen == changed


def test_columns_of_another_array_than_the_cars() -> None:
    layout = layout_of(2024, "session_history")
    data = noise(layout, seed=9)
    expected = [(lap.lap_time_ms, lap.lap_valid_bit_flags) for lap in decode(data).body.lap_history_data]
    columns = Columns(layout, ("lap_time_ms", "lap_valid_bit_flags"), array="lap_history_data")
    assert expected == columns.rows(data)


@pytest.mark.parametrize("names", [("nonsense",), ("car_position", "cars"), ("",)])
def test_a_name_that_is_not_a_single_value_is_an_error(names: tuple[str, ...]) -> None:
    with pytest.raises(KeyError, match="single value"):
        Columns(LAP, names)
    with pytest.raises(KeyError, match="single value"):
        CarWriter(LAP, names)
    with pytest.raises(KeyError, match="single value"):
        Scalars(LAP, names)


def test_an_array_is_not_a_single_value() -> None:
    with pytest.raises(KeyError, match="tyres_wear"):
        Columns(layout_of(2025, "car_damage"), ("tyres_wear",))


def test_a_packet_without_cars_has_no_columns_of_cars() -> None:
    with pytest.raises(KeyError, match="cars"):
        Columns(layout_of(2025, "session"), ("weather",))


def test_scalars_are_read_from_both_sides_of_an_array() -> None:
    layout = layout_of(2025, "session")
    data = noise(layout, seed=10)
    body = decode(data).body
    scalars = Scalars(layout, ("safety_car_status", "track_id", "num_red_flag_periods", "weather"))
    expected = (body.safety_car_status, body.track_id, body.num_red_flag_periods, body.weather)
    assert expected == scalars.read(data)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_scalars_read_all_single_values_of_every_body(layout: Layout) -> None:
    data = noise(layout, seed=11)
    names = layout.body.single_values
    expected = tuple(getattr(decode(data).body, name) for name in names)
    assert repr(expected) == repr(Scalars(layout, names).read(data))


@pytest.mark.parametrize(
    "names", [BOARD, BOARD[::-1], ("sector",), LAP.repeated("cars").record.single_values]
)
def test_a_writer_changes_the_chosen_fields_and_no_other_byte(names: tuple[str, ...]) -> None:
    before, donor = bytearray(noise(LAP, seed=12)), bytes(LAP.size)
    written = bytearray(before)
    CarWriter(LAP, names).write(written, Columns(LAP, names).rows(donor))
    others = [name for name in LAP.repeated("cars").record.single_values if name not in names]
    assert Columns(LAP, names).rows(donor) == Columns(LAP, names).rows(written)
    assert repr(Columns(LAP, others).rows(before)) == repr(Columns(LAP, others).rows(written))
    assert (before[:29], before[-2:]) == (written[:29], written[-2:])


def test_a_writer_with_fewer_rows_leaves_the_last_cars_unchanged() -> None:
    before = noise(LAP, seed=13)
    written = bytearray(before)
    CarWriter(LAP, ("car_position",)).write(written, [(200,), (201,)])
    expected = [(200,), (201,), *Columns(LAP, ("car_position",)).rows(before)[2:]]
    assert expected == Columns(LAP, ("car_position",)).rows(written)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=repr)
def test_a_rewritten_header_is_read_back_and_the_body_stays(layout: Layout) -> None:
    before = noise(layout, seed=14)
    data = bytearray(before)
    header = header_of(layout)._replace(frame_identifier=77, session_time=0.5, session_uid=2**64 - 1)
    write_header(data, layout, header._replace(packet_format=1, packet_id=99))
    assert header == read_header(data, layout)
    assert before[layout.header_size :] == data[layout.header_size :]
