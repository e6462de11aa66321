"""Chosen columns of the newest datagram of a kind, decoded only if their bytes changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from f1timings.packets import Columns, Fingerprint, Layout, identify


class ChangingColumns:
    """The columns of one kind of packets, and the cars for which they changed.

    Args:
        names_of: names the columns in a layout; none if the layout has none of them.

    Attributes:
        rows: one tuple of values per car as of the last look; empty without a datagram.
    """

    def __init__(self, names_of: Callable[[Layout], Sequence[str]]) -> None:
        self._names_of = names_of
        self._layout: Layout | None = None
        self._columns: Columns | None = None
        self._fingerprint: Fingerprint | None = None
        self._data: bytes | None = None
        self._bits = -1
        self.rows: list[tuple[Any, ...]] = []

    @property
    def layout(self) -> Layout | None:
        """The layout of the datagram at the last look, None without one."""
        return None if self._data is None else self._layout

    def look(self, data: bytes | None) -> Collection[int]:
        """Read the newest datagram; return the cars whose values changed.

        Args:
            data: None if there is none of this session.
        """
        if data is self._data:
            return ()
        self._data = data
        if data is None:
            return self._replace([])
        self._adopt(identify(data))
        if self._columns is None or self._fingerprint is None:
            return self._replace([])
        bits = self._fingerprint.of(data)
        if bits == self._bits:
            return ()
        rows = self._columns.rows(data)
        changed = self._replace(rows)
        self._bits = bits
        return changed

    def _adopt(self, layout: Layout) -> None:
        if layout is self._layout:
            return
        self._layout, self._bits = layout, -1
        names = self._names_of(layout)
        self._columns = Columns(layout, names) if names else None
        self._fingerprint = Fingerprint(layout, names) if names else None

    def _replace(self, rows: list[tuple[Any, ...]]) -> Collection[int]:
        before, self.rows = self.rows, rows
        self._bits = -1
        if len(rows) != len(before):
            return range(max(len(rows), len(before)))
        return [at for at, (row, known) in enumerate(zip(rows, before, strict=True)) if row != known]
