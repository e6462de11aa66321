"""Reads session, participants and final classification packets into records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from f1timings.packets import (
    Header,
    Layout,
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
from f1timings.packets.ids.sessions import UNKNOWN_TYPE
from f1timings.timing.names import clean_name
from f1timings.timing.plausible import Plausibility
from f1timings.timing.records import ClassificationEntry, Participant, Session

# The games write 255 for: no car, no team.
_NONE = 255
# No team; in 2026 its number has 16 bits.
_NO_TEAM = (_NONE, 65_535)
# Outside races the games send 0, 1, 2 or 200 total laps (spec: "totalLaps").
_UNLIMITED_LAPS = 200

SessionContents = tuple[int, int, bytes, bytes]
"""The rig's own car, the year of the game, and the bytes before and after the time left."""


def session_contents(data: bytes, layout: Layout, header: Header) -> SessionContents:
    """What timing reads of a session packet; two packets with the same contents tell it the same.

    The time left counts down every second, and timing does not read it.
    """
    time_left = _time_left(layout)
    before, after = data[layout.header_size : time_left.start], data[time_left.stop :]
    return header.player_car_index, header.game_year, before, after


@cache
def _time_left(layout: Layout) -> slice:
    at = layout.header_size + layout.body.offsets["session_time_left"]
    return slice(at, at + layout.body.nodes["session_time_left"].size)


def has_session_facts(packet: Packet) -> bool:
    """Whether a session packet has content: sometimes the games send one of zeros in the middle of a session.

    Zero is a circuit (Melbourne) and a weather (clear), but no circuit is 0 m long.
    """
    return bool(packet.body.track_length)


def with_session_facts(session: Session, packet: Packet, plausibility: Plausibility) -> Session:
    """The session with the facts in a session packet; what the packet does not know stays as it was."""
    body, year, game = packet.body, session.packet_format, packet.header.game_year
    track_id = plausibility.known("session.track", body.track_id if body.track_id >= 0 else None)
    track = None if track_id is None else track_name(year, track_id)
    has_track = track is not None or session.track is None
    type_id = plausibility.known("session.session_type", body.session_type)
    type_name = None if type_id is None else session_type_name(year, game, type_id)
    has_type = type_name not in (None, UNKNOWN_TYPE) or session.session_type is None
    is_race = session.is_race
    if has_type:
        is_race = type_id is not None and is_race_type(year, game, type_id)
    weather = plausibility.known("session.weather", body.weather)
    total_laps = plausibility.known("session.total_laps", body.total_laps)
    return replace(
        session,
        game_year=game or None,
        track_id=track_id if has_track else session.track_id,
        track=track if has_track else session.track,
        track_length_m=plausibility.known("session.track_length", body.track_length)
        or session.track_length_m,
        session_type_id=type_id if has_type else session.session_type_id,
        session_type=type_name if has_type else session.session_type,
        is_race=is_race,
        formula=formula_name(year, body.formula),
        total_laps=total_laps if is_race and (total_laps or 0) < _UNLIMITED_LAPS else None,
        is_online=bool(body.network_game),
        player_car_index=player_of(packet.header),
        weather=(None if weather is None else weather_name(year, weather)) or session.weather,
        equal_performance=_flag(body, "equal_car_performance"),
    )


def _flag(body: Any, name: str) -> bool | None:
    """A flag, None where the format does not have it."""
    return bool(getattr(body, name)) if hasattr(body, name) else None


def player_of(header: Header) -> int | None:
    """The rig's own car; None while it spectates."""
    return None if header.player_car_index == _NONE else header.player_car_index


def read_participants(session_id: str, packet: Packet, plausibility: Plausibility) -> tuple[Participant, ...]:
    """The occupied slots. The packet's number of active cars is not their number, and is not read."""
    year, player = packet.layout.packet_format, player_of(packet.header)
    known = plausibility.known
    named = ((slot, car, clean_name(car.name)) for slot, car in enumerate(packet.body.cars))
    return tuple(
        _participant(car, session_id=session_id, slot=slot, name=name, year=year, player=player, known=known)
        for slot, car, name in named
        if _is_occupied(car, name)
    )


def _is_occupied(car: Any, name: str | None) -> bool:
    """Whether a slot has a car: an empty slot has no name and no team; a nameless car has a race number."""
    return name is not None or bool(car.race_number and car.team_id not in (_NONE, 0))


def _participant(
    car: Any,
    *,
    session_id: str,
    slot: int,
    name: str | None,
    year: int,
    player: int | None,
    known: Callable[[str, int], int | None],
) -> Participant:
    team = team_name(year, car.team_id)
    # 2020 has a team 255.
    has_team = team is not None or car.team_id not in _NO_TEAM
    nationality = known("participants.nationality", car.nationality)
    return Participant(
        session_id=session_id,
        car_index=slot,
        name=name,
        team_id=known("participants.team", car.team_id) if has_team else None,
        team=team,
        race_number=known("participants.race_number", car.race_number),
        is_ai=bool(car.ai_controlled),
        is_player=slot == player,
        driver_id=car.driver_id,
        nationality=None if nationality is None else nationality_name(year, nationality),
    )


def read_classification(
    packet: Packet, session: Session, *, names: dict[int, str | None], plausibility: Plausibility
) -> tuple[ClassificationEntry, ...]:
    """The game's result, by position; a slot without a position is empty."""
    year = packet.layout.packet_format
    known = plausibility.known
    is_other_session = session.session_type is not None and not session.is_race
    rows = (
        ClassificationEntry(
            position=car.position,
            car_index=slot,
            name=names.get(slot),
            laps=known("final_classification.laps", car.num_laps),
            best_lap_ms=_best_lap_ms(car, plausibility),
            total_time_ms=plausibility.known_ms("final_classification.total_time", car.total_race_time),
            penalties_s=known("final_classification.penalties", car.penalties_time),
            status=result_status_name(year, car.result_status) or "invalid",
            points=0 if is_other_session else known("final_classification.points", car.points),
            grid_position=known("final_classification.grid_position", car.grid_position),
            pit_stops=known("final_classification.pit_stops", car.num_pit_stops),
        )
        for slot, car in enumerate(packet.body.cars)
        if known("final_classification.position", car.position)
    )
    return tuple(sorted(rows, key=lambda row: (row.position, row.car_index)))


def _best_lap_ms(car: Any, plausibility: Plausibility) -> int | None:
    """The 2020 game sends float seconds, later ones integer milliseconds."""
    if hasattr(car, "best_lap_time_ms"):
        return plausibility.known("final_classification.best_lap", int(car.best_lap_time_ms))
    return plausibility.known_ms("final_classification.best_lap", car.best_lap_time)
