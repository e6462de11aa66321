"""F1 25 with the 2026 season pack: 24 cars, two-byte team and driver ids, active aero.

A short example of a year: a new packet (``car_telemetry_2``), new records (``zone``, ``telemetry_2``),
wider fields (``retype``) and added fields (``after``, ``last``). Everything else is as in the year before.
"""

from __future__ import annotations

from f1timings.packets import f2025
from f1timings.packets.years import after, fields, last, retype

YEAR = f2025.YEAR.then(
    2026,
    car_slots=24,
    packets={"car_telemetry_2": 16},
    shapes={
        "car_motion": retype("g_force_lateral:i16 g_force_longitudinal:i16 g_force_vertical:i16"),
        "zone": fields("zone_start:f32 zone_end:f32"),
        "session": last("""
            active_aero_track_status:u8 num_active_aero_zones_full:u8 active_aero_zones_full:zone[8]
            num_active_aero_zones_partial:u8 active_aero_zones_partial:zone[8] num_drs_zones:u8
            drs_zones:zone[4] start_reaction_time:f32 anti_lock_brakes_assist:u8
            traction_control_assist:u8 dynamic_racing_line_hi_vis:u8 dynamic_racing_line_colour_blind:u8
            recurring_rewind_prompt:u8
        """),
        "participant": retype("driver_id:u16 network_id:u16 team_id:u16"),
        "telemetry": retype("engine_temperature:u8"),
        "status": after("ers_harvested_this_lap_mguh", "ers_harvest_limit_per_lap:f32"),
        "player": retype("team_id:u16"),
        "trial": retype("team_id:u16"),
        "telemetry_2": fields("""
            active_aero_mode:u8 active_aero_available:u8 active_aero_activation_distance:u16
            overtake_available:u8 overtake_active:u8 overtake_activation_distance:u16 regulations_2026:u8
            driving_wrong_way:u8
        """),
        "car_telemetry_2": fields("cars:telemetry_2[cars]"),
        "COLL": last("severity:u8"),
    },
)
