"""What the views of one rig read: its running order, newest datagrams and session, and how fresh they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, Self

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.taps import Taps
from f1timings.live.views.freshness import LIVE, STATES, GameClockEstimate, LastReceived, state_of
from f1timings.live.views.lap_data import SessionNow, car_or_none, session_now
from f1timings.live.views.rows.people import people_in_cars
from f1timings.live.views.session_watch import SessionWatch, WatchedSession
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import layout_of, safety_car_status_name, weather_name
from f1timings.rigs.joined import JoinedRigs
from f1timings.rigs.registry import RigStatus
from f1timings.timing.occurrences import IncidentKind
from f1timings.timing.records import Session
from f1timings.timing.running_order import OrderRow, RunningOrder

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

DriverAtRig = Callable[[str], str | None]
_SAFETY_CAR_FLAGS = {"full": "safety car", "virtual": "virtual safety car"}


class RigTelemetry(Protocol):
    """What the pipeline knows of the rigs; it belongs to the event loop's thread."""

    @property
    def rigs(self) -> Mapping[str, RigStatus]:
        """Every rig heard since the start, by key."""

    @property
    def strays(self) -> Mapping[str, Counter[str]]:
        """Rejected datagrams by reason, for each address that has sent nothing valid."""

    @property
    def taps(self) -> Taps:
        """The newest datagrams of every rig."""

    def order(self, rig: str) -> RunningOrder | None:
        """The running order of the session that a rig drives."""


class OrderCache:
    """The running orders, computed at most once per lap data packet: several views of a rig share one."""

    def __init__(self, telemetry: RigTelemetry) -> None:
        self._telemetry = telemetry
        self._cached: dict[str, tuple[bytes | None, bytes | None, int, RunningOrder | None]] = {}

    def order(self, rig: str) -> RunningOrder | None:
        """The running order of a rig; computed again only after it has sent something new."""
        status = self._telemetry.rigs.get(rig)
        if status is None:
            return None
        newest = self._telemetry.taps.of(rig)
        # What may change the order; without lap data every datagram may.
        key = (newest.get("lap_data"), newest.get("final_classification"))
        number = 0 if key[0] is not None else status.datagrams
        cached = self._cached.get(rig)
        if cached is not None and cached[0] is key[0] and cached[1] is key[1] and cached[2] == number:
            return cached[3]
        order = self._telemetry.order(rig)
        self._cached[rig] = (*key, number, order)
        return order


OutlineRevision = Callable[[int | None, int], int | None]


def _no_driver(_rig: str) -> str | None:
    return None


def _no_outline(_track_id: int | None, _packet_format: int) -> int | None:
    return None


_NOBODY = KnownPeople()


def _no_people() -> KnownPeople:
    return _NOBODY


class RigSources:
    """Everything from which the views of rigs are built.

    Attributes:
        telemetry: what the pipeline knows of the rigs.
        driver_at: returns the name of the driver at a rig, by the rig's key; None if there is none.
        clock: server time, seconds since 1970.
        joined: the rigs as people see them; by default none is joined.
        outline_revision: returns the revision of the outline of a circuit, by its number and the packet
            format; None if it is not known.
        people: returns the names of people; the same object while they do not change.
    """

    def __init__(
        self,
        telemetry: RigTelemetry,
        sessions: SessionWatch,
        driver_at: DriverAtRig = _no_driver,
        *,
        clock: Callable[[], float],
        joined: JoinedRigs | None = None,
        outline_revision: OutlineRevision = _no_outline,
        people: Callable[[], KnownPeople] = _no_people,
    ) -> None:
        self.outline_revision = outline_revision
        self.telemetry = telemetry
        self.driver_at = driver_at
        self.clock = clock
        self.joined = joined or JoinedRigs(lambda: telemetry.rigs, clock=clock)
        self._people = people
        self._sessions = sessions
        self._orders = OrderCache(telemetry)

    def build(self, rig: str) -> RigSource:
        """The source of one view of a rig."""
        return RigSource(
            rig=rig,
            telemetry=self.telemetry,
            orders=self._orders,
            sessions=self._sessions,
            clock=self.clock,
            joined=self.joined,
            people=self._people,
        )


class SessionDatagrams(NamedTuple):
    """The newest datagrams of a rig, of which those that belong to a session are read.

    Attributes:
        by_kind: all of them.
        uid: the UID of the session, as its datagrams have it.
        uid_at: where they have it.
    """

    by_kind: Mapping[str, bytes]
    uid: bytes
    uid_at: slice

    @classmethod
    def of(cls, by_kind: Mapping[str, bytes], session: Session) -> Self:
        """The datagrams of a session."""
        begin = layout_of(session.packet_format, "session").header.offsets["session_uid"]
        return cls(by_kind, session.uid.to_bytes(8, "little"), slice(begin, begin + 8))

    def newest(self, kind: str) -> bytes | None:
        """The newest datagram of a kind, None if it belongs to another session."""
        data = self.by_kind.get(kind)
        return None if data is None or data[self.uid_at] != self.uid else data


