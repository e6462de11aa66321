"""F1 23: a longer header, times split into minutes and milliseconds, tyre sets, motion_ex."""

from __future__ import annotations

from f1timings.packets import f2022
from f1timings.packets.years import after, drop, edit, fields, last

YEAR = f2022.YEAR.then(
    2023,
    packets={"tyre_sets": 12, "motion_ex": 13},
    shapes={
        "header": edit(
            after("packet_format", "game_year:u8"),
            after("frame_identifier", "overall_frame_identifier:u32"),
        ),
        "motion": drop("""
            suspension_position suspension_velocity suspension_acceleration wheel_speed wheel_slip
            local_velocity_x local_velocity_y local_velocity_z angular_velocity_x angular_velocity_y
            angular_velocity_z angular_acceleration_x angular_acceleration_y angular_acceleration_z
            front_wheels_angle
        """),
        "session": last("""
            speed_units_lead_player:u8 temperature_units_lead_player:u8 speed_units_secondary_player:u8
            temperature_units_secondary_player:u8 num_safety_car_periods:u8
            num_virtual_safety_car_periods:u8 num_red_flag_periods:u8
        """),
        "car_lap": edit(
            after("sector1_time_ms", "sector1_time_minutes:u8"),
            after(
                "sector2_time_ms",
                "sector2_time_minutes:u8 delta_to_car_in_front_ms:u16 delta_to_race_leader_ms:u16",
            ),
            after("total_warnings", "corner_cutting_warnings:u8"),
        ),
        "participant": last("show_online_names:u8 platform:u8"),
        "status": after("vehicle_fia_flags", "engine_power_ice:f32 engine_power_mguk:f32"),
        "player": after("nationality", "platform:u8"),
        "past_lap": edit(
            after("sector1_time_ms", "sector1_time_minutes:u8"),
            after("sector2_time_ms", "sector2_time_minutes:u8"),
            after("sector3_time_ms", "sector3_time_minutes:u8"),
        ),
        "tyre_set": fields("""
            actual_tyre_compound:u8 visual_tyre_compound:u8 wear:u8 available:u8 recommended_session:u8
            life_span:u8 usable_life:u8 lap_delta_time:i16 fitted:u8
        """),
        "tyre_sets": fields("car_idx:u8 tyre_set_data:tyre_set[20] fitted_idx:u8"),
        "motion_ex": fields("""
            suspension_position:f32[4] suspension_velocity:f32[4] suspension_acceleration:f32[4]
            wheel_speed:f32[4] wheel_slip_ratio:f32[4] wheel_slip_angle:f32[4] wheel_lat_force:f32[4]
            wheel_long_force:f32[4] height_of_cog_above_ground:f32 local_velocity_x:f32
            local_velocity_y:f32 local_velocity_z:f32 angular_velocity_x:f32 angular_velocity_y:f32
            angular_velocity_z:f32 angular_acceleration_x:f32 angular_acceleration_y:f32
            angular_acceleration_z:f32 front_wheels_angle:f32 wheel_vert_force:f32[4]
        """),
        "OVTK": fields("overtaking_vehicle_idx:u8 being_overtaken_vehicle_idx:u8"),
    },
)
