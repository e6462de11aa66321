"""Whose lap each lap is, kept beside the laps: worked out anew for what a batch or an act touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from f1timings.meeting.attribution import Attribution, LapFacts, SessionFacts, attribute
from f1timings.meeting.people import Clearing
from f1timings.store.boards.boards import Difference, is_empty, rebuild_boards, update_boards
from f1timings.store.boards.rosters import read_game_names, read_periods, read_roster
from f1timings.store.boards.session_facts import (
    CarOccupant,
    SessionRow,
    SessionSnapshot,
    facts_of,
    keys_in_turn,
    read_known,
    read_seated,
)
from f1timings.store.boards.touched_laps import laps_touched_by
from f1timings.store.stored import StoredLap
from f1timings.store.tables.people import attributions
from f1timings.store.tables.timed import laps
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged

if TYPE_CHECKING:
    from f1timings.store.stored import RecordChange

_LAP = [laps.c[name] for name in LapFacts._fields]
_ATTRIBUTION = [attributions.c[name] for name in Attribution._fields]
_SESSIONS_AT_ONCE = 20


class Written(Protocol):
    """One change of a batch; before is None for what is new."""

    @property
    def key(self) -> str:
        """Id of what changed."""

    @property
    def before(self) -> Any:
        """As it was."""

    @property
    def after(self) -> Any:
        """As it is."""


class _BatchEffects(NamedTuple):
    """What a batch changed that may change whose laps are whose.

    Attributes:
        laps: the newest version of each, by id.
        corrected: ids of those that were there before.
        sessions / seated: as they were; None for a session that was not there.
    """

    laps: dict[str, LapFacts]
    corrected: set[str]
    sessions: dict[str, SessionRow | None]
    seated: dict[str, tuple[CarOccupant, ...]]


def after_batch(connection: Connection, changes: Mapping[type, Sequence[Written]]) -> None:
    """Attribute the laps that a batch of events touched; in the same transaction.

    Args:
        changes: what the batch wrote, by the type of event.
    """
    touched = _touched(changes)
    if not touched.laps and not touched.sessions and not touched.seated:
        return
    facts, changed = _sessions_around(connection, touched)
    found = dict(touched.laps)
    existing = touched.corrected
    if changed:
        of_session = _read_laps(connection, laps.c.session_id.in_(changed))
        existing = existing | (of_session.keys() - found.keys())
        found = of_session | found
    _attribute(connection, found, facts, existing)


def after_act(connection: Connection, changes: Sequence[RecordChange]) -> tuple[str, ...]:
    """Attribute the laps that an act touches, in the same transaction; their ids."""
    ids = laps_touched_by(connection, changes)
    found: dict[str, LapFacts] = {}
    for some in keys_in_turn(ids):
        found |= _read_laps(connection, laps.c.id.in_(some))
    cleared = {
        (change.newest.meeting_id, change.newest.circuit_key)
        for change in changes
        if isinstance(change.newest, Clearing)
    }
    differences = _attribute(connection, found, {}, set(found))
    if cleared:
        rebuild_boards(connection, cleared)
    return tuple(after.lap_id for before, after in differences if _stands_otherwise(before, after))


def catch_up(engine: Engine) -> None:
    """Attribute the laps of a database from before there were attributions; nothing to do later on.

    Args:
        engine: the one that writes, before the writer begins.
    """
    with engine.begin() as connection:
        missing = _sessions_without(connection)
    for some in keys_in_turn(missing, _SESSIONS_AT_ONCE):
        with engine.begin() as connection:
            found = _read_laps(connection, laps.c.session_id.in_(some))
            _attribute(connection, found, {}, set(found))
    with engine.begin() as connection:
        if is_empty(connection):
            rebuild_boards(connection)


def _touched(changes: Mapping[type, Sequence[Written]]) -> _BatchEffects:
    touched = _BatchEffects({}, set(), {}, {})
    for change in changes.get(LapRecorded, ()):
        if change.before and change.key not in touched.laps:
            touched.corrected.add(change.key)
        touched.laps[change.key] = _facts_of_lap(change.after[-1])
    for change in changes.get(SessionChanged, ()):
        before = None if change.before is None else SessionRow.of(change.before)
        if before != SessionRow.of(change.after):
            touched.sessions.setdefault(change.key, before)
    for change in changes.get(ParticipantsChanged, ()):
        seated = CarOccupant.all_of(change.before or ())
        if seated != CarOccupant.all_of(change.after):
            touched.seated.setdefault(change.key, seated)
    return touched


def _facts_of_lap(stored: StoredLap) -> LapFacts:
    lap = stored.lap
    return LapFacts(
        lap.id,
        lap.session_id,
        lap.rig,
        lap.car_index,
        lap.participant,
        lap.lap_number,
        lap.branch,
        lap.lap_time_ms,
        lap.sector1_ms,
        lap.sector2_ms,
        lap.sector3_ms,
        lap.is_valid,
        lap.compound,
        lap.assists,
        lap.weather,
        lap.state.value,
        stored.began_at,
        stored.recorded_at,
    )


def _sessions_around(
    connection: Connection, touched: _BatchEffects
) -> tuple[dict[str, SessionFacts], set[str]]:
    """Sessions as they are, and which of those that have laps already were otherwise before the batch."""
    turned = touched.sessions.keys() | touched.seated.keys()
    ids = turned | {lap.session_id for lap in touched.laps.values()}
    named = _sessions_with_known_names(connection, touched.laps.values())
    was = _as_they_were(connection, touched, turned)
    known = read_known(connection, ids, turned | named, list(was.values()))
    facts = facts_of(known)
    if not turned:
        return facts, set()
    new = {id_ for id_, before in touched.sessions.items() if before is None}
    before = facts_of({id_: was.get(id_, one) for id_, one in known.items() if id_ not in new})
    return facts, {id_ for id_, one in before.items() if one != facts[id_]}


def _as_they_were(
    connection: Connection, touched: _BatchEffects, turned: Collection[str]
) -> dict[str, SessionSnapshot]:
    """The sessions that a batch changed, before it; without those that are new."""
    sessions_now = {id_: row for id_, row in touched.sessions.items() if row is not None}
    unread = touched.seated.keys() - touched.sessions.keys()
    now = read_known(connection, unread, ()) if unread else {}
    rows = {id_: now[id_].session for id_ in unread if id_ in now} | sessions_now
    seated = read_seated(connection, [id_ for id_ in turned if id_ in rows and id_ not in touched.seated])
    return {
        id_: SessionSnapshot(row, touched.seated.get(id_, seated.get(id_, ()))) for id_, row in rows.items()
    }


def _sessions_with_known_names(connection: Connection, found: Iterable[LapFacts]) -> set[str]:
    """Sessions with laps of somebody who has a driver's name in the game: AI cars have no drivers."""
    by_name: defaultdict[str | None, set[str]] = defaultdict(set)
    for lap in found:
        by_name[lap.participant].add(lap.session_id)
    known = read_game_names(connection, by_name)
    return {id_ for name in known for id_ in by_name[name]}


