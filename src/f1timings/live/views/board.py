"""``board``: the open meeting's leaderboard as rows, read again from the database after each change."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, get_args

from f1timings.errors import F1TimingsError
from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.meeting.boards import (
    Board,
    BoardEntry,
    LeaderboardQuery,
    SectorMark,
    Source,
    sector_marks,
)
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.timing.events import SessionChanged

BOARD_VIEW = "board"
PERIOD_S = 0.1
# The database is read twice a second at most.
_MIN_PAUSE_S = 0.5

COLUMNS = columns(
    """
    position | int | | equal times share a position
    is_equal | bool | | another entrant has the same time
    name | text | | the driver; the rig, if the laps have no driver
    team | text | | of the driver, any text
    colour | text | | of the driver, `#rrggbb`
    race_number | int | | of the driver
    rig | text | | name of the rig where the best lap was driven; null for a lap typed by hand
    best_lap_ms | int | ms | the best lap that counts
    gap_ms | int | ms | to the first place
    sector1_ms | int | ms | of the best lap
    sector2_ms | int | ms | of the best lap
    sector3_ms | int | ms | of the best lap
    s1_mark | text | | `best` of all, `personal` best or `slower`
    s2_mark | text | | `best` of all, `personal` best or `slower`
    s3_mark | text | | `best` of all, `personal` best or `slower`
    laps | int | | complete laps
    valid_laps | int | | complete laps that count
    set_at | int | ms | when the best lap was set, since 1970
    points | int | | for the position, by the meeting's scale
    ideal_lap_ms | int | ms | sum of the best sectors
    source | text | | `telemetry`, or `manual` for a lap typed by hand
""",
    choices={
        **dict.fromkeys(("s1_mark", "s2_mark", "s3_mark"), get_args(SectorMark)),
        "source": get_args(Source),
    },
    never_null={"position"},
)
FACTS = columns("""
    meeting_id | text | | id of the open meeting
    meeting | text | | its name
    circuit | text | | its circuit; empty if not known
    fastest | text | | id of the row with the best lap of all
""")

# The events that can change which board is shown.
_MOVES = SessionChanged | RoomCircuitChanged

_log = logging.getLogger(__name__)


def board_rows(board: Board) -> Contents:
    """The rows and facts of a board; the id of a row is its entrant."""
    marked = zip(board.entries, sector_marks(board.entries), strict=True)
    rows = {entry.standing.best.entrant: _row(entry, marks) for entry, marks in marked}
    facts = {
        "meeting_id": board.meeting_id,
        "meeting": board.meeting,
        "circuit": board.circuit,
        "fastest": board.entries[0].standing.best.entrant if board.entries else None,
    }
    return Contents(rows, facts)


class CommittedEvents(Protocol):
    """The events of one commit."""

    @property
    def events(self) -> Iterable[object]:
        """In their order."""

    @property
    def has_changed_boards(self) -> bool:
        """Whether a row of a board may be different now."""


def can_change_board(batch: CommittedEvents) -> bool:
    """Whether the board that is shown may be different now; most laps of other cars are on no board."""
    return batch.has_changed_boards or any(isinstance(event, _MOVES) for event in batch.events)


class BoardWatch:
    """Reads the board for the view in a thread of its own, and only while a screen follows it.

    Args:
        read: reads a board; callable from any thread.
        clock: monotonic seconds.
    """

    def __init__(
        self, read: Callable[[LeaderboardQuery], Board], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._is_changed = True
        self._read_at = -_MIN_PAUSE_S
        self._thread: ThreadPoolExecutor | None = None
        self._reading: Future[Board] | None = None
        self._has_failed = False

    def view(self) -> RowViewKind:
        """The view ``board``."""
        source = RowSource(contents=self.contents, start=self.start, stop=self.stop)
        return RowViewKind(
            name=BOARD_VIEW,
            columns=COLUMNS,
            facts=FACTS,
            build_source=lambda _argument: source,
            period_s=PERIOD_S,
            meaning="The leaderboard of the open meeting at its circuit, read again after each change.",
            id_meaning="the entrant, as in `/api/v1/leaderboard`",
        )

    def after_commit(self, batch: CommittedEvents) -> None:
        """Read the board again soon if this commit can change it; from any thread."""
        if can_change_board(batch):
            self._is_changed = True

    def after_act(self, _act: object) -> None:
        """Read the board again soon, because any act can change it; from any thread."""
        self._is_changed = True

    def start(self) -> None:
        """Begin to read, for the first screen that follows the view."""
        self._thread = ThreadPoolExecutor(1, "board")
        self._is_changed = True

    def stop(self) -> None:
        """Read no more, after the last screen has left."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
        self._thread = self._reading = None

    def contents(self) -> Contents | None:
        """The newest board, None if there is none since the last call; never waits."""
        newest = self._finished_reading()
        now = self._clock()
        if self._is_changed and self._reading is None and now - self._read_at >= _MIN_PAUSE_S:
            # Cleared before the reading begins: a change during it causes another reading.
            self._is_changed = False
            self._read_at = now
            if self._thread is not None:
                self._reading = self._thread.submit(self._read, LeaderboardQuery())
        return newest

    def _finished_reading(self) -> Contents | None:
        if self._reading is None or not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        try:
            contents = board_rows(reading.result())
        except F1TimingsError as error:
            if not self._has_failed:
                _log.warning("the board for screens cannot be read: %s", error)
            self._has_failed = self._is_changed = True
            return None
        self._has_failed = False
        return contents


def _row(entry: BoardEntry, marks: Sequence[SectorMark | None]) -> Row:
    standing, best = entry.standing, entry.standing.best
    assert best.set_at is not None
    return (
        standing.position,
        standing.is_equal,
        entry.name,
        entry.team,
        entry.colour,
        entry.race_number,
        entry.rig_name,
        best.best_lap_ms,
        standing.gap_ms,
        *entry.sectors,
        *marks,
        best.laps,
        best.valid_laps,
        round(best.set_at.timestamp() * 1000),
        standing.points,
        best.ideal_lap_ms,
        entry.source,
    )
