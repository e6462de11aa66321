"""What changes in a session packet beside the facts: weather, flags, and up to 2023 the safety car."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

from f1timings.packets import Packet, safety_car_status_name, weather_name
from f1timings.timing.game_events import DecodedEvent
from f1timings.timing.occurrences import IncidentKind

# Since 2024 an event says more of the safety car than the session packet.
_SAFETY_CAR_EVENTS_SINCE = 2024
# Flags of marshal zones that are told; green is the end of yellow, and blue belongs to cars.
_FLAGS = {3: "yellow", 4: "red"}
# Changes remembered in case of a flashback.
_REMEMBERED = 256


class Conditions(NamedTuple):
    """One session packet's share.

    Attributes:
        weather / track_c / air_c: the weather's number, degrees Celsius of track and air.
        safety_car: number of the status; 0 where events tell it.
        zones: marshal zones under a flag, 0-based, by the flag's number.
    """

    weather: int
    track_c: int
    air_c: int
    safety_car: int
    zones: tuple[tuple[int, tuple[int, ...]], ...]


class ConditionsWatch:
    """Tells how the conditions changed from one session packet to the next."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, Conditions]] = deque(maxlen=_REMEMBERED)
        self._time_s = 0.0

    def handle_session_packet(self, packet: Packet) -> list[DecodedEvent]:
        """Take one session packet; one that was overtaken by a later one is passed over."""
        time_s = packet.header.session_time
        if time_s < self._time_s:
            return []
        self._time_s = time_s
        now = _read(packet)
        before = self._seen[-1][1] if self._seen else None
        if now == before:
            return []
        self._seen.append((time_s, now))
        return list(_changes(packet.layout.packet_format, before, now))

    def handle_rewind(self, time_s: float) -> None:
        """The game went back to this session time."""
        while self._seen and self._seen[-1][0] > time_s:
            self._seen.pop()
        self._time_s = time_s


def _read(packet: Packet) -> Conditions:
    body = packet.body
    has_event = packet.layout.packet_format >= _SAFETY_CAR_EVENTS_SINCE
    zones = body.marshal_zones[: body.num_marshal_zones]
    return Conditions(
        body.weather,
        body.track_temperature,
        body.air_temperature,
        0 if has_event else body.safety_car_status,
        tuple((flag, _zones_under(flag, zones)) for flag in _FLAGS),
    )


def _zones_under(flag: int, zones: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(number for number, zone in enumerate(zones) if zone.zone_flag == flag)


def _changes(year: int, before: Conditions | None, now: Conditions) -> Iterator[DecodedEvent]:
    if before is None or now[:3] != before[:3]:
        detail = {
            "weather": weather_name(year, now.weather),
            "track_temperature_c": now.track_c,
            "air_temperature_c": now.air_c,
        }
        yield DecodedEvent(IncidentKind.WEATHER, "", detail)
    status = before.safety_car if before is not None else 0
    if now.safety_car != status:
        yield _safety_car(year, status, now.safety_car)
    flown = dict(before.zones) if before is not None else {}
    for flag, zones in now.zones:
        if zones != flown.get(flag, ()):
            yield DecodedEvent(IncidentKind.FLAG, str(flag), {"flag": _FLAGS[flag], "zones": list(zones)})


def _safety_car(year: int, before: int, now: int) -> DecodedEvent:
    """A change of status in the words of the event that later formats have."""
    detail = {
        "safety_car": safety_car_status_name(year, now or before),
        "phase": "deployed" if now else "ended",
    }
    return DecodedEvent(IncidentKind.SAFETY_CAR, "", detail)
