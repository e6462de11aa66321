"""The conditions in session packets, whose changes are incidents: weather, flags, safety car (up to 2023)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from f1timings.packets import Packet, safety_car_status_name, weather_name
from f1timings.timing.game_events import DecodedEvent
from f1timings.timing.occurrences import Detail, IncidentKind
from f1timings.timing.plausible import Plausibility

# Since 2024 there is an event for the safety car, with more facts than the session packet.
_SAFETY_CAR_EVENTS_SINCE = 2024
# Flags of marshal zones that are recorded; green is the end of yellow, and blue belongs to cars.
_FLAGS = {3: "yellow", 4: "red"}
# Changes remembered in case of a flashback.
_REMEMBERED = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions in one session packet.

    Attributes:
        weather / track_c / air_c: the weather's number, degrees Celsius of track and air; None before the
            first plausible value.
        safety_car: number of the status; 0 in formats that have an event for it.
        zones: for each flag its number, and the marshal zones under it, 0-based.
    """

    weather: int | None
    track_c: int | None
    air_c: int | None
    safety_car: int
    zones: tuple[tuple[int, tuple[int, ...]], ...]


class ConditionsWatch:
    """Compares the conditions of each session packet with those before."""

    def __init__(self, plausibility: Plausibility) -> None:
        self._plausibility = plausibility
        self._history: deque[tuple[float, Conditions]] = deque(maxlen=_REMEMBERED)
        self._time_s = 0.0

    def accepts(self, time_s: float) -> bool:
        """Note the session time of a session packet; False if a later packet has overtaken it."""
        if time_s < self._time_s:
            return False
        self._time_s = time_s
        return True

    def handle_session_packet(self, packet: Packet) -> list[DecodedEvent]:
        """Read one session packet that was accepted; return the changes."""
        time_s = packet.header.session_time
        before = self._history[-1][1] if self._history else None
        conditions = self._read(packet, before)
        if conditions == before:
            return []
        self._history.append((time_s, conditions))
        return list(_changes(packet.layout.packet_format, before, conditions))

    def handle_rewind(self, time_s: float) -> None:
        """Forget the conditions after this session time, which a flashback undid."""
        while self._history and self._history[-1][0] > time_s:
            self._history.pop()
        self._time_s = time_s

    def _read(self, packet: Packet, before: Conditions | None) -> Conditions:
        """The conditions in a packet; what is not plausible in it stays as it was."""
        body, known = packet.body, self._plausibility.known
        has_event = packet.layout.packet_format >= _SAFETY_CAR_EVENTS_SINCE
        zones = body.marshal_zones[: body.num_marshal_zones]
        weather = known("session.weather", body.weather)
        track_c = known("session.track_temperature", body.track_temperature)
        air_c = known("session.air_temperature", body.air_temperature)
        return Conditions(
            weather=before.weather if weather is None and before else weather,
            track_c=before.track_c if track_c is None and before else track_c,
            air_c=before.air_c if air_c is None and before else air_c,
            safety_car=0 if has_event else body.safety_car_status,
            zones=tuple((flag, _zones_under(flag, zones)) for flag in _FLAGS),
        )


def _zones_under(flag: int, zones: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(number for number, zone in enumerate(zones) if zone.zone_flag == flag)


def _changes(year: int, before: Conditions | None, now: Conditions) -> Iterator[DecodedEvent]:
    if before is None or _weather_of(before) != _weather_of(now):
        detail = {
            "weather": None if now.weather is None else weather_name(year, now.weather),
            "track_temperature_c": now.track_c,
            "air_temperature_c": now.air_c,
        }
        yield DecodedEvent(kind=IncidentKind.WEATHER, key="", detail=detail)
    status = before.safety_car if before is not None else 0
    if now.safety_car != status:
        yield _safety_car(year, status, now.safety_car)
    zones_before = dict(before.zones) if before is not None else {}
    for flag, zones in now.zones:
        if zones != zones_before.get(flag, ()):
            flag_detail: Detail = {"flag": _FLAGS[flag], "zones": list(zones)}
            yield DecodedEvent(kind=IncidentKind.FLAG, key=str(flag), detail=flag_detail)


def _weather_of(conditions: Conditions) -> tuple[int | None, int | None, int | None]:
    return conditions.weather, conditions.track_c, conditions.air_c


def _safety_car(year: int, before: int, now: int) -> DecodedEvent:
    """A change of the safety car's status, in the words of the event that later formats have."""
    detail = {
        "safety_car": safety_car_status_name(year, now or before),
        "phase": "deployed" if now else "ended",
    }
    return DecodedEvent(kind=IncidentKind.SAFETY_CAR, key="", detail=detail)
