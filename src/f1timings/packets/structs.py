"""The only code that touches bytes: ``struct`` objects built from shapes, for packets or chosen fields."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

from f1timings.packets.shapes import Node, Record

Buffer = bytes | bytearray | memoryview

_FLOAT = struct.Struct("<f")
_BITS = struct.Struct("<I")


class SignallingNaN(float):
    """A 32-bit NaN that the conversion to Python's 64 bits would change, with its original bits.

    The processor sets the quiet bit of such a NaN when it widens it. Games send them from memory that was
    never written. The value behaves as NaN and is encoded with its original bits.
    """

    __slots__ = ("bits",)
    bits: int

    def __new__(cls, bits: int) -> SignallingNaN:
        nan = super().__new__(cls, "nan")
        nan.bits = bits
        return nan

    def __reduce__(self) -> tuple[type[SignallingNaN], tuple[int]]:
        return type(self), (self.bits,)


def struct_of(node: Node) -> struct.Struct:
    """The plain ``struct`` of one node."""
    return struct.Struct("<" + node.codes)


class StructCodec:
    """A sequence of nodes as bytes, without loss in either direction."""

    def __init__(self, *nodes: Node) -> None:
        self._nodes = nodes
        self._struct = struct.Struct("<" + "".join(node.codes for node in nodes))
        self.size = self._struct.size

    @cached_property
    def _floats(self) -> tuple[tuple[int, int], ...]:
        return Record("whole", {str(index): node for index, node in enumerate(self._nodes)}).floats

    def unpack(self, data: Buffer) -> tuple[Any, ...]:
        """The flat values of exactly ``size`` bytes.

        The values are packed again to prove that nothing was lost. Only signalling NaNs ever are.
        """
        values = self._struct.unpack(data)
        if self._struct.pack(*values) == data:
            return values
        return self._with_signalling_nans(values, data)

    def pack(self, values: Sequence[Any]) -> bytes:
        """The bytes of flat values.

        Raises:
            ValueError: a value has the wrong type for its field or is out of its range.
        """
        data = bytearray(self.size)
        try:
            self._struct.pack_into(data, 0, *values)
        except (struct.error, OverflowError) as error:
            raise ValueError(f"a value does not fit its field: {error}") from error
        for index, offset in self._floats:
            value = values[index]
            if isinstance(value, SignallingNaN):
                _BITS.pack_into(data, offset, value.bits)
        return bytes(data)

    def _with_signalling_nans(self, values: tuple[Any, ...], data: Buffer) -> tuple[Any, ...]:
        restored = list(values)
        for index, offset in self._floats:
            if _FLOAT.pack(restored[index]) != data[offset : offset + _FLOAT.size]:
                restored[index] = SignallingNaN(*_BITS.unpack_from(data, offset))
        return tuple(restored)


@cache
def codec_of(record: Record) -> StructCodec:
    """The codec of one record."""
    return StructCodec(record)


class FieldPicker:
    """Reads chosen single-valued fields of a record that repeats ``count`` times; skips the other bytes.

    Args:
        names: the fields, in the order of the values.

    Attributes:
        unpack_from: returns the values of all records, one record after the other, for (buffer, offset).
        rows: yields one tuple per record, for a buffer that contains only the records.

    Raises:
        KeyError: the record has no such field, or the field is an array or a record itself.
    """

    def __init__(self, record: Record, names: Sequence[str], count: int) -> None:
        for name in names:
            if name not in record.single_values:
                raise KeyError(f"{record.name} has no single value {name}")
        codes = "".join(
            node.codes if name in names else f"{node.size}x" for name, node in record.nodes.items()
        )
        all_records, one_record = struct.Struct("<" + codes * count), struct.Struct("<" + codes)
        in_layout_order = [name for name in record.nodes if name in names]
        self.unpack_from: Callable[[Buffer, int], tuple[Any, ...]] = all_records.unpack_from
        self.rows: Callable[[Buffer], Iterable[tuple[Any, ...]]] = one_record.iter_unpack
        if in_layout_order != list(names):
            self.unpack_from = _reordered(
                all_records, itemgetter(*_flat_indices(in_layout_order, names, count))
            )
            self.rows = _reordered_rows(one_record, itemgetter(*_flat_indices(in_layout_order, names, 1)))


def _flat_indices(in_layout_order: list[str], names: Sequence[str], count: int) -> list[int]:
    """Flat indices of the values in the order of ``names``."""
    width = len(in_layout_order)
    return [start + in_layout_order.index(name) for start in range(0, width * count, width) for name in names]


def _reordered(packed: struct.Struct, pick: itemgetter[Any]) -> Callable[[Buffer, int], tuple[Any, ...]]:
    def unpack_from(data: Buffer, offset: int) -> tuple[Any, ...]:
        values: tuple[Any, ...] = pick(packed.unpack_from(data, offset))
        return values

    return unpack_from


def _reordered_rows(
    packed: struct.Struct, pick: itemgetter[Any]
) -> Callable[[Buffer], Iterable[tuple[Any, ...]]]:
    return lambda data: map(pick, packed.iter_unpack(data))


def field_runs(record: Record, names: Sequence[str]) -> Iterator[tuple[struct.Struct, int, list[str]]]:
    """Chosen fields as runs of neighbours, so that writing them leaves all other bytes unchanged.

    Yields:
        The ``struct`` of a run, its offset in the record, and its field names.

    Raises:
        KeyError: the record has no such field, or the field is an array or a record itself.
    """
    FieldPicker(record, names, 1)
    run: list[str] = []
    for name in [*record.nodes, ""]:
        if name in names:
            run.append(name)
        elif run:
            codes = "".join(record.nodes[field].codes for field in run)
            yield struct.Struct("<" + codes), record.offsets[run[0]], run
            run = []
