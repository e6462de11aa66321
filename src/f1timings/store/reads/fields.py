"""The fields of every list: by which columns it is filtered and sorted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.types import Boolean, Integer

from f1timings.store.occurrences import OCCURRENCE_TABLES
from f1timings.store.paging import ListField, ListFields
from f1timings.store.reads.act_sentences import SUMMARY
from f1timings.store.reads.laps.listed import JOINED, JOINED_AT, JOINED_COMMON
from f1timings.store.tables.access import access_log
from f1timings.store.tables.column_types import Instant
from f1timings.store.tables.people import acts, assignments, rig_cards
from f1timings.store.tables.timed import laps, rigs, sessions


def _kind(column: ColumnElement[Any]) -> type:
    """The Python type of a column's values."""
    for sql_type, kind in ((Instant, datetime), (Boolean, bool), (Integer, int)):
        if isinstance(column.type, sql_type):
            return kind
    return str


def _fields(table: Table, *without: str) -> dict[str, ListField]:
    """The columns of a table as fields of a list."""
    return {
        column.name: ListField(column, _kind(column), bool(column.nullable))
        for column in table.columns
        if column.name not in without
    }


_of_joined = select(rig_cards.c.rig).where(rig_cards.c.joined_into == rigs.c.key).correlate(rigs)
SESSION_COUNT = (
    select(func.count())
    .where(or_(sessions.c.rig == rigs.c.key, sessions.c.rig.in_(_of_joined)))
    .correlate(rigs)
    .scalar_subquery()
)
LAP_COUNT = (
    select(func.count()).where(laps.c.session_id == sessions.c.id).correlate(sessions).scalar_subquery()
)

RIGS: Final = ListFields(
    _fields(rigs) | {"session_count": ListField(SESSION_COUNT, int, False)}, "first_seen_at"
)
SESSIONS: Final = ListFields(_fields(sessions) | {"lap_count": ListField(LAP_COUNT, int, False)}, "opened_at")
LAPS: Final = ListFields(_fields(laps) | dict(JOINED), "seq")
LAPS_AT: Final = ListFields(_fields(laps) | dict(JOINED_AT), "seq")
COMMON_LAPS: Final = ListFields(_fields(laps) | dict(JOINED_COMMON), "seq")
OCCURRENCES: Final[Mapping[type, ListFields]] = {
    record: ListFields(_fields(kind.table, *kind.unfiltered), kind.order)
    for record, kind in OCCURRENCE_TABLES.items()
}
ACTS: Final = ListFields(
    _fields(acts, "first_mention", "second_mention", "changes", "request_key")
    | {"summary": ListField(SUMMARY, str, False)},
    "-seq",
)
ASSIGNMENTS: Final = ListFields(_fields(assignments), "since")
ACCESS_LOG: Final = ListFields(_fields(access_log), "-seq")

RIG_FIELDS: Final = RIGS.types
SESSION_FIELDS: Final = SESSIONS.types
LAP_FIELDS: Final = LAPS.types
OCCURRENCE_FIELDS: Final = {record: fields.types for record, fields in OCCURRENCES.items()}
ACT_FIELDS: Final = ACTS.types
ASSIGNMENT_FIELDS: Final = ASSIGNMENTS.types
ACCESS_LOG_FIELDS: Final = ACCESS_LOG.types
"""The Python type (str, int, bool or datetime) of each field by which the list is filtered and sorted."""
