"""F1 2021: lap times in milliseconds, a packet for damage, session history."""

from __future__ import annotations

from f1timings.packets import f2020
from f1timings.packets.years import after, drop, edit, fields, first, last, retype

YEAR = f2020.YEAR.then(
    2021,
    packets={"car_damage": 10, "session_history": 11},
    shapes={
        "forecast": edit(
            after("track_temperature", "track_temperature_change:i8"),
            last("air_temperature_change:i8 rain_percentage:u8"),
        ),
        "session": edit(
            retype("weather_forecast_samples:forecast[56]"),
            last("""
                forecast_accuracy:u8 ai_difficulty:u8 season_link_identifier:u32
                weekend_link_identifier:u32 session_link_identifier:u32 pit_stop_window_ideal_lap:u8
                pit_stop_window_latest_lap:u8 pit_stop_rejoin_position:u8 steering_assist:u8
                braking_assist:u8 gearbox_assist:u8 pit_assist:u8 pit_release_assist:u8 ers_assist:u8
                drs_assist:u8 dynamic_racing_line:u8 dynamic_racing_line_type:u8
            """),
        ),
        "car_lap": edit(
            drop("""
                last_lap_time current_lap_time best_lap_time best_lap_num best_lap_sector1_time_ms
                best_lap_sector2_time_ms best_lap_sector3_time_ms best_overall_sector1_time_ms
                best_overall_sector1_lap_num best_overall_sector2_time_ms best_overall_sector2_lap_num
                best_overall_sector3_time_ms best_overall_sector3_lap_num
            """),
            first("last_lap_time_ms:u32 current_lap_time_ms:u32"),
            after("pit_status", "num_pit_stops:u8"),
            after(
                "penalties",
                "total_warnings:u8 num_unserved_drive_through_pens:u8 num_unserved_stop_go_pens:u8",
            ),
            last("""
                pit_lane_timer_active:u8 pit_lane_time_in_lane_ms:u16 pit_stop_timer_ms:u16
                pit_stop_should_serve_pen:u8
            """),
        ),
        "event": retype("details:char[8]"),
        "participant": edit(
            after("driver_id", "network_id:u8"),
            after("team_id", "my_team:u8"),
        ),
        "telemetry": after("rev_lights_percent", "rev_lights_bit_value:u16"),
        "car_telemetry": drop("button_status"),
        "status": edit(
            drop("""
                tyres_wear tyres_damage front_left_wing_damage front_right_wing_damage rear_wing_damage
                drs_fault engine_damage gear_box_damage
            """),
            last("network_paused:u8"),
        ),
        "result": edit(
            drop("best_lap_time"),
            after("result_status", "best_lap_time_ms:u32"),
        ),
        "player": after("name", "car_number:u8"),
        "damage": fields("""
            tyres_wear:f32[4] tyres_damage:u8[4] brakes_damage:u8[4] front_left_wing_damage:u8
            front_right_wing_damage:u8 rear_wing_damage:u8 floor_damage:u8 diffuser_damage:u8
            sidepod_damage:u8 drs_fault:u8 gear_box_damage:u8 engine_damage:u8 engine_mguh_wear:u8
            engine_es_wear:u8 engine_ce_wear:u8 engine_ice_wear:u8 engine_mguk_wear:u8 engine_tc_wear:u8
        """),
        "car_damage": fields("cars:damage[cars]"),
        "past_stint": fields("end_lap:u8 tyre_actual_compound:u8 tyre_visual_compound:u8"),
        "past_lap": fields("""
            lap_time_ms:u32 sector1_time_ms:u16 sector2_time_ms:u16 sector3_time_ms:u16
            lap_valid_bit_flags:u8
        """),
        "session_history": fields("""
            car_idx:u8 num_laps:u8 num_tyre_stints:u8 best_lap_time_lap_num:u8 best_sector1_lap_num:u8
            best_sector2_lap_num:u8 best_sector3_lap_num:u8 lap_history_data:past_lap[100]
            tyre_stints_history_data:past_stint[8]
        """),
        "SPTP": last("is_overall_fastest_in_session:u8 is_driver_fastest_in_session:u8"),
        "STLG": fields("num_lights:u8"),
        "DTSV": fields("vehicle_idx:u8"),
        "SGSV": fields("vehicle_idx:u8"),
        "FLBK": fields("flashback_frame_identifier:u32 flashback_session_time:f32"),
        "BUTN": fields("button_status:u32"),
    },
)
