"""The older program's notifications: ``user_update``, ``laptime_update``, ``track_update``.

They report every change, from any source: laps typed by hand, laps that a game timed, and marshals' acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from f1timings.live.fanout.messages import json_text
from f1timings.meeting.people import Driver, LapMark, ManualLap, Meeting, MeetingState
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.store import CommittedAct, Reads, RecordChange
from f1timings.store.reads.older import NotedLap
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.units import lap_text
from f1timings.web.commit_listeners import CommittedBatch

_MAX_LAPS = 50


class OlderNotifications:
    """Notifies the older program's clients after each commit.

    Args:
        notify: takes the notifications of one commit; callable from any thread.
    """

    def __init__(self, reads: Reads, notify: Callable[[Sequence[str]], None]) -> None:
        self._reads = reads
        self._notify = notify
        self._meeting = ""
        self._circuit: str | None = None
        self._bests: dict[str, int] = {}
        self._entrants: set[str] = set()
        self._read_board()

    def after_commit(self, batch: CommittedBatch) -> None:
        """Notify about the laps and sessions that the games sent."""
        may_move = any(isinstance(event, SessionChanged | RoomCircuitChanged) for event in batch.events)
        texts = self._track() if may_move else []
        lap_ids = [event.lap.id for event in batch.events if isinstance(event, LapRecorded)]
        self._notify(texts + self._new_laps(lap_ids))

    def after_act(self, act: CommittedAct) -> None:
        """Notify about what a person changed."""
        texts = [text for change in act.changes for text in _user(change)]
        if any(isinstance(change.newest, Meeting) for change in act.changes):
            self._notify(texts + self._track())
            return
        deleted = {
            change.newest.lap_id
            for change in act.changes
            if isinstance(change.after, LapMark) and change.after.is_deleted
        }
        typed = {change.newest.lap_id for change in act.changes if isinstance(change.newest, ManualLap)}
        named = deleted | typed
        lap_ids = [*sorted(named), *(lap_id for lap_id in act.lap_ids if lap_id not in named)]
        texts += self._deleted_laps([lap_id for lap_id in lap_ids if lap_id in deleted])
        texts += self._new_laps([lap_id for lap_id in lap_ids if lap_id not in deleted])
        if act.lap_ids:
            self._read_board()
        self._notify(texts)

    def _track(self) -> list[str]:
        previous = self._circuit
        self._read_board()
        if self._circuit == previous:
            return []
        return [_text("track_update", "set", {"name": self._circuit or ""})]

    def _read_board(self) -> None:
        """Read the open meeting, its circuit, and the best laps there."""
        meeting = self._reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]
        self._meeting = meeting.id
        self._circuit = meeting.circuit or self._reads.get_circuit(meeting.id)
        self._bests = dict(self._reads.older.list_bests(meeting.id, self._circuit))
        self._entrants = set(self._reads.older.list_entrants(meeting.id))

    def _laps_on_board(self, lap_ids: Sequence[str]) -> list[NotedLap]:
        if not lap_ids:
            return []
        laps = self._reads.older.list_laps(lap_ids[:_MAX_LAPS], self._meeting, self._circuit)
        return [laps[lap_id] for lap_id in lap_ids if lap_id in laps]

    def _new_laps(self, lap_ids: Sequence[str]) -> list[str]:
        laps = self._laps_on_board(lap_ids)
        return [
            self._new_lap(lap, lap.lap_time_ms) for lap in laps if lap.counts and lap.lap_time_ms is not None
        ]

    def _new_lap(self, lap: NotedLap, lap_time_ms: int) -> str:
        entrant = lap.entrant.key
        action = "update" if entrant in self._entrants else "add"
        best = self._bests.get(entrant)
        is_faster = action == "update" and (best is None or lap_time_ms < best)
        is_fastest = lap_time_ms < min(self._bests.values(), default=lap_time_ms + 1)
        self._entrants.add(entrant)
        self._bests[entrant] = lap_time_ms if best is None else min(best, lap_time_ms)
        data = {
            "name": lap.entrant.name,
            "team": lap.entrant.team,
            "time": lap.typed or lap_text(lap_time_ms),
            "time_seconds": lap_time_ms / 1000,
            "is_faster": is_faster,
            "is_overall_fastest": is_fastest,
        }
        return _text("laptime_update", action, data)

    def _deleted_laps(self, lap_ids: Sequence[str]) -> list[str]:
        return [
            _text(
                "laptime_update",
                "delete",
                {"name": lap.entrant.name, "time": lap.typed or lap_text(lap.lap_time_ms)},
            )
            for lap in self._laps_on_board(lap_ids)
        ]


def _user(change: RecordChange) -> list[str]:
    """The notifications about one driver; empty if neither the name nor the team has changed."""
    if not isinstance(change.newest, Driver):
        return []
    before, after = _name_and_team(change.before), _name_and_team(change.after)
    if before == after:
        return []
    texts = []
    if before is not None and (after is None or after[0] != before[0]):
        texts.append(_text("user_update", "delete", {"name": before[0]}))
    if after is not None:
        texts.append(_text("user_update", "add", {"name": after[0], "team": after[1]}))
    return texts


def _name_and_team(driver: Driver | None) -> tuple[str, str] | None:
    """As the older program shows a driver; None if there is none, or it is deleted."""
    return None if driver is None or driver.is_deleted else (driver.shown_name, driver.team)


def _text(kind: str, action: str, data: Mapping[str, Any]) -> str:
    return json_text({"type": kind, "action": action, "data": data})
