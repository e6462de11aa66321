"""F1 25: shorter names, livery colours, blisters, the lap positions packet."""

from __future__ import annotations

from f1timings.packets import f2024
from f1timings.packets.years import after, edit, fields, last, retype

YEAR = f2024.YEAR.then(
    2025,
    packets={"lap_positions": 15},
    shapes={
        "colour": fields("red:u8 green:u8 blue:u8"),
        "participant": edit(
            retype("name:char[32]"),
            last("num_colours:u8 livery_colours:colour[4]"),
        ),
        "result": after("result_status", "result_reason:u8"),
        "player": retype("name:char[32]"),
        "damage": after("brakes_damage", "tyre_blisters:u8[4]"),
        "motion_ex": last("chassis_pitch:f32 wheel_camber:f32[4] wheel_camber_gain:f32[4]"),
        "lap_positions": fields("""
            num_laps:u8 lap_start:u8 position_for_vehicle_idx:u8[50][cars]
        """),
        "RTMT": last("reason:u8"),
        "DRSD": fields("reason:u8"),
        "SGSV": last("stop_time:f32"),
    },
)
