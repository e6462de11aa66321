"""Queries about boards: one leaderboard, the list of boards, and the circuit of a meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Table,
    Text,
    bindparam,
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
from f1timings.meeting.lap_class import (
    ANY_ASSISTS,
    LAP_CLASSES,
    NO_ASSISTS,
    ROW_CLASSES,
    ClassValue,
    LapClass,
    Match,
)
from f1timings.meeting.leaderboard import Best, RankedBest, rank
from f1timings.meeting.people import Meeting, MeetingState, Rules
from f1timings.meeting.room.records import BoardChoice
from f1timings.store.reads.circuits import AskWith, meeting_circuit, room_circuit
from f1timings.store.reads.rig_names import RIG_NAME, with_rig_names
from f1timings.store.records import record_of, records_query, table_of
from f1timings.store.tables.boards import board_bests
from f1timings.store.tables.column_types import PlainText, is_plain
from f1timings.store.tables.people import attributions, drivers, meetings

TELEMETRY: Source = "telemetry"
MANUAL: Source = "manual"
_MAX_ATTEMPTS: Final = 5
# The fields of a Best that are sums over all rows of an entrant; the others are of the row with the best lap.
_SUMS: Final[Mapping[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    "best_lap_ms": func.min,
    "laps": func.sum,
    "valid_laps": func.sum,
    "last_at": func.max,
    "best_sector1_ms": func.min,
    "best_sector2_ms": func.min,
    "best_sector3_ms": func.min,
}
_OF_LAP: Final = tuple(name for name in Best._fields if name not in _SUMS)
_OF_DRIVER: Final = ("driver_id", "driver", "team", "colour", "race_number", "session_id")
_read_sums, _read_of_lap, _read_of_driver = itemgetter(*_SUMS), itemgetter(*_OF_LAP), itemgetter(*_OF_DRIVER)
_OPEN_MEETING: Final = records_query(Meeting, state=MeetingState.OPEN.value)


class BoardReads:
    """Queries about boards.

    Args:
        ask: runs one query.
    """

    def __init__(self, ask: AskWith) -> None:
        self._ask = ask

    def get_leaderboard(self, query: LeaderboardQuery) -> Board:
        """Return one board.

        Raises:
            NotFound: there is no such meeting.
        """
        meeting = self._need_meeting(query.meeting_id)
        circuit = meeting_circuit(self._ask, meeting) if query.circuit is None else query.circuit
        statements = _statements(meeting.rules, tuple(query.filters.items()))
        bests = self._read_bests(statements, meeting.id, circuit_key(circuit))
        places = rank([best for best, _ in bests.values()], meeting.points)
        if query.circuit is not None:
            circuit = max((row["circuit"] for _, row in bests.values()), default=circuit)
        return Board(
            meeting_id=meeting.id,
            meeting=meeting.name,
            circuit=circuit or "",
            entries=tuple(_entry(place, bests[place.best.entrant][1]) for place in places),
        )

    def list_boards(self, meeting_id: str | None = None) -> tuple[BoardSummary, ...]:
        """List the boards that have laps, the board with the newest lap first.

        Args:
            meeting_id: None for the boards of every meeting.
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
        """Return the circuit of a meeting, see :func:`meeting_circuit`.

        Raises:
            NotFound: there is no such meeting.
        """
        return meeting_circuit(self._ask, self._need_meeting(meeting_id))

    def get_board_choice(self) -> BoardChoice:
        """Return what decides which board of the open meeting is shown."""
        meeting = self._need_meeting(None)
        followed = room_circuit(self._ask, meeting.id)
        return BoardChoice(meeting_id=meeting.id, held=meeting.circuit, followed=followed)

    def _read_bests(
        self, statements: _Statements, meeting_id: str, key: str
    ) -> dict[str, tuple[Best, RowMapping]]:
        """The best of each entrant on the board of a circuit, and the row with the best lap.

        There are two queries: in one query, PostgreSQL may compute the sums again for each row.
        """
        bests: dict[str, tuple[Best, RowMapping]] = {}
        # A text that no database can store is equal to nothing, as null.
        board = {"meeting_id": meeting_id, "circuit_key": key if is_plain(key) else None}
        for _ in range(_MAX_ATTEMPTS):
            sums = {row["entrant"]: row for row in self._ask(statements.sums, board)}
            times = sorted({row["best_lap_ms"] for row in sums.values()})
            rows = self._ask(statements.rows_with_times, board | {"times": times}) if times else ()
            bests = {}
            for row in sorted(rows, key=lambda row: (row["set_at"], row["lap_id"])):
                total = sums.get(row["entrant"])
                if total is not None and total["best_lap_ms"] == row["best_lap_ms"]:
                    bests.setdefault(row["entrant"], (_best(row, total), row))
            # A better lap may have been stored between the two queries.
            if bests.keys() == sums.keys():
                break
        return bests

    def _need_meeting(self, meeting_id: str | None) -> Meeting:
        if meeting_id is None:
            found = self._ask(_OPEN_MEETING)
        else:
            found = self._ask(records_query(Meeting, table_of(Meeting).c.id == _text(meeting_id)))
        if not found:
            raise NotFound("no-such-record", detail=f"There is no meeting {meeting_id!r}.")
        return record_of(Meeting, found[-1])


