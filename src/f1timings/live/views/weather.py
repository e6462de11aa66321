"""The weather and its forecast in a session packet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from f1timings.packets import Columns, Layout, Scalars, identify
from f1timings.timing.plausible import Plausibility

_SCALARS = ("session_type", "track_temperature", "air_temperature", "num_weather_forecast_samples")
_RAIN_SINCE = 2021
_UNCOUNTED = Plausibility()

ForecastSample = tuple[int, int, int | None]
"""Minutes from now, the number of the weather in that format, and the chance of rain in percent or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherNow:
    """What one session packet says; None is unknown.

    Attributes:
        track_c / air_c: degrees Celsius.
        rain_percent: chance of rain now; format 2020 has none.
        forecast: of this session, the nearest first, without now.
    """

    packet_format: int = 0
    track_c: int | None = None
    air_c: int | None = None
    rain_percent: int | None = None
    forecast: tuple[ForecastSample, ...] = ()


def read_weather(data: bytes) -> WeatherNow:
    """Read a session packet."""
    layout = identify(data)
    scalars, samples, has_rain = _readers(layout)
    session_type, track_c, air_c, count = scalars.read(data)
    known = _UNCOUNTED.known
    forecast = [
        (minutes, weather, known("session.rain_percentage", rain[0]) if has_rain else None)
        for of_session, minutes, weather, *rain in samples.rows(data)[:count]
        if of_session == session_type and known("session.weather", weather) is not None
    ]
    return WeatherNow(
        packet_format=layout.packet_format,
        track_c=known("session.track_temperature", track_c),
        air_c=known("session.air_temperature", air_c),
        rain_percent=next((rain for minutes, _, rain in forecast if minutes == 0), None),
        forecast=tuple(sorted(sample for sample in forecast if sample[0] > 0)),
    )


@cache
def _readers(layout: Layout) -> tuple[Scalars, Columns, bool]:
    has_rain = layout.packet_format >= _RAIN_SINCE
    names = ("session_type", "time_offset", "weather", *(("rain_percentage",) if has_rain else ()))
    return Scalars(layout, _SCALARS), Columns(layout, names, "weather_forecast_samples"), has_rain
