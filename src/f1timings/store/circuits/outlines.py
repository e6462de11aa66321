"""The stored outlines of circuits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert

from f1timings.errors import StoreError
from f1timings.outlines.records import Outline, OutlineKey, from_json, to_json
from f1timings.store.tables.circuits import circuit_outlines

_log = logging.getLogger(__name__)


def outlines_of(rows: Iterable[RowMapping]) -> list[Outline]:
    """The outlines in rows of the table; one that another program wrote in another form is left out."""
    found = []
    for row in rows:
        key = OutlineKey(row["track_id"], row["packet_format"])
        try:
            found.append(from_json(key, row["outline"]))
        except (KeyError, TypeError, ValueError):
            _log.warning("the stored outline of track %d in format %d was not read", *key)
    return found


def store_outlines(connection: Connection, outlines: Iterable[Outline]) -> None:
    """Store outlines in place of those that are stored."""
    column = circuit_outlines.c
    for outline in outlines:
        key = outline.key
        same = (column.track_id == key.track_id) & (column.packet_format == key.packet_format)
        connection.execute(delete(circuit_outlines).where(same))
        connection.execute(insert(circuit_outlines).values(**key._asdict(), outline=to_json(outline)))


class OutlineKeeper:
    """Stores changed outlines from time to time.

    Args:
        transact: runs work in a transaction and waits for it.
        take_changed: returns what has changed since the last call.
    """

    def __init__(
        self,
        transact: Callable[[Callable[[Connection], Any]], Any],
        take_changed: Callable[[], list[Outline]],
    ) -> None:
        self._transact = transact
        self._take_changed = take_changed
        self._pending: dict[OutlineKey, Outline] = {}
        self._is_failing = False

    def collect(self) -> None:
        """Collect what has changed; called in the thread that learns."""
        self._pending |= {outline.key: outline for outline in self._take_changed()}

    def save(self) -> None:
        """Store it; what was not stored is kept for the next time, and the failure is logged once."""
        outlines = list(self._pending.values())
        if not outlines:
            return
        try:
            self._transact(lambda connection: store_outlines(connection, outlines))
        except StoreError as error:
            if not self._is_failing:
                _log.error("the outlines of circuits were not stored: %s", error)
            self._is_failing = True
            return
        self._is_failing = False
        for outline in outlines:
            if self._pending[outline.key] is outline:
                del self._pending[outline.key]
