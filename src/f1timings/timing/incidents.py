"""The incidents of one session: each datagram counts once, and a flashback supersedes what it undid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from f1timings.packets import Header
from f1timings.timing.game_events import DecodedEvent
from f1timings.timing.occurrences import Incident, IncidentKind
from f1timings.units import ms_from_seconds

# More than any session has. The oldest are forgotten first, long before a flashback could reach them.
_MOST_REMEMBERED = 4096


@dataclass(slots=True)
class _LoggedIncident:
    """An incident and what decides whether a rewind undoes it.

    Attributes:
        overall_frame: overall frame of its packet, 0 where the format has none.
        is_ahead: the incident happened after a rewind, but its packet arrived before the packets that show
            that rewind.
    """

    incident: Incident
    overall_frame: int
    is_ahead: bool


class IncidentLog:
    """All incidents of one session, in the order in which their packets arrived.

    Args:
        session_id: session of all of them.
        known: incidents that an earlier process recorded.
    """

    def __init__(self, session_id: str, known: Iterable[Incident] = ()) -> None:
        self._session_id = session_id
        self._logged = {incident.id: _LoggedIncident(incident, 0, False) for incident in known}
        self._rewound_to_ms: int | None = None

    def handle_event(
        self,
        event: DecodedEvent,
        header: Header,
        *,
        lap_number: int | None,
        lap_distance_m: int | None = None,
        newest_s: float,
        is_stale: bool = False,
        is_ahead: bool = False,
    ) -> list[Incident]:
        """Record the incident that a packet reports.

        Args:
            lap_number: the lap that its car is on, None where unknown.
            lap_distance_m: where on the lap its car is, None where unknown.
            newest_s: session time of the newest packet; it is the time of packets at the end of a session,
                which carry none.
            is_stale: the packet was sent before the last rewind, and arrived after it.
            is_ahead: the packet is from a time so far back that a rewind must follow.

        Returns:
            The incident; nothing if it is known already.
        """
        incident = self._build(
            event, header, lap_number=lap_number, lap_distance_m=lap_distance_m, newest_s=newest_s
        )
        if incident.id in self._logged:
            return []
        undone_to_ms = self._rewound_to_ms
        if is_stale and undone_to_ms is not None and incident.session_time_ms > undone_to_ms:
            incident = replace(incident, is_superseded=incident.kind is not IncidentKind.FLASHBACK)
        self._log(_LoggedIncident(incident, header.overall_frame_identifier, is_ahead))
        return [incident]

    def handle_rewind(self, header: Header) -> list[Incident]:
        """Supersede what the rewind undid; ``header`` is of the first packet after the rewind."""
        target_ms = ms_from_seconds(header.session_time) or 0
        self._rewound_to_ms = target_ms
        undone = [logged for logged in self._logged.values() if _is_undone(logged, target_ms, header)]
        for logged in self._logged.values():
            logged.is_ahead = False
        for logged in undone:
            logged.incident = replace(logged.incident, is_superseded=True)
        return [logged.incident for logged in undone]

    def _build(
        self,
        event: DecodedEvent,
        header: Header,
        *,
        lap_number: int | None,
        lap_distance_m: int | None,
        newest_s: float,
    ) -> Incident:
        frame = header.overall_frame_identifier or header.frame_identifier
        time_s = header.session_time if header.session_time or frame else newest_s
        return Incident(
            id=f"{self._session_id}~{event.kind}~{frame}~{event.key}",
            session_id=self._session_id,
            kind=event.kind,
            car_index=event.car_index,
            other_car_index=event.other_car_index,
            lap_number=event.lap_number or lap_number,
            session_time_ms=ms_from_seconds(time_s) or 0,
            detail=event.detail,
            lap_distance_m=lap_distance_m,
        )

    def _log(self, logged: _LoggedIncident) -> None:
        self._logged[logged.incident.id] = logged
        if len(self._logged) > _MOST_REMEMBERED:
            del self._logged[next(iter(self._logged))]


def _is_undone(logged: _LoggedIncident, target_ms: int, header: Header) -> bool:
    """Whether an incident happened after the target and before the rewind; the flashback itself stays."""
    incident = logged.incident
    if incident.is_superseded or incident.kind is IncidentKind.FLASHBACK:
        return False
    if incident.session_time_ms <= target_ms:
        return False
    if header.overall_frame_identifier:
        return logged.overall_frame < header.overall_frame_identifier
    return not logged.is_ahead
