"""Keeping attributions and boards up to date: after each batch of events and after each act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from f1timings.meeting.attribution import Attribution, LapFacts, SessionFacts, attribute
from f1timings.meeting.lap_class import CLASS_NAMES
from f1timings.meeting.people import Clearing
from f1timings.store.boards.attribution_rows import (
    AttributionChange,
    contested_laps,
    list_unattributed_sessions,
    read_attributions,
    read_laps,
    read_rivals,
    store_changes,
)
from f1timings.store.boards.batch_effects import (
    BatchChange,
    BatchEffects,
    read_sessions_around,
    read_sessions_of,
)
from f1timings.store.boards.bests import is_empty, rebuild_boards, update_boards
from f1timings.store.boards.remembered import Remembered
from f1timings.store.boards.rosters import read_roster
from f1timings.store.boards.touched_laps import laps_touched_by
from f1timings.store.boards.waiting_laps import (
    delete_waiting_laps,
    list_waiting_laps,
    store_waiting_laps,
)
from f1timings.store.chunks import chunks
from f1timings.store.stored import RecordChange
from f1timings.store.tables.timed import laps

#: The most laps that an act attributes again in one transaction.
LAPS_AT_ONCE = 500
_SESSIONS_AT_ONCE = 20
_RIG = CLASS_NAMES.index("rig")


class Attributed(NamedTuple):
    """What attributing some laps has changed.

    Attributes:
        by_lap: the attributions of these laps and of others.
        changes: those that are different now.
        has_changed_boards: any row of a board is different now.
    """

    by_lap: Mapping[str, Attribution] = MappingProxyType({})
    changes: Sequence[AttributionChange] = ()
    has_changed_boards: bool = False


class Reattributed(NamedTuple):
    """Laps that were attributed again.

    Attributes:
        lap_ids: those that screens show differently now.
        has_more: other laps wait, for :func:`attribute_waiting_laps`.
    """

    lap_ids: tuple[str, ...]
    has_more: bool


def after_batch(
    connection: Connection, changes: Mapping[type, Sequence[BatchChange]], remembered: Remembered
) -> Attributed:
    """Attribute the laps that a batch of events touched; in the same transaction.

    Args:
        changes: what the batch wrote, by the type of event.
    """
    effects = BatchEffects.of(changes)
    if effects.is_empty:
        return Attributed()
    facts, changed = read_sessions_around(connection, effects, remembered)
    touched = effects.laps
    existing = effects.corrected
    if changed:
        of_sessions = read_laps(connection, laps.c.session_id.in_(changed))
        existing = existing | (of_sessions.keys() - touched.keys())
        touched = of_sessions | touched
    return _attribute(connection, touched, facts, existing=existing, remembered=remembered)


def after_act(connection: Connection, changes: Sequence[RecordChange]) -> Reattributed:
    """Attribute the laps that an act touched, in the same transaction; many of them have to wait.

    While one transaction attributes thousands of laps, no lap that is driven becomes official.
    """
    touched = laps_touched_by(connection, changes)
    must_wait = len(touched) > LAPS_AT_ONCE
    if must_wait:
        store_waiting_laps(connection, touched)
    lap_ids = () if must_wait else _attribute_again(connection, touched)
    cleared = {
        (change.newest.meeting_id, change.newest.circuit_key)
        for change in changes
        if isinstance(change.newest, Clearing)
    }
    if cleared:
        rebuild_boards(connection, cleared)
    # Others may wait since an act that was interrupted.
    return Reattributed(lap_ids, must_wait or bool(list_waiting_laps(connection, 1)))


def attribute_waiting_laps(connection: Connection) -> Reattributed:
    """Attribute the next laps that wait, at most :data:`LAPS_AT_ONCE`."""
    waiting = list_waiting_laps(connection, LAPS_AT_ONCE + 1)
    next_ids = waiting[:LAPS_AT_ONCE]
    lap_ids = _attribute_again(connection, next_ids)
    delete_waiting_laps(connection, next_ids)
    return Reattributed(lap_ids, has_more=waiting != next_ids)


def catch_up(engine: Engine) -> None:
    """Attribute all laps that wait or have no attribution, and fill the boards if they are empty.

    Laps wait after an act that was interrupted. They have none in a database of an older program, and after a
    migration that deleted what is derived.

    Args:
        engine: the writer's engine, before the writer starts.
    """
    with engine.begin() as connection:
        missing = list_unattributed_sessions(connection)
    for chunk in chunks(missing, _SESSIONS_AT_ONCE):
        with engine.begin() as connection:
            of_sessions = read_laps(connection, laps.c.session_id.in_(chunk))
            _attribute(connection, of_sessions, {}, existing=set(of_sessions), remembered=Remembered())
    has_more = True
    while has_more:
        with engine.begin() as connection:
            has_more = attribute_waiting_laps(connection).has_more
    with engine.begin() as connection:
        if is_empty(connection):
            rebuild_boards(connection)


def _attribute_again(connection: Connection, lap_ids: Collection[str]) -> tuple[str, ...]:
    """Attribute laps that may have an attribution; return the ids of those that screens show differently."""
    touched: dict[str, LapFacts] = {}
    for chunk in chunks(lap_ids):
        touched |= read_laps(connection, laps.c.id.in_(chunk))
    changed = _attribute(connection, touched, {}, existing=set(touched), remembered=Remembered()).changes
    return tuple(after.lap_id for before, after in changed if _is_shown_differently(before, after))


def _attribute(
    connection: Connection,
    touched: dict[str, LapFacts],
    facts: dict[str, SessionFacts],
    *,
    existing: Collection[str],
    remembered: Remembered,
) -> Attributed:
    """Attribute laps and the laps that compete with them, and store what changed.

    Args:
        facts: the sessions that are read already, by id.
        existing: ids of the laps that may have an attribution already.
    """
    if not touched:
        return Attributed()
    derive = partial(_derive, connection, facts=facts, remembered=remembered)
    before = read_attributions(connection, existing)
    after = derive(touched, existing=existing)
    rivals = read_rivals(connection, contested_laps(before, after), touched)
    if rivals:
        before |= read_attributions(connection, rivals)
        after = derive(touched | rivals, existing={*existing, *rivals})
    changes = [
        AttributionChange(before.get(id_), attribution)
        for id_, attribution in after.items()
        if before.get(id_) != attribution
    ]
    store_changes(connection, changes)
    return Attributed(after, changes, update_boards(connection, changes, remembered))


def _derive(
    connection: Connection,
    touched: Mapping[str, LapFacts],
    *,
    facts: dict[str, SessionFacts],
    existing: Collection[str],
    remembered: Remembered,
) -> dict[str, Attribution]:
    """The attributions of these laps; reads the sessions that ``facts`` does not have yet."""
    missing = [lap for lap in touched.values() if lap.session_id not in facts]
    if missing:
        facts |= read_sessions_of(connection, missing, remembered)
    needed = {id_: facts[id_] for id_ in {lap.session_id for lap in touched.values()}}
    roster = read_roster(connection, touched.values(), needed, existing=existing, remembered=remembered)
    return attribute(touched.values(), needed, roster)


def _is_shown_differently(before: Attribution | None, after: Attribution) -> bool:
    shown = [
        None
        if version is None
        else (
            *(version.driver_id, version.entrant, version.counts, version.meeting_id, version.circuit_key),
            version.classes[_RIG],
        )
        for version in (before, after)
    ]
    return shown[0] != shown[1]
