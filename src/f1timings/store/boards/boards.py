"""What each entrant drove on each board, kept up with every change of whose lap is whose.

Laps of one entrant and one class (all that a board can be filtered by) add up to one row. New laps are added
to it; where laps are taken away, the entrant's rows of that board are made anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select, tuple_, update

from f1timings.meeting.attribution import Attribution
from f1timings.meeting.leaderboard import Best, joined
from f1timings.store.boards.session_facts import keys_in_turn
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.people import attributions, clearings

Board = tuple[str, str]
"""Meeting and circuit key."""
_Row = dict[str, Any]
_Class = tuple[Any, ...]

_CLASS_NAMES = "rig is_manual packet_format session_type formula assists weather compound equal_performance"
_CLASS = tuple(_CLASS_NAMES.split())
_BEST = [name for name in Best._fields if name != "entrant"]


class Difference(NamedTuple):
    """What becomes of whose lap a lap is; before is None for a new one."""

    before: Attribution | None
    after: Attribution


class _EntrantKey(NamedTuple):
    """The rows of one entrant on one board."""

    meeting_id: str
    circuit_key: str
    entrant: str

    @property
    def board(self) -> Board:
        return self.meeting_id, self.circuit_key


def update_boards(connection: Connection, differences: Iterable[Difference]) -> None:
    """Keep the rows up with these; the attributions themselves are written already."""
    anew: set[_EntrantKey] = set()
    added: list[Attribution] = []
    for before, after in differences:
        old, new = _place(before), _place(after)
        if before is not None and old is not None and old == new and _said(before) == _said(after):
            continue
        if old is not None:
            anew.add(old)
        if new is not None:
            added.append(after)
    cleared = _cleared(connection, {place.board for one in added if (place := _place(one)) is not None})
    _add(connection, [one for one in added if _place(one) not in anew], cleared)
    _make_anew(connection, anew)


def rebuild_boards(connection: Connection, boards: Collection[Board] | None = None) -> None:
    """Make all rows of these boards anew, or of every board."""
    where = (
        [] if boards is None else [tuple_(attributions.c.meeting_id, attributions.c.circuit_key).in_(boards)]
    )
    gone = delete(board_bests)
    if boards is not None:
        gone = gone.where(tuple_(board_bests.c.meeting_id, board_bests.c.circuit_key).in_(boards))
    connection.execute(gone)
    _fill(connection, where)


def is_empty(connection: Connection) -> bool:
    """Whether there is no row yet."""
    return connection.execute(select(func.count()).select_from(board_bests)).scalar_one() == 0


def _place(one: Attribution | None) -> _EntrantKey | None:
    """Where a lap stands, None for one that stands nowhere."""
    if one is None or one.entrant is None or one.lap_time_ms is None:
        return None
    return _EntrantKey(one.meeting_id, one.circuit_key, one.entrant)


def _class_of(one: Attribution) -> _Class:
    return tuple(getattr(one, name) for name in _CLASS)


def _said(one: Attribution) -> tuple[Any, ...]:
    """All that a lap adds to its row."""
    return _best(one), _class_of(one), one.recorded_at


def _best(one: Attribution) -> Best:
    """What one lap adds up to by itself."""
    assert one.entrant is not None
    if not one.counts:
        return Best(one.entrant, 1, last_at=one.set_at)
    sectors = (one.sector1_ms, one.sector2_ms, one.sector3_ms)
    return Best(one.entrant, 1, 1, one.lap_time_ms, one.set_at, one.lap_id, *sectors, *sectors, one.set_at)


def _add(connection: Connection, added: Iterable[Attribution], cleared: dict[Board, datetime]) -> None:
    """Add laps to the rows that there are."""
    new = _summed(added, cleared)
    known: dict[str, Best] = {}
    for some in keys_in_turn(new.keys()):
        query = select(board_bests.c.id, board_bests.c.entrant, *(board_bests.c[name] for name in _BEST))
        for id_, *best in connection.execute(query.where(board_bests.c.id.in_(some))):
            known[id_] = Best(*best)
    _insert(connection, [row for id_, row in new.items() if id_ not in known])
    changed = [
        {"old_id": id_} | _values(joined(known[id_], _best_of(row)))
        for id_, row in new.items()
        if id_ in known
    ]
    if changed:
        statement = update(board_bests).where(board_bests.c.id == bindparam("old_id"))
        connection.execute(statement, changed)


def _make_anew(connection: Connection, places: Collection[_EntrantKey]) -> None:
    for some in keys_in_turn(places, 200):
        keys = [tuple(place) for place in some]
        bests, laps = board_bests.c, attributions.c
        gone = tuple_(bests.meeting_id, bests.circuit_key, bests.entrant).in_(keys)
        connection.execute(delete(board_bests).where(gone))
        _fill(connection, [tuple_(laps.meeting_id, laps.circuit_key, laps.entrant).in_(keys)])


def _fill(connection: Connection, where: Iterable[ColumnElement[Any]]) -> None:
    """Add laps up that no row holds yet."""
    columns = [attributions.c[name] for name in Attribution._fields]
    stands = (attributions.c.entrant.is_not(None), attributions.c.lap_time_ms.is_not(None))
    found = connection.execute(select(*columns).where(*stands, *where)).all()
    laps = [Attribution._make(row) for row in found]
    cleared = _cleared(connection, {(one.meeting_id, one.circuit_key) for one in laps})
    _insert(connection, list(_summed(laps, cleared).values()))


def _summed(laps: Iterable[Attribution], cleared: dict[Board, datetime]) -> dict[str, _Row]:
    """Rows by id that these laps add up to."""
    bests: dict[tuple[_EntrantKey, _Class], Best] = {}
    circuits: dict[tuple[_EntrantKey, _Class], str] = {}
    for one in laps:
        place = _place(one)
        assert place is not None
        since = cleared.get(place.board)
        if since is not None and one.recorded_at < since:
            continue
        key = place, _class_of(one)
        known, best = bests.get(key), _best(one)
        bests[key] = best if known is None else joined(known, best)
        circuits[key] = one.circuit
    return {
        (id_ := json.dumps([*place, *class_])): {"id": id_, "circuit": circuits[place, class_]}
        | place._asdict()
        | dict(zip(_CLASS, class_, strict=True))
        | _values(best)
        for (place, class_), best in bests.items()
    }


def _values(best: Best) -> _Row:
    return {name: getattr(best, name) for name in _BEST}


def _best_of(row: _Row) -> Best:
    return Best(row["entrant"], *(row[name] for name in _BEST))


def _insert(connection: Connection, new: list[_Row]) -> None:
    if new:
        connection.execute(insert(board_bests), new)


def _cleared(connection: Connection, boards: Collection[Board]) -> dict[Board, datetime]:
    """When each of these boards was cleared last."""
    if not boards:
        return {}
    column = clearings.c
    query = select(column.meeting_id, column.circuit_key, func.max(column.at, type_=column.at.type))
    grouped = query.where(column.meeting_id.in_({meeting for meeting, _ in boards}))
    found = connection.execute(grouped.group_by(column.meeting_id, column.circuit_key))
    return {(meeting, circuit): at for meeting, circuit, at in found}
