"""Which query finds a page of laps soonest: databases of the same laps need different ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select

from f1timings.meeting.manual_laps import MANUAL_RIG
from f1timings.store.paging import Condition, ListFields
from f1timings.store.reads.circuits import Ask
from f1timings.store.reads.fields import COMMON_LAPS, LAPS, LAPS_AT
from f1timings.store.reads.laps import listed

_SOURCE_MANUAL: Final = Condition("source", "eq", "manual")
_MANUAL: Final = Condition("rig", "eq", MANUAL_RIG)


class LapQuery(NamedTuple):
    """A query for laps, the fields by which it is sorted and filtered, and its conditions."""

    laps: Select[Any]
    fields: ListFields
    where: Sequence[Condition]


def choose_lap_query(ask: Ask, where: Sequence[Condition], *, sort: str | None, is_sqlite: bool) -> LapQuery:
    """The query for laps with these conditions in this order.

    Args:
        ask: runs one query.
    """
    # The rig has an index, and there are few manual laps.
    where = [_MANUAL if condition == _SOURCE_MANUAL else condition for condition in where]
    fields = LAPS_AT if "circuit" in listed.selected_values(where) else LAPS
    # PostgreSQL has its own statistics of values.
    if not is_sqlite:
        return LapQuery(listed.ALL_LAPS, fields, where)
    query = listed.is_common_query(where, sort)
    if query is not None and ask(query)[0]["is_common"]:
        fields = COMMON_LAPS
    all_laps, of_sessions = listed.ALL_LAPS, listed.of_filtered_sessions(where)
    if of_sessions is not None and ask(listed.is_rare_query(of_sessions))[0]["is_rare"]:
        all_laps = all_laps.where(of_sessions)
    return LapQuery(all_laps, fields, where)
