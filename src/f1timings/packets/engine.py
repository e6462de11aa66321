"""The only code that touches bytes: structs built from shapes, for whole packets and for chosen fields."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Any

from f1timings.packets.shapes import Chars, Node, Number, Record

Buffer = bytes | bytearray | memoryview

_FLOAT = struct.Struct("<f")
_BITS = struct.Struct("<I")


class SignallingNaN(float):
    """A 32-bit NaN that Python's conversion to 64 bits would alter, with the bits that came.

    The processor sets the quiet bit of such a NaN when it widens it; games send them where memory was never
    written. It behaves as NaN and is encoded as it came.
    """

    __slots__ = ("bits",)
    bits: int

    def __new__(cls, bits: int) -> SignallingNaN:
        made = super().__new__(cls, "nan")
        made.bits = bits
        return made

    def __reduce__(self) -> tuple[type[SignallingNaN], tuple[int]]:
        return type(self), (self.bits,)


def struct_of(node: Node) -> struct.Struct:
    """The plain struct of one node."""
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
        """Flat values of exactly ``size`` bytes.

        Packing them again proves that nothing was lost; only signalling NaNs ever are.
        """
        values = self._struct.unpack(data)
        if self._struct.pack(*values) == data:
            return values
        return self._with_signals(values, data)

    def pack(self, values: Sequence[Any]) -> bytes:
        """Bytes of flat values.

        Raises:
            ValueError: a value is not of the field's type or range.
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

    def _with_signals(self, values: tuple[Any, ...], data: Buffer) -> tuple[Any, ...]:
        kept = list(values)
        for index, offset in self._floats:
            if _FLOAT.pack(kept[index]) != data[offset : offset + _FLOAT.size]:
                kept[index] = SignallingNaN(*_BITS.unpack_from(data, offset))
        return tuple(kept)


@cache
def wire_of(record: Record) -> StructCodec:
    """One record as bytes."""
    return StructCodec(record)


class Picked:
    """Chosen single-valued fields of a record that repeats ``count`` times: one struct, the rest skipped.

    Args:
        names: in the order wanted.

    Attributes:
        unpack_from: (buffer, offset) to all values, record by record.
        rows: a buffer of the records alone to a tuple for each.

    Raises:
        KeyError: the record has no such field, or it is an array or a record itself.
    """

    def __init__(self, record: Record, names: Sequence[str], count: int) -> None:
        for name in names:
            if not isinstance(record.nodes.get(name), Number | Chars):
                raise KeyError(f"{record.name} has no single value {name}")
        codes = "".join(
            node.codes if name in names else f"{node.size}x" for name, node in record.nodes.items()
        )
        whole, one = struct.Struct("<" + codes * count), struct.Struct("<" + codes)
        found = [name for name in record.nodes if name in names]
        self.unpack_from: Callable[[Buffer, int], tuple[Any, ...]] = whole.unpack_from
        self.rows: Callable[[Buffer], Iterable[tuple[Any, ...]]] = one.iter_unpack
        if found != list(names):
            self.unpack_from = _reordered(whole, itemgetter(*_order(found, names, count)))
            self.rows = _reordered_rows(one, itemgetter(*_order(found, names, 1)))


def _order(found: list[str], names: Sequence[str], count: int) -> list[int]:
    """Flat indices, as found, of the values in the order wanted."""
    return [at + found.index(name) for at in range(0, len(found) * count, len(found)) for name in names]


def _reordered(packed: struct.Struct, pick: itemgetter[Any]) -> Callable[[Buffer, int], tuple[Any, ...]]:
    def ordered(data: Buffer, offset: int) -> tuple[Any, ...]:
        picked: tuple[Any, ...] = pick(packed.unpack_from(data, offset))
        return picked

    return ordered


def _reordered_rows(
    packed: struct.Struct, pick: itemgetter[Any]
) -> Callable[[Buffer], Iterable[tuple[Any, ...]]]:
    return lambda data: map(pick, packed.iter_unpack(data))


def runs(record: Record, names: Sequence[str]) -> Iterator[tuple[struct.Struct, int, list[str]]]:
    """Chosen fields as runs of neighbours, for writing: skipped bytes must stay as they are.

    Yields:
        The run's struct, its offset in the record, and its names.

    Raises:
        KeyError: the record has no such field, or it is an array or a record itself.
    """
    Picked(record, names, 1)
    run: list[str] = []
    for name in [*record.nodes, ""]:
        if name in names:
            run.append(name)
        elif run:
            codes = "".join(record.nodes[each].codes for each in run)
            yield struct.Struct("<" + codes), record.offsets[run[0]], run
            run = []
