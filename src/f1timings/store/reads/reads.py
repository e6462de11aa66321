"""The named queries: everything that is ever read from the database, on connections that cannot write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    RowMapping,
    Select,
    Table,
    func,
    literal,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import Boolean, Integer

from f1timings.errors import StoreError
from f1timings.meeting.boards import Board, BoardSummary, LeaderboardQuery
from f1timings.meeting.manual_laps import MANUAL_RIG, NO_FORMAT
from f1timings.meeting.people import Act, Assignment
from f1timings.store import rows
from f1timings.store.access import StoredAccessLogEntry, log_entry_of
from f1timings.store.engines import cause
from f1timings.store.occurrences import OCCURRENCE_TABLES
from f1timings.store.paging import OPERATORS, Condition, ListField, ListFields, Listing, Page
from f1timings.store.reads.boards import BoardReads
from f1timings.store.reads.drivers import DriverReads
from f1timings.store.reads.hidden_names import hiding_names_query
from f1timings.store.reads.laps import (
    ALL_LAPS,
    JOINED,
    JOINED_AT,
    JOINED_COMMON,
    asked_for,
    how_common,
    versions_of,
)
from f1timings.store.reads.older import OlderReads
from f1timings.store.records import act_of, key_of, record_of, records_query, table_of
from f1timings.store.stored import StoredClassification, StoredLap, StoredOccurrence, StoredRig, StoredSession
from f1timings.store.tables.access import access_log
from f1timings.store.tables.column_types import Instant, PlainText, is_plain
from f1timings.store.tables.people import acts, assignments
from f1timings.store.tables.timed import (
    classification_entries,
    classifications,
    laps,
    participants,
    rigs,
    sessions,
)
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import Participant

__all__ = [
    "ACCESS_LOG_FIELDS",
    "ACT_FIELDS",
    "ASSIGNMENT_FIELDS",
    "LAP_FIELDS",
    "OCCURRENCE_FIELDS",
    "OPERATORS",
    "RIG_FIELDS",
    "SESSION_FIELDS",
    "Condition",
    "Listing",
    "Page",
    "Reads",
]

T = TypeVar("T")
_FIRST_PAGE = Page()
_MANUAL = Condition("rig", "eq", MANUAL_RIG)


def _kind(column: ColumnElement[Any]) -> type:
    """The Python type of a column's values at the API."""
    for sql_type, kind in ((Instant, datetime), (Boolean, bool), (Integer, int)):
        if isinstance(column.type, sql_type):
            return kind
    return str


def _fields(table: Table) -> dict[str, ListField]:
    return {c.name: ListField(c, _kind(c), bool(c.nullable)) for c in table.columns}


_session_count = select(func.count()).where(sessions.c.rig == rigs.c.key).correlate(rigs).scalar_subquery()
_lap_count = (
    select(func.count()).where(laps.c.session_id == sessions.c.id).correlate(sessions).scalar_subquery()
)

_rigs = ListFields(_fields(rigs) | {"session_count": ListField(_session_count, int, False)}, "first_seen_at")
_sessions = ListFields(_fields(sessions) | {"lap_count": ListField(_lap_count, int, False)}, "opened_at")
_laps = ListFields(_fields(laps) | dict(JOINED), "seq")
_laps_at = ListFields(_fields(laps) | dict(JOINED_AT), "seq")
_common_laps = ListFields(_fields(laps) | dict(JOINED_COMMON), "seq")
_occurrences: dict[type, ListFields] = {
    record: ListFields({n: f for n, f in _fields(kind.table).items() if n not in kind.unfiltered}, kind.order)
    for record, kind in OCCURRENCE_TABLES.items()
}
_acts = ListFields({n: f for n, f in _fields(acts).items() if n not in ("changes", "request_key")}, "-seq")
_assignments = ListFields(_fields(assignments), "since")
_access_log = ListFields(_fields(access_log), "-seq")

