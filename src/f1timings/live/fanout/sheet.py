"""What one view shows now, and what changed of it lately: snapshots, numbered updates, and joined updates."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from f1timings.live.fanout.messages import utc_text
from f1timings.live.fanout.row_columns import Columns, Row, Value
from f1timings.live.fanout.wire import EncodedMessage

# Updates that a screen may have missed and still catch up by one update.
REMEMBERED = 256

_encode = msgspec.json.Encoder().encode


class Contents(NamedTuple):
    """All that a view shows at one moment.

    Attributes:
        rows: by stable id, values in the order of the view's columns without the id.
        facts: what concerns the whole view, by name.
    """

    rows: Mapping[str, Row]
    facts: Mapping[str, Value] = {}


class _SheetUpdate(NamedTuple):
    """What one update changed: cells by row (None: the whole row is new), rows gone, facts."""

    cells: dict[str, Sequence[int] | None]
    gone: tuple[str, ...]
    facts: tuple[str, ...]


class Sheet:
    """The contents of one view, numbered.

    The number grows by one with each change. What changed is remembered by the names of cells only: a screen
    that missed several updates gets one with the newest values, so that nothing waits for it.

    Attributes:
        seq: number of the newest update.
        epoch: numbers mean something within one epoch only.
        updates: those to ``seq`` that are encoded already, by the number after which they begin.
    """

    def __init__(self, view: str, columns: Columns, epoch: str, remembered: int = REMEMBERED) -> None:
        self.view = view
        self.seq = 0
        self.epoch = epoch
        self._rows: dict[str, Row] = {}
        # Rows as text, so that a snapshot encodes only those that changed since the one before.
        self._texts: dict[str, bytes | None] = {}
        self._head = _encode({"view": view, "epoch": epoch})[:-1]
        self._columns = _encode(("id", *(column.name for column in columns)))
        self._facts: dict[str, Value] = {}
        self._touched: deque[_SheetUpdate] = deque(maxlen=remembered)
        self._snapshot: tuple[int, bytes] = (-1, b"")
        self.updates: dict[int, EncodedMessage] = {}

    def apply(self, contents: Contents) -> bool:
        """Take what the view shows now.

        Returns:
            Whether that is another thing than before; then there is an update more.
        """
        cells = dict(self._changed(contents.rows))
        gone = tuple(id_ for id_ in self._rows if id_ not in contents.rows)
        facts = tuple(
            name for name, value in contents.facts.items() if self._facts.get(name, self) != value
        ) + tuple(name for name in self._facts if name not in contents.facts)
        if not cells and not gone and not facts:
            return False
        self._rows, self._facts = dict(contents.rows), dict(contents.facts)
        for id_ in gone:
            del self._texts[id_]
        self._texts.update(dict.fromkeys(cells))
        self._touched.append(_SheetUpdate(cells, gone, facts))
        self.seq += 1
        self.updates.clear()
        return True

    def snapshot(self, now: float, channel: int | None = None) -> EncodedMessage:
        """Everything; ``now`` is the server's clock, ``channel`` the number that binary frames carry."""
        if self._snapshot[0] != self.seq:
            self._snapshot = (self.seq, self._body())
        extra = b"" if channel is None else b',"channel":%d' % channel
        return EncodedMessage(
            b'%s,"seq":%d,"snapshot":{%s,"server_time":"%s"%s}}'
            % (self._head, self.seq, self._snapshot[1], utc_text(now).encode(), extra)
        )

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has everything up to ``seq`` can catch up by an update."""
        return self.seq - len(self._touched) <= seq <= self.seq

    def update(self, since: int) -> EncodedMessage:
        """One update from the state after ``since`` to now.

        Raises:
            LookupError: that is not remembered.
        """
        if not self.remembers(since) or since == self.seq:
            raise LookupError(since)
        wire = self.updates.get(since)
        if wire is None:
            wire = self.updates[since] = EncodedMessage(_encode(self._joined(since)))
        return wire

    def _body(self) -> bytes:
        texts = self._texts
        for id_ in [id_ for id_, text in texts.items() if text is None]:
            texts[id_] = _encode((id_, *self._rows[id_]))
        rows = b",".join(filter(None, texts.values()))
        return b'"columns":%s,"rows":[%s],"facts":%s' % (self._columns, rows, _encode(self._facts))

    def _changed(self, rows: Mapping[str, Row]) -> Iterable[tuple[str, Sequence[int] | None]]:
        for id_, row in rows.items():
            before = self._rows.get(id_)
            if before is None:
                yield id_, None
            elif before != row:
                cells = [at for at, (old, new) in enumerate(zip(before, row, strict=True)) if old != new]
                yield id_, cells

    def _joined(self, since: int) -> dict[str, object]:
        cells: dict[str, set[int] | None] = {}
        gone: set[str] = set()
        facts: set[str] = set()
        missed = self.seq - since
        for at in range(len(self._touched) - missed, len(self._touched)):
            touched = self._touched[at]
            facts.update(touched.facts)
            for id_ in touched.gone:
                cells.pop(id_, None)
                gone.add(id_)
            for id_, columns in touched.cells.items():
                known = cells.get(id_, set())
                cells[id_] = None if columns is None or known is None else known.union(columns)
        return self._message(since, cells, gone, facts)

    def _message(
        self, since: int, cells: Mapping[str, set[int] | None], gone: Iterable[str], facts: Iterable[str]
    ) -> dict[str, object]:
        message: dict[str, object] = {"view": self.view, "seq": self.seq}
        if since != self.seq - 1:
            message["since"] = since
        if rows := {id_: self._cells(id_, columns) for id_, columns in cells.items()}:
            message["rows"] = rows
        if gone := sorted(gone):
            message["gone"] = gone
        if told := {name: self._facts.get(name) for name in sorted(facts)}:
            message["facts"] = told
        return message

    def _cells(self, id_: str, columns: set[int] | None) -> dict[int, Value]:
        """Values by their place in ``columns``, where the id comes first; of a new row all that is known."""
        row = self._rows[id_]
        if columns is None:
            return {at + 1: value for at, value in enumerate(row) if value is not None}
        return {at + 1: row[at] for at in sorted(columns)}
