"""The notation of a format year: its fields, its shapes, and the edits that make it from the year before.

A *shape* is a sequence of fields without gaps, little-endian. It is the body of a packet, one record in a
body, the header, or the details of one event.

A *field* is written ``name:type`` or ``name:type[count]``; fields are separated by white space. The type is
a number (``u8 i8 u16 i16 u32 u64 f32 f64``), ``char`` (with a count; the value stays bytes) or the name of
another shape. The count ``cars`` means the year's number of car slots.

``f2026.py`` is a short example of a year, ``f2020.py`` is the year that all others start from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

CARS = "cars"
_FIELD = re.compile(r"(?P<name>[a-z]\w*):(?P<type>\w+)(?P<counts>(\[\w+\])*)")


class FieldSpec(NamedTuple):
    """One field; ``counts`` is empty for a single value, else lengths from the outermost array inwards."""

    name: str
    type: str
    counts: tuple[str, ...] = ()


Fields = tuple[FieldSpec, ...]
Edit = Callable[[Fields], Fields]


def fields(text: str) -> Fields:
    """Parse fields from their text.

    Raises:
        ValueError: a word is not a field, or a name occurs twice.
    """
    parsed = tuple(map(_parse_field, text.split()))
    if len({field.name for field in parsed}) != len(parsed):
        raise ValueError(f"a field name occurs twice in: {text}")
    return parsed


def _parse_field(word: str) -> FieldSpec:
    match = _FIELD.fullmatch(word)
    if match is None:
        raise ValueError(f"not a field: {word}")
    return FieldSpec(match["name"], match["type"], tuple(re.findall(r"\w+", match["counts"])))


def edit(*steps: Edit) -> Edit:
    """Apply several edits to one shape, in this order."""

    def apply(shape: Fields) -> Fields:
        for step in steps:
            shape = step(shape)
        return shape

    return apply


def drop(names: str) -> Edit:
    """Remove the named fields."""
    dropped = names.split()

    def apply(shape: Fields) -> Fields:
        for name in dropped:
            _index(shape, name)
        return tuple(field for field in shape if field.name not in dropped)

    return apply


def retype(text: str) -> Edit:
    """Give existing fields another type or count; they stay in their place."""
    retyped = {field.name: field for field in fields(text)}

    def apply(shape: Fields) -> Fields:
        for name in retyped:
            _index(shape, name)
        return tuple(retyped.get(field.name, field) for field in shape)

    return apply


def first(text: str) -> Edit:
    """Insert fields before all others."""
    return lambda shape: fields(text) + shape


def last(text: str) -> Edit:
    """Append fields after all others."""
    return lambda shape: shape + fields(text)


def after(name: str, text: str) -> Edit:
    """Insert fields after the named one."""

    def apply(shape: Fields) -> Fields:
        at = _index(shape, name) + 1
        return shape[:at] + fields(text) + shape[at:]

    return apply


def _index(shape: Fields, name: str) -> int:
    """The index of a field by its name.

    Raises:
        ValueError: the shape has no such field.
    """
    for index, field in enumerate(shape):
        if field.name == name:
            return index
    raise ValueError(f"no field {name} to change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """All layouts of one packet format.

    Attributes:
        packet_format: the number in the header, a year such as 2025.
        car_slots: the length of every array that has one record per car.
        packets: packet id by kind; the body of a packet is the shape with the name of its kind.
        shapes: fields by the name of the shape; the ``header`` and the event codes (``FTLP``) are shapes too.
        previous: the year that this one changes; None for the first.
    """

    packet_format: int
    car_slots: int
    packets: Mapping[str, int]
    shapes: Mapping[str, Fields]
    previous: Year | None = None

    def then(
        self,
        packet_format: int,
        *,
        shapes: Mapping[str, Fields | Edit],
        packets: Mapping[str, int] | None = None,
        car_slots: int | None = None,
    ) -> Year:
        """The next year; everything that is not named stays as it is in this year.

        Args:
            shapes: fields for a new shape, an edit for a changed one.
            packets: packet ids of new kinds.
            car_slots: the new number of car slots, if it changes.

        Raises:
            ValueError: an edit names a field that the shape does not have.
        """
        changed = {
            name: change(self.shapes[name]) if callable(change) else change for name, change in shapes.items()
        }
        return Year(
            packet_format=packet_format,
            car_slots=car_slots or self.car_slots,
            packets={**self.packets, **(packets or {})},
            shapes={**self.shapes, **changed},
            previous=self,
        )

    def with_earlier_years(self) -> tuple[Year, ...]:
        """This year and all earlier years, oldest first."""
        earlier = self.previous.with_earlier_years() if self.previous else ()
        return (*earlier, self)
