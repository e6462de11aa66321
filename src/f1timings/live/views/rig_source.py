"""What the views of one rig read: its running order, newest datagrams and session, and how fresh they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from f1timings.live.fanout.row_columns import Value
from f1timings.live.prediction.running_lap_reader import ReferenceBoards, RunningLapReader
from f1timings.live.taps import Taps
from f1timings.live.views.lap_data import SessionNow, car_or_none
from f1timings.live.views.rig_facts import FACT_NAMES, RigFactReader
from f1timings.live.views.rows.people import SeenSessions, people_in_cars
from f1timings.live.views.rows.session_datagrams import NewestDatagrams, SessionDatagrams
from f1timings.live.views.session_watch import SessionWatch, WatchedSession
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.rigs.joined import JoinedRigs
from f1timings.rigs.registry import RigStatus
from f1timings.timing.placed_car import PlacedCar
from f1timings.timing.records import Session
from f1timings.timing.running_order import OrderRow, RunningOrder, SessionMoment

DriverAtRig = Callable[[str], str | None]


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

    def moment(self, rig: str) -> SessionMoment | None:
        """The session that a rig drives, or drove last, and its clock."""

    def placed_car(self, rig: str, car_index: int) -> tuple[PlacedCar, int | None] | None:
        """One car as in the running order, None if it is not there; builds no other row."""

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
        sessions: what the timing events reported of the newest sessions.
        clock: server time, seconds since 1970.
        joined: the rigs as people see them; by default none is joined.
        outline_revision: returns the revision of the outline of a circuit, by its number and the packet
            format; None if it is not known.
        people: returns the names of people; the same object while they do not change.
        boards: the laps with which running laps are compared; None compares nothing.
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
        boards: ReferenceBoards | None = None,
    ) -> None:
        self.outline_revision = outline_revision
        self.telemetry = telemetry
        self.driver_at = driver_at
        self.clock = clock
        self.joined = joined or JoinedRigs(lambda: telemetry.rigs, clock=clock)
        self._people = people
        self._boards = boards
        self.sessions = sessions
        self._orders = OrderCache(telemetry)
        self._seen = SeenSessions()

    def running_lap(self, rig: str) -> RunningLapReader:
        """The comparison of a rig's running laps, by the rig's key as people see it."""
        return RunningLapReader(rig, boards=self._boards, people=self._people, clock=self.clock)

    def build(self, rig: str) -> RigSource:
        """The source of one view of a rig."""
        return RigSource(
            rig=rig,
            telemetry=self.telemetry,
            orders=self._orders,
            sessions=self.sessions,
            clock=self.clock,
            joined=self.joined,
            people=self._people,
            seen=self._seen,
        )


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
        seen: SeenSessions,
    ) -> None:
        self._followed = rig
        self._seen = seen
        self._joined = joined
        self._watched: str | None = None
        self._telemetry = telemetry
        self._orders = orders
        self._sessions = sessions
        self._clock = clock
        self._people = people
        self._people_key: tuple[object, ...] = ()
        self._in_cars: dict[int, str] = {}
        self._newest = NewestDatagrams()
        self._facts = RigFactReader()

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
        return self._newest.of(self._telemetry.taps.of(self._sending), session)

    def now(self, session: Session | None) -> SessionNow | None:
        """The newest session packet, None if it belongs to another session."""
        return self._newest.session_now(self._telemetry.taps.of(self._sending), session)

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
            self._in_cars = people_in_cars(watched, others, rig=self.rig, people=people, sessions=self._seen)
        return self._in_cars

    def own_car(self, now: SessionNow | None) -> int | None:
        """Index of the rig's own car, or of the car that it watches while it spectates; None if unknown."""
        return own_car(self.status, now)

    def facts(self, order: RunningOrder | None, now: SessionNow | None) -> dict[str, Value]:
        """The values of :data:`FACTS` by name."""
        values = self._facts.values(
            self.status, self._clock(), moment=order, watched=self.session_of(order), now=now
        )
        return dict(zip(FACT_NAMES, values, strict=True))


def own_car(status: RigStatus | None, now: SessionNow | None) -> int | None:
    """Index of a rig's own car, or of the car that it watches while it spectates; None if unknown."""
    if now is not None and now.is_spectating:
        return car_or_none(now.spectated_car)
    return None if status is None else car_or_none(status.player_car_index)


def row_of(order: RunningOrder | None, car_index: int | None) -> OrderRow | None:
    """The row of one car in a running order."""
    rows = order.rows if order is not None else ()
    return next((row for row in rows if row.car_index == car_index), None)
