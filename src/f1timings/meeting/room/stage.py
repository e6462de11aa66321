"""The rule for the stage: which scene the screens of the room show by themselves. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

StageScene = Literal["leaderboard", "race", "result"]
STAGE_SCENES: tuple[StageScene, ...] = get_args(StageScene)

Phase = Literal["laps", "contest", "result", "over"]
"""``laps``: people set laps. ``contest``: a race or a qualifying runs. ``result``: it has ended, and the
game has sent its result. ``over``: it ended without a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """How long the stage waits, in seconds.

    Attributes:
        hold_s: no scene is shown for less than this.
        settle_s: something else must be wanted for so long without a break before it is shown.
        turn_s: how long each is shown where several take turns.
        result_s: how long a result is shown, unless another contest runs.
    """

    hold_s: float = 8.0
    settle_s: float = 2.0
    turn_s: float = 30.0
    result_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivenSession:
    """A session that rigs drive at this moment; in an online lobby several rigs drive one.

    Attributes:
        phase: of the session.
        sessions: its id for each rig that shows it best, in the order of preference; each rig has its own id.
        known_as: all ids of the session.
        people: how many of our people drive in it.
    """

    phase: Phase
    sessions: Mapping[str, str]
    known_as: frozenset[str]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the room sees, and what may replace it.

    Attributes:
        rig: the rig whose data are shown; None if none sends.
        session_id: the session that is shown, as that rig recorded it.
        known_as: all ids of that session.
        since: when it came on the stage; seconds of steady time.
        wanted: what is wanted instead: scene and session; None if nothing is.
        wanted_since: when that began.
        shown_results: the sessions whose result has been shown.
    """

    scene: StageScene = "leaderboard"
    rig: str | None = None
    session_id: str | None = None
    known_as: frozenset[str] = frozenset()
    since: float = 0.0
    wanted: Wish | None = None
    wanted_since: float = 0.0
    shown_results: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A scene, and the session that it shows; the leaderboard is the same for every session."""

    scene: StageScene
    session: DrivenSession | None = None

    def is_same(self, scene: StageScene, known_as: frozenset[str]) -> bool:
        """Whether it is this scene of the session with these ids."""
        if scene != self.scene:
            return False
        return scene == "leaderboard" or self.session is None or bool(known_as & self.session.known_as)


def first_stage(driven: Sequence[DrivenSession], now: float) -> Stage:
    """The stage at the first look, which waits for nothing."""
    stage = Stage(since=now)
    return _show(stage, _wish(stage, driven, now=now, times=StageTimes()), driven=driven, now=now)


def follow_stage(stage: Stage, driven: Sequence[DrivenSession], now: float, *, times: StageTimes) -> Stage:
    """Return the stage after a look at what is driven.

    A contest goes before people who set laps. If more people set laps than drive in all contests, the
    leaderboard takes turns with them. Of several contests, the one with most of our people is first.

    Args:
        driven: the sessions that rigs drive now.
        now: seconds of steady time.
    """
    wish = _wish(stage, driven, now=now, times=times)
    if wish.is_same(stage.scene, stage.known_as):
        return _refresh(replace(stage, wanted=None), driven)
    stage = _refresh(stage, driven)
    is_still_wanted = stage.wanted is not None and wish.is_same(stage.wanted.scene, _ids(stage.wanted))
    wanted_since = stage.wanted_since if is_still_wanted else now
    if now - wanted_since < times.settle_s or now - stage.since < times.hold_s:
        return replace(stage, wanted=wish, wanted_since=wanted_since)
    return _show(stage, wish, driven=driven, now=now)


def _wish(stage: Stage, driven: Sequence[DrivenSession], *, now: float, times: StageTimes) -> Wish:
    """What the room should see, without any wait."""
    turns = _turns(driven)
    shown_s = now - stage.since
    if stage.scene == "result":
        is_contest_driven = any(session.phase == "contest" for session in driven)
        if shown_s < (times.hold_s if is_contest_driven else times.result_s):
            return Wish(scene="result")
    finished = next((session for session in driven if _has_new_result(session, stage)), None)
    if finished is not None:
        return Wish(scene="result", session=finished)
    at = next((at for at, wish in enumerate(turns) if wish.is_same(stage.scene, stage.known_as)), None)
    if at is None:
        return turns[0]
    return turns[(at + 1) % len(turns)] if shown_s >= times.turn_s else turns[at]


def _turns(driven: Sequence[DrivenSession]) -> list[Wish]:
    """What takes turns, in its order; at least one."""
    contests = [session for session in driven if session.phase == "contest"]
    turns = [Wish(scene="race", session=session) for session in sorted(contests, key=_rank)]
    setting_laps = sum(session.people for session in driven if session.phase == "laps")
    if not turns or setting_laps > sum(session.people for session in contests):
        turns.insert(0, Wish(scene="leaderboard"))
    return turns


def _rank(session: DrivenSession) -> tuple[int, str]:
    return -session.people, min(session.known_as)


def _has_new_result(session: DrivenSession, stage: Stage) -> bool:
    return session.phase == "result" and not session.known_as & stage.shown_results


def _show(stage: Stage, wish: Wish, *, driven: Sequence[DrivenSession], now: float) -> Stage:
    # A result that is not sent any more cannot come again.
    shown_results = stage.shown_results & {id_ for session in driven for id_ in session.known_as}
    if wish.scene == "result":
        shown_results |= _ids(wish)
    shown = Stage(scene=wish.scene, known_as=_ids(wish), since=now, shown_results=shown_results)
    return _refresh(shown, driven)


def _refresh(stage: Stage, driven: Sequence[DrivenSession]) -> Stage:
    """The stage with the rig that sends its session now; a rig that still sends it stays.

    On the leaderboard, which needs no rig, it is that of the session with most people.
    """
    if stage.scene == "leaderboard":
        session = min(driven, key=_rank, default=None)
    else:
        session = next((session for session in driven if session.known_as & stage.known_as), None)
    if session is None:
        return replace(stage, rig=None, session_id=None) if stage.scene == "leaderboard" else stage
    first = next(iter(session.sessions))
    rig = stage.rig if stage.rig is not None and stage.rig in session.sessions else first
    known_as = frozenset() if stage.scene == "leaderboard" else session.known_as
    return replace(stage, rig=rig, session_id=session.sessions[rig], known_as=known_as)


def _ids(wish: Wish) -> frozenset[str]:
    return frozenset() if wish.session is None else wish.session.known_as
