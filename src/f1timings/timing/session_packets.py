"""Reads session, participants and final classification packets into records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from f1timings.packets import (
    Header,
    Packet,
    formula_name,
    is_race_type,
    nationality_name,
    result_status_name,
    session_type_name,
    team_name,
    track_name,
    weather_name,
)
from f1timings.timing.names import clean_name
from f1timings.timing.records import ClassificationEntry, Participant, Session
from f1timings.units import known, ms_from_seconds

# The games write 255 for: no car, no team.
_NONE = 255
# Outside races the games send 0, 1, 2 or 200 total laps (spec: "totalLaps").
_UNLIMITED_LAPS = 200


def with_session_facts(session: Session, packet: Packet) -> Session:
    """The session with the facts in a session packet."""
    body, year, game = packet.body, session.packet_format, packet.header.game_year
    is_race = is_race_type(year, game, body.session_type)
    return replace(
        session,
        game_year=game or None,
        track_id=body.track_id if body.track_id >= 0 else None,
        track=track_name(year, body.track_id),
        track_length_m=known(body.track_length),
        session_type_id=body.session_type,
        session_type=session_type_name(year, game, body.session_type),
        is_race=is_race,
        formula=formula_name(year, body.formula),
        total_laps=body.total_laps if is_race and 0 < body.total_laps < _UNLIMITED_LAPS else None,
        is_online=bool(body.network_game),
        player_car_index=player_of(packet.header),
        weather=weather_name(year, body.weather),
        equal_performance=_flag(body, "equal_car_performance"),
    )


def _flag(body: Any, name: str) -> bool | None:
    """A flag, None where the format does not have it."""
    return bool(getattr(body, name)) if hasattr(body, name) else None


def player_of(header: Header) -> int | None:
    """The rig's own car; None while it spectates."""
    return None if header.player_car_index == _NONE else header.player_car_index


def read_participants(session_id: str, packet: Packet) -> tuple[Participant, ...]:
    """The occupied slots. The packet's number of active cars is not their number, and is not read."""
    year, player = packet.layout.packet_format, player_of(packet.header)
    named = ((slot, car, clean_name(car.name)) for slot, car in enumerate(packet.body.cars))
    return tuple(
        _participant(session_id, slot, car, name=name, year=year, player=player)
        for slot, car, name in named
        if _is_occupied(car, name)
    )


def _is_occupied(car: Any, name: str | None) -> bool:
    """Whether a slot has a car: an empty slot has no name and no team; a nameless car has a race number."""
    return name is not None or bool(car.race_number and car.team_id not in (_NONE, 0))


def _participant(
    session_id: str, slot: int, car: Any, *, name: str | None, year: int, player: int | None
) -> Participant:
    return Participant(
        session_id=session_id,
        car_index=slot,
        name=name,
        team_id=car.team_id,
        team=team_name(year, car.team_id),
        race_number=known(car.race_number),
        is_ai=bool(car.ai_controlled),
        is_player=slot == player,
        driver_id=car.driver_id,
        nationality=nationality_name(year, car.nationality),
    )


def read_classification(
    packet: Packet, session: Session, names: dict[int, str | None]
) -> tuple[ClassificationEntry, ...]:
    """The game's result, by position; a slot without a position is empty."""
    year = packet.layout.packet_format
    is_other_session = session.session_type is not None and not session.is_race
    rows = (
        ClassificationEntry(
            position=car.position,
            car_index=slot,
            name=names.get(slot),
            laps=car.num_laps,
            best_lap_ms=_best_lap_ms(car),
            total_time_ms=known(ms_from_seconds(car.total_race_time)),
            penalties_s=car.penalties_time,
            status=result_status_name(year, car.result_status) or "invalid",
            points=0 if is_other_session else car.points,
            grid_position=known(car.grid_position),
            pit_stops=car.num_pit_stops,
        )
        for slot, car in enumerate(packet.body.cars)
        if car.position
    )
    return tuple(sorted(rows, key=lambda row: (row.position, row.car_index)))


def _best_lap_ms(car: Any) -> int | None:
    """The 2020 game sends float seconds, later ones integer milliseconds."""
    if hasattr(car, "best_lap_time_ms"):
        return known(car.best_lap_time_ms)
    return known(ms_from_seconds(car.best_lap_time))
