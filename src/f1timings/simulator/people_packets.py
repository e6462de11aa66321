"""Participants of a session and players in a lobby."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f1timings.packets.layouts import layout_of
from f1timings.simulator.entrants import FREE_SLOT_ID, Entrant, no_id
from f1timings.simulator.prepared import PreparedPacket, Stamp, record_fields
from f1timings.simulator.race_control import NO_CAR
from f1timings.simulator.world import World

_PLATFORMS = (1, 3, 4)
_LIVERY = [{"red": 20, "green": 40, "blue": 60}] * 3


def participants(stamp: Stamp, world: World, rig: int) -> PreparedPacket:
    """The participants with their names on one rig; ghosts have slots but do not count as active."""
    layout = layout_of(stamp.packet_format, "participants")
    rows = {slot: _free_slot(stamp.packet_format) for slot in range(layout.car_slots)}
    rows |= {car.index: _participant(car.entrant, stamp.packet_format, rig) for car in world.cars}
    active = sum(not car.is_retired for car in world.racers)
    return PreparedPacket(stamp, "participants", num_active_cars=active, cars=record_fields(layout, rows))


def _free_slot(packet_format: int) -> dict[str, Any]:
    if packet_format == 2020:
        return {}
    no_driver = no_id(packet_format)
    return {
        "driver_id": no_driver,
        "network_id": no_driver,
        "team_id": FREE_SLOT_ID,
        "nationality": FREE_SLOT_ID,
    }


def _participant(entrant: Entrant, packet_format: int, rig: int) -> dict[str, Any]:
    record = layout_of(packet_format, "participants").repeated("cars").record
    is_human = not entrant.is_ai
    return {
        "ai_controlled": int(entrant.is_ai),
        "driver_id": entrant.driver_id,
        "network_id": no_id(packet_format) if entrant.network_id is None else entrant.network_id,
        "team_id": entrant.team_id,
        "race_number": entrant.race_number,
        "nationality": entrant.nationality,
        "name": name_bytes(entrant.name_for(rig), record.nodes["name"].size),
        "your_telemetry": int(entrant.shares_telemetry),
        "show_online_names": int(is_human and entrant.shows_name),
        "tech_level": 0,
        "platform": _PLATFORMS[entrant.car_index % 3] if is_human else NO_CAR,
        "num_colours": 3 if not is_human else 4,
        "livery_colours": _LIVERY,
    }


def name_bytes(name: str, size: int) -> bytes:
    """The bytes of a text field: a name, cut after a whole character, then its NUL and left-over bytes."""
    text = name.encode()
    while len(text) > size:
        name = name[:-1]
        text = name.encode()
    return text + b"\0DIRTY"[: size - len(text)]


def lobby(stamp: Stamp, entrants: Sequence[Entrant], *, rig: int, is_ready: bool) -> PreparedPacket:
    """The players in an online lobby, followed by the drivers of the computer."""
    packet_format = stamp.packet_format
    layout = layout_of(packet_format, "lobby_info")
    name_size = layout.repeated("players").record.nodes["name"].size
    rows = {}
    order = sorted(entrants, key=lambda entrant: entrant.is_ai)
    for slot, entrant in enumerate(order):
        rows[slot] = {
            "ai_controlled": int(entrant.is_ai),
            "team_id": entrant.team_id,
            "nationality": entrant.nationality,
            "platform": NO_CAR if entrant.is_ai else _PLATFORMS[slot % 3],
            "name": name_bytes(entrant.name_for(rig), name_size),
            "car_number": entrant.race_number,
            "your_telemetry": int(entrant.shares_telemetry),
            "show_online_names": int(entrant.shows_name),
            "ready_status": int(is_ready),
        }
    players = record_fields(layout, rows, "players")
    return PreparedPacket(stamp, "lobby_info", num_players=len(rows), players=players)
