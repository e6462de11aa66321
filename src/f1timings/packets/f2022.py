"""F1 22: game mode and rule set, ends of stints in the result, the cars of a time trial."""

from __future__ import annotations

from f1timings.packets import f2021
from f1timings.packets.years import after, edit, last, retype

YEAR = f2021.YEAR.then(
    2022,
    shapes={
        "session": last("game_mode:u8 rule_set:u8 time_of_day:u32 session_length:u8"),
        "lap_data": last("time_trial_pb_car_idx:u8 time_trial_rival_car_idx:u8"),
        "event": retype("details:char[12]"),
        "result": last("tyre_stints_end_laps:u8[8]"),
        "damage": edit(
            after("drs_fault", "ers_fault:u8"),
            last("engine_blown:u8 engine_seized:u8"),
        ),
        "SPTP": last("fastest_vehicle_idx_in_session:u8 fastest_speed_in_session:f32"),
    },
)
