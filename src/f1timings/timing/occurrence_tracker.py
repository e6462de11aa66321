"""The occurrences of one session as timing events: its incidents, stints and pit visits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from f1timings.packets import Header, Layout, Packet
from f1timings.timing.conditions import ConditionsWatch
from f1timings.timing.events import OccurrenceRecorded
from f1timings.timing.game_events import DecodedEvent, read_event
from f1timings.timing.incidents import IncidentLog
from f1timings.timing.lap_rows import LapRow
from f1timings.timing.occurrences import Incident, IncidentKind, Occurrence, OccurrenceT, PitVisit, Stint
from f1timings.timing.packet_order import REORDER_S, PacketOrder
from f1timings.timing.pit_visits import PitLane
from f1timings.timing.plausible import Plausibility
from f1timings.timing.statuses import FINISHED, has_car
from f1timings.timing.stints import ReportedStint, StintTracker
from f1timings.timing.tyre_reader import CarStatus, TyreReader
from f1timings.units import known, ms_from_seconds

_FLASHBACK_EVENT_SINCE = 2021


class OccurrenceTracker:
    """Incidents, stints and pit visits of one session.

    Args:
        session_id: session of all of them.
        packet_format: see :meth:`adopt_format`.
        packet_order: the order of the session's packets; only read here.
        car_status: the newest car status packet.
        known: occurrences that an earlier process recorded.
    """

    def __init__(
        self,
        session_id: str,
        packet_format: int,
        packet_order: PacketOrder,
        *,
        car_status: CarStatus,
        known: Sequence[Occurrence] = (),
        plausibility: Plausibility | None = None,
    ) -> None:
        self._plausibility = plausibility or Plausibility()
        self._packet_order = packet_order
        self._conditions = ConditionsWatch(self._plausibility)
        self._incidents = IncidentLog(session_id, _of_kind(known, Incident))
        self._stints = StintTracker(session_id, _of_kind(known, Stint))
        self._reader = TyreReader(packet_format, car_status, self._plausibility)
        self._pits = PitLane(session_id, car_status.compound, _of_kind(known, PitVisit))
        self._held_stints: dict[int, list[ReportedStint]] = {}
        self._format = packet_format

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on."""
        self._format = packet_format
        self._reader.adopt_format(packet_format)

    def handle_row(
        self, car_index: int, before: LapRow, row: LapRow, *, data_before: bytes, is_race: bool
    ) -> list[OccurrenceRecorded]:
        """Handle a car's row that changed.

        Args:
            before: its row in the packet before, which is ``data_before``.
        """
        has_moved = row.pit_status != before.pit_status
        if not has_car(row.result_status) or not (has_moved or row.lap_number != before.lap_number):
            return []
        stints = self._stints.handle_tyres(car_index, before.lap_number, self._reader.tyres(car_index))
        events = [OccurrenceRecorded(stint) for stint in stints]
        if has_moved:
            timers = self._reader.pit_timers(data_before, car_index)
            visits = self._pits.handle_row(car_index, before, row, timers=timers, is_race=is_race)
            events += [OccurrenceRecorded(visit) for visit in visits]
        return events

    def handle_rewind(
        self, header: Header, left_s: float, rows: Iterable[tuple[int, LapRow]]
    ) -> Iterator[OccurrenceRecorded]:
        """Supersede what a flashback undid.

        Args:
            header: of the first lap data after the flashback.
            left_s: session time of the last lap data before it.
            rows: each car's row in the first lap data after it.
        """
        self._conditions.handle_rewind(header.session_time)
        for incident in self._incidents.handle_rewind(header):
            yield OccurrenceRecorded(incident)
        if self._format < _FLASHBACK_EVENT_SINCE:
            yield from self._record_flashback(header, left_s)
        for car_index, row in rows:
            for visit in self._pits.handle_rewind(car_index, row):
                yield OccurrenceRecorded(visit)
            for stint in self._stints.handle_rewind(car_index, row.lap_number):
                yield OccurrenceRecorded(stint)

    def handle_event(
        self, data: bytes, layout: Layout, header: Header, *, row_of: Callable[[int], LapRow | None]
    ) -> list[OccurrenceRecorded]:
        """Handle one event packet.

        Args:
            row_of: gives a car's newest row, None before the first.
        """
        event = read_event(data, layout, self._plausibility)
        if event is None:
            return []
        row = row_of(event.car_index) if event.car_index is not None else None
        return self._record(event, header, row)

    def accepts_session_packet(self, header: Header) -> bool:
        """Note a session packet; False if it is older than another one, or than the newest flashback."""
        return not self._packet_order.is_stale(header) and self._conditions.accepts(header.session_time)

    def handle_session_packet(self, packet: Packet) -> list[OccurrenceRecorded]:
        """Handle one session packet that was accepted: weather, flags, safety car."""
        changes = self._conditions.handle_session_packet(packet)
        return [recorded for change in changes for recorded in self._record(change, packet.header)]

    def handle_history(self, data: bytes, car_index: int) -> None:
        """Hold the stints of one car's session history until :meth:`release_stints`."""
        self._held_stints[car_index] = self._reader.history_stints(data, self._reader.tyres(car_index))

    def release_stints(self, may_have_stints: Callable[[int], bool]) -> list[OccurrenceRecorded]:
        """Record the stints that are held, of the cars that may have some."""
        held, self._held_stints = self._held_stints, {}
        return [
            OccurrenceRecorded(stint)
            for car_index, stints in held.items()
            if may_have_stints(car_index)
            for stint in self._stints.handle_history(car_index, stints)
        ]

    def handle_classification(self, packet: Packet) -> list[OccurrenceRecorded]:
        """Handle the final classification: the stints as they ended."""
        return [
            OccurrenceRecorded(stint)
            for car_index, car in enumerate(packet.body.cars)
            if car.position
            for stint in self._stints.handle_classification(
                car_index,
                self._reader.classified_stints(car),
                self._plausibility.known("final_classification.laps", car.num_laps) or 0,
            )
        ]

    def _record(
        self, event: DecodedEvent, header: Header, row: LapRow | None = None
    ) -> list[OccurrenceRecorded]:
        newest_s = self._packet_order.time
        is_stale = self._packet_order.is_stale(header)
        incidents = self._incidents.handle_event(
            event,
            header,
            lap_number=None if row is None else _lap_of(event, row),
            lap_distance_m=None if row is None else _whole_metres(row.lap_distance_m),
            newest_s=newest_s,
            is_stale=is_stale,
            is_ahead=not is_stale and newest_s - header.session_time > REORDER_S,
        )
        return [OccurrenceRecorded(incident) for incident in incidents]

    def _record_flashback(self, header: Header, left_s: float) -> list[OccurrenceRecorded]:
        """Record the flashback itself in the format that has no event for it (2020)."""
        target_ms, left_ms = ms_from_seconds(header.session_time), ms_from_seconds(left_s)
        event = DecodedEvent(kind=IncidentKind.FLASHBACK, key=f"{left_ms}", detail={"target_ms": target_ms})
        return self._record(event, header._replace(session_time=left_s))


def _of_kind(occurrences: Sequence[Occurrence], kind: type[OccurrenceT]) -> list[OccurrenceT]:
    return [occurrence for occurrence in occurrences if isinstance(occurrence, kind)]


def _lap_of(event: DecodedEvent, row: LapRow) -> int | None:
    """The lap of an event: the lap that the car is on, or the lap before if a fastest lap gives its time."""
    is_behind = event.kind is IncidentKind.FASTEST_LAP and event.detail["lap_time_ms"] == row.last_lap_ms
    return known(row.lap_number - (is_behind and row.result_status != FINISHED))


def _whole_metres(distance_m: float | None) -> int | None:
    return None if distance_m is None else round(distance_m)
