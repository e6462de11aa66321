"""One rig as its views see it: its order, newest datagrams and session, and whether they are still true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.taps import Taps
from f1timings.live.views.freshness import LIVE, GameClockEstimate, LastHeard, state_of
from f1timings.live.views.lap_data import CarLap, SessionNow, car_or_none, lap_rows, session_now
from f1timings.live.views.session_watch import SessionWatch, WatchedSession
from f1timings.packets import identify, read_header, safety_car_status_name, weather_name
from f1timings.rigs.registry import RigStatus
from f1timings.timing.records import IncidentKind, Session
from f1timings.timing.running_order import OrderRow, RunningOrder

FACTS = columns("""
    state | text | | `waiting` (never heard), `live`, `stale` (silent for 2 s), `offline` (for 10 s)
    heard_at_ms | int | ms | server time of its newest datagram; while live told once a second
    session_id | text | | the session that it drives, or drove last; see `/api/v1/sessions/{session_id}`
    session_type | text | | such as `Race`
    track | text | | the circuit
    track_length_m | int | m | length of its lap
    is_race | bool | | the order is that on the road, else that of the best laps
    is_ended | bool | | the game said that the session is over
    total_laps | int | laps | of a race
    time_left_s | int | s | of the session, as the game says
    weather | text | | such as `light rain`
    is_paused | bool | | the game is paused
    flag | text | | `chequered`, `red`, `safety car`, `virtual safety car`, `formation lap`, `yellow`, `green`
    clock_zero_ms | int | ms | server time at which the game's clock was 0; null while that clock stands
    clock_stands_at_ms | int | ms | session time at which the game's clock stands; null while it runs
""")

DriverOf = Callable[[str], str | None]


class Rigs(Protocol):
    """What the pipeline tells of the rigs; all of it belongs to the loop's thread."""

    @property
    def rigs(self) -> Mapping[str, RigStatus]:
        """Every rig heard since the start, by key."""

    @property
    def strays(self) -> Mapping[str, Counter[str]]:
        """Rejected datagrams by reason, of addresses of which nothing was recognised."""

    @property
    def taps(self) -> Taps:
        """The newest datagrams."""

    def order(self, rig: str) -> RunningOrder | None:
        """The running order of what it drives."""


class Orders:
    """The running orders, made at most once for a lap data packet: several views of a rig share one."""

    def __init__(self, rigs: Rigs) -> None:
        self._rigs = rigs
        self._known: dict[str, tuple[bytes | None, int, RunningOrder | None]] = {}

    def order(self, rig: str) -> RunningOrder | None:
        """Of one rig; made anew only if something was heard since."""
        status = self._rigs.rigs.get(rig)
        if status is None:
            return None
        lap_data, frame = self._rigs.taps.of(rig).get("lap_data"), status.datagrams
        known = self._known.get(rig)
        if known is not None and known[0] is lap_data and (lap_data is not None or known[1] == frame):
            return known[2]
        order = self._rigs.order(rig)
        self._known[rig] = (lap_data, frame, order)
        return order


class RigSource:
    """One rig, looked at by one view.

    Args:
        clock: seconds since 1970.
    """

    def __init__(
        self, rig: str, rigs: Rigs, orders: Orders, sessions: SessionWatch, clock: Callable[[], float]
    ) -> None:
        self.rig = rig
        self._rigs = rigs
        self._orders = orders
        self._sessions = sessions
        self._clock = clock
        self._heard = LastHeard()
        self._game_clock = GameClockEstimate()

    def begin(self) -> None:
        """Somebody looks: keep its datagrams."""
        self._rigs.taps.watch(self.rig)

    def end(self) -> None:
        """Nobody looks any more."""
        self._rigs.taps.leave(self.rig)

    @property
    def status(self) -> RigStatus | None:
        """As the intake sees it, None if it was never heard."""
        return self._rigs.rigs.get(self.rig)

    @property
    def order(self) -> RunningOrder | None:
        """The running order of what it drives."""
        return self._orders.order(self.rig)

    @property
    def current(self) -> WatchedSession:
        """What the timing events said of the session that it drives, without making its order."""
        status = self.status
        return self._sessions.newest(self.rig, status.session_uid if status else 0)

    def known(self, order: RunningOrder | None) -> WatchedSession:
        """What the timing events said of the session of an order."""
        return self._sessions.session(order.session_id if order else None)

    def newest(self, kind: str, session: Session | None) -> bytes | None:
        """The newest datagram of a kind, if it is of this session."""
        data = self._rigs.taps.of(self.rig).get(kind)
        return data if data is not None and _is_of(data, session) else None

    def laps(self, session: Session | None) -> list[CarLap]:
        """All cars' rows of the newest lap data; empty if there are none yet."""
        data = self.newest("lap_data", session)
        return [] if data is None else lap_rows(data)

    def now(self, session: Session | None) -> SessionNow | None:
        """What the newest session packet says, if it is of this session."""
        data = self.newest("session", session)
        return None if data is None else session_now(data)

    def own_car(self, now: SessionNow | None) -> int | None:
        """The rig's own car, the one that it watches while it spectates, or None."""
        if now is not None and now.is_spectating:
            return car_or_none(now.spectated_car)
        return None if self.status is None else car_or_none(self.status.player_car_index)

    def facts(self, order: RunningOrder | None, now: SessionNow | None) -> dict[str, Value]:
        """The values of :data:`FACTS`."""
        at = self._clock()
        status, known = self.status, self.known(order)
        session = known.session
        state = state_of(status, at)
        if status is not None and order is not None:
            self._game_clock.see(
                order.session_id, order.session_time_ms, status.last_received_at, is_live=state == LIVE
            )
        return {
            "state": state,
            "heard_at_ms": self._heard.at_ms(status, at),
            "session_id": order.session_id if order else None,
            **_of_session(session),
            "time_left_s": now.time_left_s if now else None,
            "weather": weather_name(now.packet_format, now.weather) if now else None,
            "is_paused": now.is_paused if now else None,
            "flag": _flag(known, now),
            "clock_zero_ms": self._game_clock.zero_ms,
            "clock_stands_at_ms": self._game_clock.stands_at_ms,
        }


def row_of(order: RunningOrder | None, car_index: int | None) -> OrderRow | None:
    """One car's row of a running order."""
    rows = order.rows if order is not None else ()
    return next((row for row in rows if row.car_index == car_index), None)


def _is_of(data: bytes, session: Session | None) -> bool:
    return session is not None and read_header(data, identify(data)).session_uid == session.uid


def _of_session(session: Session | None) -> dict[str, Value]:
    names = ("session_type", "track", "track_length_m", "is_race", "is_ended", "total_laps")
    return {name: getattr(session, name) if session is not None else None for name in names}


def _flag(known: WatchedSession, now: SessionNow | None) -> str | None:
    """The one that counts most of those that are shown."""
    if IncidentKind.CHEQUERED_FLAG in known.signs:
        return "chequered"
    if IncidentKind.RED_FLAG in known.signs or (now is not None and now.has_red_zone):
        return "red"
    if now is None:
        return None
    word = {"full": "safety car", "virtual": "virtual safety car"}
    if now.safety_car:
        name = safety_car_status_name(now.packet_format, now.safety_car)
        return word.get(name or "", name)
    return "yellow" if now.has_yellow_zone else "green"
