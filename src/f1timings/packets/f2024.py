"""F1 24: deltas with minutes, assists and rules in the session, the time trial packet."""

from __future__ import annotations

from f1timings.packets import f2023
from f1timings.packets.years import after, edit, fields, last, retype

YEAR = f2023.YEAR.then(
    2024,
    packets={"time_trial": 14},
    shapes={
        "session": edit(
            retype("weather_forecast_samples:forecast[64]"),
            last("""
                equal_car_performance:u8 recovery_mode:u8 flashback_limit:u8 surface_type:u8
                low_fuel_mode:u8 race_starts:u8 tyre_temperature:u8 pit_lane_tyre_sim:u8 car_damage:u8
                car_damage_rate:u8 collisions:u8 collisions_off_for_first_lap_only:u8
                mp_unsafe_pit_release:u8 mp_off_for_griefing:u8 corner_cutting_stringency:u8
                parc_ferme_rules:u8 pit_stop_experience:u8 safety_car:u8 safety_car_experience:u8
                formation_lap:u8 formation_lap_experience:u8 red_flags:u8 affects_licence_level_solo:u8
                affects_licence_level_mp:u8 num_sessions_in_weekend:u8 weekend_structure:u8[12]
                sector2_lap_distance_start:f32 sector3_lap_distance_start:f32
            """),
        ),
        "car_lap": edit(
            after("delta_to_car_in_front_ms", "delta_to_car_in_front_minutes:u8"),
            after("delta_to_race_leader_ms", "delta_to_race_leader_minutes:u8"),
            last("speed_trap_fastest_speed:f32 speed_trap_fastest_lap:u8"),
        ),
        "participant": after("show_online_names", "tech_level:u16"),
        "setup": after("brake_bias", "engine_braking:u8"),
        "car_setups": last("next_front_wing_value:f32"),
        "player": after("car_number", "your_telemetry:u8 show_online_names:u8 tech_level:u16"),
        "motion_ex": last("""
            front_aero_height:f32 rear_aero_height:f32 front_roll_angle:f32 rear_roll_angle:f32
            chassis_yaw:f32
        """),
        "trial": fields("""
            car_idx:u8 team_id:u8 lap_time_ms:u32 sector1_time_ms:u32 sector2_time_ms:u32
            sector3_time_ms:u32 traction_control:u8 gearbox_assist:u8 anti_lock_brakes:u8
            equal_car_performance:u8 custom_setup:u8 valid:u8
        """),
        "time_trial": fields("""
            player_session_best_data_set:trial personal_best_data_set:trial rival_data_set:trial
        """),
        "SCAR": fields("safety_car_type:u8 event_type:u8"),
        "COLL": fields("vehicle1_idx:u8 vehicle2_idx:u8"),
    },
)
