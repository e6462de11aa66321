"""What a session tells beside its laps, as timing events: incidents, stints and pit visits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from f1timings.packets import (
    Columns,
    Header,
    Layout,
    Packet,
    Scalars,
    actual_compound_name,
    layout_of,
    visual_compound_name,
)
from f1timings.timing.conditions import ConditionsWatch
from f1timings.timing.events import IncidentRecorded, PitVisitRecorded, StintRecorded, TimingEvent
from f1timings.timing.game_events import DecodedEvent, read_event
from f1timings.timing.incidents import IncidentLog
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.packet_order import REORDER_S, PacketOrder
from f1timings.timing.pit_visits import PitLane, PitTimers
from f1timings.timing.records import Incident, IncidentKind, PitVisit, Stint
from f1timings.timing.stints import HISTORY_STINTS, ReportedStint, StintBook, TyreSet, told_stint
from f1timings.units import known, ms_from_seconds

_HISTORY_SINCE = _TIMERS_SINCE = 2021
_FLASHBACK_EVENT_SINCE = 2021
_TYRES = ("actual_tyre_compound", "visual_tyre_compound", "tyres_age_laps")
_TIMERS = ("pit_lane_time_in_lane_ms", "pit_stop_timer_ms")
_STINTS = ("end_lap", "tyre_actual_compound", "tyre_visual_compound")
_HAS_CAR, _FINISHED = 2, 3


class KnownFacts(NamedTuple):
    """What an earlier process recorded of a session beside its laps."""

    incidents: Sequence[Incident] = ()
    stints: Sequence[Stint] = ()
    pit_visits: Sequence[PitVisit] = ()


class Chronicle:
    """Incidents, stints and pit visits of one session.

    Args:
        session_id: of all of them.
        packet_format: see :meth:`adopt_format`.
        timeline: the order of the session's packets; only read here.
        car_status: gives the newest car status packet, None before the first.
        known: what an earlier process recorded.
    """

    def __init__(
        self,
        session_id: str,
        packet_format: int,
        timeline: PacketOrder,
        car_status: Callable[[], bytes | None],
        known: KnownFacts | None = None,
    ) -> None:
        known = known or KnownFacts()
        self._timeline = timeline
        self._car_status = car_status
        self._log = IncidentLog(session_id, known.incidents)
        self._conditions = ConditionsWatch()
        self._stints = StintBook(session_id, known.stints)
        self._pits = PitLane(session_id, self._compound_now, known.pit_visits)
        self._held_stints: dict[int, list[ReportedStint]] = {}
        self.adopt_format(packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on."""
        self._year = packet_format
        self._tyres = Columns(layout_of(packet_format, "car_status"), _TYRES)
        self._timers: Columns | None = None
        if packet_format >= _TIMERS_SINCE:
            self._timers = Columns(layout_of(packet_format, "lap_data"), _TIMERS)
        if packet_format >= _HISTORY_SINCE:
            layout = layout_of(packet_format, "session_history")
            self._stint_rows = Columns(layout, _STINTS, array="tyre_stints_history_data")
            self._stint_count = Scalars(layout, ("num_tyre_stints",))

    def see_row(
        self, car_index: int, before: LapRow, row: LapRow, data_before: bytes, *, is_race: bool
    ) -> list[TimingEvent]:
        """Take a car's row that changed.

        Args:
            before: its row in the packet before, which is ``data_before``.
        """
        is_elsewhere = row.pit_status != before.pit_status
        if row.result_status < _HAS_CAR or not (is_elsewhere or row.lap_number != before.lap_number):
            return []
        stints = self._stints.observe(car_index, before.lap_number, self._tyres_now(car_index))
        events: list[TimingEvent] = [StintRecorded(stint) for stint in stints]
        if is_elsewhere:
            timers = self._timers_in(data_before, car_index)
            visits = self._pits.see(car_index, before, row, timers, is_race=is_race)
            events += [PitVisitRecorded(visit) for visit in visits]
        return events

    def rewind(
        self, header: Header, left_s: float, rows: Iterable[tuple[int, LapRow]]
    ) -> Iterator[TimingEvent]:
        """The game went back.

        Args:
            header: of the first lap data after that.
            left_s: session time of the last one before.
            rows: each car's in it.
        """
        self._conditions.rewind(header.session_time)
        for incident in self._log.rewind(header):
            yield IncidentRecorded(incident)
        if self._year < _FLASHBACK_EVENT_SINCE:
            yield from self._flashback(header, left_s)
        for car_index, row in rows:
            for visit in self._pits.rewind(car_index, row):
                yield PitVisitRecorded(visit)
            for stint in self._stints.rewind(car_index, row.lap_number):
                yield StintRecorded(stint)

    def see_event(
        self, data: bytes, layout: Layout, header: Header, row_of: Callable[[int], LapRow | None]
    ) -> list[TimingEvent]:
        """Take one event packet.

        Args:
            row_of: gives a car's newest row, None before the first.
        """
        told = read_event(data, layout)
        if told is None:
            return []
        row = row_of(told.car_index) if told.car_index is not None else None
        return self._tell(told, header, None if row is None else _lap_of(told, row))

    def see_conditions(self, packet: Packet) -> list[TimingEvent]:
        """Take one session packet: weather, flags, safety car."""
        if self._timeline.is_stale(packet.header):
            return []
        changes = self._conditions.see(packet)
        return [event for told in changes for event in self._tell(told, packet.header)]

    def note_history(self, data: bytes, car_index: int) -> None:
        """Keep the stints of one car's session history until :meth:`release_stints`."""
        (count,) = self._stint_count.read(data)
        told = [
            told_stint(end_lap, self._named(actual, visual))
            for end_lap, actual, visual in self._stint_rows.rows(data)[:count]
        ]
        if count > HISTORY_STINTS and told[-1].end_lap is not None:
            told.append(ReportedStint(None, self._tyres_now(car_index)))  # the ninth has no place in it
        self._held_stints[car_index] = told

    def release_stints(self, may_have_stints: Callable[[int], bool]) -> list[TimingEvent]:
        """Take the stints that were kept, of the cars whose they are."""
        held, self._held_stints = self._held_stints, {}
        own = ((car_index, told) for car_index, told in held.items() if may_have_stints(car_index))
        return [
            StintRecorded(stint) for car_index, told in own for stint in self._stints.learn(car_index, told)
        ]

    def classify(self, packet: Packet) -> list[TimingEvent]:
        """Take the final classification: the stints as they ended."""
        events: list[TimingEvent] = []
        for car_index, car in enumerate(packet.body.cars):
            if car.position:
                count = car.num_tyre_stints
                pairs = zip(car.tyre_stints_actual[:count], car.tyre_stints_visual[:count], strict=True)
                tyres = [self._named(actual, visual) for actual, visual in pairs]
                ends = getattr(car, "tyre_stints_end_laps", (255,) * len(tyres))
                told = [told_stint(end_lap, one) for end_lap, one in zip(ends, tyres, strict=False)]
                stints = self._stints.classify(car_index, told, car.num_laps)
                events += [StintRecorded(stint) for stint in stints]
        return events

    # Reading -------------------------------------------------------------------------------------------

    def _tell(self, told: DecodedEvent, header: Header, lap_number: int | None = None) -> list[TimingEvent]:
        newest_s = self._timeline.time
        is_stale = self._timeline.is_stale(header)
        incidents = self._log.take(
            told,
            header,
            lap_number=lap_number,
            newest_s=newest_s,
            is_stale=is_stale,
            is_ahead=not is_stale and newest_s - header.session_time > REORDER_S,
        )
        return [IncidentRecorded(incident) for incident in incidents]

    def _flashback(self, header: Header, left_s: float) -> list[TimingEvent]:
        """The flashback itself, where the game has no event for it."""
        target_ms, left_ms = ms_from_seconds(header.session_time), ms_from_seconds(left_s)
        told = DecodedEvent(IncidentKind.FLASHBACK, f"{left_ms}", {"target_ms": target_ms})
        return self._tell(told, header._replace(session_time=left_s))

    def _tyres_now(self, car_index: int) -> TyreSet:
        data = self._car_status()
        if data is None:
            return TyreSet(None, None)
        actual, visual, age_laps = self._tyres.flat(data)[3 * car_index : 3 * car_index + 3]
        return self._named(actual, visual)._replace(age_laps=age_laps)

    def _named(self, actual: int, visual: int) -> TyreSet:
        return TyreSet(visual_compound_name(self._year, visual), actual_compound_name(self._year, actual))

    def _compound_now(self, car_index: int) -> str | None:
        return self._tyres_now(car_index).compound

    def _timers_in(self, data: bytes, car_index: int) -> PitTimers | None:
        if self._timers is None or not data:
            return None
        return PitTimers._make(self._timers.flat(data)[2 * car_index : 2 * car_index + 2])


def _lap_of(told: DecodedEvent, row: LapRow) -> int | None:
    """The lap that an event is about: the one that the car is on, or whose time it tells."""
    is_behind = told.kind is IncidentKind.FASTEST_LAP and told.detail["lap_time_ms"] == row.last_lap_ms
    return known(row.lap_number - (is_behind and row.result_status != _FINISHED))
