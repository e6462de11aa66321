"""What a batch of events changed that may change the driver or the board of laps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection

from f1timings.meeting.attribution import LapFacts, SessionFacts
from f1timings.store.boards.attribution_rows import facts_of_lap
from f1timings.store.boards.remembered import Remembered
from f1timings.store.boards.rosters import read_game_names
from f1timings.store.boards.session_facts import (
    CarOccupant,
    SessionRow,
    SessionSnapshot,
    build_facts,
    read_occupants,
    read_rows,
    read_snapshots,
)
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged


class BatchChange(Protocol):
    """One change of a batch."""

    @property
    def key(self) -> str:
        """Id of what changed."""

    @property
    def before(self) -> Any:
        """The state before, None for a new one."""

    @property
    def after(self) -> Any:
        """The state after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEffects:
    """What a batch changed.

    Attributes:
        laps: the newest version of each changed lap, by id.
        corrected: ids of the laps that were stored before.
        sessions: the earlier state of each changed session; None for a new one.
        occupants: the earlier occupants of each session in which they changed.
    """

    laps: dict[str, LapFacts] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    sessions: dict[str, SessionRow | None] = field(default_factory=dict)
    occupants: dict[str, tuple[CarOccupant, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Mapping[type, Sequence[BatchChange]]) -> BatchEffects:
        """The effects of a batch.

        Args:
            changes: what the batch wrote, by the type of event.
        """
        effects = cls()
        for change in changes.get(LapRecorded, ()):
            if change.before and change.key not in effects.laps:
                effects.corrected.add(change.key)
            effects.laps[change.key] = facts_of_lap(change.after[-1])
        for change in changes.get(SessionChanged, ()):
            session = None if change.before is None else SessionRow.of(change.before)
            if session != SessionRow.of(change.after):
                effects.sessions.setdefault(change.key, session)
        for change in changes.get(ParticipantsChanged, ()):
            occupants = CarOccupant.all_of(change.before or ())
            if occupants != CarOccupant.all_of(change.after):
                effects.occupants.setdefault(change.key, occupants)
        return effects

    @property
    def is_empty(self) -> bool:
        """Whether no attribution can change."""
        return not self.laps and not self.sessions and not self.occupants


def read_sessions_around(
    connection: Connection, effects: BatchEffects, remembered: Remembered
) -> tuple[dict[str, SessionFacts], set[str]]:
    """The sessions that a batch concerns, and the ids of those with changed facts that may have laps."""
    turned = effects.sessions.keys() | effects.occupants.keys()
    if not turned:
        return read_sessions_of(connection, effects.laps.values(), remembered), set()
    # A changed session may be linked to any other one now.
    remembered.sessions.clear()
    ids = turned | {lap.session_id for lap in effects.laps.values()}
    named = _read_sessions_with_known_names(connection, effects.laps.values(), remembered)
    earlier = _read_earlier(connection, effects, turned)
    snapshots = read_snapshots(connection, ids, turned | named, list(earlier.values()))
    facts = build_facts(snapshots)
    new = {id_ for id_, row in effects.sessions.items() if row is None}
    facts_before = build_facts(
        {id_: earlier.get(id_, snapshot) for id_, snapshot in snapshots.items() if id_ not in new}
    )
    return facts, {id_ for id_, before in facts_before.items() if before != facts[id_]}


def read_sessions_of(
    connection: Connection, laps: Collection[LapFacts], remembered: Remembered
) -> dict[str, SessionFacts]:
    """The sessions of these laps, by id."""
    named = _read_sessions_with_known_names(connection, laps, remembered)
    keys = {(lap.session_id, lap.session_id in named) for lap in laps}
    facts = remembered.sessions.get_all(keys, partial(_read_facts, connection))
    return {id_: session for (id_, _), session in facts.items()}


def _read_facts(
    connection: Connection, keys: Collection[tuple[str, bool]]
) -> dict[tuple[str, bool], SessionFacts]:
    with_people = {id_ for id_, is_named in keys if is_named}
    facts = build_facts(read_snapshots(connection, {id_ for id_, _ in keys}, with_people))
    return {key: facts[key[0]] for key in keys}


def _read_sessions_with_known_names(
    connection: Connection, laps: Iterable[LapFacts], remembered: Remembered
) -> set[str]:
    """Ids of the sessions with laps under a name that belongs to a driver; names of AI cars do not."""
    by_name: defaultdict[str | None, set[str]] = defaultdict(set)
    for lap in laps:
        by_name[lap.participant].add(lap.session_id)
    known = read_game_names(connection, by_name, remembered)
    return {id_ for name in known for id_ in by_name[name]}


def _read_earlier(
    connection: Connection, effects: BatchEffects, turned: Collection[str]
) -> dict[str, SessionSnapshot]:
    """The changed sessions as they were before the batch; without new sessions."""
    changed = {id_: row for id_, row in effects.sessions.items() if row is not None}
    stored = read_rows(connection, changed) if changed else {}
    changed = {id_: row.joined_as(stored[id_]) for id_, row in changed.items()}
    unread = effects.occupants.keys() - effects.sessions.keys()
    unchanged = read_snapshots(connection, unread, ()) if unread else {}
    rows = {id_: unchanged[id_].session for id_ in unread if id_ in unchanged} | changed
    occupants = read_occupants(
        connection, [id_ for id_ in turned if id_ in rows and id_ not in effects.occupants]
    )
    return {
        id_: SessionSnapshot(row, effects.occupants.get(id_, occupants.get(id_, ())))
        for id_, row in rows.items()
    }
