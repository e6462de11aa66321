"""Reads the boards with which running laps are compared, and the traces of their laps."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from f1timings.errors import TraceUnreadable
from f1timings.live.prediction.board_times import BoardTime, BoardTimes, ReferenceLap, References
from f1timings.live.prediction.reference_watch import ReadBoards, ReferenceWatch
from f1timings.meeting.boards import BoardEntry, LeaderboardQuery
from f1timings.meeting.people import Meeting
from f1timings.store import Reads
from f1timings.store.room.open_meeting import read_open_meeting
from f1timings.timing.records import Session
from f1timings.traces.analysis.reference_clock import ReferenceClock
from f1timings.traces.blobs import decode

# Each takes milliseconds of the interpreter, which the event loop needs too: more wait for the next reading.
MOST_TRACES: Final = 8

_log = logging.getLogger(__name__)


@contextmanager
def reference_watch(reads: Reads, clock: Callable[[], float]) -> Iterator[ReferenceWatch]:
    """The watch of a server, with its thread; a reading under way is waited for at the end."""
    with ThreadPoolExecutor(1, "references") as thread:
        yield ReferenceWatch(ReferenceReader(reads), submit=thread.submit, clock=clock)
        thread.shutdown(cancel_futures=True)


class ReferenceReader:
    """Reads boards; of the traces, only the clocks that the newest boards need are kept."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._clocks: dict[str, ReferenceClock] = {}

    def read(self, wanted: Mapping[str, Collection[str]]) -> ReadBoards:
        """The boards of these circuits, with the references of these entrants.

        Raises:
            StoreError: the database does not answer.
        """
        meeting = read_open_meeting(self._reads)
        traces = _Traces(self._reads, self._clocks)
        boards = {
            circuit: self._read_board(circuit, entrants, meeting=meeting, traces=traces)
            for circuit, entrants in wanted.items()
        }
        self._clocks = traces.used
        return ReadBoards(boards, traces.is_complete)

    def _read_board(
        self, circuit: str, entrants: Iterable[str], *, meeting: Meeting, traces: _Traces
    ) -> BoardTimes:
        query = LeaderboardQuery(meeting_id=meeting.id, circuit=circuit)
        entries = {entry.standing.best.entrant: entry for entry in self._reads.get_leaderboard(query).entries}
        board = BoardTimes(rules=meeting.rules, times=tuple(map(_time_of, entries.values())))
        needed = {entrant: board.needed(entrant) for entrant in entrants}
        used = {time.entrant: time for times in needed.values() for time in times if time is not None}
        sessions = self._read_sessions(entries[entrant] for entrant in used)
        laps = {
            entrant: _lap_of(time, entries[entrant], sessions=sessions, traces=traces)
            for entrant, time in used.items()
        }
        references = {
            entrant: References(*(None if time is None else laps[time.entrant] for time in times))
            for entrant, times in needed.items()
        }
        return replace(board, references=references)

    def _read_sessions(self, entries: Iterable[BoardEntry]) -> dict[str, Session]:
        ids = {entry.session_id for entry in entries if entry.session_id is not None}
        stored = self._reads.list_sessions_by_id(ids) if ids else ()
        return {each.session.id: each.session for each in stored}


class _Traces:
    """The clocks of laps: known ones, and up to :data:`MOST_TRACES` that are read now.

    Attributes:
        used: those that were asked for.
        is_complete: none was left out.
    """

    def __init__(self, reads: Reads, known: Mapping[str, ReferenceClock]) -> None:
        self._reads = reads
        self._known = known
        self._left = MOST_TRACES
        self.used: dict[str, ReferenceClock] = {}
        self.is_complete = True

    def clock_of(self, lap_id: str, session: Session, lap_time_ms: int) -> ReferenceClock | None:
        """The clock of a lap by distance; None without a trace, and while it is not read."""
        clock = self._known.get(lap_id)
        if clock is None or (clock.length_m, clock.lap_time_ms) != (session.track_length_m, lap_time_ms):
            clock = self._read(lap_id, session, lap_time_ms)
        if clock is not None:
            self.used[lap_id] = clock
        return clock

    def _read(self, lap_id: str, session: Session, lap_time_ms: int) -> ReferenceClock | None:
        if not session.track_length_m:
            return None
        if not self._left:
            self.is_complete = False
            return None
        blob = self._reads.get_trace(lap_id)
        if blob is None:
            return None
        self._left -= 1
        try:
            return ReferenceClock.of(decode(blob), float(session.track_length_m), lap_time_ms)
        except TraceUnreadable as error:
            _log.warning("running laps are not compared with lap %s: %s", lap_id, error)
            return None


def _time_of(entry: BoardEntry) -> BoardTime:
    best = entry.standing.best
    assert best.best_lap_ms is not None, "a lap that counts has put the entrant on the board"
    return BoardTime(best.entrant, entry.standing.position, best.best_lap_ms, entry.sectors)


def _lap_of(
    time: BoardTime, entry: BoardEntry, *, sessions: Mapping[str, Session], traces: _Traces
) -> ReferenceLap:
    session, lap_id = sessions.get(entry.session_id or ""), entry.standing.best.lap_id
    if session is None or lap_id is None or entry.source == "manual":
        return ReferenceLap(time)
    return ReferenceLap(time, session.formula, traces.clock_of(lap_id, session, time.lap_time_ms))
