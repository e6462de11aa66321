"""``control:<rig>``: what race control reports of the session that a rig drives: messages, flags, weather."""

from __future__ import annotations

from f1timings.live.fanout.row_columns import Row, Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.live.views.rig_facts import FACTS
from f1timings.live.views.rig_source import RigSource, RigSources
from f1timings.live.views.session_watch import WatchedSession
from f1timings.live.views.weather import WeatherNow, read_weather
from f1timings.packets import weather_name
from f1timings.timing.occurrences import Incident, IncidentKind

PERIOD_S = 0.25

COLUMNS = columns(
    """
    number | int | | counts up; the newest message has the highest
    kind | text | | as in `/api/v1/sessions/{session_id}/incidents`
    at_ms | int | ms | the game's clock
    lap | int | | that the car was on
    lap_distance_m | int | m | where on the lap the car was, from the line
    car | int | | car index, as in `tower:<rig>`; null where it concerns no car
    participant | text | | the driver of that car, as the game names them
    other_car | int | | car index of the other car
    other_participant | text | | the driver of the other car
    time_ms | int | ms | a fastest lap, or the time of a stop
    speed_kmh | float | km/h | at the speed trap
    penalty | text | | such as `Time penalty`
    infringement | text | | the reason of a penalty or warning
    time_s | int | s | of a time penalty
    detail | text | | the flag or `clear`, the weather, a safety car and its phase, why a car stopped
""",
    choices={"kind": tuple(IncidentKind)},
    never_null={"number", "kind", "at_ms"},
)

OWN_FACTS = columns("""
    lap | int | | that the leader is on
    track_temperature_c | int | °C | of the surface of the track
    air_temperature_c | int | °C | of the air
    rain_percent | int | % | chance of rain now, from format 2021
    forecast | list | | of this session: `[minutes from now, weather, chance of rain in %]`, the nearest first
""")


def view(sources: RigSources) -> RowViewKind:
    """The view ``control:<rig>``."""

    def build_source(rig: str) -> RowSource:
        source = sources.build(rig)
        return RowSource(contents=RaceControl(source).contents, start=source.start, stop=source.stop)

    return RowViewKind(
        name="control",
        columns=COLUMNS,
        facts=FACTS + OWN_FACTS,
        build_source=build_source,
        period_s=PERIOD_S,
        is_per_rig=True,
        meaning="What race control reports of the session that a rig drives, its flag and its weather.",
        id_meaning="the id of the incident",
    )


class RaceControl:
    """Builds the rows of one rig; the weather is read again only from a new session packet."""

    def __init__(self, source: RigSource) -> None:
        self._source = source
        self._read_from: bytes | None = None
        self._weather = WeatherNow()

    def contents(self) -> Contents:
        """The rows and facts now."""
        source = self._source
        order = source.order
        watched = source.session_of(order)
        facts = source.facts(order, source.now(watched.session))
        leader = order.rows[0] if order is not None and order.rows else None
        facts["lap"] = leader.lap_number if leader is not None else None
        facts |= self._weather_facts(source.newest("session", watched.session))
        rows = {incident.id: _row(number, incident, watched) for number, incident in watched.messages.items()}
        return Contents(rows, facts)

    def _weather_facts(self, data: bytes | None) -> dict[str, Value]:
        if data is not self._read_from:
            self._weather = WeatherNow() if data is None else read_weather(data)
            self._read_from = data
        now = self._weather
        return {
            "track_temperature_c": now.track_c,
            "air_temperature_c": now.air_c,
            "rain_percent": now.rain_percent,
            "forecast": [
                [minutes, weather_name(now.packet_format, weather), rain]
                for minutes, weather, rain in now.forecast
            ],
        }


def _row(number: int, incident: Incident, watched: WatchedSession) -> Row:
    detail = incident.detail
    return (
        number,
        incident.kind,
        incident.session_time_ms,
        incident.lap_number,
        incident.lap_distance_m,
        incident.car_index,
        _name(incident.car_index, watched),
        incident.other_car_index,
        _name(incident.other_car_index, watched),
        detail.get("lap_time_ms") or detail.get("stop_ms"),
        detail.get("speed_kmh"),
        detail.get("penalty"),
        detail.get("infringement"),
        detail.get("time_s"),
        _detail(incident),
    )


def _detail(incident: Incident) -> Value:
    """What the page needs besides the other columns to make a sentence."""
    if incident.kind is IncidentKind.FLAG:
        return str(incident.detail["flag"]) if incident.detail["zones"] else "clear"
    names = {
        IncidentKind.SAFETY_CAR: ("safety_car", "phase"),
        IncidentKind.WEATHER: ("weather",),
        IncidentKind.RETIREMENT: ("reason",),
        IncidentKind.DRS_DISABLED: ("reason",),
    }.get(incident.kind, ())
    parts = [str(incident.detail[name]) for name in names if incident.detail.get(name) is not None]
    return ": ".join(parts) or None


def _name(car_index: int | None, watched: WatchedSession) -> str | None:
    participant = None if car_index is None else watched.participants.get(car_index)
    return None if participant is None else participant.name
