"""The columns that lists join to a lap, for laps that a batch attributed: without reading them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, bindparam, select

from f1timings.meeting.attribution import MANUAL, Attribution
from f1timings.store import rows
from f1timings.store.boards.remembered import Remembered
from f1timings.store.reads.joined_rigs import read_joins
from f1timings.store.reads.laps.listed import read_listed_rows
from f1timings.store.stored import StoredLap
from f1timings.store.tables.people import drivers
from f1timings.store.tables.statements import KEYS

_SHOWN_NAMES = select(drivers.c.id, drivers.c.shown_name).where(
    drivers.c.id.in_(bindparam(KEYS, expanding=True))
)


def as_listed(
    connection: Connection,
    laps: Sequence[StoredLap],
    *,
    attributed: Mapping[str, Attribution],
    remembered: Remembered,
) -> list[StoredLap]:
    """These versions of laps with the columns that a list joins to them, such as the driver.

    Args:
        attributed: attributions by lap; laps without one here, and laps typed by hand, are read.
    """
    known = {
        id_: attribution
        for id_ in (stored.lap.id for stored in laps)
        if (attribution := attributed.get(id_)) is not None and attribution.basis != MANUAL
    }
    ids = {attribution.driver_id for attribution in known.values() if attribution.driver_id is not None}
    names = remembered.shown_names.get_all(ids, partial(_read_shown_names, connection))
    joins = _joins(connection, remembered)
    listed = read_listed_rows(connection, {stored.lap.id for stored in laps} - known.keys())
    return [
        rows.with_joined_columns(stored, listed[stored.lap.id])
        if stored.lap.id in listed
        else _attributed_lap(stored, known[stored.lap.id], names=names, joins=joins)
        for stored in laps
    ]


def _attributed_lap(
    stored: StoredLap, attribution: Attribution, *, names: Mapping[str, str], joins: Mapping[str, str]
) -> StoredLap:
    driver_id = attribution.driver_id
    joined = replace(
        stored,
        driver=None if driver_id is None else names.get(driver_id),
        driver_id=driver_id,
        basis=attribution.basis,
        meeting_id=attribution.meeting_id,
        circuit=attribution.circuit or None,
    )
    return rows.at_rig(joined, joins.get(stored.lap.rig, stored.lap.rig))


def _joins(connection: Connection, remembered: Remembered) -> Mapping[str, str]:
    if remembered.joins is None:
        remembered.joins = read_joins(connection)
    return remembered.joins


def _read_shown_names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    return {row.id: row.shown_name for row in connection.execute(_SHOWN_NAMES, {KEYS: ids})}
