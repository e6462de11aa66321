"""Storing the traces of laps, in the transaction that stores the laps."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from f1timings.store.events.row_changes import EventChange, upsert_rows
from f1timings.store.failures import attempt
from f1timings.store.stored import Stamped
from f1timings.store.tables.lobby_laps import OTHER, is_other_of
from f1timings.store.tables.people import attributions
from f1timings.store.tables.statements import KEYS
from f1timings.store.tables.timed import laps, sessions
from f1timings.store.tables.traces import lap_traces
from f1timings.timing.events import LapRecorded
from f1timings.traces.blobs import TraceFacts, read_facts
from f1timings.traces.lap_trace import LapTrace

_log = logging.getLogger(__name__)
_driven, _driven_lap = attributions.alias("driven"), laps.alias("driven_lap")
_COPIES = select(OTHER.c.lap_id).where(
    _driven.c.lap_id.in_(bindparam(KEYS, expanding=True)),
    _driven.c.is_own_car,
    _driven_lap.c.id == _driven.c.lap_id,
    sessions.c.id == _driven.c.session_id,
    sessions.c.is_online,
    is_other_of(_driven, _driven_lap),
    ~OTHER.c.is_own_car,
)
_DROP_COPIES = delete(lap_traces).where(lap_traces.c.lap_id.in_(_COPIES))


def store_traces(connection: Connection, entries: Sequence[Stamped]) -> list[str]:
    """Store the traces of these entries; return the ids of the laps. The laps are stored already.

    Of two traces of one lap the one that ends later stays: the lap was begun again. If both end at the same
    moment, the one with more samples stays: one of them was recorded from the middle of the lap on.
    """
    offered = [
        (entry.event.lap.id, entry.trace)
        for entry in entries
        if entry.trace is not None and isinstance(entry.event, LapRecorded)
    ]
    if not offered:
        return []
    stored = _stored_facts(connection, {lap_id for lap_id, _ in offered})
    newest: dict[str, dict[str, Any]] = {}
    best = dict(stored)
    for lap_id, blob, facts in _encoded(offered):
        if facts.samples and _key(facts) > _key(best.get(lap_id, TraceFacts(0, -1))):
            best[lap_id] = facts
            newest[lap_id] = {"lap_id": lap_id, **facts._asdict(), "data": blob}
    changes = [(EventChange(lap_id, stored.get(lap_id), row), row) for lap_id, row in newest.items()]
    upsert_rows(connection, lap_traces.c.lap_id, changes)
    return list(newest)


def drop_copies(connection: Connection, lap_ids: Sequence[str]) -> None:
    """Of laps that rigs drove in a lobby, drop what other rigs recorded of them at a lower rate.

    Args:
        lap_ids: laps with new traces, which are attributed.
    """
    connection.execute(_DROP_COPIES, {KEYS: lap_ids})


def _key(facts: TraceFacts) -> tuple[int, int]:
    return facts.ended_ms, facts.samples


def _stored_facts(connection: Connection, lap_ids: Iterable[str]) -> dict[str, TraceFacts]:
    columns = lap_traces.c
    query = select(columns.lap_id, columns.samples, columns.ended_ms).where(
        columns.lap_id.in_(sorted(lap_ids))
    )
    return {row.lap_id: TraceFacts(row.samples, row.ended_ms) for row in connection.execute(query)}


def _encoded(offered: Iterable[tuple[str, LapTrace]]) -> Iterable[tuple[str, bytes, TraceFacts]]:
    """The bytes of each trace; a lap is stored without a trace that cannot be encoded."""
    for lap_id, trace in offered:
        outcome = attempt(partial(_encode, trace))
        if isinstance(outcome, Exception):
            _log.error("the trace of lap %s was not stored", lap_id, exc_info=outcome)
        else:
            yield lap_id, *outcome


def _encode(trace: LapTrace) -> tuple[bytes, TraceFacts]:
    blob = trace.blob()
    return blob, read_facts(blob)
