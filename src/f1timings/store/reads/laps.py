"""The lists of laps: each lap with whose it is, where it counts and who typed it."""

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
    func,
    literal,
    select,
    union_all,
)

from f1timings.meeting.manual_laps import MANUAL_RIG
from f1timings.store.paging import Condition, ListField
from f1timings.store.tables.column_types import PlainText, is_plain
from f1timings.store.tables.people import attributions, drivers, manual_laps
from f1timings.store.tables.timed import lap_revisions, laps

_circuit: ColumnElement[Any] = func.nullif(attributions.c.circuit, "", type_=PlainText())
_source: ColumnElement[Any] = case((laps.c.rig == MANUAL_RIG, "manual"), else_="telemetry")

#: What a list of laps is filtered and sorted by, beside the columns of laps themselves.
JOINED: Final[Mapping[str, ListField]] = {
    "driver": ListField(drivers.c.shown_name, str, True),
    "driver_id": ListField(attributions.c.driver_id, str, True),
    "basis": ListField(attributions.c.basis, str, True),
    "meeting_id": ListField(attributions.c.meeting_id, str, True),
    "circuit": ListField(_circuit, str, True),
    "typed": ListField(manual_laps.c.typed, str, True),
    "source": ListField(_source, str, False),
}

#: The same for a list of one circuit: the bare column is what PostgreSQL knows how common it is.
JOINED_AT: Final[Mapping[str, ListField]] = dict(JOINED) | {
    "circuit": ListField(attributions.c.circuit, str, True)
}

# Whoever has more laps than this is found soon by going through the laps in the order of the list.
_MANY: Final = 5_000
_SELECTIVE: Final = ("driver", "driver_id", "meeting_id", "circuit")

#: The same for lists of what is common. SQLite keeps no count of how common a value is, and would fetch and
#: sort all laps of the one driver of a rig at home; an expression keeps it from beginning there.
JOINED_COMMON: Final[Mapping[str, ListField]] = dict(JOINED) | {
    name: ListField(func.coalesce(JOINED_AT[name].column, literal("", PlainText())), str, True)
    for name in _SELECTIVE
}


def asked_for(where: Sequence[Condition]) -> dict[str, str]:
    """What a list is narrowed to of :data:`JOINED`, by name."""
    found = {one.field: one.value for one in where if one.op == "eq" and one.field in _SELECTIVE}
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def how_common(where: Sequence[Condition], sort: str | None) -> Select[Any] | None:
    """A query for whether a list asks for what is common; None where that makes no difference."""
    asked = asked_for(where)
    if not asked or not all(map(is_plain, asked.values())) or (sort or "").removeprefix("-") in JOINED:
        return None
    some = select(attributions.c.lap_id).outerjoin(drivers, drivers.c.id == attributions.c.driver_id)
    some = some.where(*(JOINED_AT[name].column == value for name, value in asked.items())).limit(_MANY + 1)
    return select((func.count() > _MANY).label("is_common")).select_from(some.subquery())


def _with_whose(versions: FromClause) -> Select[Any]:
    """Rows of laps or of their versions, with what :data:`JOINED` names."""
    joined = (
        versions.outerjoin(attributions, attributions.c.lap_id == versions.c.id)
        .outerjoin(drivers, drivers.c.id == attributions.c.driver_id)
        .outerjoin(manual_laps, manual_laps.c.lap_id == versions.c.id)
    )
    # A lap's version says itself on which rig it was driven, so the source needs no join.
    source = (
        _source if versions is laps else case((versions.c.rig == MANUAL_RIG, "manual"), else_="telemetry")
    )
    columns = [field.column.label(name) for name, field in JOINED.items() if name != "source"]
    return select(versions, *columns, source.label("source")).select_from(joined)


#: Every lap in its newest version.
ALL_LAPS: Final = _with_whose(laps)


def versions_of(lap_id: ColumnElement[str]) -> Select[Any]:
    """Every version of a lap, the original first."""
    columns = [column.name for column in laps.columns]
    versions = union_all(
        *(
            select(*(table.c[name] for name in columns)).where(table.c.id == lap_id)
            for table in (lap_revisions, laps)
        )
    ).subquery("versions")
    return _with_whose(versions).order_by(versions.c.revision)


def whose_rows(connection: Connection, lap_ids: Collection[str]) -> dict[str, RowMapping]:
    """The rows of these laps in a list, by id."""
    if not lap_ids:
        return {}
    found = connection.execute(ALL_LAPS.where(laps.c.id.in_(lap_ids))).mappings()
    return {row["id"]: row for row in found}
