"""The contents of one view and their recent changes: snapshots, numbered updates, and joined updates."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.messages import utc_text
from f1timings.live.fanout.row_columns import Columns, Row, Value

# A screen that has missed at most so many updates catches up with one joined update.
REMEMBERED = 256

_encode = msgspec.json.Encoder().encode


class Contents(NamedTuple):
    """Everything that a view shows at one moment.

    Attributes:
        rows: by stable id; values in the order of the view's columns, without the id.
        facts: values about the whole view, by name.
    """

    rows: Mapping[str, Row]
    facts: Mapping[str, Value] = {}


class _SheetUpdate(NamedTuple):
    """The changes of one update: columns by row (None if the row is new), ids of removed rows, facts."""

    cells: dict[str, Sequence[int] | None]
    gone: tuple[str, ...]
    facts: tuple[str, ...]


class Sheet:
    """The contents of one view, numbered.

    Each change increments the number. Only the places of changed cells are remembered, not their values: a
    screen that missed several updates gets one with the newest values, so no update waits in a queue.

    Attributes:
        seq: number of the newest update.
        epoch: numbers can be compared within one epoch only.
        updates: updates to ``seq`` that are already encoded, by the number from which they start.
    """

    def __init__(self, view: str, columns: Columns, epoch: str, *, remembered: int = REMEMBERED) -> None:
        self.view = view
        self.seq = 0
        self.epoch = epoch
        self._rows: dict[str, Row] = {}
        # Encoded rows and facts, so that a snapshot encodes only what changed since the previous snapshot.
        self._texts: dict[str, bytes] = {}
        # A dict, because the order of the rows must not depend on the hashes of their ids.
        self._outdated: dict[str, None] = {}
        self._facts_text = b""
        self._head = _encode({"view": view, "epoch": epoch})[:-1]
        self._columns = _encode(("id", *(column.name for column in columns)))
        self._facts: dict[str, Value] = {}
        self._recent: deque[_SheetUpdate] = deque(maxlen=remembered)
        self._snapshot: tuple[int, bytes] = (-1, b"")
        self.updates: dict[int, EncodedMessage] = {}

    def apply(self, contents: Contents) -> bool:
        """Set the contents.

        Returns:
            Whether they differ from the previous ones; if so, ``seq`` has grown.
        """
        cells = dict(self._changed_cells(contents.rows))
        gone = tuple(id_ for id_ in self._rows if id_ not in contents.rows)
        facts = tuple(
            name for name, value in contents.facts.items() if self._facts.get(name, self) != value
        ) + tuple(name for name in self._facts if name not in contents.facts)
        if not cells and not gone and not facts:
            return False
        self._rows, self._facts = dict(contents.rows), dict(contents.facts)
        for id_ in gone:
            self._texts.pop(id_, None)
            self._outdated.pop(id_, None)
        self._outdated.update(dict.fromkeys(cells))
        if facts:
            self._facts_text = b""
        self._recent.append(_SheetUpdate(cells, gone, facts))
        self.seq += 1
        self.updates.clear()
        return True

    def snapshot(self, now: float, channel: int | None = None) -> EncodedMessage:
        """The whole contents; ``now`` is the server's clock, ``channel`` the number in binary frames."""
        if self._snapshot[0] != self.seq:
            self._snapshot = (self.seq, self._body())
        extra = b"" if channel is None else b',"channel":%d' % channel
        return EncodedMessage(
            b'%s,"seq":%d,"snapshot":{%s,"server_time":"%s"%s}}'
            % (self._head, self.seq, self._snapshot[1], utc_text(now).encode(), extra)
        )

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has all updates up to ``seq`` can catch up with one update."""
        return self.seq - len(self._recent) <= seq <= self.seq

    def update(self, since: int) -> EncodedMessage:
        """One update from the contents after ``since`` to the current contents.

        Raises:
            LookupError: the updates after ``since`` are not remembered, or there are none.
        """
        if not self.remembers(since) or since == self.seq:
            raise LookupError(since)
        message = self.updates.get(since)
        if message is None:
            message = self.updates[since] = EncodedMessage(_encode(self._joined(since)))
        return message

    def _body(self) -> bytes:
        for id_ in self._outdated:
            self._texts[id_] = _encode((id_, *self._rows[id_]))
        self._outdated.clear()
        self._facts_text = self._facts_text or _encode(self._facts)
        rows = b",".join(self._texts.values())
        return b'"columns":%s,"rows":[%s],"facts":%s' % (self._columns, rows, self._facts_text)

    def _changed_cells(self, rows: Mapping[str, Row]) -> Iterable[tuple[str, Sequence[int] | None]]:
        for id_, row in rows.items():
            previous = self._rows.get(id_)
            if previous is None:
                yield id_, None
            elif previous is not row and previous != row:  # comparing a row with itself reads every cell
                cells = [at for at, (old, new) in enumerate(zip(previous, row, strict=True)) if old != new]
                yield id_, cells

    def _joined(self, since: int) -> dict[str, object]:
        cells: dict[str, set[int] | None] = {}
        gone: set[str] = set()
        facts: set[str] = set()
        missed = self.seq - since
        for at in range(len(self._recent) - missed, len(self._recent)):
            update = self._recent[at]
            facts.update(update.facts)
            for id_ in update.gone:
                cells.pop(id_, None)
                gone.add(id_)
            for id_, columns in update.cells.items():
                joined = cells.get(id_, set())
                cells[id_] = None if columns is None or joined is None else joined.union(columns)
        return self._message(since, cells=cells, gone=gone, facts=facts)

    def _message(
        self, since: int, *, cells: Mapping[str, set[int] | None], gone: Iterable[str], facts: Iterable[str]
    ) -> dict[str, object]:
        message: dict[str, object] = {"view": self.view, "seq": self.seq}
        if since != self.seq - 1:
            message["since"] = since
        if rows := {id_: self._cells(id_, columns) for id_, columns in cells.items()}:
            message["rows"] = rows
        if gone := sorted(gone):
            message["gone"] = gone
        if changed_facts := {name: self._facts.get(name) for name in sorted(facts)}:
            message["facts"] = changed_facts
        return message

    def _cells(self, id_: str, columns: set[int] | None) -> dict[int, Value]:
        """Values by their place in ``columns``, where the id comes first; for a new row all known values."""
        row = self._rows[id_]
        if columns is None:
            return {at + 1: value for at, value in enumerate(row) if value is not None}
        return {at + 1: row[at] for at in sorted(columns)}
