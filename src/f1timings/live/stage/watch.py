"""Watches which sessions the rigs drive, and keeps the stage: what screens show by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from f1timings.live.fanout.sheet import Contents
from f1timings.live.stage.view import stage_contents
from f1timings.live.views.freshness import LIVE, STALE, state_of
from f1timings.live.views.session_watch import SessionWatch, WatchedSession
from f1timings.meeting.lobbies import SeenSession, lobby_of_each, people_of
from f1timings.meeting.room.stage import (
    DrivenSession,
    Phase,
    Stage,
    StageTimes,
    first_stage,
    follow_stage,
)
from f1timings.packets import is_qualifying
from f1timings.rigs.registry import RigStatus
from f1timings.timing.occurrences import IncidentKind
from f1timings.timing.records import Session

# After so long without a look, the stage begins again: no screen has seen it since.
_FORGOTTEN_S = 5.0
# All sessions are driven now, so for the rule of lobbies they began together.
_NOW = datetime(2000, 1, 1, tzinfo=UTC)
# The best phase of the sessions of a lobby is that of the lobby: rigs leave one after the other.
_PHASES: tuple[Phase, ...] = ("contest", "result", "laps", "over")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The session that a rig drives now."""

    rig: str
    session: Session
    watched: WatchedSession
    phase: Phase


class StageWatch:
    """Keeps the stage. It works only while a screen follows the view, in the event loop's thread.

    Args:
        rigs: every rig since the start, by the key under which people see it.
        clock: server time, seconds since 1970.
        steady: seconds of steady time.
    """

    def __init__(
        self,
        rigs: Callable[[], Mapping[str, RigStatus]],
        sessions: SessionWatch,
        *,
        clock: Callable[[], float],
        steady: Callable[[], float],
        times: StageTimes | None = None,
    ) -> None:
        self._rigs = rigs
        self._sessions = sessions
        self._clock = clock
        self._steady = steady
        self._times = times or StageTimes()
        self._stage: Stage | None = None
        self._looked_at = 0.0

    def contents(self) -> Contents:
        """Look at the rigs, and return the contents of the view ``stage``."""
        now, driven = self._steady(), driven_sessions(self._seen())
        if self._stage is None or now - self._looked_at > _FORGOTTEN_S:
            self._stage = first_stage(driven, now)
        else:
            self._stage = follow_stage(self._stage, driven, now, times=self._times)
        self._looked_at = now
        return stage_contents(self._stage)

    def _seen(self) -> Iterable[_Seen]:
        now = self._clock()
        for rig, status in self._rigs().items():
            if state_of(status, now) not in (LIVE, STALE):
                continue
            watched = self._sessions.newest(status.key, status.session_uid)
            session = watched.session
            if session is not None:
                yield _Seen(rig=rig, session=session, watched=watched, phase=phase_of(watched, session))


def phase_of(watched: WatchedSession, session: Session) -> Phase:
    """How far a session is, and whether the order of all cars counts in it."""
    is_contest = session.is_race or is_qualifying(session.session_type)
    is_finished = session.is_ended or IncidentKind.CHEQUERED_FLAG in watched.flags
    if is_contest and watched.is_classified and is_finished:
        return "result"
    if session.is_ended:
        return "over"
    return "contest" if is_contest else "laps"


def driven_sessions(seen: Iterable[_Seen]) -> list[DrivenSession]:
    """The sessions of the rigs, with those of one lobby joined into one."""
    by_id = {each.session.id: each for each in seen}
    lobby_of = lobby_of_each(_seen_session(each) for each in by_id.values())
    lobbies: dict[str, list[_Seen]] = defaultdict(list)
    for id_, lobby in lobby_of.items():
        lobbies[lobby].append(by_id[id_])
    return [_joined(members) for members in lobbies.values()]


def _joined(members: list[_Seen]) -> DrivenSession:
    phase = min((member.phase for member in members), key=_PHASES.index)
    shown = sorted((member for member in members if member.phase == phase), key=lambda each: each.rig)
    return DrivenSession(
        phase=phase,
        sessions={member.rig: member.session.id for member in shown},
        known_as=frozenset(member.session.id for member in members),
        people=sum(member.session.player_car_index is not None for member in shown),
    )


def _seen_session(seen: _Seen) -> SeenSession:
    session = seen.session
    named = (
        (person.name, person.race_number, person.car_index)
        for person in seen.watched.participants.values()
        if not person.is_driven_by_game
    )
    return SeenSession(
        id=session.id,
        rig=session.rig,
        remaining_rig=seen.rig,
        uid=str(session.uid),
        is_online=bool(session.is_online),
        track=session.track,
        session_type=session.session_type,
        player_car_index=session.player_car_index,
        opened_at=_NOW,
        ended_at=None,
        people=people_of(named) if session.is_online else {},
    )
