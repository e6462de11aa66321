"""Shapes ready for use: they convert between the flat values of a packet and nested records with names.

Nodes never handle bytes. ``read`` builds a value from a packet's flat tuple, ``write`` appends the flat
values in the same order, ``fill`` completes a value with zeros where a caller gave nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from f1timings.packets.years import CARS, FieldSpec, Year

# ``struct`` code and size in bytes.
_NUMBERS = {
    "u8": ("B", 1),
    "i8": ("b", 1),
    "u16": ("H", 2),
    "i16": ("h", 2),
    "u32": ("I", 4),
    "u64": ("Q", 8),
    "f32": ("f", 4),
    "f64": ("d", 8),
}


class Node(ABC):
    """One value of a shape: a number, a text, an array or a record.

    Attributes:
        codes: the codes for ``struct``.
        size: number of bytes.
        width: number of flat values.
        floats: (flat index, byte offset) of each 32-bit float inside.
        zeros: the value of which every byte is zero; values cannot be changed, so all users share it.
    """

    codes: str
    size: int
    width: int
    floats: tuple[tuple[int, int], ...] = ()
    zeros: Any

    @abstractmethod
    def read(self, values: Sequence[Any], at: int) -> Any:
        """The value that begins at flat index ``at``."""

    @abstractmethod
    def write(self, value: Any, into: list[Any]) -> None:
        """Append the flat values of a value.

        Raises:
            ValueError: an array, text or record does not have the length of the shape.
        """

    @abstractmethod
    def fill(self, given: Any) -> Any:
        """Complete a value that a caller gave in part; None gives zeros.

        Raises:
            ValueError: too many entries.
            KeyError: a record has no such field.
        """


class Number(Node):
    """An integer or a float."""

    width = 1
    zeros = 0

    def __init__(self, kind: str) -> None:
        self.codes, self.size = _NUMBERS[kind]
        if kind == "f32":
            self.floats = ((0, 0),)

    def read(self, values: Sequence[Any], at: int) -> Any:
        return values[at]

    def write(self, value: Any, into: list[Any]) -> None:
        into.append(value)

    def fill(self, given: Any) -> Any:
        return 0 if given is None else given


class Chars(Node):
    """Text as raw bytes of full length, with the bytes after its NUL."""

    width = 1

    def __init__(self, count: int) -> None:
        self.codes, self.size = f"{count}s", count
        self.zeros = bytes(count)

    def read(self, values: Sequence[Any], at: int) -> Any:
        return values[at]

    def write(self, value: Any, into: list[Any]) -> None:
        _check_length(value, self.size)
        into.append(value)

    def fill(self, given: Any) -> bytes:
        text = bytes(given or b"").ljust(self.size, b"\0")
        _check_length(text, self.size)
        return text


class Array(Node):
    """A fixed number of equal nodes; the value is a tuple."""

    def __init__(self, item: Node, count: int) -> None:
        self.item, self.count = item, count
        self.codes = f"{count}{item.codes}" if isinstance(item, Number) else item.codes * count
        self.size, self.width = item.size * count, item.width * count
        self.floats = _shifted((item, index * item.width, index * item.size) for index in range(count))

    @cached_property
    def zeros(self) -> tuple[Any, ...]:
        return (self.item.zeros,) * self.count

    def read(self, values: Sequence[Any], at: int) -> tuple[Any, ...]:
        if isinstance(self.item, Number):
            return tuple(values[at : at + self.width])
        read = self.item.read
        return tuple([read(values, start) for start in range(at, at + self.width, self.item.width)])

    def write(self, value: Any, into: list[Any]) -> None:
        _check_length(value, self.count)
        if isinstance(self.item, Number):
            into.extend(value)
            return
        for item in value:
            self.item.write(item, into)

    def fill(self, given: Any) -> tuple[Any, ...]:
        items = dict(given if isinstance(given, Mapping) else enumerate(given or ()))
        if not items.keys() <= set(range(self.count)):
            raise ValueError(f"an array of {self.count} has no places {sorted(items)}")
        filled = list(self.zeros)
        for index, item in items.items():
            filled[index] = self.item.fill(item)
        return tuple(filled)


class Record(Node):
    """Named values in order; the value is a named tuple.

    Attributes:
        nodes: node by field name.
        offsets: byte offset in the record by field name.
    """

    def __init__(self, name: str, nodes: Mapping[str, Node]) -> None:
        self.name, self.nodes = name, nodes
        self.offsets: dict[str, int] = {}
        self._starts: list[tuple[Node, int]] = []
        self.size = self.width = 0
        for field, node in nodes.items():
            self.offsets[field] = self.size
            self._starts.append((node, self.width))
            self.size += node.size
            self.width += node.width
        self.codes = "".join(node.codes for node in nodes.values())
        self.floats = _shifted(
            (node, start, offset)
            for (node, start), offset in zip(self._starts, self.offsets.values(), strict=True)
        )
        self._places = {field: place for place, field in enumerate(nodes)}
        self._is_flat = all(isinstance(node, Number | Chars) for node in nodes.values())
        self._has_only_numbers = all(isinstance(node, Number) for node in nodes.values())

    @cached_property
    def single_values(self) -> tuple[str, ...]:
        """Names of the fields that are numbers or texts, rather than arrays or records."""
        return tuple(name for name, node in self.nodes.items() if isinstance(node, Number | Chars))

    @cached_property
    def make(self) -> Callable[[Iterable[Any]], Any]:
        """The constructor of the named tuple, created on first use: most kinds are never decoded whole."""
        title = "".join(word.title() for word in self.name.split("_"))
        row_type: Any = namedtuple(title, self.nodes)  # type: ignore[misc]
        make: Callable[[Iterable[Any]], Any] = row_type._make
        return make

    @cached_property
    def zeros(self) -> Any:
        return self.make([node.zeros for node in self.nodes.values()])

    def read(self, values: Sequence[Any], at: int) -> Any:
        if self._is_flat:
            return self.make(values[at : at + self.width])
        return self.make([node.read(values, at + start) for node, start in self._starts])

    def write(self, value: Any, into: list[Any]) -> None:
        _check_length(value, len(self.nodes))
        if self._has_only_numbers:
            into.extend(value)
            return
        for node, part in zip(self.nodes.values(), value, strict=True):
            node.write(part, into)

    def fill(self, given: Any) -> Any:
        if given is None:
            return self.zeros
        if not isinstance(given, Mapping):
            given = dict(zip(self.nodes, given, strict=True))
        unknown = given.keys() - self.nodes.keys()
        if unknown:
            raise KeyError(f"{self.name} has no {', '.join(sorted(unknown))}")
        filled = list(self.zeros)
        for name, part in given.items():
            filled[self._places[name]] = self.nodes[name].fill(part)
        return self.make(filled)


def _check_length(value: Any, length: int) -> None:
    if len(value) != length:
        raise ValueError(f"{len(value)} entries where the layout has {length}")


def _shifted(placed: Iterable[tuple[Node, int, int]]) -> tuple[tuple[int, int], ...]:
    """The floats of nodes, each given with the flat index and the byte offset where it begins."""
    return tuple(
        (start + index, offset + place) for node, start, offset in placed for index, place in node.floats
    )


def build_records(year: Year) -> dict[str, Record]:
    """Every shape of a year, by name."""
    built: dict[str, Record] = {}

    def record(name: str) -> Record:
        if name not in built:
            built[name] = Record(name, {field.name: node(field) for field in year.shapes[name]})
        return built[name]

    def node(field: FieldSpec) -> Node:
        counts = [year.car_slots if count == CARS else int(count) for count in field.counts]
        if field.type == "char":
            return Chars(*counts)
        value: Node = Number(field.type) if field.type in _NUMBERS else record(field.type)
        for count in reversed(counts):
            value = Array(value, count)
        return value

    for name in year.shapes:
        record(name)
    return built
