"""Readers and writers of chosen fields of a datagram, fast enough for the rate of the game."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from f1timings.packets.layouts import Header, Layout, header_values
from f1timings.packets.structs import Buffer, FieldPicker, field_runs


class Columns:
    """Reads chosen fields of every record of an array, by default of every car.

    Args:
        names: single-valued fields of the record, in the order of the values.
        array: the field of the array, such as ``cars`` or ``lap_history_data``.

    Raises:
        KeyError: the layout has no such array, or its record has no such single value.
    """

    __slots__ = ("_end", "_offset", "_rows", "_stride", "_unpack_from", "names")

    def __init__(self, layout: Layout, names: Sequence[str], array: str = "cars") -> None:
        record, self._offset, count = layout.repeated(array)
        self._stride = record.size
        self._end = self._offset + count * record.size
        picker = FieldPicker(record, names, count)
        self._unpack_from, self._rows = picker.unpack_from, picker.rows
        self.names = tuple(names)

    def flat(self, data: Buffer) -> tuple[Any, ...]:
        """All values of record 0, then all of record 1, and so on."""
        return self._unpack_from(data, self._offset)

    def rows(self, data: Buffer) -> list[tuple[Any, ...]]:
        """One tuple of values per record."""
        return list(self._rows(memoryview(data)[self._offset : self._end]))

    def row(self, data: Buffer, at: int) -> tuple[Any, ...]:
        """The values of record ``at``.

        Raises:
            IndexError: no such record.
        """
        start = self._offset + at * self._stride
        if not self._offset <= start < self._end:
            raise IndexError(at)
        (values,) = self._rows(memoryview(data)[start : start + self._stride])
        return values


class Fingerprint:
    """Turns chosen fields of every record of an array into one number that changes when any of them does.

    It costs half as much as reading and comparing the values, and the number is small to store per rig.

    Raises:
        KeyError: the layout has no such array, or its record has no such field.
    """

    __slots__ = ("_mask",)

    def __init__(self, layout: Layout, names: Iterable[str], array: str = "cars") -> None:
        record, offset, count = layout.repeated(array)
        record_mask = bytearray(record.size)
        for name in names:
            at, size = record.offsets[name], record.nodes[name].size
            record_mask[at : at + size] = b"\xff" * size
        self._mask = int.from_bytes(bytes(offset) + bytes(record_mask) * count, "little")

    def of(self, data: Buffer) -> int:
        """The number; equal for two datagrams of the layout if all chosen fields have equal bits."""
        return int.from_bytes(data, "little") & self._mask


class Scalars:
    """Reads chosen single-valued fields of the body of a packet.

    Raises:
        KeyError: the body has no such single value.
    """

    __slots__ = ("_offset", "_unpack_from", "names")

    def __init__(self, layout: Layout, names: Sequence[str]) -> None:
        self._offset = layout.header_size
        self._unpack_from = FieldPicker(layout.body, names, 1).unpack_from
        self.names = tuple(names)

    def read(self, data: Buffer) -> tuple[Any, ...]:
        """The values in the order of ``names``."""
        return self._unpack_from(data, self._offset)


class CarWriter:
    """Rewrites chosen fields of the records of an array in a prepared datagram; all other bytes stay.

    Neighbouring fields are written at once, so names that are neighbours in the layout cost least.

    Raises:
        KeyError: the layout has no such array, or its record has no such single value.
    """

    __slots__ = ("_in_order", "_offset", "_runs", "_stride", "names")

    def __init__(self, layout: Layout, names: Sequence[str], array: str = "cars") -> None:
        record, self._offset, _ = layout.repeated(array)
        self._stride = record.size
        self._runs: list[tuple[Callable[..., None], int, slice]] = []
        written: list[str] = []
        for packed, at, run in field_runs(record, names):
            self._runs.append((packed.pack_into, at, slice(len(written), len(written) + len(run))))
            written += run
        self._in_order = itemgetter(*map(names.index, written)) if written != list(names) else None
        self.names = tuple(names)

    def write(self, buffer: bytearray, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write one row per record, from record 0 on; values are in the order of ``names``.

        If there are fewer rows than records, the last records stay as they are.
        """
        start = self._offset
        for row in map(self._in_order, rows) if self._in_order else rows:
            for pack_into, at, part in self._runs:
                pack_into(buffer, start + at, *row[part])
            start += self._stride


def write_header(buffer: bytearray, layout: Layout, header: Header) -> None:
    """Rewrite the header of a prepared datagram; format and packet id are those of the layout."""
    layout.header_struct.pack_into(buffer, 0, *header_values(header, layout))
