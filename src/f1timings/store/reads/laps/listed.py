"""Queries for lists of laps: each lap with its driver, its board, and its typed text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    Select,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from f1timings.meeting.manual_laps import MANUAL_RIG
from f1timings.packets.ids.sessions import SESSION_TYPES, session_kind
from f1timings.store.paging import Condition, ListField
from f1timings.store.reads.joined_rigs import with_remaining
from f1timings.store.tables.column_types import PlainText, is_plain
from f1timings.store.tables.people import attributions, drivers, manual_laps
from f1timings.store.tables.timed import lap_revisions, laps, sessions
from f1timings.store.tables.traces import lap_traces

_circuit: ColumnElement[Any] = func.nullif(attributions.c.circuit, "", type_=PlainText())
_kinds = {name: kind for name in SESSION_TYPES.names() if (kind := session_kind(name)) is not None}
_session_kind: ColumnElement[Any] = case(_kinds, value=attributions.c.session_type)
_has_trace: ColumnElement[Any] = exists().where(lap_traces.c.lap_id == laps.c.id)
_source: ColumnElement[Any] = case((laps.c.rig == MANUAL_RIG, "manual"), else_="telemetry")

#: The fields by which a list of laps is filtered and sorted, in addition to the columns of ``laps``.
JOINED: Final[Mapping[str, ListField]] = {
    "driver": ListField(drivers.c.shown_name, str, True),
    "driver_id": ListField(attributions.c.driver_id, str, True),
    "basis": ListField(attributions.c.basis, str, True),
    "meeting_id": ListField(attributions.c.meeting_id, str, True),
    "circuit": ListField(_circuit, str, True),
    "typed": ListField(manual_laps.c.typed, str, True),
    "source": ListField(_source, str, False),
    "session_type": ListField(attributions.c.session_type, str, True),
    "session_kind": ListField(_session_kind, str, True),
    "has_trace": ListField(_has_trace, bool, False),
}

#: The same for a list of one circuit. PostgreSQL has statistics for the bare column, not for an expression.
JOINED_AT: Final[Mapping[str, ListField]] = dict(JOINED) | {
    "circuit": ListField(attributions.c.circuit, str, True)
}

# With more matching laps than this, a page is found soon by reading the laps in the order of the list.
_COMMON_FROM: Final = 5_000
_SELECTIVE: Final = ("driver", "driver_id", "meeting_id", "circuit")

#: The same for a common value. SQLite has no statistics of values: for a driver with nearly all laps of the
#: database it would read and sort all of them. An expression stops it from using the index of the driver.
JOINED_COMMON: Final[Mapping[str, ListField]] = dict(JOINED) | {
    name: ListField(func.coalesce(JOINED_AT[name].column, literal("", PlainText())), str, True)
    for name in _SELECTIVE
}


def selected_values(where: Sequence[Condition]) -> dict[str, str]:
    """The driver, meeting or circuit to which a list is filtered, by field."""
    equal = {
        condition.field: condition.value
        for condition in where
        if condition.op == "eq" and condition.field in _SELECTIVE
    }
    return {name: value for name, value in equal.items() if isinstance(value, str) and value}


def is_common_query(where: Sequence[Condition], sort: str | None) -> Select[Any] | None:
    """A query for whether the values to which a list is filtered are common; None if it does not matter."""
    values = selected_values(where)
    if not values or not all(map(is_plain, values.values())) or (sort or "").removeprefix("-") in JOINED:
        return None
    matching = select(attributions.c.lap_id).outerjoin(drivers, drivers.c.id == attributions.c.driver_id)
    equal = (JOINED_AT[name].column == value for name, value in values.items())
    matching = matching.where(*equal).limit(_COMMON_FROM + 1)
    return select((func.count() > _COMMON_FROM).label("is_common")).select_from(matching.subquery())


def of_filtered_sessions(where: Sequence[Condition]) -> ColumnElement[bool] | None:
    """The condition for laps of sessions of the type or kind to which a list is filtered; None without one.

    The type of a session is also in the attribution of each of its laps, but only sessions are few.
    """
    for condition in where:
        if condition.op == "eq" and isinstance(value := condition.value, str) and is_plain(value):
            if condition.field == "session_type":
                types = [value]
            elif condition.field == "session_kind":
                types = [name for name, kind in _kinds.items() if kind == value]
            else:
                continue
            return laps.c.session_id.in_(select(sessions.c.id).where(sessions.c.session_type.in_(types)))
    return None


def is_rare_query(of_sessions: ColumnElement[bool]) -> Select[Any]:
    """A query for whether so few laps are of these sessions that all of them can be read and sorted."""
    matching = select(laps.c.id).where(of_sessions).limit(_COMMON_FROM + 1)
    return select((func.count() <= _COMMON_FROM).label("is_rare")).select_from(matching.subquery())


def _with_joined_columns(versions: FromClause) -> Select[Any]:
    """Rows of laps or of their versions, with the fields of :data:`JOINED`."""
    joined = (
        versions.outerjoin(attributions, attributions.c.lap_id == versions.c.id)
        .outerjoin(drivers, drivers.c.id == attributions.c.driver_id)
        .outerjoin(manual_laps, manual_laps.c.lap_id == versions.c.id)
    )
    # The source follows from the rig, which is a column of the version itself.
    source = (
        _source if versions is laps else case((versions.c.rig == MANUAL_RIG, "manual"), else_="telemetry")
    )
    # Likewise the trace from the id of the version.
    has_trace = exists().where(lap_traces.c.lap_id == versions.c.id)
    own = {"source": source, "has_trace": has_trace}
    columns = [own.get(name, field.column).label(name) for name, field in JOINED.items()]
    return select(versions, *columns).select_from(joined)


#: Every lap in its newest version.
ALL_LAPS: Final = _with_joined_columns(laps)

_LAPS_OF_REMAINING: Final = with_remaining(ALL_LAPS, laps.c.rig)


def lap_versions_query(lap_id: ColumnElement[str]) -> Select[Any]:
    """The query for every version of a lap, the original first."""
    columns = [column.name for column in laps.columns]
    versions = union_all(
        *(
            select(*(table.c[name] for name in columns)).where(table.c.id == lap_id)
            for table in (lap_revisions, laps)
        )
    ).subquery("versions")
    return _with_joined_columns(versions).order_by(versions.c.revision)


def read_listed_rows(connection: Connection, lap_ids: Collection[str]) -> dict[str, RowMapping]:
    """The rows of these laps as a list has them, by id; with the rig for which they count."""
    if not lap_ids:
        return {}
    found = connection.execute(_LAPS_OF_REMAINING.where(laps.c.id.in_(lap_ids))).mappings()
    return {row["id"]: row for row in found}
