"""The words in which the format years are written: fields, shapes, and what a year changes in the last.

A *shape* is a sequence of fields without gaps, little-endian: a packet's body, one record in it, the
header, or the details of one event. Fields are written as text, ``name:type`` or ``name:type[count]``,
separated by space. A type is a number (``u8 i8 u16 i16 u32 u64 f32 f64``), ``char`` (counted, kept as
bytes) or another shape's name; the count ``cars`` stands for the year's number of car slots.
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
    """Read fields from their text.

    Raises:
        ValueError: a word is no field, or a name comes twice.
    """
    found = tuple(map(_field, text.split()))
    if len({field.name for field in found}) != len(found):
        raise ValueError(f"a field's name comes twice in: {text}")
    return found


def _field(word: str) -> FieldSpec:
    match = _FIELD.fullmatch(word)
    if match is None:
        raise ValueError(f"not a field: {word}")
    return FieldSpec(match["name"], match["type"], tuple(re.findall(r"\w+", match["counts"])))


def edit(*steps: Edit) -> Edit:
    """Several edits of one shape, in this order."""

    def apply(shape: Fields) -> Fields:
        for step in steps:
            shape = step(shape)
        return shape

    return apply


def drop(names: str) -> Edit:
    """Take the named fields out."""
    gone = names.split()

    def apply(shape: Fields) -> Fields:
        for name in gone:
            _index(shape, name)
        return tuple(field for field in shape if field.name not in gone)

    return apply


def retype(text: str) -> Edit:
    """Give fields that are there another type or count, at their place."""
    news = {field.name: field for field in fields(text)}

    def apply(shape: Fields) -> Fields:
        for name in news:
            _index(shape, name)
        return tuple(news.get(field.name, field) for field in shape)

    return apply


def first(text: str) -> Edit:
    """Put fields before all others."""
    return lambda shape: fields(text) + shape


def last(text: str) -> Edit:
    """Put fields behind all others."""
    return lambda shape: shape + fields(text)


def after(name: str, text: str) -> Edit:
    """Put fields behind the named one."""

    def apply(shape: Fields) -> Fields:
        at = _index(shape, name) + 1
        return shape[:at] + fields(text) + shape[at:]

    return apply


def _index(shape: Fields, name: str) -> int:
    for index, field in enumerate(shape):
        if field.name == name:
            return index
    raise ValueError(f"no field {name} to change")


@dataclass(frozen=True, slots=True)
class Year:
    """All layouts of one format.

    Attributes:
        packet_format: 2020 to 2026, as in the header.
        car_slots: records in every array that has one for each car.
        packets: packet id by kind; the body of a packet is the shape of its kind.
        shapes: fields by shape's name; ``header`` and the event codes (``FTLP``) are shapes too.
    """

    packet_format: int
    car_slots: int
    packets: Mapping[str, int]
    shapes: Mapping[str, Fields]

    def then(
        self,
        packet_format: int,
        *,
        shapes: Mapping[str, Fields | Edit],
        packets: Mapping[str, int] | None = None,
        car_slots: int | None = None,
    ) -> Year:
        """The next year: new shapes as fields, changed ones as edits, and all else as it was."""
        changed = {
            name: change(self.shapes[name]) if callable(change) else change for name, change in shapes.items()
        }
        return Year(
            packet_format=packet_format,
            car_slots=car_slots or self.car_slots,
            packets={**self.packets, **(packets or {})},
            shapes={**self.shapes, **changed},
        )