class RigSource:
    """One rig as one view reads it. Of a rig that was joined, it reads the key that sends now.

    Args:
        clock: seconds since 1970.
    """

    def __init__(
        self,
        *,
        rig: str,
        telemetry: RigTelemetry,
        orders: OrderCache,
        sessions: SessionWatch,
        clock: Callable[[], float],
        joined: JoinedRigs,
        people: Callable[[], KnownPeople],
    ) -> None:
        self._followed = rig
        self._joined = joined
        self._watched: str | None = None
        self._telemetry = telemetry
        self._orders = orders
        self._sessions = sessions
        self._clock = clock
        self._last_received = LastReceived()
        self._game_clock = GameClockEstimate()
        self._people = people
        self._people_key: tuple[object, ...] = ()
        self._in_cars: dict[int, str] = {}
        self._datagrams: tuple[Session, SessionDatagrams] | None = None
        self._now: tuple[bytes | None, SessionNow | None] = (None, None)
        self._session_facts: tuple[tuple[object, ...], dict[str, Value]] = ((), {})

    def start(self) -> None:
        """Store all kinds of datagrams of the rig from now on."""
        self._watched = self._joined.sending(self._followed)
        self._telemetry.taps.watch(self._watched)

    def stop(self) -> None:
        """End what :meth:`start` began."""
        if self._watched is not None:
            self._telemetry.taps.leave(self._watched)
            self._watched = None

    @property
    def rig(self) -> str:
        """The rig as people see it."""
        return self._joined.remaining(self._followed)

    @property
    def _sending(self) -> str:
        """The key under which the rig sends now; what is watched follows it."""
        key = self._joined.sending(self._followed)
        if self._watched is not None and key != self._watched:
            self._telemetry.taps.leave(self._watched)
            self._telemetry.taps.watch(key)
            self._watched = key
        return key

    @property
    def status(self) -> RigStatus | None:
        """The state of its stream of datagrams, None if it was never heard."""
        return self._telemetry.rigs.get(self._sending)

    @property
    def order(self) -> RunningOrder | None:
        """The running order of the session that it drives."""
        return self._orders.order(self._sending)

    @property
    def current(self) -> WatchedSession:
        """What the timing events reported of the session that it drives; does not compute its order."""
        status = self.status
        return self._sessions.newest(self._sending, status.session_uid if status else 0)

    def session_of(self, order: RunningOrder | None) -> WatchedSession:
        """What the timing events reported of the session of an order."""
        return self._sessions.session(order.session_id if order else None)

    def newest(self, kind: str, session: Session | None) -> bytes | None:
        """The newest datagram of a kind, None if it belongs to another session."""
        return None if session is None else self.datagrams(session).newest(kind)

    def datagrams(self, session: Session) -> SessionDatagrams:
        """The newest datagrams that belong to a session."""
        by_kind, known = self._telemetry.taps.of(self._sending), self._datagrams
        if known is None or by_kind is not known[1].by_kind or session is not known[0]:
            known = self._datagrams = session, SessionDatagrams.of(by_kind, session)
        return known[1]

    def now(self, session: Session | None) -> SessionNow | None:
        """The newest session packet, None if it belongs to another session."""
        data = self.newest("session", session)
        if data is not self._now[0]:
            self._now = data, None if data is None else session_now(data)
        return self._now[1]

    def people(self, watched: WatchedSession) -> dict[int, str]:
        """The name of the person in each car of the session that it drives, for the cars where it is known.

        The same object while nothing changes.
        """
        people, sessions = self._people(), self._sessions
        key = (watched.session, sessions.changes, people, self.rig, len(self._telemetry.rigs))
        if key != self._people_key:
            self._people_key = key
            others = [
                (rig, sessions.newest(status.key, status.session_uid))
                for rig, status in self._joined.statuses().items()
                if rig != self.rig
            ]
            self._in_cars = people_in_cars(watched, others, rig=self.rig, people=people)
        return self._in_cars

    def own_car(self, now: SessionNow | None) -> int | None:
        """Index of the rig's own car, or of the car that it watches while it spectates; None if unknown."""
        if now is not None and now.is_spectating:
            return car_or_none(now.spectated_car)
        return None if self.status is None else car_or_none(self.status.player_car_index)

    def facts(self, order: RunningOrder | None, now: SessionNow | None) -> dict[str, Value]:
        """The values of :data:`FACTS`."""
        at = self._clock()
        status, watched = self.status, self.session_of(order)
        state = state_of(status, at)
        if status is not None and order is not None:
            self._game_clock.update(
                order.session_id, order.session_time_ms, status.last_received_at, is_live=state == LIVE
            )
        return {
            "state": state,
            "heard_at_ms": self._last_received.at_ms(status, at),
            "session_id": order.session_id if order else None,
            **self._facts_of_session(watched, now),
            "clock_zero_ms": self._game_clock.zero_ms,
            "clock_stands_at_ms": self._game_clock.stopped_at_ms,
        }

    def _facts_of_session(self, watched: WatchedSession, now: SessionNow | None) -> dict[str, Value]:
        """The facts that change only with the session's packets and events."""
        key = (watched.session, now, *watched.flags)
        if key != self._session_facts[0]:
            self._session_facts = (
                key,
                {
                    **_session_facts(watched.session),
                    "time_left_s": now.time_left_s if now else None,
                    "weather": weather_name(now.packet_format, now.weather) if now else None,
                    "is_paused": now.is_paused if now else None,
                    "flag": _flag(watched, now),
                },
            )
        return self._session_facts[1]


def row_of(order: RunningOrder | None, car_index: int | None) -> OrderRow | None:
    """The row of one car in a running order."""
    rows = order.rows if order is not None else ()
    return next((row for row in rows if row.car_index == car_index), None)


def _session_facts(session: Session | None) -> dict[str, Value]:
    names = ("session_type", "track", "track_length_m", "is_race", "is_ended", "total_laps")
    return {name: getattr(session, name) if session is not None else None for name in names}


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
