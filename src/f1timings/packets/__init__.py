"""Datagrams of the F1 games as records: bytes in, records out.

The layouts are tables: one file per format year, which states only what that year changed.
``identify`` and ``Columns`` are cheap enough for every datagram; ``decode`` reads a whole packet.
Functions that give the name of a number (``track_name``, ``session_type_name`` …) have the format first.
"""

from __future__ import annotations

from f1timings.packets.codec import Packet, build, car, decode, encode, event_details, text
from f1timings.packets.columns import CarWriter, Columns, Fingerprint, Scalars, write_header
from f1timings.packets.formats import CAR_SLOTS, FIRST_FORMAT, FORMATS, LATEST_FORMAT, PACKET_KINDS
from f1timings.packets.ids import (
    actual_compound_name,
    button_names,
    driver_name,
    driver_status_name,
    event_name,
    flag_name,
    formula_name,
    game_mode_name,
    infringement_name,
    is_race_type,
    is_time_trial,
    nationality_name,
    penalty_name,
    pit_status_name,
    platform_name,
    ready_status_name,
    result_reason_name,
    result_status_name,
    rule_set_name,
    safety_car_status_name,
    session_type_name,
    surface_name,
    team_name,
    track_name,
    visual_compound_name,
    weather_name,
)
from f1timings.packets.layouts import LAYOUTS, Header, Layout, has_packet, identify, layout_of, read_header
from f1timings.packets.structs import Buffer

__all__ = [
    "CAR_SLOTS",
    "FIRST_FORMAT",
    "FORMATS",
    "LATEST_FORMAT",
    "LAYOUTS",
    "PACKET_KINDS",
    "Buffer",
    "CarWriter",
    "Columns",
    "Fingerprint",
    "Header",
    "Layout",
    "Packet",
    "Scalars",
    "actual_compound_name",
    "build",
    "button_names",
    "car",
    "decode",
    "driver_name",
    "driver_status_name",
    "encode",
    "event_details",
    "event_name",
    "flag_name",
    "formula_name",
    "game_mode_name",
    "has_packet",
    "identify",
    "infringement_name",
    "is_race_type",
    "is_time_trial",
    "layout_of",
    "nationality_name",
    "penalty_name",
    "pit_status_name",
    "platform_name",
    "read_header",
    "ready_status_name",
    "result_reason_name",
    "result_status_name",
    "rule_set_name",
    "safety_car_status_name",
    "session_type_name",
    "surface_name",
    "team_name",
    "text",
    "track_name",
    "visual_compound_name",
    "weather_name",
    "write_header",
]