def _attribute(
    connection: Connection,
    found: dict[str, LapFacts],
    facts: dict[str, SessionFacts],
    existing: Collection[str],
) -> list[Difference]:
    """Attribute laps and those that compete with them, and write what differs.

    Args:
        facts: sessions, as far as they are read.
        existing: those of the laps that may be attributed already.
    """
    if not found:
        return []
    before = _read_attributions(connection, existing)
    after = _worked_out(connection, found, facts, existing)
    rivals = _read_rivals(connection, _contests(before, after), found)
    if rivals:
        before |= _read_attributions(connection, rivals)
        after = _worked_out(connection, found | rivals, facts, {*existing, *rivals})
    differences = [Difference(before.get(id_), one) for id_, one in after.items() if before.get(id_) != one]
    _write(connection, differences)
    update_boards(connection, differences)
    return differences


def _worked_out(
    connection: Connection,
    found: Mapping[str, LapFacts],
    facts: dict[str, SessionFacts],
    existing: Collection[str],
) -> dict[str, Attribution]:
    missing = {lap.session_id for lap in found.values()} - facts.keys()
    if missing:
        named = _sessions_with_known_names(connection, found.values())
        facts |= facts_of(read_known(connection, missing, named))
    needed = {id_: facts[id_] for id_ in {lap.session_id for lap in found.values()}}
    return attribute(found.values(), needed, read_roster(connection, found.values(), needed, existing))


