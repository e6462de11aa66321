"""Queries about single laps on their boards: the marks of their sectors, and why one does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, case, func, select

from f1timings.meeting.boards import SectorMark, sector_mark
from f1timings.meeting.not_counting import NotCounting, why_not_counting
from f1timings.meeting.people import Meeting
from f1timings.store.boards.bests import cleared_query
from f1timings.store.reads.boards import rule_conditions
from f1timings.store.reads.circuits import Ask
from f1timings.store.records import record_of, records_query, table_of
from f1timings.store.stored import StoredLap
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.people import attributions

_NO_MARKS = (None, None, None)
_BEST_SECTORS = tuple(board_bests.c[f"best_sector{number}_ms"] for number in (1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLap:
    """A lap on its board.

    Attributes:
        not_counting: why it does not count; None if it counts.
        marks: of the three sectors; None for a lap that does not count, and for unknown times.
    """

    stored: StoredLap
    not_counting: NotCounting | None
    marks: tuple[SectorMark | None, ...]


class LapJudge:
    """Judges laps, in a number of queries that grows with their meetings and boards, not with the laps.

    Args:
        ask: runs one query.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def judge(self, laps: Sequence[StoredLap]) -> list[JudgedLap]:
        """Judge these laps, in their order."""
        on_board = self._read_attributions([stored.lap.id for stored in laps])
        broken = self._read_broken_rules(on_board)
        cleared = self._read_cleared({row["meeting_id"] for row in on_board.values()})
        bests: dict[tuple[str, ...], tuple[Any, Any]] = {}
        judged = []
        for stored in laps:
            row = on_board.get(stored.lap.id)
            reason = _reason(stored, row, broken_rules=broken[stored.lap.id], cleared=cleared)
            marks: tuple[SectorMark | None, ...] = _NO_MARKS
            if row is not None and reason is None:
                board = (row["meeting_id"], row["circuit_key"], row["entrant"])
                if board not in bests:
                    bests[board] = self._read_best_sectors(*board)
                marks = tuple(map(sector_mark, _sectors(stored), *bests[board]))
            judged.append(JudgedLap(stored=stored, not_counting=reason, marks=marks))
        return judged

    def _read_attributions(self, lap_ids: Collection[str]) -> Mapping[str, RowMapping]:
        column = attributions.c
        read = (column.lap_id, column.meeting_id, column.circuit_key, column.entrant, column.counts)
        query = select(*read, column.recorded_at).where(column.lap_id.in_(lap_ids))
        return {row["lap_id"]: row for row in self._ask(query)}

    def _read_broken_rules(self, on_board: Mapping[str, RowMapping]) -> Mapping[str, set[str]]:
        """The rules of its meeting that exclude each lap."""
        by_meeting: defaultdict[str, list[str]] = defaultdict(list)
        for lap_id, row in on_board.items():
            by_meeting[row["meeting_id"]].append(lap_id)
        broken: defaultdict[str, set[str]] = defaultdict(set)
        for meeting_id, lap_ids in by_meeting.items():
            conditions = rule_conditions(self._need_meeting(meeting_id).rules, attributions)
            if not conditions:
                continue
            named = (case((condition, 1), else_=0).label(rule) for rule, condition in conditions.items())
            query = select(attributions.c.lap_id, *named).where(attributions.c.lap_id.in_(lap_ids))
            for row in self._ask(query):
                broken[row["lap_id"]] = {rule for rule in conditions if not row[rule]}
        return broken

    def _need_meeting(self, meeting_id: str) -> Meeting:
        (row,) = self._ask(records_query(Meeting, table_of(Meeting).c.id == meeting_id))
        return record_of(Meeting, row)

    def _read_cleared(self, meetings: Collection[str]) -> Mapping[tuple[str, str], Any]:
        rows = self._ask(cleared_query(meetings)) if meetings else ()
        return {(row["meeting_id"], row["circuit_key"]): row["at"] for row in rows}

    def _read_best_sectors(self, meeting_id: str, circuit_key: str, entrant: str) -> tuple[Any, Any]:
        """The best sectors of an entrant and of the whole board, by the meeting's rules."""
        board = board_bests.c
        rules = rule_conditions(self._need_meeting(meeting_id).rules, board_bests)
        of_entrant = (func.min(case((board.entrant == entrant, sector))) for sector in _BEST_SECTORS)
        columns = [*of_entrant, *map(func.min, _BEST_SECTORS)]
        named = (column.label(f"sector_{at}") for at, column in enumerate(columns))
        where = (board.meeting_id == meeting_id, board.circuit_key == circuit_key, *rules.values())
        (row,) = self._ask(select(*named).where(*where))
        times = [row[f"sector_{at}"] for at in range(len(columns))]
        return times[:3], times[3:]


def _reason(
    stored: StoredLap,
    row: RowMapping | None,
    *,
    broken_rules: Collection[str],
    cleared: Mapping[tuple[str, str], Any],
) -> NotCounting | None:
    cleared_at = None if row is None else cleared.get((row["meeting_id"], row["circuit_key"]))
    return why_not_counting(
        state=stored.lap.state,
        is_valid=stored.lap.is_valid,
        is_overruled=stored.game_state is not None and stored.game_is_valid != stored.lap.is_valid,
        broken_rules=broken_rules,
        is_cleared=row is not None and cleared_at is not None and row["recorded_at"] < cleared_at,
        is_counted=row is not None and row["counts"],
    )


def _sectors(stored: StoredLap) -> tuple[int | None, int | None, int | None]:
    return stored.lap.sector1_ms, stored.lap.sector2_ms, stored.lap.sector3_ms
