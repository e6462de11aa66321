"""The row of one rig's car: what is known of it, of its lap, and of the cars ahead and behind."""

from __future__ import annotations

from f1timings.live.fanout.row_columns import Value
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.freshness import LapClocks
from f1timings.live.views.lap_data import SessionNow, lap_row, session_now
from f1timings.live.views.own_car.columns import COLUMNS, HIDDEN
from f1timings.live.views.own_car.frame import driving_frame
from f1timings.live.views.own_car.records import READERS, Values, is_restricted
from f1timings.live.views.rig_source import DriverAtRig, RigSource
from f1timings.packets import car, driver_status_name, identify
from f1timings.timing.records import Session
from f1timings.timing.running_order import RunningOrder

_NAMES = tuple(column.name for column in COLUMNS)
# A record is read again only if its datagram, or which car is shown, has changed.
_ReadRecord = tuple[bytes, int, Values]


class CarReader:
    """Builds the row and the frames of one rig's car."""

    def __init__(self, source: RigSource, driver_at: DriverAtRig) -> None:
        self._source = source
        self._driver_at = driver_at
        self._clocks = LapClocks()
        self._read: dict[str, _ReadRecord] = {}
        self._session: tuple[bytes | None, SessionNow | None] = (None, None)
        self._framed: bytes | None = None

    def contents(self) -> Contents:
        """The row and facts now."""
        source = self._source
        order = source.order
        watched = source.session_of(order)
        session = watched.session
        now = self._session_now(session)
        facts = source.facts(order, now)
        at = source.own_car(now)
        if session is None or at is None:
            return Contents({}, facts)
        is_private = self._is_restricted(at, session)
        values: Values = {
            "driver": self._driver_at(source.rig),
            "is_watched": now.is_spectating if now is not None else None,
            "is_restricted": is_private,
        }
        participant = watched.participants.get(at)
        if participant is not None:
            values |= {"team": participant.team, "race_number": participant.race_number}
        if order is not None:
            values |= _surroundings(order, at) | self._lap(order, at, session)
        for kind in READERS:
            values |= self._record(kind, at, session)
        if is_private:
            values |= dict.fromkeys(HIDDEN)
        return Contents({str(at): tuple(map(values.get, _NAMES))}, facts)

    def frame(self, channel: int, number: int) -> bytes | None:
        """Pedals, gear and engine now; None if no telemetry has arrived since the last frame."""
        source = self._source
        session = source.current.session
        data = source.newest("car_telemetry", session)
        if data is None or data is self._framed:
            return None
        self._framed = data
        at = source.own_car(self._session_now(session))
        if at is None or at >= identify(data).car_slots:
            return None
        return driving_frame(data, at, channel=channel, number=number)

    def _session_now(self, session: Session | None) -> SessionNow | None:
        """The newest session packet, which arrives twice a second, read once."""
        data = self._source.newest("session", session)
        if data is not self._session[0]:
            self._session = (data, None if data is None else session_now(data))
        return self._session[1]

    def _is_restricted(self, at: int, session: Session) -> bool | None:
        """Whether the game hides a part of the car; never of the rig's own car, None if unknown."""
        status = self._source.status
        if status is not None and status.player_car_index == at:
            return False
        data = self._source.newest("participants", session)
        if data is None:
            return None
        layout = identify(data)
        return is_restricted(data, layout, at) if at < layout.car_slots else None

    def _record(self, kind: str, at: int, session: Session) -> Values:
        """What the newest packet of a kind states of the car; empty without one."""
        data = self._source.newest(kind, session)
        if data is None:
            return {}
        read = self._read.get(kind)
        if read is None or read[0] is not data or read[1] != at:
            layout = identify(data)
            values: Values = {}
            if at < layout.car_slots:
                values = READERS[kind](car(data, layout, at), session.packet_format)
            read = self._read[kind] = (data, at, values)
        return read[2]

    def _lap(self, order: RunningOrder, at: int, session: Session) -> Values:
        data = self._source.newest("lap_data", session)
        if data is None or at >= identify(data).car_slots:
            return {}
        lap = lap_row(data, at)
        return {
            "lap_start_ms": self._clocks.start_ms(at, order.session_time_ms, lap.clock_ms),
            # Without a finite number in the packet it is 0, as in the map.
            "lap_distance_m": round(lap.distance_m) if lap.distance_m else None,
            "sector": lap.sector,
            "sector1_ms": lap.sector1_ms,
            "sector2_ms": lap.sector2_ms,
            "is_invalid": lap.is_invalid,
            "driving": driver_status_name(session.packet_format, lap.driver_status),
            "penalties_s": lap.penalties_s,
        }


def _surroundings(order: RunningOrder, at: int) -> dict[str, Value]:
    """The place of a car in the running order, and the cars ahead and behind."""
    place = next((place for place, row in enumerate(order.rows) if row.car_index == at), None)
    if place is None:
        return {}
    row = order.rows[place]
    values: dict[str, Value] = {
        "participant": row.participant,
        "position": row.position,
        "gap_ms": row.gap_ms,
        "interval_ms": row.interval_ms,
        "lap": row.lap_number,
        "last_ms": row.last_lap_ms,
        "best_ms": row.best_lap_ms,
        "pit": row.pit_status,
    }
    if place > 0:
        values["ahead"] = order.rows[place - 1].participant
    if place + 1 < len(order.rows):
        behind = order.rows[place + 1]
        values |= {"behind": behind.participant, "behind_ms": behind.interval_ms}
    return values
