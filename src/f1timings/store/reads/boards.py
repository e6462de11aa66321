"""What is asked about boards: who stands where, which boards there are, and at which circuit a meeting is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from f1timings.errors import NotFound
from f1timings.meeting.boards import Board, BoardEntry, BoardSummary, LeaderboardQuery, Source
from f1timings.meeting.circuits import circuit_key
from f1timings.meeting.leaderboard import Best, RankedBest, rank
from f1timings.meeting.people import Meeting, MeetingState, Rules
from f1timings.store.reads.circuits import Ask, where_is
from f1timings.store.records import record_of, records_query, table_of
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.column_types import PlainText, is_plain
from f1timings.store.tables.people import attributions, drivers, meetings, rig_cards

TELEMETRY: Source = "telemetry"
MANUAL: Source = "manual"
NO_ASSISTS, ANY_ASSISTS = "none", "any"
_MOST_TRIES = 5


class BoardReads:
    """Queries about boards; see :class:`f1timings.store.reads.reads.Reads`, which this asks.

    Args:
        ask: answers one query.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get_leaderboard(self, query: LeaderboardQuery) -> Board:
        """One board.

        Raises:
            NotFound: there is no such meeting.
        """
        meeting = self._meeting(query.meeting_id)
        circuit = where_is(self._ask, meeting) if query.circuit is None else query.circuit
        board = board_bests.c
        where = [
            board.meeting_id == meeting.id,
            board.circuit_key == _text(circuit_key(circuit)),
            *_allowed(meeting.rules),
            *_asked(query),
        ]
        found = self._bests(where)
        standings = rank([best for best, _ in found.values()], meeting.points)
        entries = tuple(_entry(one, found[one.best.entrant][1]) for one in standings)
        if query.circuit is not None:
            circuit = max((row["circuit"] for _, row in found.values()), default=circuit)
        return Board(meeting.id, meeting.name, circuit or "", entries)

    def list_boards(self, meeting_id: str | None = None) -> tuple[BoardSummary, ...]:
        """The boards that have laps, the one with the newest lap first.

        Args:
            meeting_id: None for those of every meeting.
        """
        board = board_bests.c
        last_at = func.max(board.last_at).label("last_lap_at")
        query = (
            select(
                board.meeting_id,
                func.max(meetings.c.name).label("meeting"),
                func.max(board.circuit).label("circuit"),
                cast(func.sum(board.laps), board.laps.type).label("laps"),
                func.count(board.entrant.distinct()).label("entrants"),
                func.min(board.best_lap_ms).label("best_lap_ms"),
                last_at,
            )
            .join(meetings, meetings.c.id == board.meeting_id)
            .group_by(board.meeting_id, board.circuit_key)
            .order_by(last_at.desc(), board.meeting_id, board.circuit_key)
        )
        if meeting_id is not None:
            query = query.where(board.meeting_id == _text(meeting_id))
        return tuple(BoardSummary(**row) for row in self._ask(query))

    def get_circuit(self, meeting_id: str) -> str | None:
        """Where a meeting is: as somebody set it, else where somebody drove last; None if nobody drove.

        Raises:
            NotFound: there is no such meeting.
        """
        return where_is(self._ask, self._meeting(meeting_id))

    def _bests(self, where: Sequence[ColumnElement[bool]]) -> dict[str, tuple[Best, RowMapping]]:
        """What each entrant drove, and the row of the best lap.

        Two questions: as one, PostgreSQL may add everything up again for each row.
        """
        found: dict[str, tuple[Best, RowMapping]] = {}
        for _ in range(_MOST_TRIES):
            sums = {row["entrant"]: row for row in self._ask(_sums(where))}
            times = sorted({row["best_lap_ms"] for row in sums.values()})
            rows = self._ask(_rows_with(times, where)) if times else ()
            found = {}
            for row in sorted(rows, key=lambda row: (row["set_at"], row["lap_id"])):
                whole = sums.get(row["entrant"])
                if whole is not None and whole["best_lap_ms"] == row["best_lap_ms"]:
                    found.setdefault(row["entrant"], (_best(row, whole), row))
            # Somebody may just have driven a better lap in between.
            if found.keys() == sums.keys():
                break
        return found

    def _meeting(self, meeting_id: str | None) -> Meeting:
        if meeting_id is None:
            query = records_query(Meeting, state=MeetingState.OPEN.value)
        else:
            query = records_query(Meeting, table_of(Meeting).c.id == _text(meeting_id))
        found = self._ask(query)
        if not found:
            raise NotFound(f"There is no meeting {meeting_id!r}. GET /api/v1/meetings lists those there are.")
        return record_of(Meeting, found[-1])