RIG_FIELDS = _rigs.types
SESSION_FIELDS = _sessions.types
LAP_FIELDS = _laps.types
OCCURRENCE_FIELDS = {record: fields.types for record, fields in _occurrences.items()}
ACT_FIELDS = _acts.types
ASSIGNMENT_FIELDS = _assignments.types
ACCESS_LOG_FIELDS = _access_log.types
"""API field → Python type (str, int, bool, datetime) that it is filtered by; all can be sorted by, too."""

_all_rigs = select(rigs, _session_count.label("session_count"))
_every_session = select(sessions, _lap_count.label("lap_count"))
# Not those that hold laps typed by hand, which no game knows.
_all_sessions = _every_session.where(sessions.c.packet_format != NO_FORMAT)


def _rig(row: RowMapping) -> StoredRig:
    return rows.rig_of(row, row["session_count"])


def _session(row: RowMapping) -> StoredSession:
    return rows.session_of(row, row["lap_count"])


class Reads:
    """Queries for any number of threads; each call sees one moment of the database.

    Every method raises StoreError when the database does not answer, and QueryError where a page or condition
    asks for what the list does not have.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_rigs(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredRig]:
        """Rigs, earliest seen first."""
        return self._listing(_all_rigs, _rigs, _rig, page, where)

    def list_sessions(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredSession]:
        """Sessions, earliest opened first."""
        return self._listing(_all_sessions, _sessions, _session, page, where)

    def get_session(self, session_id: str) -> StoredSession | None:
        """One session, None if there is none of that id."""
        found = self._all(_every_session.where(sessions.c.id == _id(session_id)))
        return _session(found[0]) if found else None

    def list_participants(self, session_id: str) -> tuple[Participant, ...]:
        """Who occupies the cars of a session, by car index; empty for an unknown session."""
        query = select(participants).where(participants.c.session_id == _id(session_id))
        return tuple(rows.participant_of(row) for row in self._all(query.order_by(participants.c.car_index)))

    def get_classification(self, session_id: str) -> StoredClassification | None:
        """The game's result of a session, None while there is none."""
        entry = classification_entries.c
        query = (
            select(classification_entries, classifications.c.official_at, classifications.c.seq)
            .join(classifications)
            .where(entry.session_id == _id(session_id))
            .order_by(entry.position, entry.car_index)
        )
        found = self._all(query)
        if not found:
            return None
        entries = tuple(rows.entry_of(row) for row in found)
        return StoredClassification(session_id, entries, found[0]["official_at"], found[0]["seq"])

    def list_laps(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredLap]:
        """Laps of every state, by their newest change; sort ``-official_at`` for newest first."""
        # There is an index for rigs, and manual laps are few.
        where = [_MANUAL if one == Condition("source", "eq", "manual") else one for one in where]
        fields = _laps_at if "circuit" in asked_for(where) else _laps
        # PostgreSQL knows itself how common each value is.
        probe = how_common(where, page.sort) if self._engine.dialect.name == "sqlite" else None
        if probe is not None and self._all(probe)[0]["is_common"]:
            fields = _common_laps
        return self._listing(ALL_LAPS, fields, rows.listed_lap_of, page, where)

    def get_lap(self, lap_id: str) -> StoredLap | None:
        """The newest version of a lap, None if there is none of that id."""
        found = self._all(ALL_LAPS.where(laps.c.id == _id(lap_id)))
        return rows.listed_lap_of(found[0]) if found else None

    def list_laps_by_id(self, lap_ids: Sequence[str]) -> tuple[StoredLap, ...]:
        """The newest versions of these laps, in the order of the ids; unknown ones are left out."""
        wanted = [lap_id for lap_id in lap_ids if is_plain(lap_id)]
        found = {row["id"]: row for row in self._all(ALL_LAPS.where(laps.c.id.in_(wanted)))}
        return tuple(rows.listed_lap_of(found[lap_id]) for lap_id in wanted if lap_id in found)

    def list_lap_revisions(self, lap_id: str) -> tuple[StoredLap, ...]:
        """Every version of a lap, oldest first, the one in force last; empty for an unknown lap.

        Whose it is all of them say as it is now.
        """
        return tuple(rows.listed_lap_of(row) for row in self._all(versions_of(_id(lap_id))))

    def list_occurrences(
        self, kind: type[OccurrenceT], page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredOccurrence[OccurrenceT]]:
        """Occurrences of one kind, superseded ones too; in the order that the table of the kinds gives."""
        stored_in = OCCURRENCE_TABLES[kind]
        query = select(stored_in.table)
        return self._listing(query, _occurrences[kind], stored_in.occurrence_of, page, where)

    def get_occurrence(
        self, kind: type[OccurrenceT], occurrence_id: str
    ) -> StoredOccurrence[OccurrenceT] | None:
        """One occurrence, None if there is none of that kind and id."""
        stored_in = OCCURRENCE_TABLES[kind]
        found = self._all(select(stored_in.table).where(stored_in.table.c.id == _id(occurrence_id)))
        return stored_in.occurrence_of(found[0]) if found else None

    def list_access_log(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredAccessLogEntry]:
        """The security log, newest first."""
        return self._listing(select(access_log), _access_log, log_entry_of, page, where)

    def list_records(self, kind: type[T], *where: Any, **equal: Any) -> list[T]:
        """What people entered: records of one type whose fields equal these, oldest change first."""
        return [record_of(kind, row) for row in self._all(records_query(kind, *where, **equal))]

    def get_record(self, kind: type[T], key: str) -> T | None:
        """The record of that key, None if there is none."""
        found = self.list_records(kind, table_of(kind).c[key_of(kind)] == _id(key))
        return found[0] if found else None

    def list_acts(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[Act]:
        """What people did, newest first."""
        return self._listing(select(acts), _acts, act_of, page, where)

    def list_assignments(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[Assignment]:
        """Who sat at which rig, earliest first."""
        return self._listing(
            select(assignments), _assignments, lambda row: record_of(Assignment, row), page, where
        )

    def list_rigs_hiding_names(self, rigs: Iterable[str]) -> frozenset[str]:
        """Those of these rigs in whose newest session somebody drives whose name the game does not tell."""
        return frozenset(row["rig"] for row in self._all(hiding_names_query(rigs)))

    def get_act(self, act_id: str) -> Act | None:
        """One act, None if there is none of that id."""
        found = self._all(select(acts).where(acts.c.id == _id(act_id)))
        return act_of(found[0]) if found else None

    def get_leaderboard(self, query: LeaderboardQuery) -> Board:
        """One board; NotFound if there is no such meeting."""
        return BoardReads(self._all).get_leaderboard(query)

    def list_boards(self, meeting_id: str | None = None) -> tuple[BoardSummary, ...]:
        """The boards that have laps, of one meeting or all, the one with the newest lap first."""
        return BoardReads(self._all).list_boards(meeting_id)

    def get_circuit(self, meeting_id: str) -> str | None:
        """Where a meeting is: as somebody set it, else where somebody drove last; None if nobody did."""
        return BoardReads(self._all).get_circuit(meeting_id)

    @property
    def older(self) -> OlderReads:
        """What the older program asks."""
        return OlderReads(self._all)

    @property
    def people(self) -> DriverReads:
        """What is asked about drivers and their names in the games."""
        return DriverReads(self._all, self._listing)

    def _listing(
        self,
        query: Select[Any],
        fields: ListFields,
        record: Callable[[RowMapping], T],
        page: Page,
        where: Sequence[Condition],
    ) -> Listing[T]:
        found = self._all(fields.apply(query, page, where))
        return Listing(tuple(map(record, found[: page.limit])), fields.next_cursor(page, found))

    def _all(self, query: Executable) -> Sequence[RowMapping]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).mappings().all()
        except SQLAlchemyError as error:
            raise StoreError(f"the database did not answer: {cause(error)}") from error


def _id(text: str) -> ColumnElement[str]:
    """An id from outside; one that no database could hold is simply not there."""
    return literal(text if is_plain(text) else "", PlainText())
