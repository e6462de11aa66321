"""The best laps of each entrant on each board, updated with every change of an attribution.

Laps of one entrant with equal values of all lap classes add up to one row. New laps are added to their row.
Where a lap changes or is removed, its row changes by the difference; where many laps of an entrant do, all
rows of the entrant on the board are derived again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    select,
    tuple_,
)

from f1timings.meeting.attribution import Attribution
from f1timings.meeting.lap_class import CLASS_NAMES, ClassValues
from f1timings.meeting.leaderboard import Best, joined
from f1timings.store.boards.attribution_rows import AttributionChange
from f1timings.store.boards.remembered import Kept, Remembered
from f1timings.store.boards.removed_laps import without
from f1timings.store.boards.summed_rows import CLEARED, read_summed_rows
from f1timings.store.chunks import chunks
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.people import attributions, clearings
from f1timings.store.tables.prepared import insert_rows, update_rows
from f1timings.store.tables.statements import KEYS, OLD_KEY

BoardKey = tuple[str, str]
"""Meeting and circuit key."""
_Row = dict[str, Any]

# Of more laps of one entrant than this, each would be looked up; reading all of them is quicker.
_MOST_REMOVED: Final = 20
_BEST = [name for name in Best._fields if name != "entrant"]
_BESTS = select(board_bests.c.id, *(board_bests.c[name] for name in Best._fields)).where(
    board_bests.c.id.in_(bindparam(KEYS, expanding=True))
)


class _EntrantKey(NamedTuple):
    """The rows of one entrant on one board."""

    meeting_id: str
    circuit_key: str
    entrant: str

    @property
    def board(self) -> BoardKey:
        return self.meeting_id, self.circuit_key


class _RowKey(NamedTuple):
    entrant: _EntrantKey
    classes: ClassValues

    @property
    def id(self) -> str:
        return json.dumps([*self.entrant, *self.classes])


def update_boards(
    connection: Connection, changes: Iterable[AttributionChange], remembered: Remembered
) -> bool:
    """Update the rows after these changes, which are stored already; return whether any row changed."""
    removed: defaultdict[_EntrantKey, list[Attribution]] = defaultdict(list)
    added: list[tuple[_EntrantKey, Attribution]] = []
    for before, after in changes:
        old, new = _entrant_key(before), _entrant_key(after)
        if before is not None and old is not None and old == new and _share(before) == _share(after):
            continue
        if before is not None and old is not None:
            removed[old].append(before)
        if new is not None:
            added.append((new, after))
    boards = {key.board for key in removed} | {key.board for key, _ in added}
    cleared = _read_cleared(connection, boards, remembered)
    to_derive = _remove(connection, removed, cleared=cleared, bests=remembered.bests)
    rows = _sum_up([lap for key, lap in added if key not in to_derive], cleared)
    _add(connection, rows, remembered.bests)
    if to_derive:
        remembered.bests.clear()
        _derive_again(connection, to_derive)
    return bool(rows or removed)


def rebuild_boards(connection: Connection, boards: Collection[BoardKey] | None = None) -> None:
    """Derive all rows of these boards again, or of every board."""
    old = delete(board_bests)
    if boards is None:
        connection.execute(old)
        _fill(connection, [])
        return
    connection.execute(old.where(tuple_(board_bests.c.meeting_id, board_bests.c.circuit_key).in_(boards)))
    cleared = _read_cleared(connection, boards, Remembered())
    # One board at a time: the database uses its index, and reads no lap from before a clearing.
    for board in boards:
        _fill(connection, [_on_board(board, cleared.get(board))])


def is_empty(connection: Connection) -> bool:
    """Whether there is no row yet."""
    return connection.execute(select(func.count()).select_from(board_bests)).scalar_one() == 0


def _on_board(board: BoardKey, since: datetime | None) -> ColumnElement[bool]:
    """The condition for the attributions of a board since it was last cleared."""
    columns = attributions.c
    on_board = and_(columns.meeting_id == board[0], columns.circuit_key == board[1])
    return on_board if since is None else on_board & (columns.recorded_at >= since)


def _entrant_key(lap: Attribution | None) -> _EntrantKey | None:
    """Where a lap appears; None for a lap that appears on no board."""
    if lap is None or lap.entrant is None or lap.lap_time_ms is None:
        return None
    return _EntrantKey(lap.meeting_id, lap.circuit_key, lap.entrant)


def _share(lap: Attribution) -> tuple[Any, ...]:
    """Everything that a lap contributes to its row."""
    return _best(lap), lap.classes, lap.recorded_at


def _best(lap: Attribution) -> Best:
    """What a lap alone adds up to."""
    assert lap.entrant is not None
    if not lap.counts:
        return Best(entrant=lap.entrant, laps=1, last_at=lap.set_at)
    return Best(
        entrant=lap.entrant,
        laps=1,
        valid_laps=1,
        best_lap_ms=lap.lap_time_ms,
        set_at=lap.set_at,
        lap_id=lap.lap_id,
        sector1_ms=lap.sector1_ms,
        sector2_ms=lap.sector2_ms,
        sector3_ms=lap.sector3_ms,
        best_sector1_ms=lap.sector1_ms,
        best_sector2_ms=lap.sector2_ms,
        best_sector3_ms=lap.sector3_ms,
        last_at=lap.set_at,
    )


def _remove(
    connection: Connection,
    removed: Mapping[_EntrantKey, Sequence[Attribution]],
    *,
    cleared: dict[BoardKey, datetime],
    bests: Kept[str, Best],
) -> set[_EntrantKey]:
    """Remove laps from their rows; return the entrants of which all rows are to be derived again instead."""
    to_derive = {entrant for entrant, laps in removed.items() if len(laps) > _MOST_REMOVED}
    by_row: defaultdict[_RowKey, list[Attribution]] = defaultdict(list)
    for entrant in removed.keys() - to_derive:
        for lap in removed[entrant]:
            if not _is_cleared(lap, entrant, cleared):
                by_row[_RowKey(entrant, lap.classes)].append(lap)
    known = bests.get_all([key.id for key in by_row], partial(_read_bests, connection))
    # A row that is not there cannot lose a lap: the board was cleared in the same transaction.
    to_derive |= {key.entrant for key in by_row if key.id not in known}
    changed: list[_Row] = []
    for key, laps in by_row.items():
        if key.entrant in to_derive:
            continue
        in_row = _in_row(key, cleared.get(key.entrant.board))
        rest = without(connection, known[key.id], laps, in_row=in_row)
        if rest is None:
            connection.execute(delete(board_bests).where(board_bests.c.id == key.id))
        else:
            changed.append({OLD_KEY: key.id} | _values(rest))
        bests.put(key.id, rest)
    update_rows(connection, board_bests.c.id, changed)
    return to_derive


def _in_row(key: _RowKey, since: datetime | None) -> ColumnElement[bool]:
    """The condition for the attributions that belong to a row."""
    columns = attributions.c
    in_row = and_(*(columns[name] == value for name, value in key.entrant._asdict().items()))
    for name, value in zip(CLASS_NAMES, key.classes, strict=True):
        in_row &= columns[name].is_not_distinct_from(value)
    return in_row if since is None else in_row & (columns.recorded_at >= since)


def _is_cleared(lap: Attribution, entrant: _EntrantKey, cleared: Mapping[BoardKey, datetime]) -> bool:
    """Whether a lap is left out because its board was cleared after it."""
    since = cleared.get(entrant.board)
    return since is not None and lap.recorded_at < since


def _add(connection: Connection, new: dict[str, _Row], bests: Kept[str, Best]) -> None:
    """Add rows to those that are stored, by id."""
    known = bests.get_all(new.keys(), partial(_read_bests, connection))
    changed = {id_: joined(known[id_], _best_of(row)) for id_, row in new.items() if id_ in known}
    insert_rows(connection, board_bests, [row for id_, row in new.items() if id_ not in known])
    rows = [{OLD_KEY: id_} | _values(best) for id_, best in changed.items()]
    update_rows(connection, board_bests.c.id, rows)
    for id_, row in new.items():
        bests.put(id_, changed[id_] if id_ in changed else _best_of(row))


def _read_bests(connection: Connection, ids: Collection[str]) -> dict[str, Best]:
    return {
        id_: Best._make(best)
        for chunk in chunks(ids)
        for id_, *best in connection.execute(_BESTS, {KEYS: chunk})
    }


def _derive_again(connection: Connection, entrants: Collection[_EntrantKey]) -> None:
    for chunk in chunks(entrants, 200):
        keys = [tuple(key) for key in chunk]
        bests, laps = board_bests.c, attributions.c
        old = tuple_(bests.meeting_id, bests.circuit_key, bests.entrant).in_(keys)
        connection.execute(delete(board_bests).where(old))
        _fill(connection, [tuple_(laps.meeting_id, laps.circuit_key, laps.entrant).in_(keys)])


def _fill(connection: Connection, where: Iterable[ColumnElement[bool]]) -> None:
    """Insert rows for laps that no row contains yet."""
    rows = read_summed_rows(connection, where)
    insert_rows(connection, board_bests, [{"id": _id_of(row)} | row for row in rows])


def _id_of(row: Mapping[str, Any]) -> str:
    entrant = _EntrantKey(*(row[name] for name in _EntrantKey._fields))
    return _RowKey(entrant, tuple(row[name] for name in CLASS_NAMES)).id


def _sum_up(laps: Iterable[Attribution], cleared: dict[BoardKey, datetime]) -> dict[str, _Row]:
    """The rows that these laps add up to, by id."""
    bests: dict[_RowKey, Best] = {}
    circuits: dict[_RowKey, str] = {}
    for lap in laps:
        entrant = _entrant_key(lap)
        assert entrant is not None
        if _is_cleared(lap, entrant, cleared):
            continue
        key = _RowKey(entrant, lap.classes)
        known, best = bests.get(key), _best(lap)
        bests[key] = best if known is None else joined(known, best)
        circuits[key] = lap.circuit
    return {(id_ := key.id): _row(id_, key, circuits[key], best) for key, best in bests.items()}


def _row(id_: str, key: _RowKey, circuit: str, best: Best) -> _Row:
    classes = dict(zip(CLASS_NAMES, key.classes, strict=True))
    return {"id": id_, "circuit": circuit} | key.entrant._asdict() | classes | _values(best)


def _values(best: Best) -> _Row:
    return {name: getattr(best, name) for name in _BEST}


def _best_of(row: _Row) -> Best:
    return Best._make(row[name] for name in Best._fields)


def _read_cleared(
    connection: Connection, boards: Collection[BoardKey], remembered: Remembered
) -> dict[BoardKey, datetime]:
    """When each of these boards was last cleared, and others of the same meetings."""
    meetings = {meeting for meeting, _ in boards}
    found = remembered.clearings.get_all(meetings, partial(_read_clearings, connection))
    return {(meeting, key): at for meeting, moments in found.items() for key, at in moments.items()}


def _read_clearings(connection: Connection, meetings: Collection[str]) -> dict[str, dict[str, datetime]]:
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for row in connection.execute(cleared_query(meetings)):
        found[row.meeting_id][row.circuit_key] = row.at
    return found


def cleared_query(meetings: Collection[str]) -> Select[tuple[str, str, datetime]]:
    """When each board of these meetings was last cleared: meeting, circuit key and moment."""
    return CLEARED.where(clearings.c.meeting_id.in_(meetings))