def _sums(where: Sequence[ColumnElement[bool]]) -> Executable:
    """What all rows of each entrant add up to."""
    board = board_bests.c
    sectors = ("best_sector1_ms", "best_sector2_ms", "best_sector3_ms")
    return (
        select(
            board.entrant,
            func.min(board.best_lap_ms).label("best_lap_ms"),
            func.sum(board.laps).label("laps"),
            func.sum(board.valid_laps).label("valid_laps"),
            func.max(board.last_at).label("last_at"),
            *(func.min(board[name]).label(name) for name in sectors),
        )
        .where(*where)
        .group_by(board.entrant)
        .having(func.min(board.best_lap_ms).is_not(None))
    )


def _rows_with(times: Sequence[int], where: Sequence[ColumnElement[bool]]) -> Executable:
    """Rows whose best lap took one of these times, and whose they are."""
    board = board_bests.c
    of_row = "entrant best_lap_ms set_at lap_id sector1_ms sector2_ms sector3_ms circuit is_manual"
    of_row += " packet_format session_type assists weather compound"
    people = ("team", "colour", "race_number")
    # Laps of nobody stand under the rig where they were driven, whichever rig saw the best of them.
    rig = case((board.entrant.like("r:%"), func.substr(board.entrant, 3)), else_=board.rig)
    return (
        select(
            *(board[name] for name in of_row.split()),
            rig.label("rig"),
            attributions.c.session_id,
            attributions.c.driver_id,
            drivers.c.shown_name.label("driver"),
            *(drivers.c[name] for name in people),
            rig_cards.c.name.label("rig_name"),
        )
        .outerjoin(attributions, attributions.c.lap_id == board.lap_id)
        .outerjoin(drivers, drivers.c.id == attributions.c.driver_id)
        .outerjoin(rig_cards, rig_cards.c.rig == rig)
        .where(*where, board.best_lap_ms.in_(times))
    )


def _best(row: RowMapping, whole: RowMapping) -> Best:
    """The best lap is in its row, all else in what the rows add up to."""
    return Best(*((whole if name in whole else row)[name] for name in Best._fields))


def _entry(standing: RankedBest, row: RowMapping) -> BoardEntry:
    is_manual = row["is_manual"]
    same = "driver_id driver team colour race_number session_id compound weather assists session_type"
    return BoardEntry(
        standing=standing,
        rig=None if is_manual else row["rig"],
        rig_name=None if is_manual else row["rig_name"] or row["rig"],
        source=MANUAL if is_manual else TELEMETRY,
        packet_format=None if is_manual else row["packet_format"],
        **{name: row[name] for name in same.split()},
    )


def _allowed(rules: Rules) -> list[ColumnElement[bool]]:
    """What counts at the meeting; of laps typed by hand, of which no game says anything, all or none."""
    column = board_bests.c
    of_games: list[ColumnElement[bool]] = []
    if rules.session_types is not None:
        of_games.append(column.session_type.in_(rules.session_types))
    if rules.formats is not None:
        of_games.append(column.packet_format.in_(rules.formats))
    if not rules.assists_allowed:
        of_games.append(column.assists == NO_ASSISTS)
    if not rules.manual_laps:
        return [column.is_manual.is_(False), *of_games]
    return [or_(column.is_manual.is_(True), and_(*of_games))] if of_games else []


def _asked(query: LeaderboardQuery) -> list[ColumnElement[bool]]:
    column = board_bests.c
    equal = {
        column.packet_format: query.packet_format,
        column.session_type: query.session_type,
        column.formula: query.formula,
        column.weather: query.weather,
        column.compound: query.compound,
        column.rig: query.rig,
    }
    where: list[ColumnElement[bool]] = [
        one == (_text(value) if isinstance(value, str) else value)
        for one, value in equal.items()
        if value is not None
    ]
    if query.assists == ANY_ASSISTS:
        where.append(column.assists != NO_ASSISTS)
    elif query.assists is not None:
        where.append(column.assists == _text(query.assists))
    if query.equal_performance is not None:
        where.append(column.equal_performance.is_(query.equal_performance))
    if query.source is not None:
        where.append(column.is_manual.is_(query.source == MANUAL))
    return where


def _text(text: str) -> ColumnElement[str]:
    """A text from outside; one that no database could hold is simply not there."""
    return literal(text, PlainText()) if is_plain(text) else cast(literal(None), Text())
