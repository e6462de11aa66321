"""The older program's notifications: ``user_update``, ``laptime_update``, ``track_update``.

They tell of every change, whoever made it: a typed lap, one that a game timed, a marshal's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from f1timings.live.fanout.messages import json_text
from f1timings.meeting.people import Driver, LapMark, ManualLap, Meeting, MeetingState
from f1timings.store import Committed, CommittedAct, Reads, RecordChange
from f1timings.store.reads.older import NotedLap
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.units import lap_text

_MOST_AT_ONCE = 50


class OlderNotices:
    """What the older program's clients are told; asked in the writer's thread, after each commit."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._meeting = ""
        self._circuit: str | None = None
        self._bests: dict[str, int] = {}
        self._known: set[str] = set()
        self._look_anew()

    def after_commit(self, committed: Iterable[Committed]) -> list[str]:
        """What to tell about laps and sessions that the games sent."""
        events = [one.event for one in committed]
        texts = self._track() if any(isinstance(event, SessionChanged) for event in events) else []
        laps = [event.lap.id for event in events if isinstance(event, LapRecorded)]
        return texts + self._new_laps(laps)

    def after_act(self, acted: CommittedAct) -> list[str]:
        """What to tell about something that somebody did."""
        texts = [text for change in acted.changes for text in _user(change)]
        if any(isinstance(change.newest, Meeting) for change in acted.changes):
            return texts + self._track()
        deleted = {
            change.newest.lap_id
            for change in acted.changes
            if isinstance(change.after, LapMark) and change.after.is_deleted
        }
        typed = {change.newest.lap_id for change in acted.changes if isinstance(change.newest, ManualLap)}
        ids = [*sorted(deleted | typed), *(one for one in acted.lap_ids if one not in deleted | typed)]
        texts += self._gone_laps([one for one in ids if one in deleted])
        texts += self._new_laps([one for one in ids if one not in deleted])
        if acted.lap_ids:
            self._look_anew()
        return texts

    def _track(self) -> list[str]:
        before = self._circuit
        self._look_anew()
        if self._circuit == before:
            return []
        return [_text("track_update", "set", {"name": self._circuit or ""})]

    def _look_anew(self) -> None:
        """Read where the meeting is and how the board there stands."""
        meeting = self._reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]
        self._meeting = meeting.id
        self._circuit = meeting.circuit or self._reads.get_circuit(meeting.id)
        self._bests = dict(self._reads.older.list_bests(meeting.id, self._circuit))
        self._known = set(self._reads.older.list_entrants(meeting.id))

    def _noted(self, lap_ids: Sequence[str]) -> list[NotedLap]:
        if not lap_ids:
            return []
        found = self._reads.older.list_laps(lap_ids[:_MOST_AT_ONCE], self._meeting, self._circuit)
        return [found[lap_id] for lap_id in lap_ids if lap_id in found]

    def _new_laps(self, lap_ids: Sequence[str]) -> list[str]:
        counting = [lap for lap in self._noted(lap_ids) if lap.counts and lap.lap_time_ms is not None]
        return [self._lap(lap, lap.lap_time_ms or 0) for lap in counting]

    def _lap(self, lap: NotedLap, lap_time_ms: int) -> str:
        key = lap.entrant.key
        action = "update" if key in self._known else "add"
        best = self._bests.get(key)
        is_faster = action == "update" and (best is None or lap_time_ms < best)
        is_fastest = lap_time_ms < min(self._bests.values(), default=lap_time_ms + 1)
        self._known.add(key)
        self._bests[key] = lap_time_ms if best is None else min(best, lap_time_ms)
        facts = {
            "name": lap.entrant.name,
            "team": lap.entrant.team,
            "time": lap.typed or lap_text(lap_time_ms),
            "time_seconds": lap_time_ms / 1000,
            "is_faster": is_faster,
            "is_overall_fastest": is_fastest,
        }
        return _text("laptime_update", action, facts)

    def _gone_laps(self, lap_ids: Sequence[str]) -> list[str]:
        return [
            _text(
                "laptime_update",
                "delete",
                {"name": lap.entrant.name, "time": lap.typed or lap_text(lap.lap_time_ms)},
            )
            for lap in self._noted(lap_ids)
        ]


def _user(change: RecordChange) -> list[str]:
    """What to tell about a driver; nothing where neither the name nor the team is another."""
    before, after = change.before, change.after
    if not isinstance(change.newest, Driver):
        return []
    was = None if before is None or before.is_deleted else (before.shown_name, before.team)
    is_now = None if after is None or after.is_deleted else (after.shown_name, after.team)
    if was == is_now:
        return []
    gone = [] if was is None or (is_now and was[0] == is_now[0]) else [was]
    texts = [_text("user_update", "delete", {"name": name}) for name, _ in gone]
    if is_now is not None:
        texts.append(_text("user_update", "add", {"name": is_now[0], "team": is_now[1]}))
    return texts


def _text(kind: str, action: str, data: Mapping[str, Any]) -> str:
    return json_text({"type": kind, "action": action, "data": data})
