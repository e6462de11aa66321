"""The named queries: everything that is ever read from the database, on connections that cannot write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Engine,
    Executable,
    RowMapping,
    Select,
    Table,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import Boolean, Integer

from f1timings.errors import StoreError
from f1timings.store import rows
from f1timings.store.columns import Instant, PlainText, is_plain
from f1timings.store.engines import cause
from f1timings.store.paging import OPERATORS, Condition, Field, Fields, Listing, Page
from f1timings.store.schema import (
    classification_entries,
    classifications,
    incidents,
    lap_revisions,
    laps,
    participants,
    pit_visits,
    rigs,
    sessions,
    stints,
)
from f1timings.store.stored import StoredClassification, StoredFact, StoredLap, StoredRig, StoredSession
from f1timings.timing.records import Incident, Participant, PitVisit, Stint

__all__ = [
    "INCIDENT_FIELDS",
    "LAP_FIELDS",
    "OPERATORS",
    "PIT_VISIT_FIELDS",
    "RIG_FIELDS",
    "SESSION_FIELDS",
    "STINT_FIELDS",
    "Condition",
    "Listing",
    "Page",
    "Reads",
]

T = TypeVar("T")
_FIRST_PAGE = Page()


def _kind(column: ColumnElement[Any]) -> type:
    """The Python type of a column's values at the API."""
    for sql_type, kind in ((Instant, datetime), (Boolean, bool), (Integer, int)):
        if isinstance(column.type, sql_type):
            return kind
    return str


def _fields(table: Table) -> dict[str, Field]:
    return {c.name: Field(c, _kind(c), bool(c.nullable)) for c in table.columns}


_session_count = select(func.count()).where(sessions.c.rig == rigs.c.key).correlate(rigs).scalar_subquery()
_lap_count = (
    select(func.count()).where(laps.c.session_id == sessions.c.id).correlate(sessions).scalar_subquery()
)

_rigs = Fields(_fields(rigs) | {"session_count": Field(_session_count, int, False)}, "first_seen_at")
_sessions = Fields(_fields(sessions) | {"lap_count": Field(_lap_count, int, False)}, "opened_at")
# Nobody is assigned to a rig yet; the field is there so that filters by it are understood.
_laps = Fields(_fields(laps) | {"driver": Field(cast(null(), Text), str, True)}, "seq")
# The details differ from kind to kind; nobody can compare them.
_incidents = Fields({n: f for n, f in _fields(incidents).items() if n != "detail"}, "session_time_ms")
_stints = Fields(_fields(stints), "car_index")
_pit_visits = Fields(_fields(pit_visits), "entered_ms")

RIG_FIELDS = _rigs.types
SESSION_FIELDS = _sessions.types
LAP_FIELDS = _laps.types
INCIDENT_FIELDS = _incidents.types
STINT_FIELDS = _stints.types
PIT_VISIT_FIELDS = _pit_visits.types
"""API field → Python type (str, int, bool, datetime) that it is filtered by; all can be sorted by, too."""

_all_rigs = select(rigs, _session_count.label("session_count"))
_all_sessions = select(sessions, _lap_count.label("lap_count"))
_all_laps = select(laps, cast(null(), Text).label("driver"))


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

    def rigs(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredRig]:
        """Rigs, earliest seen first."""
        return self._listing(_all_rigs, _rigs, _rig, page, where)

    def sessions(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredSession]:
        """Sessions, earliest opened first."""
        return self._listing(_all_sessions, _sessions, _session, page, where)

    def session(self, session_id: str) -> StoredSession | None:
        """One session, None if there is none of that id."""
        found = self._all(_all_sessions.where(sessions.c.id == _id(session_id)))
        return _session(found[0]) if found else None

    def participants(self, session_id: str) -> tuple[Participant, ...]:
        """Who occupies the cars of a session, by car index; empty for an unknown session."""
        query = select(participants).where(participants.c.session_id == _id(session_id))
        return tuple(rows.participant_of(row) for row in self._all(query.order_by(participants.c.car_index)))

    def classification(self, session_id: str) -> StoredClassification | None:
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

    def laps(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredLap]:
        """Laps of every state, by their newest change; sort ``-official_at`` for newest first."""
        return self._listing(_all_laps, _laps, rows.lap_of, page, where)

    def lap(self, lap_id: str) -> StoredLap | None:
        """The newest version of a lap, None if there is none of that id."""
        found = self._all(select(laps).where(laps.c.id == _id(lap_id)))
        return rows.lap_of(found[0]) if found else None

    def lap_revisions(self, lap_id: str) -> tuple[StoredLap, ...]:
        """Every version of a lap, oldest first, the one in force last; empty for an unknown lap."""
        versions = [
            select(*(table.c[column.name] for column in laps.columns)).where(table.c.id == _id(lap_id))
            for table in (lap_revisions, laps)
        ]
        found = self._all(union_all(*versions).order_by("revision"))
        return tuple(rows.lap_of(row) for row in found)

    def incidents(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredFact[Incident]]:
        """Incidents in the order of the game's clock, superseded ones too."""
        return self._listing(select(incidents), _incidents, rows.incident_of, page, where)

    def incident(self, incident_id: str) -> StoredFact[Incident] | None:
        """One incident, None if there is none of that id."""
        found = self._all(select(incidents).where(incidents.c.id == _id(incident_id)))
        return rows.incident_of(found[0]) if found else None

    def stints(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredFact[Stint]]:
        """Stints by car, superseded ones too."""
        return self._listing(select(stints), _stints, rows.stint_of, page, where)

    def stint(self, stint_id: str) -> StoredFact[Stint] | None:
        """One stint, None if there is none of that id."""
        found = self._all(select(stints).where(stints.c.id == _id(stint_id)))
        return rows.stint_of(found[0]) if found else None

    def pit_visits(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredFact[PitVisit]]:
        """Pit visits in the order of the game's clock, superseded ones too."""
        return self._listing(select(pit_visits), _pit_visits, rows.pit_visit_of, page, where)

    def pit_visit(self, visit_id: str) -> StoredFact[PitVisit] | None:
        """One pit visit, None if there is none of that id."""
        found = self._all(select(pit_visits).where(pit_visits.c.id == _id(visit_id)))
        return rows.pit_visit_of(found[0]) if found else None

    def _listing(
        self,
        query: Select[Any],
        fields: Fields,
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
