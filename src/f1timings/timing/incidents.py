"""The incidents of one session: each datagram's once, and which of them a flashback undid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from f1timings.packets import Header
from f1timings.timing.game_events import DecodedEvent
from f1timings.timing.records import Incident, IncidentKind
from f1timings.units import ms_from_seconds

# More than any session has; the oldest are forgotten first, long before a flashback could reach them.
_REMEMBERED = 4096


@dataclass(slots=True)
class _IncidentRule:
    """An incident that counts.

    Attributes:
        overall: overall frame of its packet, 0 where the format has none.
        is_ahead: its packet overtook those that show the rewind after which it happened.
    """

    incident: Incident
    overall: int
    is_ahead: bool


class IncidentLog:
    """Incidents in the order in which they were told.

    Args:
        session_id: of all of them.
        known: recorded by an earlier process.
    """

    def __init__(self, session_id: str, known: Iterable[Incident] = ()) -> None:
        self._session_id = session_id
        self._kept = {incident.id: _IncidentRule(incident, 0, False) for incident in known}
        self._rewound_to_ms: int | None = None

    def take(
        self,
        told: DecodedEvent,
        header: Header,
        *,
        lap_number: int | None,
        newest_s: float,
        is_stale: bool = False,
        is_ahead: bool = False,
    ) -> list[Incident]:
        """Take what a packet told.

        Args:
            lap_number: the lap that its car is on, as far as that is known.
            newest_s: session time of the newest packet; for those at the end, which carry none.
            is_stale: the packet was sent before the last rewind, and comes after it.
            is_ahead: it is from a time so long past that a rewind must be about to show.

        Returns:
            The incident; nothing if it is known already.
        """
        incident = self._incident(told, header, lap_number, newest_s)
        if incident.id in self._kept:
            return []
        undone_to_ms = self._rewound_to_ms
        if is_stale and undone_to_ms is not None and incident.session_time_ms > undone_to_ms:
            incident = replace(incident, is_superseded=incident.kind is not IncidentKind.FLASHBACK)
        self._keep(_IncidentRule(incident, header.overall_frame_identifier, is_ahead))
        return [incident]

    def rewind(self, header: Header) -> list[Incident]:
        """The game went back; ``header`` is of the first packet after that."""
        target_ms = ms_from_seconds(header.session_time) or 0
        self._rewound_to_ms = target_ms
        undone = [kept for kept in self._kept.values() if _is_undone(kept, target_ms, header)]
        for kept in self._kept.values():
            kept.is_ahead = False
        for kept in undone:
            kept.incident = replace(kept.incident, is_superseded=True)
        return [kept.incident for kept in undone]

    def _incident(
        self, told: DecodedEvent, header: Header, lap_number: int | None, newest_s: float
    ) -> Incident:
        frame = header.overall_frame_identifier or header.frame_identifier
        time_s = header.session_time if header.session_time or frame else newest_s
        return Incident(
            id=f"{self._session_id}~{told.kind}~{frame}~{told.key}",
            session_id=self._session_id,
            kind=told.kind,
            car_index=told.car_index,
            other_car_index=told.other_car_index,
            lap_number=told.lap_number or lap_number,
            session_time_ms=ms_from_seconds(time_s) or 0,
            detail=told.detail,
        )

    def _keep(self, kept: _IncidentRule) -> None:
        self._kept[kept.incident.id] = kept
        if len(self._kept) > _REMEMBERED:
            del self._kept[next(iter(self._kept))]


def _is_undone(kept: _IncidentRule, target_ms: int, header: Header) -> bool:
    """What happened after the target and before the rewind; the flashback itself did happen."""
    incident = kept.incident
    if incident.is_superseded or incident.kind is IncidentKind.FLASHBACK:
        return False
    if incident.session_time_ms <= target_ms:
        return False
    if header.overall_frame_identifier:
        return kept.overall < header.overall_frame_identifier
    return not kept.is_ahead
