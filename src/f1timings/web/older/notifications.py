"""The older program's notifications: ``user_update``, ``laptime_update``, ``track_update``.

They report every change, from any source: laps typed by hand, laps that a game timed, and marshals' acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from f1timings.live.fanout.messages import json_text
from f1timings.meeting.people import Driver, LapMark, ManualLap, Meeting
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.store import CommittedAct, Reads, RecordChange
from f1timings.store.reads.older import NotedLap
from f1timings.store.room.open_meeting import read_open_meeting
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.units import lap_text
from f1timings.web.commit_listeners import CommittedBatch

_MAX_LAPS = 50


@dataclass(slots=True)
class _BestLaps:
    """The best lap of each entrant on the shown board, and everybody who has a lap in the meeting."""

    by_entrant: dict[str, int]
    entrants: set[str]


class UnsubscribedClients(Protocol):
    """The connections that never subscribed; callable from any thread."""

    @property
    def has_unsubscribed(self) -> bool:
        """Whether there is one."""

    def notify_unsubscribed(self, texts: Sequence[str]) -> None:
        """Send the notifications of one commit to each."""


class OlderNotifications:
    """Notifies the older program's clients after each commit.

    While none of them is connected, only the circuit of the board is read.

    """

    def __init__(self, reads: Reads, clients: UnsubscribedClients) -> None:
        self._reads = reads
        self._clients = clients
        self._meeting = ""
        self._circuit: str | None = None
        # None while it is not known: it is read when a notification needs it.
        self._bests: _BestLaps | None = None
        self._read_circuit()

    def after_commit(self, batch: CommittedBatch) -> None:
        """Notify about the laps and sessions that the games sent."""
        may_move = any(isinstance(event, SessionChanged | RoomCircuitChanged) for event in batch.events)
        texts = self._track() if may_move else []
        if not self._clients.has_unsubscribed:
            self._bests = None
            return
        lap_ids = [event.lap.id for event in batch.events if isinstance(event, LapRecorded)]
        self._clients.notify_unsubscribed(texts + self._new_laps(lap_ids))

    def after_act(self, act: CommittedAct) -> None:
        """Notify about what a person changed."""
        has_moved = any(isinstance(change.newest, Meeting) for change in act.changes)
        track = self._track() if has_moved else []
        if self._clients.has_unsubscribed:
            users = [text for change in act.changes for text in _user(change)]
            self._clients.notify_unsubscribed(users + (track if has_moved else self._changed_laps(act)))
        if act.lap_ids:
            self._bests = None

    def _changed_laps(self, act: CommittedAct) -> list[str]:
        deleted = {
            change.newest.lap_id
            for change in act.changes
            if isinstance(change.after, LapMark) and change.after.is_deleted
        }
        typed = {change.newest.lap_id for change in act.changes if isinstance(change.newest, ManualLap)}
        named = deleted | typed
        lap_ids = [*sorted(named), *(lap_id for lap_id in act.lap_ids if lap_id not in named)]
        texts = self._deleted_laps([lap_id for lap_id in lap_ids if lap_id in deleted])
        return texts + self._new_laps([lap_id for lap_id in lap_ids if lap_id not in deleted])

    def _track(self) -> list[str]:
        previous = self._circuit
        self._read_circuit()
        if self._circuit == previous:
            return []
        return [_text("track_update", "set", {"name": self._circuit or ""})]

    def _read_circuit(self) -> None:
        """Read the open meeting and its circuit."""
        meeting = read_open_meeting(self._reads)
        self._meeting = meeting.id
        self._circuit = meeting.circuit or self._reads.get_circuit(meeting.id)
        self._bests = None

    def _read_bests(self, without: Sequence[str]) -> _BestLaps:
        """Read the best laps as if these laps, which are stored already, were not driven yet."""
        older = self._reads.older
        bests = older.list_bests(self._meeting, self._circuit, without=without)
        return _BestLaps(dict(bests), set(older.list_entrants(self._meeting, without=without)))

    def _laps_on_board(self, lap_ids: Sequence[str]) -> list[NotedLap]:
        if not lap_ids:
            return []
        laps = self._reads.older.list_laps(lap_ids[:_MAX_LAPS], self._meeting, self._circuit)
        return [laps[lap_id] for lap_id in lap_ids if lap_id in laps]

    def _new_laps(self, lap_ids: Sequence[str]) -> list[str]:
        laps = [lap for lap in self._laps_on_board(lap_ids) if lap.counts and lap.lap_time_ms is not None]
        if laps and self._bests is None:
            self._bests = self._read_bests([lap.id for lap in laps])
        return [_new_lap(lap, self._bests) for lap in laps if self._bests is not None]

    def _deleted_laps(self, lap_ids: Sequence[str]) -> list[str]:
        return [
            _text(
                "laptime_update",
                "delete",
                {"name": lap.entrant.name, "time": lap.typed or lap_text(lap.lap_time_ms)},
            )
            for lap in self._laps_on_board(lap_ids)
        ]


def _new_lap(lap: NotedLap, bests: _BestLaps) -> str:
    """The notification about a lap that counts, which is added to the best laps."""
    assert lap.lap_time_ms is not None
    entrant, lap_time_ms = lap.entrant.key, lap.lap_time_ms
    action = "update" if entrant in bests.entrants else "add"
    best = bests.by_entrant.get(entrant)
    is_fastest = lap_time_ms < min(bests.by_entrant.values(), default=lap_time_ms + 1)
    bests.entrants.add(entrant)
    bests.by_entrant[entrant] = lap_time_ms if best is None else min(best, lap_time_ms)
    data = {
        "name": lap.entrant.name,
        "team": lap.entrant.team,
        "time": lap.typed or lap_text(lap_time_ms),
        "time_seconds": lap_time_ms / 1000,
        "is_faster": action == "update" and (best is None or lap_time_ms < best),
        "is_overall_fastest": is_fastest,
    }
    return _text("laptime_update", action, data)


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