class _Statements(NamedTuple):
    """The two queries for a board, with its meeting and circuit and the times as parameters."""

    sums: Executable
    rows_with_times: Executable


# To build these queries takes longer than to run them for a board of some 40 entrants.
@lru_cache(maxsize=64)
def _statements(rules: Rules, filters: tuple[tuple[str, ClassValue], ...]) -> _Statements:
    """The queries for boards with these rules, of the laps with these values of lap classes."""
    board = board_bests.c
    where = [
        board.meeting_id == bindparam("meeting_id"),
        board.circuit_key == bindparam("circuit_key"),
        *rule_conditions(rules, board_bests).values(),
        *_filter_conditions(dict(filters)),
    ]
    return _Statements(_sums(where), _rows_with_times(where))


def _sums(where: Sequence[ColumnElement[bool]]) -> Executable:
    """The sums over all rows of each entrant who has a lap that counts."""
    board = board_bests.c
    return (
        select(board.entrant, *(total(board[name]).label(name) for name, total in _SUMS.items()))
        .where(*where)
        .group_by(board.entrant)
        .having(func.min(board.best_lap_ms).is_not(None))
    )


def _rows_with_times(where: Sequence[ColumnElement[bool]]) -> Executable:
    """The rows with one of the best lap times, with the driver and the rig of that lap."""
    board = board_bests.c
    of_row = "entrant best_lap_ms set_at lap_id sector1_ms sector2_ms sector3_ms circuit is_manual"
    of_driver = ("team", "colour", "race_number")
    # Unclaimed laps appear under the rig where they were driven, whichever rig recorded the best of them.
    rig = case((board.entrant.like("r:%"), func.substr(board.entrant, 3)), else_=board.rig)
    return (
        select(
            *(board[name] for name in of_row.split()),
            *(board[entry.name] for entry in ROW_CLASSES),
            rig.label("rig"),
            attributions.c.session_id,
            attributions.c.driver_id,
            drivers.c.shown_name.label("driver"),
            *(drivers.c[name] for name in of_driver),
            RIG_NAME.label("rig_name"),
        )
        .select_from(
            with_rig_names(
                board_bests.outerjoin(attributions, attributions.c.lap_id == board.lap_id).outerjoin(
                    drivers, drivers.c.id == attributions.c.driver_id
                ),
                rig,
            )
        )
        .where(*where, board.best_lap_ms.in_(bindparam("times", expanding=True)))
    )


def _best(row: RowMapping, total: RowMapping) -> Best:
    """The best of an entrant: the best lap from its row, everything else from the sums."""
    facts = dict(zip(_OF_LAP, _read_of_lap(row), strict=True))
    return Best(**facts, **dict(zip(_SUMS, _read_sums(total), strict=True)))


def _entry(place: RankedBest, row: RowMapping) -> BoardEntry:
    is_manual = row["is_manual"]
    return BoardEntry(
        standing=place,
        rig=None if is_manual else row["rig"],
        rig_name=None if is_manual else row["rig_name"],
        source=MANUAL if is_manual else TELEMETRY,
        classes={entry.name: None if is_manual else row[entry.name] for entry in ROW_CLASSES},
        **dict(zip(_OF_DRIVER, _read_of_driver(row), strict=True)),
    )


def rule_conditions(rules: Rules, table: Table) -> dict[str, ColumnElement[bool]]:
    """The conditions for laps that count at a meeting, by the field of the rules that states them.

    No game supplies the classes of laps typed by hand: all of these laps count, or none.

    Args:
        table: has a column for each lap class.
    """
    column = table.c
    is_manual = column.is_manual.is_(True)
    conditions: dict[str, ColumnElement[bool]] = {}
    for entry in LAP_CLASSES:
        allowed = getattr(rules, entry.rule) if entry.rule else None
        if allowed is not None:
            conditions[entry.rule] = or_(is_manual, column[entry.name].in_(allowed))
    if not rules.assists_allowed:
        conditions["assists_allowed"] = or_(is_manual, column.assists == NO_ASSISTS)
    if not rules.manual_laps:
        conditions["manual_laps"] = column.is_manual.is_(False)
    return conditions


def _filter_conditions(filters: Mapping[str, ClassValue]) -> list[ColumnElement[bool]]:
    return [
        _filter_condition(board_bests.c[entry.name], entry, filters[entry.name])
        for entry in LAP_CLASSES
        if entry.name in filters
    ]


def _filter_condition(column: ColumnElement[Any], entry: LapClass, value: ClassValue) -> ColumnElement[bool]:
    if isinstance(value, bool):
        return column.is_(value)
    if entry.match is Match.ANY_OR_NONE and value == ANY_ASSISTS:
        return column != NO_ASSISTS
    return column == (_text(value) if isinstance(value, str) else value)


def _text(text: str) -> ColumnElement[str]:
    """A text from outside; a text that no database can store matches nothing."""
    return literal(text, PlainText()) if is_plain(text) else cast(literal(None), Text())
