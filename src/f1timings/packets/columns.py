"""Chosen fields of a datagram, read or rewritten at the rate of the game without touching the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from f1timings.packets.engine import Buffer, Picked, runs
from f1timings.packets.layouts import Header, Layout, header_values


class Columns:
    """Chosen fields of every record of an array, by default of every car.

    Args:
        names: single-valued fields of the record, in the order wanted.
        array: the array's field, such as ``cars`` or ``lap_history_data``.

    Raises:
        KeyError: the layout has no such array, or its record no such single value.
    """

    __slots__ = ("_end", "_offset", "_rows", "_unpack_from", "names")

    def __init__(self, layout: Layout, names: Sequence[str], array: str = "cars") -> None:
        record, self._offset, count = layout.repeated(array)
        self._end = self._offset + count * record.size
        picked = Picked(record, names, count)
        self._unpack_from, self._rows = picked.unpack_from, picked.rows
        self.names = tuple(names)

    def flat(self, data: Buffer) -> tuple[Any, ...]:
        """All chosen values of record 0, then of record 1, and so on."""
        return self._unpack_from(data, self._offset)

    def rows(self, data: Buffer) -> list[tuple[Any, ...]]:
        """One tuple of the chosen values for each record."""
        return list(self._rows(memoryview(data)[self._offset : self._end]))


class Fingerprint:
    """Chosen fields of every record of an array as one number, to see whether any of them changed.

    It costs half of what reading and comparing the values does, and is small to keep for each rig.

    Raises:
        KeyError: the layout has no such array, or its record no such field.
    """

    __slots__ = ("_mask",)

    def __init__(self, layout: Layout, names: Iterable[str], array: str = "cars") -> None:
        record, offset, count = layout.repeated(array)
        of_one = bytearray(record.size)
        for name in names:
            at, size = record.offsets[name], record.nodes[name].size
            of_one[at : at + size] = b"\xff" * size
        self._mask = int.from_bytes(bytes(offset) + bytes(of_one) * count, "little")

    def of(self, data: Buffer) -> int:
        """Equal for two datagrams of the layout where the chosen fields of all records are, bit by bit."""
        return int.from_bytes(data, "little") & self._mask


class Scalars:
    """Chosen single-valued fields of a packet's body.

    Raises:
        KeyError: the body has no such single value.
    """

    __slots__ = ("_offset", "_unpack_from", "names")

    def __init__(self, layout: Layout, names: Sequence[str]) -> None:
        self._offset = layout.header_size
        self._unpack_from = Picked(layout.body, names, 1).unpack_from
        self.names = tuple(names)

    def read(self, data: Buffer) -> tuple[Any, ...]:
        """The values in the order of ``names``."""
        return self._unpack_from(data, self._offset)


class CarWriter:
    """Rewrites chosen fields of an array's records in a prepared datagram; all other bytes stay.

    Neighbouring fields are written at once, so names that are neighbours in the layout cost least.

    Raises:
        KeyError: the layout has no such array, or its record no such single value.
    """

    __slots__ = ("_in_order", "_offset", "_runs", "_stride", "names")

    def __init__(self, layout: Layout, names: Sequence[str], array: str = "cars") -> None:
        record, self._offset, _ = layout.repeated(array)
        self._stride = record.size
        self._runs: list[tuple[Callable[..., None], int, slice]] = []
        written: list[str] = []
        for packed, at, run in runs(record, names):
            self._runs.append((packed.pack_into, at, slice(len(written), len(written) + len(run))))
            written += run
        self._in_order = itemgetter(*map(names.index, written)) if written != list(names) else None
        self.names = tuple(names)

    def write(self, buffer: bytearray, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write one row a record from record 0 on, values in the order of ``names``.

        Fewer rows leave the last records as they are.
        """
        start = self._offset
        for row in map(self._in_order, rows) if self._in_order else rows:
            for pack_into, at, part in self._runs:
                pack_into(buffer, start + at, *row[part])
            start += self._stride


def write_header(buffer: bytearray, layout: Layout, header: Header) -> None:
    """Rewrite the header of a prepared datagram; its format and packet id stay the layout's."""
    layout.header_struct.pack_into(buffer, 0, *header_values(header, layout))
