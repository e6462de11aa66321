"""``board``: the open meeting's leaderboard as rows for screens, made anew when something has changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from f1timings.errors import F1TimingsError
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.row_columns import Row, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViews
from f1timings.meeting.boards import Board, BoardEntry, LeaderboardQuery
from f1timings.timing.events import LapRecorded, SessionChanged

BOARD_VIEW = "board"
PERIOD_S = 0.1
# Twice a second at most, however much happens.
_PAUSE_S = 0.5

COLUMNS = columns("""
    position | int | | equal times share one
    is_equal | bool | | somebody else has the same time
    name | text | | the driver, or the rig with laps of nobody
    team | text | | of the driver, any text
    colour | text | | of the driver, `#rrggbb`
    race_number | int | | of the driver
    rig | text | | name of the rig where the best lap was driven; null for one typed by hand
    best_lap_ms | int | ms | the best lap that counts
    gap_ms | int | ms | to the first place
    sector1_ms | int | ms | of the best lap
    sector2_ms | int | ms | of the best lap
    sector3_ms | int | ms | of the best lap
    s1_mark | text | | `best` of all, `personal` best or `slower`
    s2_mark | text | | `best` of all, `personal` best or `slower`
    s3_mark | text | | `best` of all, `personal` best or `slower`
    laps | int | | driven from line to line
    valid_laps | int | | those of them that count
    set_at | int | ms | when the best lap was set, since 1970
    points | int | | for the position, by the meeting's scale
    ideal_lap_ms | int | ms | the best sectors together
    source | text | | `telemetry`, or `manual` for a lap typed by hand
""")
FACTS = columns("""
    meeting_id | text | | the open meeting
    meeting | text | | its name
    circuit | text | | where it is; empty if not known
    fastest | text | | id of the row with the best lap of all
""")

_log = logging.getLogger(__name__)


def board_rows(board: Board) -> Contents:
    """A board as a screen gets it: rows by entrant."""
    best_sectors = [_least(board.entries, number) for number in (1, 2, 3)]
    rows = {entry.standing.best.entrant: _row(entry, best_sectors) for entry in board.entries}
    facts = {
        "meeting_id": board.meeting_id,
        "meeting": board.meeting,
        "circuit": board.circuit,
        "fastest": board.entries[0].standing.best.entrant if board.entries else None,
    }
    return Contents(rows, facts)


class BoardWatch:
    """Keeps the view up: asks the database in a thread of its own, and only while somebody looks.

    Args:
        read: asks for a board; from any thread.
        clock: seconds that only go forward.
    """

    def __init__(
        self, read: Callable[[LeaderboardQuery], Board], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._clock = clock
        self._is_changed = True
        self._asked_at = -_PAUSE_S
        self._asker: ThreadPoolExecutor | None = None
        self._answer: Future[Board] | None = None
        self._has_failed = False

    def offer(self, hub: Hub) -> None:
        """Let screens follow it."""
        source = RowSource(self.contents, self.begin, self.end)
        hub.offer(
            RowViews(
                BOARD_VIEW,
                COLUMNS,
                FACTS,
                lambda _argument: source,
                PERIOD_S,
                meaning="The leaderboard of the open meeting at its circuit, made anew on a change.",
                id_meaning="the entrant, as in `/api/v1/leaderboard`",
            )
        )

    def handle_events(self, events: Iterable[object]) -> None:
        """Read the board again if one of these stored events can change it; from any thread."""
        if any(isinstance(event, LapRecorded | SessionChanged) for event in events):
            self._is_changed = True

    def changed(self) -> None:
        """Somebody changed something; from any thread."""
        self._is_changed = True

    def begin(self) -> None:
        """The first screen has come."""
        self._asker = ThreadPoolExecutor(1, "board")
        self._is_changed = True

    def end(self) -> None:
        """The last screen has left."""
        if self._asker is not None:
            self._asker.shutdown(wait=False, cancel_futures=True)
        self._asker = self._answer = None

    def contents(self) -> Contents | None:
        """The newest board that is there, None while it is the same; never waits."""
        ready = self._taken()
        now = self._clock()
        if self._is_changed and self._answer is None and now - self._asked_at >= _PAUSE_S:
            # Before the question: what changes while it is asked makes it be asked again.
            self._is_changed = False
            self._asked_at = now
            if self._asker is not None:
                self._answer = self._asker.submit(self._read, LeaderboardQuery())
        return ready

    def _taken(self) -> Contents | None:
        if self._answer is None or not self._answer.done():
            return None
        answer, self._answer = self._answer, None
        try:
            contents = board_rows(answer.result())
        except F1TimingsError as error:
            if not self._has_failed:
                _log.warning("the board for screens cannot be read: %s", error)
            self._has_failed = self._is_changed = True
            return None
        self._has_failed = False
        return contents


def _row(entry: BoardEntry, best_sectors: Sequence[int | None]) -> Row:
    standing, best = entry.standing, entry.standing.best
    assert best.set_at is not None
    sectors = (best.sector1_ms, best.sector2_ms, best.sector3_ms)
    own = (best.best_sector1_ms, best.best_sector2_ms, best.best_sector3_ms)
    marks = map(_mark, sectors, own, best_sectors)
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
        *sectors,
        *marks,
        best.laps,
        best.valid_laps,
        round(best.set_at.timestamp() * 1000),
        standing.points,
        best.ideal_lap_ms,
        entry.source,
    )


def _mark(sector: int | None, own_best: int | None, best: int | None) -> str | None:
    if sector is None:
        return None
    if sector == best:
        return "best"
    return "personal" if sector == own_best else "slower"


def _least(entries: Iterable[BoardEntry], number: int) -> int | None:
    """The best time of a sector on the whole board."""
    times = [getattr(entry.standing.best, f"best_sector{number}_ms") for entry in entries]
    return min((time for time in times if time is not None), default=None)