def _contests(before: Mapping[str, Attribution], after: Mapping[str, Attribution]) -> dict[str, set[int]]:
    """Lap numbers by lobby in which something may count otherwise now."""
    contests: defaultdict[str, set[int]] = defaultdict(set)
    for id_, one in after.items():
        old = before.get(id_)
        for version in (one, old) if old != one else ():
            if version is not None and version.entrant is not None:
                contests[version.lobby].add(version.lap_number)
    return contests


def _read_rivals(
    connection: Connection, contests: Mapping[str, set[int]], found: Mapping[str, LapFacts]
) -> dict[str, LapFacts]:
    """The laps that compete in these contests, apart from those that are read already."""
    rivals: dict[str, LapFacts] = {}
    for some in keys_in_turn(contests.keys(), 50):
        column = attributions.c
        same = or_(*(and_(column.lobby == key, column.lap_number.in_(sorted(contests[key]))) for key in some))
        query = select(*_LAP).join(attributions, column.lap_id == laps.c.id)
        for row in connection.execute(query.where(column.entrant.is_not(None), same)):
            rivals[row[0]] = LapFacts._make(row)
    return {id_: lap for id_, lap in rivals.items() if id_ not in found}


def _read_laps(connection: Connection, *where: ColumnElement[bool]) -> dict[str, LapFacts]:
    return {row[0]: LapFacts._make(row) for row in connection.execute(select(*_LAP).where(*where))}


def _read_attributions(connection: Connection, ids: Collection[str]) -> dict[str, Attribution]:
    found: dict[str, Attribution] = {}
    for some in keys_in_turn(ids):
        query = select(*_ATTRIBUTION).where(attributions.c.lap_id.in_(some))
        found |= {row[0]: Attribution._make(row) for row in connection.execute(query)}
    return found


def _write(connection: Connection, differences: Iterable[Difference]) -> None:
    new = [after._asdict() for before, after in differences if before is None]
    if new:
        connection.execute(insert(attributions), new)
    changed = [
        after._asdict() | {"old_id": after.lap_id} for before, after in differences if before is not None
    ]
    if changed:
        statement = update(attributions).where(attributions.c.lap_id == bindparam("old_id"))
        connection.execute(statement, changed)


def _stands_otherwise(before: Attribution | None, after: Attribution) -> bool:
    """Whether a screen shows something else now."""
    shown = [
        None if one is None else (one.driver_id, one.entrant, one.counts, one.meeting_id, one.circuit_key)
        for one in (before, after)
    ]
    return shown[0] != shown[1]


def _sessions_without(connection: Connection) -> list[str]:
    """Sessions with laps that nobody has attributed, or that belong to no meeting though there is one."""
    everything = select(func.count())
    counted = [
        connection.execute(everything.select_from(table)).scalar_one() for table in (laps, attributions)
    ]
    column = attributions.c
    homeless = select(column.session_id).where(column.meeting_id == "").distinct()
    found = set(connection.execute(homeless).scalars()) if read_periods(connection) else set()
    if counted[0] != counted[1]:
        joined = laps.outerjoin(attributions, column.lap_id == laps.c.id)
        query = select(laps.c.session_id).select_from(joined).where(column.lap_id.is_(None)).distinct()
        found |= set(connection.execute(query).scalars())
    return sorted(found)
