"""The notation of the years is parsed, its edits change shapes, and mistakes raise errors."""

from __future__ import annotations

import pytest

from f1timings.packets.years import FieldSpec, Year, after, drop, edit, fields, first, last, retype

LAP = fields("time:u32 sector:u8 name:char[4] grid:u8[50][cars]")


def test_fields_are_read_from_text() -> None:
    expected = (
        FieldSpec("time", "u32"),
        FieldSpec("sector", "u8"),
        FieldSpec("name", "char", ("4",)),
        FieldSpec("grid", "u8", ("50", "cars")),
    )
    assert expected == LAP


@pytest.mark.parametrize("word", ["time", "time:", "Time:u8", "time:u8[", "time:u8[2]x", "time:u8 time:u16"])
def test_text_that_is_not_a_field_is_an_error(word: str) -> None:
    with pytest.raises(ValueError, match="field"):
        fields(word)


def test_a_year_changes_shapes_by_edits() -> None:
    changed = edit(
        drop("sector grid"),
        retype("name:char[2]"),
        first("id:u8"),
        after("time", "minutes:u8"),
        last("end:u8"),
    )
    assert fields("id:u8 time:u32 minutes:u8 name:char[2] end:u8") == changed(LAP)


@pytest.mark.parametrize("change", [drop("wing"), retype("wing:u8"), after("wing", "flap:u8")])
def test_an_edit_of_a_missing_field_is_an_error(change: object) -> None:
    assert callable(change)
    with pytest.raises(ValueError, match="no field wing"):
        change(LAP)


def test_the_next_year_has_everything_that_it_does_not_change() -> None:
    before = Year(
        packet_format=2030,
        car_slots=22,
        packets={"lap": 0},
        shapes={"lap": LAP, "header": fields("id:u8")},
    )
    year = before.then(
        2031, car_slots=24, packets={"pit": 1}, shapes={"pit": fields("x:u8"), "lap": drop("grid")}
    )
    assert (2031, 24, {"lap": 0, "pit": 1}) == (year.packet_format, year.car_slots, year.packets)
    assert {"lap": LAP[:3], "header": fields("id:u8"), "pit": fields("x:u8")} == year.shapes
    assert (before, year) == year.with_earlier_years()
