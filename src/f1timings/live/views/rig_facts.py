"""The facts that every view of a rig has: how fresh it is, and the state of its session."""

from __future__ import annotations

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.views.freshness import LIVE, STATES, GameClockEstimate, LastReceived, state_of
from f1timings.live.views.lap_data import SessionNow
from f1timings.live.views.rows.last_built import LastBuilt
from f1timings.live.views.session_watch import WatchedSession
from f1timings.packets import safety_car_status_name, weather_name
from f1timings.rigs.registry import RigStatus
from f1timings.timing.occurrences import IncidentKind
from f1timings.timing.running_order import RunningOrder, SessionMoment

FACTS = columns(
    """
    state | text | | `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s)
    heard_at_ms | int | ms | server time of its newest datagram; updated once a second while live
    session_id | text | | the session that it drives, or drove last; see `/api/v1/sessions/{session_id}`
    session_type | text | | such as `Race`
    track | text | | the circuit
    track_length_m | int | m | length of its lap
    is_race | bool | | the order is the order on the road, otherwise the order of the best laps
    is_ended | bool | | the game has ended the session
    total_laps | int | laps | of a race
    time_left_s | int | s | of the session, as the game states it
    weather | text | | such as `light rain`
    is_paused | bool | | the game is paused
    flag | text | | `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`
    clock_zero_ms | int | ms | server time at which the game's clock was 0; null while that clock is stopped
    clock_stands_at_ms | int | ms | session time at which the game's clock is stopped; null while it runs
""",
    choices={"state": STATES},
    never_null={"state"},
)
FACT_NAMES = tuple(fact.name for fact in FACTS)
_OF_SESSION = ("session_type", "track", "track_length_m", "is_race", "is_ended", "total_laps")
_SAFETY_CAR_FLAGS = {"full": "safety car", "virtual": "virtual safety car"}


class RigFactReader:
    """The facts of one rig between two looks at it."""

    def __init__(self) -> None:
        self._last_received = LastReceived()
        self._game_clock = GameClockEstimate()
        self._of_session: LastBuilt[tuple[Value, ...]] = LastBuilt()

    def values(
        self,
        status: RigStatus | None,
        at: float,
        *,
        moment: SessionMoment | RunningOrder | None,
        watched: WatchedSession,
        now: SessionNow | None,
    ) -> tuple[Value, ...]:
        """The values of :data:`FACTS`.

        Args:
            at: the time of the look, seconds since 1970.
            watched / now: the session of that moment, by its events and by its newest session packet.
        """
        state, clock = state_of(status, at), self._game_clock
        if status is not None and moment is not None:
            clock.update(
                moment.session_id, moment.session_time_ms, status.last_received_at, is_live=state == LIVE
            )
        return (
            state,
            self._last_received.at_ms(status, at),
            moment.session_id if moment is not None else None,
            *self._of_session.get(
                (watched.session, now, *watched.flags), lambda: _session_facts(watched, now)
            ),
            clock.zero_ms,
            clock.stopped_at_ms,
        )


def _session_facts(watched: WatchedSession, now: SessionNow | None) -> tuple[Value, ...]:
    """The facts that change only with the session's packets and events."""
    session = watched.session
    return (
        *(getattr(session, name) if session is not None else None for name in _OF_SESSION),
        now.time_left_s if now else None,
        weather_name(now.packet_format, now.weather) if now else None,
        now.is_paused if now else None,
        _flag(watched, now),
    )


def _flag(watched: WatchedSession, now: SessionNow | None) -> str | None:
    """The most important of the flags that are shown."""
    if IncidentKind.CHEQUERED_FLAG in watched.flags:
        return "chequered"
    if IncidentKind.RED_FLAG in watched.flags or (now is not None and now.has_red_zone):
        return "red"
    if now is None:
        return None
    if now.safety_car:
        name = safety_car_status_name(now.packet_format, now.safety_car)
        return _SAFETY_CAR_FLAGS.get(name or "", name)
    return "yellow" if now.has_yellow_zone else "green"
